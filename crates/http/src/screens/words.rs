//! Every word of the screens that is ours, in one place: a translation is one file.
//!
//! Sentences about requests, data and receipts come from the node, which makes them for every door alike.

pub(super) mod frame {
    pub(crate) const SKIP: &str = "Skip to the page";
    pub(crate) const OF: &str = "of";
    pub(crate) const MENU: &str = "Menu";
    pub(crate) const PLACES: &str = "Pages";
    pub(crate) const LOCK: &str = "Lock";
    pub(crate) const STOP: &str = "Stop everything";
    pub(crate) const WAIT: &str = "waiting";
    pub(crate) const LOST: &str = "Your node does not answer. This page comes back by itself as soon as it runs again.";

    pub(crate) fn waiting(count: usize) -> String {
        match count {
            0 => "Nothing waits for you.".to_owned(),
            1 => "One request waits for your decision.".to_owned(),
            many => format!("{many} requests wait for your decision."),
        }
    }
}

pub(super) mod nav {
    pub(crate) const MINE: &str = "My data";
    pub(crate) const HOME: &str = "Home";
    pub(crate) const REQUESTS: &str = "Requests";
    pub(crate) const ACCESS: &str = "Active access";
    pub(crate) const DATA: &str = "My data";
    pub(crate) const PEOPLE: &str = "People";
    pub(crate) const RELEASED: &str = "What left";
    pub(crate) const THEIRS: &str = "Asking others";
    pub(crate) const APPLICANTS: &str = "Applicants";
    pub(crate) const CONNECT: &str = "Connect";
    pub(crate) const CATALOG: &str = "Catalog";
    pub(crate) const ASK: &str = "New request";
    pub(crate) const RESULTS: &str = "Results";
    pub(crate) const OFFERS: &str = "Offers and decisions";
    pub(crate) const AUDIT: &str = "Audit";
    pub(crate) const SETTINGS: &str = "Settings";
}

pub(super) mod done {
    /// What was just done; nothing for a word that is not ours.
    pub(crate) fn of(what: &str) -> Option<&'static str> {
        Some(match what {
            "approved" => "You said yes. They can fetch this answer; until they have, you can take the yes back.",
            "denied" => "You said no. Nothing left this computer.",
            "countered" => "Your offer is on its way. Nothing leaves unless they accept it.",
            "blocked" => "Blocked. Nothing they send is taken any more.",
            "unblocked" => "No longer blocked.",
            "revoked" => "Taken back. Nothing more can be run under it.",
            "paused" => "Paused. Nothing is asked or run under it until you resume it.",
            "resumed" => "Resumed.",
            "invited" => "The invite is ready.",
            "verified" => "The safety code is the same: you are talking to the right person.",
            "renamed" => "The name was changed here, on this computer only.",
            "forgotten" => "Forgotten.",
            "kept" => "Stored on this computer. Nobody sees its rows.",
            "saved" => "Saved.",
            "removed" => "Removed: its key is destroyed, and everything granted on it is revoked.",
            "relay" => "The relay is used from now on.",
            "connected" => "Connected.",
            "asked" => "Asked.",
            "ran" => "The answer is here.",
            "offered" => "Signed, and on its way.",
            "taken" => "You accepted. Your signed answer is on its way.",
            "declined" => "You declined. Your signed answer is on its way.",
            "accepted" => "Accepted. The new request is on its way.",
            _ => return None,
        })
    }
}

pub(super) mod fault {
    pub(crate) const TITLE: &str = "That did not work";
    pub(crate) const BACK: &str = "To the first page";
    pub(crate) const HOME: &str = "the node could not write to its home: is the disk full?";
    pub(crate) const STALE: &str = "this form is from another session: open the page again and repeat it";
    pub(crate) const CLOSED: &str = "this screen is closed or locked: open it again";
    pub(crate) const METHOD: &str = "this page cannot be used that way";
    pub(crate) const NUMBER: &str = "a whole number is needed";
    pub(crate) const DATE: &str = "a date is needed";
}

pub(super) mod launch {
    pub(crate) const OPEN: &str = "Open Halfdoor";
    pub(crate) const PLAIN: &str = "If your browser does not find that page,";
    pub(crate) const PLAIN_LINK: &str = "open it under the address of this computer.";
}

