//! Three processes start: a relay, the owner's node, the institution's node.

use crate::{
    client::Client,
    demo::{
        check,
        scene::{INSTITUTION, OWNER, PATIENCE, Places, Scene, short},
        stage::{JACK, JILL, Stage, Up},
        telling::Telling,
    },
    error::CliError,
};

/// Starts everything, and lets both nodes use the relay.
pub(in crate::demo) fn start<'s>(stage: &'s Stage, telling: &'s Telling) -> Result<Scene<'s>, CliError> {
    telling.chapter("Three processes of this one program")?;
    let relay = telling.step("a relay starts", || {
        let addresses = stage.start_relay()?;
        let places: Vec<_> = addresses.iter().map(|full| full.split("/p2p/").next().unwrap_or_default()).collect();
        let told = format!("A relay listens on {}", places.join(" and "));
        Ok((addresses, told))
    })?;
    let (jack_at, jack) = node(stage, telling, "Jack's node starts", JACK, OWNER)?;
    let (jill_at, jill) = node(stage, telling, "Jill's node starts", JILL, INSTITUTION)?;
    telling.step("both nodes reach the relay", || {
        for client in [&jack, &jill] {
            for address in &relay {
                client.add_relay(address, None)?;
            }
        }
        for client in [&jack, &jill] {
            reserved(client)?;
        }
        Ok(((), "Both can be reached through the relay".into()))
    })?;
    Ok(Scene { stage, telling, jack, jill, at: Places { jack: jack_at, jill: jill_at } })
}

fn node(
    stage: &Stage,
    telling: &Telling,
    what: &'static str,
    home: &'static str,
    name: &str,
) -> Result<(Up, Client), CliError> {
    telling.step(what, || {
        let place = stage.place(home);
        let args = ["init".as_ref(), "--no-passphrase".as_ref(), "--name".as_ref(), name.as_ref(), "--home".as_ref()];
        let made = stage.run(args.into_iter().chain([place.as_os_str()]))?;
        check::holds(made.status.success(), String::from_utf8_lossy(&made.stderr).trim())?;
        let (up, client) = stage.start_node(home)?;
        check::same("the name", &up.me.name.as_str(), &name)?;
        check::same("where the node answers", &client.screen(), &up.screen)?;
        check::same("who answers there", &client.me()?, &up.me)?;
        let told = format!("{name} has a fresh home and a node in it: {}, key {}…", up.screen, short(&up.me.party));
        Ok(((up, client), told))
    })
}

fn reserved(client: &Client) -> Result<(), CliError> {
    check::eventually("a place at the relay", PATIENCE, || {
        let relays = client.relays()?;
        Ok((!relays.is_empty() && relays.iter().all(|relay| relay.state == "reserved")).then_some(()))
    })
}
