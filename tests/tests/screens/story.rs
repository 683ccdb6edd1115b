//! The story of the demo by clicking, on both sides, and what may come in between.

use crate::people::Desk;
use scenarios::Manner;
use std::time::Instant;

#[test]
fn the_whole_story_by_clicking() {
    let Some(desk) = Desk::ready(Manner::default()) else { return };
    let Desk { jack, jill, .. } = &desk;
    jack.go("/");
    jack.see("Nothing. Silence is never a yes.");
    desk.ask("mean", "What do you pay in a usual month?");

    // Jack's page shows it without being asked for anew
    let asked = Instant::now();
    jack.see("asks:");
    println!("shown on the open page {} ms after Jill's browser had its answer", asked.elapsed().as_millis());
    jack.press_at("#home a[href^='/requests/']");
    jack.see_heading("Jill asks");
    jack.see("“What do you pay in a usual month?”");
    let order = [
        "Who",
        "Wants",
        "Reads",
        "Leaves this computer",
        "What they could work out",
        "Why",
        "How long, how often",
        "Undo",
    ];
    let told = jack.run("return [...document.querySelectorAll('.prompt dt')].map((part) => part.textContent)");
    assert_eq!(told, serde_json::json!(order));
    let exact = jack.run("return document.querySelector('.leaves output').textContent");
    jack.press_at("#approve");
    jack.see("You said yes.");

    jill.see("The owner said yes.");
    jill.press("Fetch the answer");
    jill.see("The answer is here.");
    assert_eq!(jill.run("return document.querySelector('#result output').textContent"), exact);
    jill.see("Everything about this receipt was verified just now, and holds.");

    jack.go("/released");
    jack.see("Jill has 1 answer about “bills”");
    jack.press("Verify the log");
    jack.see("The log is whole");
    desk.kept_the_policy();
}

#[test]
fn the_whole_story_without_a_script() {
    let Some(desk) = Desk::ready(Manner { no_script: true, ..Manner::default() }) else { return };
    let Desk { jack, jill, .. } = &desk;
    desk.ask("mean", "for a loan");
    jack.go("/requests");
    jack.press_at("#requests a[href^='/requests/']");
    jack.see_heading("Jill asks");
    jack.press("Approve once");
    jack.see("You said yes.");
    scenarios::until("Jill's page, opened anew, tells of it", || {
        jill.reload();
        jill.text().contains("The owner said yes.").then_some(())
    });
    jill.press("Fetch the answer");
    jill.see("51.2");
}

#[test]
fn nothing_is_chosen_for_the_owner_and_every_answer_has_one_size() {
    let Some(desk) = Desk::ready(Manner::default()) else { return };
    desk.ask("sum", "for a loan");
    let jack = &desk.jack;
    jack.go("/requests");
    jack.press_at("#requests a[href^='/requests/']");
    jack.see_heading("Jill asks");
    let sizes = jack.run(
        "return ['approve', 'deny', 'counter', 'block'].map((id) => { const box = \
         document.getElementById(id).getBoundingClientRect(); return Math.round(box.width) + 'x' + Math.round(box.height) })",
    );
    let sizes = sizes.as_array().unwrap();
    assert!(sizes.iter().all(|size| size == &sizes[0]), "{sizes:?}");
    assert_eq!(jack.run("return document.activeElement.tagName"), "BODY");
    assert_eq!(jack.run("return document.querySelectorAll('main :checked:not(option)').length"), 0);
    desk.kept_the_policy();
}

#[test]
fn an_offer_of_less_is_made_and_taken() {
    let Some(desk) = Desk::ready(Manner::default()) else { return };
    let Desk { jack, jill, .. } = &desk;
    desk.ask("mean", "for a loan");
    jack.go("/requests");
    jack.press_at("#requests a[href^='/requests/']");
    jack.press("Offer less");
    jack.see_heading("Offer less");
    jack.fill("above", "40");
    jack.press_at("form.card button");
    jack.see("yes");
    jack.press("Offer this instead");
    jack.see("Your offer is on its way.");
    jill.see("The owner offers something else:");
    jill.press("Accept this offer");
    jill.see("Accepted.");
    jack.go("/requests");
    jill.see("The owner said yes.");
    jill.press("Fetch the answer");
    jill.see("The answer is here.");
    assert_eq!(jill.run("return document.querySelector('#result output').textContent"), "yes");
    desk.kept_the_policy();
}

#[test]
fn a_standing_yes_is_revoked_with_one_press() {
    let Some(desk) = Desk::ready(Manner::default()) else { return };
    let Desk { jack, jill, .. } = &desk;
    desk.ask("mean", "for a loan");
    jack.go("/requests");
    jack.press_at("#requests a[href^='/requests/']");
    jack.press("More choices");
    jack.press_at("input[name=review][value=none]");
    jack.press("Approve as a standing yes");
    jack.see("You said yes.");
    jill.see("The owner said yes.");
    jack.go("/access");
    jack.press("Revoke");
    jack.see("Taken back.");
    jack.see("Nobody can run anything on your data.");
    jill.see("revoked");
    assert!(!jill.text().contains("Fetch the answer"), "nothing is left to fetch");
    desk.kept_the_policy();
}

#[test]
fn a_restart_in_the_middle_two_tabs_and_the_way_back() {
    let Some(mut desk) = Desk::ready(Manner::default()) else { return };
    desk.ask("mean", "for a loan");
    desk.jack.go("/requests");
    desk.jack.press_at("#requests a[href^='/requests/']");
    desk.jack.see_heading("Jill asks");
    desk.pair.jack.kill();
    desk.jack.see("Your node does not answer.");
    desk.pair.jack.up();
    scenarios::until("the page is back by itself", || {
        (!desk.jack.text().contains("Your node does not answer.")).then_some(())
    });
    let Desk { jack, jill, .. } = &desk;

    // the same request in a second tab, decided there: the first one sees it
    let request = jack.address();
    let first = jack.tab();
    jack.goto(&request);
    jack.press_at("#deny");
    jack.see("You said no.");
    jack.turn_to(first);
    jack.see("There is nothing to decide here any more:");
    jill.see("denied");

    jack.go("/data");
    jack.go("/people");
    jack.back();
    jack.see_heading("My data");
    desk.kept_the_policy();
}