pub(super) mod opening {
    pub(crate) const OPEN: &str = "Open Halfdoor";
    pub(crate) const OPEN_BUTTON: &str = "Open";
    pub(crate) const SPENT: &str = "this key was used already, or is not one of this node";
    pub(crate) const SPENT_HINT: &str = "open the file screen.html in the home of the node again: it holds a new one";
    pub(crate) const SIGN_IN: &str = "Sign in";
    pub(crate) const HOW: &str =
        "Open the file screen.html in the home of this node. Its place was printed when the node was started.";
    pub(crate) const LOCKED: &str = "Locked";
    pub(crate) const LOCKED_LEAD: &str = "The node goes on working. Its screen opens with the passphrase.";
    pub(crate) const PASSPHRASE: &str = "Passphrase";
    pub(crate) const UNLOCK_BUTTON: &str = "Unlock";
    pub(crate) const WRONG: &str = "this passphrase does not open the home";
    pub(crate) const BUSY: &str = "another passphrase is being tried: wait a moment";
    pub(crate) const STOP: &str = "Stop everything?";
    pub(crate) const STOP_LEAD: &str = "The node ends. Until you start it again nothing can be asked, computed or sent. \
        Nothing is lost: requests and grants are as they were when it starts.";
    pub(crate) const STOP_BUTTON: &str = "Stop everything";
    pub(crate) const STOP_NOT: &str = "Do not stop";
    pub(crate) const STOPPED: &str = "Stopped";
    pub(crate) const STOPPED_LEAD: &str = "The node has ended. Start it again with: halfdoor up";
}

pub(super) mod piece {
    pub(crate) const VERIFIED: &str = "safety code compared";
    pub(crate) const NOT_VERIFIED: &str = "safety code not compared yet";
    pub(crate) const UNTIL: &str = "until";
    pub(crate) const SEES_EACH: &str = "you see each answer before it leaves";
    pub(crate) const SEES_NONE: &str = "answers leave without asking you again";
    pub(crate) const REVOKE: &str = "Revoke";
    pub(crate) const PAUSE: &str = "Pause";
    pub(crate) const RESUME: &str = "Resume";
    pub(crate) const PAGES: &str = "Pages of this list";
    pub(crate) const NEWER: &str = "Newer";
    pub(crate) const OLDER: &str = "Older";

    pub(crate) fn spent(spent: u32, uses: u32) -> String {
        format!("used {spent} of {uses}")
    }

    pub(crate) fn part(from: usize, shown: usize, all: usize) -> String {
        format!("{} to {} of {all}", from + 1, from + shown)
    }

    pub(crate) fn state(word: &str) -> &str {
        match word {
            "sending" => "on its way",
            "waiting" => "waits for a decision",
            "countered" => "another offer was made",
            "done" => "answered",
            "told" => "has arrived",
            "direct" => "reached directly",
            "relayed" => "reached through a relay",
            "away" => "away",
            "live" => "active",
            "spent" => "used up",
            "reserved" => "relay in use",
            "connected" => "relay connected",
            "connecting" => "connecting to the relay",
            "failed" => "relay not reached",
            other => other,
        }
    }

    pub(crate) fn column(of: &str) -> &str {
        match of {
            "integer" => "whole numbers",
            "decimal" => "numbers",
            "date" => "dates",
            "text" => "words",
            "boolean" => "yes or no",
            other => other,
        }
    }
}

pub(super) mod home {
    pub(crate) const TITLE: &str = "Home";
    pub(crate) const LEAD: &str = "Your data stays on this computer. Others may ask; you decide what leaves.";
    pub(crate) const NEXT: &str = "Next step";
    pub(crate) const NEXT_RELAY: &str =
        "To meet others you need a relay: a computer on the internet that introduces two people and learns nothing.";
    pub(crate) const NEXT_RELAY_DO: &str = "Name a relay";
    pub(crate) const NEXT_PERSON: &str = "Nobody is connected with you yet.";
    pub(crate) const NEXT_PERSON_DO: &str = "Invite somebody";
    pub(crate) const NEXT_DATA: &str = "There is nothing to ask about yet.";
    pub(crate) const NEXT_DATA_DO: &str = "Add your data";
    pub(crate) const WAITS: &str = "Waits for you";
    pub(crate) const NOTHING_WAITS: &str = "Nothing. Silence is never a yes.";
    pub(crate) const ASKS: &str = "asks:";
    pub(crate) const ALL_REQUESTS: &str = "All requests";
    pub(crate) const ACTIVE: &str = "Active access";
    pub(crate) const NOTHING_ACTIVE: &str = "Nobody can run anything on your data.";
    pub(crate) const ALL_ACCESS: &str = "All access";
    pub(crate) const LEFT: &str = "Left last";
    pub(crate) const NOTHING_LEFT: &str = "Nothing has left this computer.";
    pub(crate) const GOT: &str = "got";
    pub(crate) const ALL_LEFT: &str = "Everything that left";
    pub(crate) const CONNECTION: &str = "Connection";
    pub(crate) const ALL_PEOPLE: &str = "All people";

