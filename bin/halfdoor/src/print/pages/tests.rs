use crate::print::{self, example};
use node::{
    views::{CallView, CatalogPage, DatasetView, LogReport, MadeToken, OtherLog, OutcomeView, PersonView, TokenView},
    wishes::Scope,
};

fn person() -> PersonView {
    PersonView {
        party: "9b".repeat(32),
        name: "Jill".into(),
        claims: "Jill of Fair Loans".into(),
        verified: false,
        blocked: false,
        path: "relayed".into(),
        safety_code: "123456789012345".into(),
        paired: 1_795_323_600,
        waiting: 0,
        left: 0,
        mailbox: true,
    }
}

#[test]
fn the_safety_code_is_shown_in_fives_with_what_to_do() {
    let text = print::person(&person()).finish();
    assert!(text.contains("12345 67890 12345") && text.contains("halfdoor people verify"), "{text}");
    let verified = PersonView { verified: true, ..person() };
    assert!(!print::person(&verified).finish().contains("by voice"));
}

#[test]
fn a_blocked_person_is_never_shown_as_verified() {
    let blocked = PersonView { verified: true, blocked: true, ..person() };
    let text = print::people(&[blocked]).finish();
    assert!(text.contains("blocked") && !text.contains("verified"), "{text}");
}

#[test]
fn what_waits_for_me_stands_before_what_i_asked() {
    let mut sent = example::request();
    sent.direction = "sent".into();
    sent.id = "77".repeat(32);
    let text = print::requests(&[sent, example::request()]).finish();
    assert!(text.find("Asked of you").unwrap() < text.find("Asked by you").unwrap(), "{text}");
    assert!(text.contains("3f2a91c0") && text.contains("77777777"));
}

#[test]
fn a_request_kept_for_later_says_so() {
    let mut sent = example::request();
    sent.direction = "sent".into();
    sent.state = "sending".into();
    assert!(print::request(&sent).finish().contains("kept until the node of Jill can be reached"));
}

#[test]
fn an_approved_request_names_the_next_step_of_each_side() {
    let mut mine = example::request();
    mine.state = "approved".into();
    assert!(print::request(&mine).finish().contains("halfdoor revoke 3f2a91c0"));
    mine.direction = "sent".into();
    assert!(print::request(&mine).finish().contains("halfdoor run 3f2a91c0"));
}

#[test]
fn a_catalog_told_earlier_is_not_shown_as_fresh() {
    let page = CatalogPage { datasets: Vec::new(), fresh: false };
    assert!(print::catalog(&page, "").finish().contains("what they told last"));
}

#[test]
fn rows_left_out_are_counted_and_the_first_are_named() {
    let dataset = DatasetView {
        id: "aa".repeat(32),
        tag: "utility".into(),
        description: "bills".into(),
        version: "bb".repeat(32),
        rows: 12,
        columns: Vec::new(),
        visible_to: Vec::new(),
        stored: 0,
        skipped_lines: (3..20).collect(),
        format: Some("csv".into()),
        notes: vec!["it was read as windows-1252".into()],
        rules: node::views::RulesView::default(),
        left_out: (3..40).map(|line| format!("line {line}: x is not a number")).collect(),
        vouched: "self-asserted".into(),
        issuer: None,
        mock: None,
    };
    let text = print::dataset(&dataset).finish();
    assert!(text.contains("17 bad rows: lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ..."), "{text}");
    assert!(text.contains("seen by      nobody") && text.contains("format       csv"), "{text}");
    assert!(text.contains("Left out:\n  line 3: x is not a number\n") && text.contains("  and 17 more\n"), "{text}");
    assert!(text.contains("Noticed:\n  it was read as windows-1252\n"), "{text}");
}

#[test]
fn a_broken_receipt_is_never_called_good() {
    let outcome = OutcomeView {
        receipt: "ab".repeat(32),
        request: "cd".repeat(32),
        grant: "ef".repeat(32),
        number: 0,
        direction: "received".into(),
        person: "Jack".into(),
        sentence: "the mean".into(),
        value: Some("4.5".into()),
        outcome: None,
        not_released: None,
        notes: Vec::new(),
        issuer: None,
        computed: 0,
        released: None,
        verified: vec!["the signature".into()],
        failed: vec!["the dataset is another version".into()],
    };
    let text = print::outcome(&outcome).finish();
    assert!(text.contains("FAILED") && text.contains("Do not rely on it"), "{text}");
    let unchecked = OutcomeView { verified: Vec::new(), failed: Vec::new(), ..outcome };
    assert!(print::outcome(&unchecked).finish().contains("Nothing was checked."));
}

#[test]
fn a_fork_is_in_the_report_of_the_log() {
    let report = LogReport {
        size: 7,
        root: "ab".repeat(32),
        checkpoint: String::new(),
        whole: true,
        faults: Vec::new(),
        others: vec![OtherLog {
            person: "Jack".into(),
            size: 3,
            root: "cd".repeat(32),
            state: "forked".into(),
            detail: Some("it showed two different logs of 3 entries".into()),
        }],
    };
    let text = print::log_report(&report).finish();
    assert!(text.contains("The log is whole.") && text.contains("forked"), "{text}");
    assert!(text.contains("Jack: it showed two different logs"), "{text}");
}

fn token() -> TokenView {
    TokenView {
        id: "ab".repeat(8),
        name: "loans".into(),
        scope: Scope::Request,
        made: 1_795_323_600,
        until: None,
        used: None,
    }
}

#[test]
fn a_token_is_shown_when_it_is_made_and_never_in_the_list() {
    let made = print::made_token(&MadeToken { token: "hdt_secret".into(), of: token() }).finish();
    assert!(made.starts_with("hdt_secret\n") && made.contains("loans may read and request"), "{made}");
    let list = print::tokens(&[token()]).finish();
    assert!(list.contains("loans") && list.contains("never") && !list.contains("hdt_"), "{list}");
}

#[test]
fn a_call_without_an_answer_is_shown_as_such() {
    let call = CallView {
        time: 1_795_323_600,
        by: "loans".into(),
        token: Some("ab".repeat(8)),
        method: "POST".into(),
        route: "/v1/requests/{id}/run".into(),
        status: None,
    };
    let text = print::calls(&[call]).finish();
    assert!(text.contains("none") && text.contains("POST /v1/requests/{id}/run"), "{text}");
}

#[test]
fn what_was_tried_on_a_mock_is_never_shown_without_saying_so() {
    let tried = |value: Option<&str>| node::views::MockOutcomeView {
        mock: true,
        notice: "MOCK: computed over rows that the owner made up.".into(),
        person: "Jack".into(),
        tag: "bills".into(),
        rows: 24,
        sentence: "The largest of 24 bills".into(),
        value: value.map(str::to_owned),
        outcome: None,
        nothing: value.is_none().then(|| "fewer than 5 values".into()),
    };
    for tried in [tried(Some("61.40")), tried(None)] {
        let text = print::mock(&tried).finish();
        assert!(text.starts_with("MOCK: ") && text.contains("(mock)") && text.contains("no receipt"), "{text}");
    }
}
