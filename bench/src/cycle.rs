//! Request → approval by standing grant → run → verified receipt, between two processes on loopback.

use crate::{
    processes::Programs,
    table::{Table, spread},
};
use anyhow::{Context as _, ensure};
use node::{
    Node,
    wishes::{Approve, Config, NewDataset, NewRequest},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// How long one step may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The requester is this process, the owner another one: what is timed includes every fsync and signature of both.
pub(crate) fn measure(programs: &Programs, cycles: u32, table: &mut Table) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(walk(programs, cycles, table))
}

async fn walk(programs: &Programs, cycles: u32, table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (_relay, addresses) = programs.start_relay(&folder.path().join("relay"))?;
    let (jack_home, jill_home) = (folder.path().join("jack"), folder.path().join("jill"));
    programs.init(&jack_home, "Jack")?;
    programs.init(&jill_home, "Jill")?;
    let (jack, owner) = programs.start_node(&jack_home)?;
    let owner = Owner::at(owner, &jack_home)?;
    let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned(), "/ip4/127.0.0.1/udp/0/quic-v1".to_owned()];
    let jill = Node::start(Config { home: jill_home, passphrase: None, listen }).await?;

    for address in &addresses {
        owner.post("relays", &serde_json::json!({ "address": address }))?;
    }
    let invite = owner.post("invites", &serde_json::json!({}))?;
    let invite = invite["text"].as_str().context("no invite")?.to_owned();
    jill.connect(&invite, PATIENCE).await?;
    owner.post("datasets", &serde_json::to_value(bills())?)?;
    ensure!(jill.catalog(Some("Jack"), "", PATIENCE).await?.fresh, "no catalog");

    let first = jill.request(ask(None)).await?;
    jill.delivered(&first.id, PATIENCE).await?;
    let prompt = owner.get(&format!("requests/{}/prompt", first.id))?;
    let approve = Approve {
        preview: prompt["preview"].as_str().context("nothing to approve")?.to_owned(),
        uses: Some(cycles + 1),
        review: Some("none".to_owned()),
        ..Approve::default()
    };
    let approved = owner.post(&format!("requests/{}/approve", first.id), &serde_json::to_value(approve)?)?;
    let grant = approved["grant"].as_str().context("no grant")?.to_owned();
    settled(&jill, &first.id).await?;
    jill.run(&first.id, PATIENCE).await?;

    let mut timed = Vec::new();
    for _ in 0..cycles {
        let begun = Instant::now();
        let request = jill.request(ask(Some(grant.clone()))).await?;
        settled(&jill, &request.id).await?;
        let outcome = jill.run(&request.id, PATIENCE).await?;
        timed.push(begun.elapsed().as_secs_f64() * 1e3);
        ensure!(outcome.failed.is_empty() && outcome.value.is_some(), "a receipt did not verify: {outcome:?}");
    }
    let path = jill.people().await?.pop().map(|person| person.path).unwrap_or_default();
    let (least, median, late) = spread(timed);
    table.add(
        "one cycle, two processes",
        format!("{median:.2} ms"),
        &format!("goal 5 ms; least {least:.2}, p99 {late:.2}, {path}"),
    );
    table.add("  the older program", "141 ms", "its own figure, automatic approval");
    let memory = jack.resident().map_or_else(|| "not told here".to_owned(), |mib| format!("{mib:.1} MiB"));
    table.add("owner's node after them, resident", memory, "");
    jill.stop().await;
    Ok(())
}

/// Waits until the approval by the standing grant is there.
async fn settled(jill: &Node, id: &str) -> anyhow::Result<()> {
    let mut events = jill.events();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let state = jill.request_by_id(id).await?.state;
        match state.as_str() {
            "approved" => return Ok(()),
            "sending" | "waiting" => {}
            other => anyhow::bail!("the request is {other}"),
        }
        ensure!(Instant::now() < deadline, "no approval");
        let _ = tokio::time::timeout(Duration::from_millis(500), events.recv()).await;
    }
}

fn ask(grant: Option<String>) -> NewRequest {
    NewRequest {
        person: "Jack".to_owned(),
        dataset: "bills".to_owned(),
        computation: "mean".to_owned(),
        column: Some("amount".to_owned()),
        purpose: None,
        reason: "to see how fast this is".to_owned(),
        uses: None,
        until: None,
        expires: None,
        grant,
    }
}

fn bills() -> NewDataset {
    let rows: Vec<String> = (0..116).map(|n| format!("{{\"amount\":{}.{:02}}}", 20 + n % 97, n % 100)).collect();
    NewDataset {
        content: format!("[{}]", rows.join(",")),
        format: None,
        tag: "bills".to_owned(),
        description: "made-up amounts".to_owned(),
        skip_bad_rows: false,
        visible_to: vec!["everyone".to_owned()],
        reading: node::wishes::Reading::default(),
    }
}

/// The owner's node over HTTP.
struct Owner {
    address: String,
    token: String,
}

impl Owner {
    fn at(address: String, home: &Path) -> anyhow::Result<Self> {
        Ok(Self { address, token: std::fs::read_to_string(home.join("api.token"))?.trim().to_owned() })
    }

    fn post(&self, path: &str, body: &serde_json::Value) -> anyhow::Result<serde_json::Value> {
        let call =
            ureq::post(format!("{}/v1/{path}", self.address)).header("Authorization", format!("Bearer {}", self.token));
        Ok(call.send_json(body).with_context(|| format!("POST {path}"))?.body_mut().read_json()?)
    }

    fn get(&self, path: &str) -> anyhow::Result<serde_json::Value> {
        let call =
            ureq::get(format!("{}/v1/{path}", self.address)).header("Authorization", format!("Bearer {}", self.token));
        Ok(call.call().with_context(|| format!("GET {path}"))?.body_mut().read_json()?)
    }
}