    pub(crate) fn hello(name: &str) -> String {
        format!("Hello, {name}")
    }

    pub(crate) fn reached(reached: usize, all: usize) -> String {
        if all == 0 {
            "You are connected with nobody.".to_owned()
        } else {
            format!("{reached} of {all} people can be reached now.")
        }
    }
}

pub(super) mod requests {
    pub(crate) const TITLE: &str = "Requests";
    pub(crate) const LEAD: &str = "What others ask of your data. Open one to see exactly what would leave.";
    pub(crate) const EMPTY: &str = "Nobody has asked anything yet.";
    pub(crate) const EMPTY_DO: &str = "See who could ask";
    pub(crate) const WAITING: &str = "Waiting for you";
    pub(crate) const NONE_WAITING: &str = "None.";
    pub(crate) const DECIDED: &str = "Earlier";
}

pub(super) mod request {
    pub(crate) const TITLE: &str = "Request";
    pub(crate) const NOT_WAITING: &str = "There is nothing to decide here any more:";
    pub(crate) const WHO: &str = "Who";
    pub(crate) const KEY: &str = "Their key";
    pub(crate) const KEY_VERIFIED: &str = "key verified: you compared the safety code";
    pub(crate) const KEY_SEEN: &str = "first seen: nobody has compared the safety code yet";
    pub(crate) const KEY_CHANGED: &str =
        "KEY CHANGED: this is not the key you knew; compare the safety code before anything else";
    pub(crate) const WANTS: &str = "Wants";
    pub(crate) const READS: &str = "Reads";
    pub(crate) const LEAVES: &str = "Leaves this computer";
    pub(crate) const WORK_OUT: &str = "What they could work out";
    pub(crate) const NOTHING_FURTHER: &str = "Nothing further was found.";
    pub(crate) const WHY: &str = "Why";
    pub(crate) const NO_WORDS: &str = "They wrote no words of their own.";
    pub(crate) const NOT_CHECKED: &str = "their own words, not checked";
    pub(crate) const HOW_LONG: &str = "How long, how often";
    pub(crate) const UNDO: &str = "Undo";
    pub(crate) const UNDO_TOLD: &str = "You can take a yes back until the answer has left, under Active access; what has \
        left cannot be called back.";
    pub(crate) const APPROVE: &str = "Approve once";
    pub(crate) const DENY: &str = "Deny";
    pub(crate) const COUNTER: &str = "Offer less";
    pub(crate) const BLOCK: &str = "Deny and block";
    pub(crate) const SILENCE: &str = "Nothing happens until you decide.";
    pub(crate) const MORE: &str = "More choices";
    pub(crate) const DESPITE: &str = "A rule refuses this. Why do you release it all the same?";
    pub(crate) const DENY_WHY: &str = "Deny and say why";
    pub(crate) const BECAUSE: &str = "In your words (they read it)";
    pub(crate) const STANDING: &str = "A standing yes";
    pub(crate) const STANDING_LEAD: &str =
        "They may ask this again without a new yes, until it is used up, over, or revoked.";
    pub(crate) const USES: &str = "How often";
    pub(crate) const UNTIL: &str = "Until (unless said: as asked)";
    pub(crate) const REVIEW: &str = "Before an answer leaves";
    pub(crate) const REVIEW_EACH: &str = "show me each one";
    pub(crate) const REVIEW_NONE: &str = "do not ask me again";
    pub(crate) const APPROVE_STANDING: &str = "Approve as a standing yes";
    pub(crate) const SEE_GRANT: &str = "See what this allows";
    pub(crate) const COUNTER_TITLE: &str = "Offer less";
    pub(crate) const COUNTER_LEAD: &str = "You can offer a safer question. They get its answer only if they accept.";
    pub(crate) const TO_REQUEST: &str = "Back to the request";
    pub(crate) const ASKED: &str = "They asked for:";
    pub(crate) const THEY_GET: &str = "They would get:";
    pub(crate) const LOOK: &str = "Look at this offer";
    pub(crate) const OWN_CHOICE: &str = "Another one";
    pub(crate) const ONE_OF: &str = "Fill in one of these.";
    pub(crate) const ABOVE: &str = "Only whether it is above";
    pub(crate) const BELOW: &str = "Only whether it is below";
    pub(crate) const BANDS: &str = "Only in which range between these (commas between)";
    pub(crate) const ROUNDED: &str = "Only rounded to multiples of";
    pub(crate) const OFFER: &str = "Offer this instead";

