//! Every screen, empty and full: reachable by everybody, nothing beyond its edge. Set `HALFDOOR_PICTURES` to a folder
//! and a picture of each is left there, at three widths, light and dark.

use crate::people::{Desk, Enters as _};
use scenarios::{Browser, Manner, Pair};
use std::path::PathBuf;

/// Widths of a phone, a tablet, a desk, in CSS pixels.
const WIDTHS: [u32; 3] = [360, 768, 1280];

/// Pages that need nothing to be there.
const PAGES: [&str; 16] = [
    "/",
    "/requests",
    "/access",
    "/data",
    "/people",
    "/released",
    "/released/verify",
    "/applicants",
    "/connect",
    "/catalog",
    "/ask",
    "/results",
    "/offers",
    "/audit",
    "/settings",
    "/stop",
];

fn pictures() -> Option<PathBuf> {
    std::env::var_os("HALFDOOR_PICTURES").map(PathBuf::from)
}

/// Looks at the page it is at, at every width.
fn look(browser: &Browser, label: &str, faults: &mut Vec<String>) {
    for width in WIDTHS {
        browser.resize(width, 900);
        if browser.overflows() {
            faults.push(format!("{label} at {width}: something lies beyond the right edge"));
        }
        if let Some(folder) = pictures() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{label}-{width}.png")), browser.picture()).unwrap();
        }
    }
    faults.extend(browser.faults().into_iter().map(|fault| format!("{label}: {fault}")));
}

fn name(page: &str) -> String {
    let name = page.split('?').next().unwrap_or_default().trim_matches('/').replace('/', "-");
    if name.is_empty() { "home".to_owned() } else { name }
}

#[test]
fn every_empty_screen_can_be_used_by_everybody() {
    for (dark, mode) in [(false, "light"), (true, "dark")] {
        let manner = Manner { dark, ..Manner::default() };
        let Some(browser) = Browser::start(manner) else { return };
        let pair = Pair::apart();
        browser.enter_with(&pair.jack, manner);
        let mut faults = Vec::new();
        for page in PAGES {
            browser.go(page);
            look(&browser, &format!("empty-{}-{mode}", name(page)), &mut faults);
        }
        browser.goto(&format!("http://{}/sign-in", pair.jack.api().authority()));
        assert_eq!(browser.breaches(), "");
        look(&browser, &format!("empty-sign-in-{mode}"), &mut faults);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn every_screen_with_something_on_it_can_be_used_by_everybody() {
    for (dark, mode) in [(false, "light"), (true, "dark")] {
        let manner = Manner { dark, ..Manner::default() };
        let Some(desk) = Desk::ready(manner) else { return };
        let mut faults = Vec::new();
        full(&desk, mode, &mut faults);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        desk.kept_the_policy();
    }
}

/// Jill offers, and then refuses; both look at it.
fn decide(Desk { jack, jill, .. }: &Desk, at: &mut impl FnMut(&Browser, &str)) {
    let result = jill.address();
    for (press, label) in [("Make this offer", "offer"), ("Refuse for these reasons", "refusal")] {
        jill.goto(&result);
        jill.press("Make an offer, or refuse");
        jill.see_heading("Decide about Jack");
        at(jill, "offer-new");
        jill.fill("words", "8,000 over three years at 6.5 %, if the account stays as it is");
        jill.fill("reason-1", "The bills are half of what was said to be paid in a usual month");
        jill.press(press);
        jill.see("Signed, and on its way.");
        at(jill, &format!("{label}-sent"));
        jack.go("/offers");
        jack.see(if label == "offer" { "An offer made to you" } else { "A refusal, with its reasons" });
        at(jack, "offers");
        jack.press_at("#offers li:first-child a[href^='/offers/']");
        jack.see("It rests on these answers");
        at(jack, label);
    }
}

fn full(desk: &Desk, mode: &str, faults: &mut Vec<String>) {
    let Desk { jack, jill, .. } = desk;
    let mut at = |browser: &Browser, label: &str| look(browser, &format!("{label}-{mode}"), faults);
    desk.ask("mean", "What do you pay in a usual month? We ask everybody who applies for a loan.");
    at(jill, "result-waiting");
    jack.go("/");
    at(jack, "home");
    jack.press_at("#home a[href^='/requests/']");
    jack.see_heading("Jill asks");
    at(jack, "request");
    jack.press_at("#counter");
    jack.see_heading("Offer less");
    at(jack, "counter");
    jack.back();
    jack.press_at("#approve");
    jack.see("You said yes.");
    at(jack, "request-approved");
    jack.go("/access");
    at(jack, "access");
    jill.see("The owner said yes.");
    at(jill, "result-approved");
    jill.press("Fetch the answer");
    jill.see("The answer is here.");
    at(jill, "result");
    decide(desk, &mut at);
    desk.ask("max", "And the largest?");
    for page in
        ["/requests", "/data", "/people", "/person?name=Jill", "/released", "/released/verify", "/settings", "/audit"]
    {
        jack.go(page);
        at(jack, &name(page));
    }
    jack.go("/data");
    jack.press("bills");
    jack.see_heading("bills");
    at(jack, "dataset");
    jack.go("/people");
    jack.press("Invite somebody");
    jack.see_heading("An invite");
    at(jack, "invite");
    jack.go("/data");
    jack.fill("paste", crate::people::BILLS);
    jack.press("Look at it");
    jack.see("6 rows");
    at(jack, "data-look");
    for page in ["/applicants", "/catalog?person=Jack", "/results", "/person?name=Jack"] {
        jill.go(page);
        at(jill, &format!("jill-{}", name(page)));
    }
    jill.go("/catalog?person=Jack");
    jill.press("Ask about it");
    jill.choose("column", "amount");
    jill.fill("reason", "For your application");
    jill.see("“For your application”");
    at(jill, "ask");
}
