use super::*;

fn outcome(verified: &[&str], failed: &[&str]) -> OutcomeView {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
    OutcomeView {
        receipt: "ab".into(),
        request: "cd".into(),
        grant: "ef".into(),
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
        verified: words(verified),
        failed: words(failed),
    }
}

#[test]
fn a_receipt_is_relied_on_only_when_something_was_checked_and_all_of_it_holds() {
    assert!(relied_on(&outcome(&["the signature"], &[])).is_ok());
    assert!(relied_on(&outcome(&[], &[])).is_err());
    let error = relied_on(&outcome(&["the signature"], &["the computation is another one"])).unwrap_err();
    assert_eq!(error.chain(), "the receipt does not hold: the computation is another one");
}