    pub(crate) fn title(name: &str) -> String {
        format!("{name} asks")
    }
}

pub(super) mod access {
    pub(crate) const TITLE: &str = "Active access";
    pub(crate) const LEAD: &str = "Who may run what on your data now. Revoking stops every later run at once.";
    pub(crate) const EMPTY: &str = "Nobody can run anything on your data.";
    pub(crate) const EMPTY_DO: &str = "See requests";
    pub(crate) const OVER: &str = "Over";
}

pub(super) mod data {
    pub(crate) const TITLE: &str = "My data";
    pub(crate) const LEAD: &str =
        "Files that others may ask about. They are sealed on this computer; rows never leave.";
    pub(crate) const EMPTY: &str = "Nothing is stored yet. Add a file below: a bank statement, bills, a ledger.";
    pub(crate) const ADD: &str = "Add data";
    pub(crate) const ADD_LEAD: &str = "CSV, JSON, Parquet, or a statement of a bank or utility (OFX, QIF, MT940, camt.053, Green Button). You see what \
         was understood before anything is stored.";
    pub(crate) const FILE: &str = "A file of at most 16 MiB";
    pub(crate) const PASTE: &str = "or paste it here";
    pub(crate) const PASTE_LIKE: &str = "date,amount\n2025-01-31,61.40";
    pub(crate) const SKIP_BAD: &str = "leave out rows that cannot be read, instead of refusing the file";
    pub(crate) const LOOK: &str = "Look at it";
    pub(crate) const TOO_LARGE: &str = "the file is larger than 16 MiB: split it";
    pub(crate) const NO_FILE: &str = "choose a file or paste its content";
    pub(crate) const LOOKED: &str = "What was understood";
    pub(crate) const LOOKED_LEAD: &str = "Nothing is stored yet. Is this what the file says?";
    pub(crate) const FORMAT: &str = "read as";
    pub(crate) const COLUMNS: &str = "Columns";
    pub(crate) const LEFT_OUT: &str = "Left out";
    pub(crate) const TAG: &str = "Name";
    pub(crate) const DESCRIPTION: &str = "What it is (shown to whom you let see it)";
    pub(crate) const DESCRIPTION_LIKE: &str = "electricity bills of 2025";
    pub(crate) const WHO: &str = "Who may see that it exists (never its rows)";
    pub(crate) const WHO_NOBODY: &str = "You are connected with nobody yet; you can choose later.";
    pub(crate) const EVERYONE: &str = "everyone I am connected with";
    pub(crate) const KEEP: &str = "Store it";
    pub(crate) const KEEP_NOT: &str = "Do not store it";
    pub(crate) const GONE: &str = "the file waited too long or another took its place: choose it again";
    pub(crate) const SEEN_BY: &str = "Seen by:";
    pub(crate) const NOBODY: &str = "nobody";
    pub(crate) const SEEN_LEAD: &str =
        "They see its name, what you wrote about it, its columns and how many rows there are.";
    pub(crate) const STORED: &str = "stored";
    pub(crate) const SAVE: &str = "Save";
    pub(crate) const MOCK: &str = "Made-up rows";
    pub(crate) const MOCK_LEAD: &str = "Others can try a question on rows that are made up from the names and types of columns. Nothing of yours is in them.";
    pub(crate) const MOCK_MAKE: &str = "Make rows up";
    pub(crate) const MOCK_AWAY: &str = "Take them away";
    pub(crate) const REMOVE: &str = "Remove";
    pub(crate) const REMOVE_LEAD: &str =
        "Its key is destroyed and every grant on it is revoked. What has left stays left.";
    pub(crate) const SURE: &str = "I am sure";

