//! The points by name.

/// Declares the points, their names and the list of all of them at once, so that none is forgotten.
macro_rules! points {
    ($($(#[$what:meta])* $point:ident = $name:literal,)*) => {
        /// An instant between durable and answered.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Point {
            $($(#[$what])* $point,)*
        }

        impl Point {
            /// All of them, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$point,)*];

            /// Its name, as the environment variable says it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$point => $name,)*
                }
            }
        }
    };
}

points! {
    /// Store: a batch is applied in memory, and not yet on the disk.
    BatchApplied = "batch-applied",
    /// Store: the database's file is synced, the count beside it not yet noted.
    FileSynced = "file-synced",
    /// Store: the count of commits is noted, and nobody has been told.
    CountNoted = "count-noted",
    /// Store: a file is whole under its unfinished name, and not yet in place.
    FileUnplaced = "file-unplaced",
    /// Store: the chunks of a dataset are durable, and it has no manifest yet.
    ChunksFinished = "chunks-finished",
    /// Store: a deletion is committed, with what it deletes still readable by its keys.
    DeletionCommitted = "deletion-committed",
    /// Store: the key of a removed dataset is destroyed, its files and the old generation are not.
    DatasetDiscarded = "dataset-discarded",
    /// Store: a rewrite has copied what lives, and the old generation is in force.
    GenerationCopied = "generation-copied",
    /// Store: the new generation is in force, and the old one still has its key.
    GenerationSwitched = "generation-switched",
    /// Store: the key of a generation is destroyed, its files are not.
    GenerationLocked = "generation-locked",
    /// Store: a deletion is real, and the note that it is wanted still there.
    DeletionReal = "deletion-real",
    /// Store: a page of a step to the next version is durable, with the place of the next one.
    PageCommitted = "page-committed",
    /// Store: a backup is whole under its unfinished name, and not yet in place.
    BackupUnplaced = "backup-unplaced",
    /// Store: a restored home is whole beside its place.
    HomeBuilt = "home-built",
    /// Store: a restored home is in its place, and nobody was told.
    HomePlaced = "home-placed",
    /// Node: what a group of jobs decided is applied, and none of it synced.
    GroupApplied = "group-applied",
    /// Node: what a group decided is durable, and none of its effects has begun.
    GroupDurable = "group-durable",
    /// Node: an effect of a decision is carried out, others perhaps not.
    EffectDone = "effect-done",
    /// Node: all that a group decided is durable and begun, and nobody has been answered.
    AnswersUntold = "answers-untold",
    /// Node: a run is counted, and not yet computed.
    RunCounted = "run-counted",
    /// Node: a run is computed, and its outcome nowhere but in memory.
    RunComputed = "run-computed",
    /// Node: the outcome of a run is durable; handing it over is the courier's.
    RunRecorded = "run-recorded",
    /// Node: what is owed is about to be handed over; if it is a receipt, its release is logged.
    ErrandReady = "errand-ready",
    /// Node: a message is acknowledged by the other side, and here still owed.
    AckUnsettled = "ack-unsettled",
    /// Node: a message of somebody is kept, and not yet acknowledged to them.
    MessageKept = "message-kept",
    /// Node: a letter is about to be left in a mailbox; if it holds a receipt, its release is logged.
    LetterReady = "letter-ready",
    /// Node: letters from a mailbox are taken, and their senders not yet told.
    LettersTaken = "letters-taken",
    /// Node: senders of letters were told, and the mailbox still has them.
    LettersTold = "letters-told",
    /// HTTP: what was asked is done, and the answer not yet on its way.
    AnswerUnsent = "answer-unsent",
    /// Relay: a registration is accepted, and the answer not yet on its way.
    RelayRegistered = "relay-registered",
    /// Relay: a node may now be reached by this relay, and nobody was told.
    RelayReserved = "relay-reserved",
    /// Relay: a circuit between two nodes was opened.
    RelayCircuit = "relay-circuit",
}

#[cfg(test)]
mod tests;
