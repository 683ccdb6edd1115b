//! The two are introduced by an invite, and make sure that nobody stands between them.

use crate::{
    client::{Client, PersonChange},
    demo::{
        check,
        scene::{INSTITUTION, OWNER, PATIENCE, Scene},
    },
    error::CliError,
};
use node::wishes::NewInvite;

/// How many digits of the code are shown; the whole code is what is compared.
const SHOWN: usize = 15;

/// Jack invites, Jill joins, both compare the safety code.
pub(in crate::demo) fn pair(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("An invite introduces them")?;
    let invite = scene.telling.step("Jack makes an invite", || {
        let hint = Some("Application for a loan".to_owned());
        let invite = scene.jack.invite(&NewInvite { hint, ..NewInvite::default() })?;
        let told = format!("Jack makes an invite for one person and hands it over: {}…", first(&invite.text, 24));
        Ok((invite, told))
    })?;
    scene.telling.step("Jill joins by the invite", || {
        let jack = scene.jill.connect(&invite.text, PATIENCE)?;
        check::same("whom Jill is connected with", &jack.name.as_str(), &OWNER)?;
        let invite = scene.jack.joined(&invite.id, PATIENCE)?;
        let joined: Vec<_> = invite.joined.iter().map(|person| person.name.as_str()).collect();
        check::same("who joined", &joined, &vec![INSTITUTION])?;
        let path = check::eventually("a connection", PATIENCE, || {
            Ok(Some(scene.jill.person(OWNER)?.path).filter(|path| path != "away"))
        })?;
        Ok(((), format!("Jill joins by it; the two are connected ({path})")))
    })?;
    scene.telling.step("both compare the safety code", || {
        let at_jack = scene.jack.person(INSTITUTION)?.safety_code;
        let at_jill = scene.jill.person(OWNER)?.safety_code;
        check::holds(!at_jack.is_empty(), "there is no safety code")?;
        check::same("the safety code at Jill's", &at_jill, &at_jack)?;
        verified(&scene.jack, INSTITUTION, &at_jill)?;
        verified(&scene.jill, OWNER, &at_jack)?;
        Ok(((), format!("Each reads the same safety code to the other: {}", groups(&at_jack))))
    })
}

/// Enters the code that the other side read out.
fn verified(client: &Client, name: &str, code: &str) -> Result<(), CliError> {
    let change = PersonChange { safety_code: Some(code.to_owned()), ..PersonChange::default() };
    check::holds(client.change_person(name, &change)?.verified, format!("{name} does not count as verified"))
}

fn first(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

/// Its first digits in groups of five, however the node wrote them.
fn groups(code: &str) -> String {
    let digits: Vec<char> = code.chars().filter(char::is_ascii_digit).collect();
    let shown = digits.get(..SHOWN).unwrap_or(&digits);
    let groups: Vec<String> = shown.chunks(5).map(|group| group.iter().collect()).collect();
    format!("{} … ({} digits)", groups.join(" "), digits.len())
}
