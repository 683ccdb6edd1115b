use super::*;
use crate::print::example::prompt;

fn wish() -> wishes::Approve {
    wishes::Approve::default()
}

#[test]
fn a_preview_is_at_least_twelve_hexadecimal_characters() {
    assert_eq!(preview("ABCDEF012345").unwrap(), "abcdef012345");
    for bad in ["", "abcdef01234", "abcdef01234g", "abcdef 012345"] {
        assert!(preview(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_plain_yes_adds_nothing_to_the_prompt() {
    assert_eq!(choice(&prompt(), &wish()), None);
}

#[test]
fn what_goes_beyond_the_request_is_said_before_the_question() {
    let wish = wishes::Approve {
        uses: Some(5),
        kinds: vec!["mean".into(), "max".into()],
        review: Some("none".into()),
        despite: Some("she may know it".into()),
        parts: true,
        ..wish()
    };
    let told = choice(&prompt(), &wish).unwrap();
    let grant = "a standing grant: 5 runs of mean, max over amount; of any of the rows, by filters and groups";
    for part in [grant, "WITHOUT being shown", "although a rule refuses it, because: she may know it"] {
        assert!(told.contains(part), "{told}");
    }
    let told = choice(&prompt(), &wishes::Approve { standing: true, ..wishes::Approve::default() }).unwrap();
    assert!(told.contains("1 runs of max over amount") && told.contains("shown to you before it leaves"), "{told}");
}