    pub(crate) fn rows(rows: u64) -> String {
        if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
    }

    pub(crate) fn mock(rows: Option<u64>) -> String {
        rows.map_or_else(|| "There are none.".to_owned(), |rows| format!("There are {rows}."))
    }
}

pub(super) mod people {
    pub(crate) const TITLE: &str = "People";
    pub(crate) const LEAD: &str = "Whom you are connected with. Compare the safety code with each, by voice.";
    pub(crate) const NO_RELAY: &str = "No relay is named, so nobody can be invited.";
    pub(crate) const NO_RELAY_DO: &str = "Name a relay";
    pub(crate) const INVITE: &str = "Invite somebody";
    pub(crate) const CONNECT: &str = "I have an invite";
    pub(crate) const EMPTY: &str = "Nobody yet. Invite somebody, and hand the invite over on a way you trust.";
    pub(crate) const INVITE_TITLE: &str = "An invite";
    pub(crate) const INVITE_LEAD: &str = "Hand it to the person you want to connect with, and to nobody else.";
    pub(crate) const COMPARE: &str = "Compare the safety code";
    pub(crate) const NOBODY_YET: &str = "Nobody has joined yet. For one person,";
    pub(crate) const UNTIL: &str = "until";
    pub(crate) const TEXT: &str = "The invite as text";
    pub(crate) const COPY: &str = "Copy";
    pub(crate) const COPIED: &str = "Copied.";
    pub(crate) const QR: &str = "The invite as a code to photograph";
    pub(crate) const BACK: &str = "All people";

    pub(crate) fn owed(count: u64) -> String {
        format!("{count} waiting to be sent")
    }

    pub(crate) fn joined(name: &str) -> String {
        format!("{name} has joined.")
    }
}

pub(super) mod person {
    pub(crate) const CLAIMS: &str = "calls themselves";
    pub(crate) const SINCE: &str = "connected since";
    pub(crate) const CODE: &str = "Safety code";
    pub(crate) const CODE_LEAD: &str =
        "Call them and compare these numbers. If they are the same, nobody stands between you.";
    pub(crate) const CODE_TYPE: &str = "Type what they read to you";
    pub(crate) const CODE_SAME: &str = "Compare";
    pub(crate) const MORE: &str = "Rename, block, forget";
    pub(crate) const RENAME: &str = "Name on this computer";
    pub(crate) const RENAME_DO: &str = "Rename";
    pub(crate) const BLOCK: &str = "Block";
    pub(crate) const UNBLOCK: &str = "Stop blocking";
    pub(crate) const BLOCK_LEAD: &str = "From somebody blocked nothing is taken, and nothing is told to them.";
    pub(crate) const FORGET: &str = "Forget";
    pub(crate) const FORGET_LEAD: &str = "Ends the connection and erases what they said. The proofs in your log stay.";
    pub(crate) const SURE: &str = "I am sure";
    pub(crate) const BETWEEN: &str = "Between you";
    pub(crate) const NOTHING_BETWEEN: &str = "Nothing has been asked yet.";
    pub(crate) const OLDER: &str = "Older";
}

pub(super) mod released {
    pub(crate) const TITLE: &str = "What left";
    pub(crate) const LEAD: &str = "Every answer that was handed over. Nothing else has left this computer.";
    pub(crate) const VERIFY: &str = "Verify the log";
    pub(crate) const EXPORT: &str = "Export the log";
    pub(crate) const EMPTY: &str = "Nothing has left this computer.";
    pub(crate) const EMPTY_DO: &str = "See requests";
    pub(crate) const ADDS_UP: &str = "What it adds up to";
    pub(crate) const EVERYBODY: &str = "Show everything";
    pub(crate) const GOT: &str = "They got";
    pub(crate) const NOTHING: &str = "Nothing was released:";
    pub(crate) const OF: &str = "of";
    pub(crate) const RECEIPT: &str = "receipt";
    pub(crate) const VERIFY_TITLE: &str = "The log";
    pub(crate) const VERIFY_LEAD: &str = "Read anew, entry by entry, just now.";
    pub(crate) const BACK: &str = "What left";
    pub(crate) const BROKEN: &str = "The log is not whole:";
    pub(crate) const OTHERS: &str = "Logs of others, as far as you have checked them";
    pub(crate) const ROOT: &str = "Root";

