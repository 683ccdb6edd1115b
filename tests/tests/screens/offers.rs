//! What Jill decides about Jack on the strength of his answer, and what he says to it.

use crate::people::Desk;
use scenarios::Manner;

/// Jill has Jack's answer on her screen.
fn answered() -> Option<Desk> {
    let desk = Desk::ready(Manner::default())?;
    desk.ask("mean", "for a loan");
    let Desk { jack, jill, .. } = &desk;
    jack.go("/requests");
    jack.press_at("#requests a[href^='/requests/']");
    jack.press_at("#approve");
    jack.see("You said yes.");
    jill.see("The owner said yes.");
    jill.press("Fetch the answer");
    jill.see("The answer is here.");
    Some(desk)
}

#[test]
fn an_offer_rests_on_an_answer_and_is_accepted_once() {
    let Some(desk) = answered() else { return };
    let Desk { jack, jill, .. } = &desk;
    let answer = jill.run("return document.querySelector('#result output').textContent");
    jack.go("/offers");
    jack.see("No offer and no refusal yet.");
    jill.press("Make an offer, or refuse");
    jill.see_heading("Decide about Jack");
    jill.fill("words", "8,000 over three years at 6.5 %");
    jill.press("Make this offer");
    jill.see("Signed, and on its way.");

    // Jack's open page shows it without being asked for anew
    jack.see("An offer made to you");
    jack.press_at("#offers a[href^='/offers/']");
    jack.see_heading("Jill makes you an offer");
    jack.see("“8,000 over three years at 6.5 %”");
    assert_eq!(jack.run("return document.querySelector('#offer output').textContent"), answer);
    let sizes = jack.run("return [...document.querySelectorAll('#offer button')].map((one) => one.className)");
    assert_eq!(sizes, serde_json::json!(["", ""]), "no answer is put before the other");
    jack.press("Accept this offer");
    jack.see("You accepted.");
    assert!(!jack.text().contains("Decline this offer"), "the answer is final");
    jill.see("accepted");
    desk.kept_the_policy();
}

#[test]
fn a_refusal_says_why_and_a_score_is_no_reason() {
    let Some(desk) = answered() else { return };
    let Desk { jack, jill, .. } = &desk;
    jill.press("Make an offer, or refuse");
    jill.see_heading("Decide about Jack");
    jill.fill("words", "We cannot lend to you now.");
    jill.fill("reason-1", "Score too low");
    jill.press("Refuse for these reasons");
    jill.see("is no reason");
    jill.back();
    jill.fill("reason-1", "Your bills are half of what you say you pay");
    jill.press("Refuse for these reasons");
    jill.see("Signed, and on its way.");

    jack.go("/offers");
    jack.see("A refusal, with its reasons");
    jack.press_at("#offers a[href^='/offers/']");
    jack.see_heading("Jill refuses, and says why");
    jack.see("“Your bills are half of what you say you pay”");
    assert_eq!(jack.run("return document.querySelectorAll('#offer button').length"), 0);
    jill.see("has arrived");
    desk.kept_the_policy();
}
