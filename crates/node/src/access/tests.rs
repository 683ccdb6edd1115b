use super::*;

fn kept(text: &str, name: &str, until: Option<u64>) -> Kept {
    let bearer = Bearer { id: format!("{:016x}", text.len()), name: name.to_owned(), scope: Scope::Request, until };
    Kept { hash: hash_of(text.as_bytes()), bearer }
}

fn holding(all: Vec<Kept>) -> Bearers {
    let bearers = Bearers::default();
    bearers.replace(all, 0);
    bearers
}

#[test]
fn only_the_whole_text_of_a_token_is_known_whichever_place_it_has() {
    let bearers = holding(vec![kept("first", "a", None), kept("second one", "b", None), kept("the third", "c", None)]);
    for (text, name) in [("first", "a"), ("second one", "b"), ("the third", "c")] {
        assert_eq!(bearers.check(text.as_bytes()).unwrap().name, name);
    }
    let long = "x".repeat(TEXT_BYTES + 1);
    for wrong in ["", "firs", "first ", "First", "second", long.as_str()] {
        assert_eq!(bearers.check(wrong.as_bytes()), Err(NotHeld::Unknown), "{wrong:?}");
    }
    assert_eq!(Bearers::default().check(b""), Err(NotHeld::Unknown));
}

#[test]
fn a_token_holds_through_its_last_second_and_no_clock_set_back_revives_it() {
    let now = crate::actor::now();
    let bearers = holding(vec![kept("a token", "a", Some(now + 1000))]);
    assert!(bearers.check(b"a token").is_ok());
    bearers.replace(vec![kept("a token", "a", Some(now + 1000))], now + 1000);
    assert!(bearers.check(b"a token").is_ok());
    // the home has acted on a later time than this machine's clock shows now
    bearers.replace(vec![kept("a token", "a", Some(now + 1000))], now + 1001);
    assert_eq!(bearers.check(b"a token"), Err(NotHeld::Expired { name: "a".to_owned() }));
    bearers.replace(vec![kept("a token", "a", Some(now + 1000))], now);
    assert_eq!(bearers.check(b"a token"), Err(NotHeld::Expired { name: "a".to_owned() }));
}

#[tokio::test]
async fn whoever_waits_for_a_tokens_end_hears_of_its_revocation_and_of_no_other() {
    let (one, other) = (kept("one", "one", None), kept("the other", "other", None));
    let bearers = holding(vec![one.clone(), other.clone()]);
    let (waits, bearer) = (bearers.clone(), one.bearer.clone());
    let ended = tokio::spawn(async move { waits.ended(&bearer).await });
    bearers.replace(vec![one], 0);
    tokio::task::yield_now().await;
    assert!(!ended.is_finished());
    bearers.replace(vec![other], 0);
    ended.await.unwrap();
}

#[tokio::test]
async fn whoever_waits_for_a_tokens_end_hears_of_its_last_second() {
    let token = kept("short", "short", Some(crate::actor::now() + 1));
    let bearers = holding(vec![token.clone()]);
    let bearer = bearers.check(b"short").unwrap();
    bearers.ended(&bearer).await;
    assert_eq!(bearers.check(b"short"), Err(NotHeld::Expired { name: "short".to_owned() }));
}

#[test]
fn the_names_of_those_without_a_token_are_taken() {
    let taken = |name: &str| is_taken(&name.parse().unwrap());
    assert!(taken("this home") && taken("This Home") && taken("duo") && taken("DUO"));
    assert!(!taken("loans") && !taken("duo-bridge"));
}