    pub(crate) fn has(who: &str, count: usize, of: &str) -> String {
        let answers = if count == 1 { "1 answer".to_owned() } else { format!("{count} answers") };
        format!("{who} has {answers} about “{of}”")
    }

    pub(crate) fn whole(size: u64) -> String {
        format!("The log is whole: {} agree with each other.", entries(size))
    }

    pub(crate) fn entries(size: u64) -> String {
        if size == 1 { "1 entry".to_owned() } else { format!("{size} entries") }
    }
}

pub(super) mod settings {
    use node::wishes::Scope;
    pub(crate) const TITLE: &str = "Settings";
    pub(crate) const LEAD: &str = "How this node meets others, and who may use it.";
    pub(crate) const RELAYS: &str = "Relays";
    pub(crate) const RELAYS_LEAD: &str =
        "A relay introduces you to people whose computers are behind routers. Its operator tells you its address.";
    pub(crate) const NO_RELAYS: &str = "None is named yet.";
    pub(crate) const ADDRESS: &str = "Address of a relay";
    pub(crate) const RELAY_TOKEN: &str = "Token, if its operator gave you one";
    pub(crate) const ADD: &str = "Use this relay";
    pub(crate) const REMOVE: &str = "Remove";
    pub(crate) const TOKENS: &str = "Programs";
    pub(crate) const TOKENS_LEAD: &str = "A token lets a program of yours use this node, within its scope.";
    pub(crate) const TOKEN_NAME: &str = "What it is for";
    pub(crate) const TOKEN_SCOPE: &str = "What it may do";
    pub(crate) const MAKE: &str = "Make a token";
    pub(crate) const REVOKE: &str = "Revoke";
    pub(crate) const MADE: &str = "A token";
    pub(crate) const MADE_LEAD: &str = "It is shown this once. Give it to the program and to nobody else.";
    pub(crate) const COPY: &str = "Copy";
    pub(crate) const COPIED: &str = "Copied.";
    pub(crate) const BACK: &str = "Settings";
    pub(crate) const PASSPHRASE: &str = "Passphrase";
    pub(crate) const SEALED: &str = "The keys are sealed under a passphrase. A locked screen opens with it.";
    pub(crate) const NOT_SEALED: &str = "There is no passphrase: whoever gets this disk can read everything.";
    pub(crate) const BACKUP: &str = "Backup";
    pub(crate) const BACKUP_LEAD: &str = "A backup is made on the command line, while the node is stopped:";
    pub(crate) const STOP: &str = "Stop everything";
    pub(crate) const STOP_LEAD: &str =
        "Ends the node: nothing can be asked, computed or sent until it is started again.";
    pub(crate) const STOP_DO: &str = "Stop everything …";
    pub(crate) const ME: &str = "This node";
    pub(crate) const VERSION: &str = "Version";
    pub(crate) const KEY: &str = "Identity key";

    pub(crate) fn remove(what: &str) -> String {
        format!("Remove {what}")
    }

    pub(crate) fn scope(scope: Scope) -> &'static str {
        match scope {
            Scope::Read => "look at what is no secret",
            Scope::Request => "ask others",
            Scope::Decide => "decide for me",
        }
    }
}

pub(super) mod applicants {
    pub(crate) const TITLE: &str = "Applicants";
    pub(crate) const LEAD: &str = "Whom you can ask, whether they can be reached, and what they answered last.";
    pub(crate) const EMPTY: &str = "Nobody is connected with you yet.";
    pub(crate) const EMPTY_DO: &str = "Take up an invite";
    pub(crate) const LAST: &str = "Asked last:";
    pub(crate) const NEVER: &str = "Nothing asked yet.";
    pub(crate) const CATALOG: &str = "What can be asked";
}

pub(super) mod connect {
    pub(crate) const TITLE: &str = "Connect";
    pub(crate) const LEAD: &str = "Take up the invite that an applicant handed to you.";
    pub(crate) const INVITE: &str = "The invite";
    pub(crate) const JOIN: &str = "Connect";
    pub(crate) const NEXT: &str = "Then you see what they let you ask about.";
}

