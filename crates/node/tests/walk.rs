//! The walk of two people through their nodes' handles: a real relay, real stores, real connections on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

use node::{
    Node,
    wishes::{Approve, Config, CounterOffer, NewDataset, NewInvite, NewRequest},
};
use std::{path::Path, time::Duration};

const PATIENCE: Duration = Duration::from_secs(60);

struct Pair {
    _folder: tempfile::TempDir,
    _relay: relay::RelayHandle,
    jack: Node,
    jill: Node,
}

async fn start(home: &Path) -> Node {
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned(), "/ip4/127.0.0.1/udp/0/quic-v1".to_owned()];
    Node::start(Config { home: home.to_owned(), passphrase: None, listen, column_bytes: None }).await.unwrap()
}

async fn pair() -> Pair {
    let folder = tempfile::tempdir().unwrap();
    let config = relay::Config { listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()], ..relay::Config::default() };
    let relay = relay::Relay::start(config, relay::TransportKey::generate()).await.unwrap();
    for name in ["jack", "jill"] {
        node::create_home(&folder.path().join(name), name, None).unwrap();
    }
    let (jack, jill) = (start(&folder.path().join("jack")).await, start(&folder.path().join("jill")).await);
    jack.add_relay(&relay.addresses()[0], None).await.unwrap();
    let invite = jack.invite(NewInvite::default()).await.unwrap();
    let person = jill.connect(&invite.text, PATIENCE).await.unwrap();
    assert_eq!(person.name, "jack");
    let joined = jack.joined(&invite.id, PATIENCE).await.unwrap();
    assert_eq!((joined.name.as_str(), &joined.safety_code), ("jill", &person.safety_code));
    Pair { _folder: folder, _relay: relay, jack, jill }
}

fn ask(computation: &str, grant: Option<String>) -> NewRequest {
    NewRequest {
        person: "jack".to_owned(),
        dataset: "bills".to_owned(),
        computation: computation.to_owned(),
        reason: "because".to_owned(),
        grant,
        ..NewRequest::default()
    }
}

async fn store(pair: &Pair) {
    let wish = NewDataset {
        content: Some("[1,2,3,4,5,12]".to_owned()),
        content_base64: None,
        format: None,
        tag: "bills".to_owned(),
        description: "six numbers".to_owned(),
        skip_bad_rows: false,
        visible_to: vec!["everyone".to_owned()],
        reading: Default::default(),
        voucher_base64: None,
    };
    pair.jack.add_dataset(wish).await.unwrap();
    let page = pair.jill.catalog(Some("jack"), "", PATIENCE).await.unwrap();
    assert!(page.fresh);
    assert_eq!(page.datasets[0].rows, 6);
}

