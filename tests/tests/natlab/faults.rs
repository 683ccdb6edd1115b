//! What happens to laptops on a usual day: another network, a router that restarts, a lid that closes, a relay that dies.

use super::{Laptops, Over, PUNCHED, cone_and_cone};
use scenarios::until_within;
use std::time::{Duration, Instant};

/// Requests that must all arrive, unless `HALFDOOR_NATLAB_REQUESTS` says how many; 200 is what was promised.
const REQUESTS: usize = 40;

impl Laptops {
    /// Until Jill's question is answered by Jack again; said, because it is what a person waits.
    fn recover(&self, from: &str) {
        let begun = Instant::now();
        until_within(PUNCHED, &format!("Jack answers again after {from}"), || {
            let said = self.jill.cli(&["--json", "catalog", "Jack"]);
            (said.succeeded() && said.json()["fresh"] == true).then_some(())
        });
        println!("after {from}: {:.1} s until Jack answers", begun.elapsed().as_secs_f64());
    }

    fn directly(over: Over) -> Option<Self> {
        let laptops = cone_and_cone(over)?;
        until_within(PUNCHED, "both reach each other directly", || laptops.are("direct").then_some(()));
        Some(laptops)
    }
}

#[test]
fn jack_goes_to_a_cafe_and_is_reached_there() {
    let Some(laptops) = Laptops::directly(Over::Both) else { return };
    laptops.lab.does(&["roam", "a"]);
    laptops.recover("Jack's move to another network");
    laptops.lab.does(&["unroam", "a"]);
    laptops.recover("Jack's return home");
}

#[test]
fn jill_goes_to_a_cafe_and_reaches_jack_from_there() {
    let Some(laptops) = Laptops::directly(Over::Both) else { return };
    laptops.lab.does(&["roam", "b"]);
    laptops.recover("Jill's move to another network");
}

#[test]
fn routers_forget_their_mappings_and_both_meet_again() {
    let Some(laptops) = Laptops::directly(Over::Both) else { return };
    laptops.lab.does(&["flush", "a"]);
    laptops.lab.does(&["flush", "b"]);
    laptops.recover("both routers have forgotten their mappings");
}

#[test]
fn the_relay_dies_once_both_have_met_and_no_request_is_lost() {
    let Some(laptops) = Laptops::directly(Over::Both) else { return };
    let Laptops { jack, jill, mut relay, lab: _lab } = laptops;
    let bills = scenarios::bills();
    let _ = jack.says(&["data", "add", bills.to_str().expect("a path"), "--tag", "bills", "--visible-to", "Jill"]);
    assert_eq!(jill.json(&["catalog", "Jack"])["fresh"], true);
    let told = std::env::var("HALFDOOR_NATLAB_REQUESTS").ok();
    let requests = told.map_or(REQUESTS, |count| count.parse().expect("a number of requests"));
    let uses = (requests + 1).to_string();
    let wish = ["request", "Jack", "bills", "mean", "--column", "total", "--reason", "a lab", "--wait", "60"];
    let ask = |more: &[&str]| {
        let all: Vec<&str> = wish.iter().chain(more).copied().collect();
        jill.json(&all)["id"].as_str().expect("a request has an id").to_owned()
    };
    let seen = |id: &str| {
        let all = jill.json(&["requests"]);
        all.as_array().expect("a list").iter().find(|request| request["id"] == id).expect("the request").clone()
    };
    let first = ask(&["--uses", &uses]);
    let preview = jack.json(&["show", &first])["preview"].as_str().expect("a preview").to_owned();
    let _ = jack.says(&["approve", &first, "--preview", &preview, "--uses", &uses, "--review", "none"]);
    let grant = until_within(PUNCHED, "Jill has the grant", || seen(&first)["grant"].as_str().map(str::to_owned));
    for number in 0..requests {
        if number == requests / 4 {
            relay.kill();
        }
        let request = ask(&["--grant", &grant]);
        until_within(PUNCHED, "Jack's node answers", || (seen(&request)["state"] == "approved").then_some(()));
        let outcome = jill.json(&["run", &request]);
        assert_eq!(outcome["failed"], serde_json::json!([]), "request {number}: {outcome}");
    }
}

#[test]
fn the_relay_comes_back_and_both_are_registered_again() {
    let Some(mut laptops) = Laptops::directly(Over::Both) else { return };
    laptops.relay.kill();
    laptops.talk();
    std::thread::sleep(Duration::from_secs(20)); // as long as a relay's machine takes to start again
    laptops.relay.again();
    let begun = Instant::now();
    until_within(PUNCHED, "Jack is reachable through the relay again", || {
        let relays = laptops.jack.json(&["relays", "list"]);
        (relays[0]["state"] == "reserved").then_some(())
    });
    println!("after the relay's return: {:.1} s until Jack is registered", begun.elapsed().as_secs_f64());
}