pub(super) mod catalog {
    pub(crate) use super::data::rows;
    pub(crate) const TITLE: &str = "Catalog";
    pub(crate) const LEAD: &str = "What owners let you ask about: names and columns, never rows.";
    pub(crate) const NOBODY: &str = "Nobody is connected with you yet.";
    pub(crate) const NOBODY_DO: &str = "Take up an invite";
    pub(crate) const PERSON: &str = "Owner";
    pub(crate) const SEARCH: &str = "Search";
    pub(crate) const FIND: &str = "Find";
    pub(crate) const OLD: &str = "The owner cannot be reached now: this is what they told last.";
    pub(crate) const EMPTY: &str = "They let you see nothing yet. Ask them to show you a dataset.";
    pub(crate) const NOT_FOUND: &str = "Nothing there has these words.";
    pub(crate) const ASK: &str = "Ask about it";
}

pub(super) mod ask {
    pub(crate) use super::request::{ABOVE, BANDS, BELOW, HOW_LONG, LEAVES, READS, ROUNDED, WANTS, WHO, WHY};
    pub(crate) const TITLE: &str = "New request";
    pub(crate) const LEAD: &str = "The owner sees exactly this before anything is computed for you.";
    pub(crate) const NO_DATASET: &str = "A request is about one dataset of one owner.";
    pub(crate) const NO_DATASET_DO: &str = "Choose one in the catalog";
    pub(crate) const COMPUTATION: &str = "What you want to know";
    pub(crate) const STATISTICS: &str = "Of one column";
    pub(crate) const ATTRIBUTES: &str = "Credit attributes of a statement";
    pub(crate) const COLUMN: &str = "Column";
    pub(crate) const COLUMN_NONE: &str = "the only one with numbers, or none";
    pub(crate) const WHERE: &str = "Only rows for which this holds (one condition a line)";
    pub(crate) const LESS: &str = "Ask for less than the number";
    pub(crate) const PURPOSE: &str = "Purpose";
    pub(crate) const REASON: &str = "In your own words";
    pub(crate) const USES: &str = "How often";
    pub(crate) const UNTIL: &str = "Until (unless said: a week)";
    pub(crate) const PREVIEW: &str = "Show what the owner will see";
    pub(crate) const SEND: &str = "Send the request";
    pub(crate) const SEEN: &str = "What the owner will see";
    pub(crate) const NOT_YET: &str = "Choose what you want to know.";
    pub(crate) const LEAVES_TOLD: &str =
        "The exact answer, computed on the owner's computer and shown to them before they decide.";
    pub(crate) const TELLS: &str = "How much it tells:";
    pub(crate) const PURPOSES: [(&str, &str); 6] = [
        ("credit_application", "to decide on an application for credit"),
        ("account_review", "to review an existing account"),
        ("rental", "to decide on letting a home"),
        ("income_verification", "to verify an income"),
        ("affordability", "to check what can be afforded"),
        ("research", "for research"),
    ];

    pub(crate) fn title(owner: &str, tag: &str) -> String {
        format!("Ask {owner} about “{tag}”")
    }

    pub(crate) fn statistic(name: &str) -> &str {
        match name {
            "mean" => "average",
            "sum" => "sum",
            "count" => "how many rows",
            "min" => "smallest",
            "max" => "largest",
            "median" => "median",
            "std" => "standard deviation",
            "distinct" => "how many different values",
            other => other,
        }
    }
}

pub(super) mod results {
    pub(crate) const TITLE: &str = "Results";
    pub(crate) const LEAD: &str = "What you asked, and what came of it.";
    pub(crate) const EMPTY: &str = "You have asked nothing yet.";
    pub(crate) const EMPTY_DO: &str = "Find something to ask about";
    pub(crate) const UNTIL: &str = "until";
    pub(crate) const APPROVED: &str = "The owner said yes. The answer is computed on their computer when you fetch it.";
    pub(crate) const RUN: &str = "Fetch the answer";
    pub(crate) const COUNTERED: &str = "The owner offers something else:";
    pub(crate) const ACCEPT: &str = "Accept this offer";
    pub(crate) const ACCEPTED: &str = "You accepted their offer: see the new request";
    pub(crate) const SENDING: &str = "On its way: the owner's computer cannot be reached now. It is sent by itself.";
    pub(crate) const WAITING: &str = "The owner has it and has not decided yet.";
    pub(crate) const ASK_AGAIN: &str = "Ask something else";
    pub(crate) const NOTHING: &str = "Nothing was released:";
    pub(crate) const HOLDS: &str = "Everything about this receipt was verified just now, and holds.";
    pub(crate) const FAILED: &str = "Do not rely on this. It did not verify:";
    pub(crate) const COMPUTED: &str = "computed";
    pub(crate) const EXPORT: &str = "Export the receipt";
    pub(crate) const DECIDE: &str = "Make an offer, or refuse";
    pub(crate) const ID: &str = "Receipt";
    pub(crate) const RECEIPT: &str = "Receipt";
    pub(crate) const BACK: &str = "All results";