async fn until(node: &Node, id: &str, state: &str) {
    let mut events = node.events();
    let reached = async {
        while node.request_by_id(id).await.unwrap().state != state {
            let _ = tokio::time::timeout(Duration::from_millis(200), events.recv()).await;
        }
    };
    tokio::time::timeout(PATIENCE, reached).await.unwrap_or_else(|_| panic!("never {state}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_walk_from_an_invite_to_a_verified_receipt() {
    let pair = pair().await;
    store(&pair).await;
    let request = pair.jill.request(ask("mean", None)).await.unwrap();
    assert_eq!(pair.jill.delivered(&request.id, PATIENCE).await.unwrap().state, "waiting");
    let prompt = pair.jack.prompt(&request.id).await.unwrap();
    assert_eq!(prompt.leaves.value.as_deref(), Some("4.500000"));
    let approve = Approve { preview: prompt.preview.unwrap(), ..Approve::default() };
    pair.jack.approve(&request.id, approve).await.unwrap();
    until(&pair.jill, &request.id, "approved").await;
    let outcome = pair.jill.run(&request.id, PATIENCE).await.unwrap();
    assert_eq!((outcome.value.as_deref(), &outcome.failed), (Some("4.500000"), &vec![]));
    let file = pair.jill.export_outcome(&request.id).await.unwrap();
    assert!(node::verify_file(&file).unwrap().failed.is_empty());
    assert!(pair.jack.verify_log().await.unwrap().whole);
    assert!(pair.jill.verify_log().await.unwrap().whole);
    pair.jack.stop().await;
    pair.jill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_offer_is_accepted_and_a_standing_grant_is_spent() {
    let pair = pair().await;
    store(&pair).await;
    let request = pair.jill.request(ask("max", None)).await.unwrap();
    pair.jill.delivered(&request.id, PATIENCE).await.unwrap();
    let offer = CounterOffer { computation: Some("median".to_owned()), ..CounterOffer::default() };
    let shown = pair.jack.counter_prompt(&request.id, &offer).await.unwrap();
    assert_eq!(shown.leaves.value.as_deref(), Some("3.5"));
    pair.jack.counter(&request.id, offer, &shown.preview.unwrap()).await.unwrap();
    until(&pair.jill, &request.id, "countered").await;
    let accepted = pair.jill.accept(&request.id).await.unwrap();
    until(&pair.jill, &accepted.id, "approved").await;
    assert_eq!(pair.jill.run(&accepted.id, PATIENCE).await.unwrap().value.as_deref(), Some("3.5"));

    let request = pair.jill.request(ask("sum", None)).await.unwrap();
    pair.jill.delivered(&request.id, PATIENCE).await.unwrap();
    let preview = pair.jack.prompt(&request.id).await.unwrap().preview.unwrap();
    let approve = Approve { preview, uses: Some(2), review: Some("none".to_owned()), ..Approve::default() };
    let grant = pair.jack.approve(&request.id, approve).await.unwrap().grant.unwrap();
    until(&pair.jill, &request.id, "approved").await;
    assert_eq!(pair.jill.run(&request.id, PATIENCE).await.unwrap().value.as_deref(), Some("27"));
    let second = pair.jill.request(ask("sum", Some(grant.clone()))).await.unwrap();
    until(&pair.jill, &second.id, "approved").await;
    assert_eq!(pair.jill.run(&second.id, PATIENCE).await.unwrap().value.as_deref(), Some("27"));
    let third = pair.jill.request(ask("sum", Some(grant))).await.unwrap();
    until(&pair.jill, &third.id, "refused").await;
    pair.jack.stop().await;
    pair.jill.stop().await;
}

/// Twelve bills, paid or not.
const BILLS: &str = "date,amount,kind
2025-01-31,61.40,power
2025-02-28,58.15,power
2025-03-31,49.90,power
2025-04-30,44.05,power
2025-05-31,41.20,power
2025-06-30,52.75,gas
2025-07-31,71.30,gas
2025-08-31,74.85,gas
2025-09-30,55.60,gas
2025-10-31,43.95,gas
2025-11-30,48.10,gas
2025-12-31,59.25,heat
";

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_the_rows_are_asked_about_and_a_safer_form_is_offered_instead_of_a_number() {
    let pair = pair().await;
    let wish = NewDataset {
        content: Some(BILLS.to_owned()),
        content_base64: None,
        format: None,
        tag: "bills".to_owned(),
        description: "electricity bills of 2025".to_owned(),
        skip_bad_rows: false,
        visible_to: vec!["everyone".to_owned()],
        reading: Default::default(),
        voucher_base64: None,
    };
    pair.jack.add_dataset(wish).await.unwrap();
    pair.jill.catalog(Some("jack"), "", PATIENCE).await.unwrap();

    let by_kind = NewRequest {
        filter: vec!["date between 2025-01-01 and 2025-11-30".to_owned()],
        group_by: Some("kind".to_owned()),
        ..ask("sum", None)
    };
    let request = pair.jill.request(by_kind).await.unwrap();
    pair.jill.delivered(&request.id, PATIENCE).await.unwrap();
    let prompt = pair.jack.prompt(&request.id).await.unwrap();
    assert_eq!(prompt.leaves.value.as_deref(), Some("“gas”: 346.55; “power”: 254.70"));
    assert_eq!(
        prompt.wants,
        "The sum of the values of “amount” in those of the 12 rows of “bills” (“electricity bills of 2025”, January to \
         December 2025) where “date” is from 1 January 2025 to 30 November 2025, for each “kind”; groups that are too \
         small are left out."
    );
    assert_eq!(prompt.reads, "“bills”, columns “amount”, “date”, “kind”; nothing else is opened");
    assert!(prompt.instead.is_empty(), "groups are no single number");
    let approve = Approve { preview: prompt.preview.unwrap(), ..Approve::default() };
    pair.jack.approve(&request.id, approve).await.unwrap();
    until(&pair.jill, &request.id, "approved").await;
    let outcome = pair.jill.run(&request.id, PATIENCE).await.unwrap();
    assert_eq!((outcome.value.as_deref(), &outcome.failed), (Some("“gas”: 346.55; “power”: 254.70"), &vec![]));
    let first = outcome.outcome.unwrap()["groups"][0].to_string();
    assert_eq!(first, r#"{"key":{"text":"gas"},"value":{"decimal":"346.55"}}"#);

    let request = pair.jill.request(ask("mean", None)).await.unwrap();
    pair.jill.delivered(&request.id, PATIENCE).await.unwrap();
    let prompt = pair.jack.prompt(&request.id).await.unwrap();
    assert!(prompt.reads.contains("the dates of “date” were looked at to show you this page"), "{}", prompt.reads);
    assert!(prompt.could_work_out.iter().any(|line| line.contains("the sum of “amount”, of parts of the rows")));
    let offered: Vec<_> = prompt.instead.iter().map(|one| (&one.form[..], &one.with[..], &one.value[..])).collect();
    assert_eq!(
        offered,
        [("rounded", "10", "60"), ("above", "50", "yes"), ("bands", "10,20,50,100", "50 to below 100")]
    );
    let offer = CounterOffer { above: Some("50".to_owned()), ..CounterOffer::default() };
    let shown = pair.jack.counter_prompt(&request.id, &offer).await.unwrap();
    assert_eq!(shown.leaves.value.as_deref(), Some("yes"));
    assert!(shown.wants.starts_with("Only whether it is above 50, yes or no: the mean of"), "{}", shown.wants);
    pair.jack.counter(&request.id, offer, &shown.preview.unwrap()).await.unwrap();
    until(&pair.jill, &request.id, "countered").await;
    let accepted = pair.jill.accept(&request.id).await.unwrap();
    assert_eq!(accepted.computation, "above");
    until(&pair.jill, &accepted.id, "approved").await;
    assert_eq!(pair.jill.run(&accepted.id, PATIENCE).await.unwrap().value.as_deref(), Some("yes"));
    pair.jack.stop().await;
    pair.jill.stop().await;
}