    pub(crate) fn title(name: &str) -> String {
        format!("Asked of {name}")
    }

    pub(crate) fn receipt(name: &str) -> String {
        format!("Receipt, with {name}")
    }

    pub(crate) fn verified(count: usize) -> String {
        format!("What was verified ({count})")
    }
}

pub(super) mod offers {
    pub(crate) const TITLE: &str = "Offers and decisions";
    pub(crate) const LEAD: &str = "What was offered or refused on the strength of answers, and what was said to it.";
    pub(crate) const EMPTY: &str = "No offer and no refusal yet. They are made of an answer.";
    pub(crate) const EMPTY_DO: &str = "See the answers you have";
    pub(crate) const REASONS: &str = "The reasons";
    pub(crate) const RESTS: &str = "It rests on these answers";
    pub(crate) const ERASED: &str = "The words were erased.";
    pub(crate) const NOTHING: &str = "(nothing was released)";
    pub(crate) const UNTIL: &str = "Can be accepted until";
    pub(crate) const ANSWERED: &str = "answered";
    pub(crate) const FINAL: &str = "Either answer is signed and final. Saying nothing accepts nothing.";
    pub(crate) const ACCEPT: &str = "Accept this offer";
    pub(crate) const DECLINE: &str = "Decline this offer";
    pub(crate) const BACK: &str = "All offers and decisions";
    pub(crate) const NEW_LEAD: &str = "Signed, and bound to the answers it rests on.";
    pub(crate) const WORDS: &str = "Your words";
    pub(crate) const STANDS: &str = "An offer can be accepted until (two weeks unless said)";
    pub(crate) const OFFER: &str = "Make this offer";
    pub(crate) const OR_REFUSE: &str = "Or refuse";
    pub(crate) const REASONS_LEAD: &str =
        "One to four reasons, each tied to an answer. That a score was too low or a policy not met is no reason.";
    pub(crate) const REFUSE: &str = "Refuse for these reasons";

    pub(crate) fn kind(kind: &str, direction: &str) -> &'static str {
        match (kind, direction) {
            ("offer", "received") => "An offer made to you",
            ("offer", _) => "An offer you made",
            (_, "received") => "A refusal, with its reasons",
            (_, _) => "A refusal you sent, with its reasons",
        }
    }

    pub(crate) fn title(kind: &str, direction: &str, person: &str) -> String {
        match (kind, direction) {
            ("offer", "received") => format!("{person} makes you an offer"),
            ("offer", _) => format!("Your offer to {person}"),
            (_, "received") => format!("{person} refuses, and says why"),
            (_, _) => format!("Your refusal to {person}"),
        }
    }

    pub(crate) fn new(person: &str) -> String {
        format!("Decide about {person}")
    }

    pub(crate) fn reason(at: usize) -> String {
        format!("Reason {at}: what in the answer was decisive")
    }

    pub(crate) fn reason_on(at: usize) -> String {
        format!("Reason {at} is tied to")
    }
}

pub(super) mod audit {
    pub(crate) const TITLE: &str = "Audit";
    pub(crate) const LEAD: &str = "Everything this node stored, asked, decided, ran and released, in order.";
    pub(crate) const VERIFY: &str = "Verify";
    pub(crate) const EXPORT: &str = "Export";
    pub(crate) const PAGES: &str = "Pages of the log";
    pub(crate) const BEFORE: &str = "Earlier";
    pub(crate) const AFTER: &str = "Later";
    pub(crate) const VERIFY_TITLE: &str = "The log";
    pub(crate) const VERIFY_LEAD: &str = "Read anew, entry by entry, just now.";
}
