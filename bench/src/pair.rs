//! Two who are connected: an owner, as a process of her own, and the one who asks, in this process; and a standing grant
//! under which cycle after cycle runs.

mod owner;

use crate::processes::{Programs, Running};
use anyhow::{Context as _, ensure};
use node::{
    Node,
    wishes::{Approve, Config, NewDataset, NewRequest},
};
use owner::Owner;
use protocol::limits::USES;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long one step may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Both sides, connected over loopback.
pub(crate) struct Pair {
    /// The owner's node.
    pub(crate) jack: Running,
    owner: Owner,
    jill: Node,
    /// The standing grant that requests name.
    grant: Mutex<String>,
    _relay: Running,
    _folder: tempfile::TempDir,
}

impl Pair {
    /// Connects them; the owner grants as many runs as one grant may have, whose outcomes she does not look at.
    pub(crate) async fn begin(programs: &Programs) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (relay, addresses) = programs.start_relay(&folder.path().join("relay"))?;
        let (jack_home, jill_home) = (folder.path().join("jack"), folder.path().join("jill"));
        programs.init(&jack_home, "Jack")?;
        programs.init(&jill_home, "Jill")?;
        let (jack, owner) = programs.start_node(&jack_home)?;
        let owner = Owner::at(owner, &jack_home)?;
        let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned(), "/ip4/127.0.0.1/udp/0/quic-v1".to_owned()];
        let jill = Node::start(Config { home: jill_home, passphrase: None, listen, column_bytes: None }).await?;
        for address in &addresses {
            owner.post("relays", &serde_json::json!({ "address": address }))?;
        }
        let invite = owner.post("invites", &serde_json::json!({}))?;
        let invite = invite["text"].as_str().context("no invite")?.to_owned();
        jill.connect(&invite, PATIENCE).await?;
        owner.post("datasets", &serde_json::to_value(bills())?)?;
        ensure!(jill.catalog(Some("Jack"), "", PATIENCE).await?.fresh, "no catalog");
        let grant = Mutex::new(grant(&jill, &owner).await?);
        Ok(Self { jack, owner, jill, grant, _relay: relay, _folder: folder })
    }

    /// A fresh standing grant, before the uses of the last one are spent.
    pub(crate) async fn renew(&self) -> anyhow::Result<()> {
        let fresh = grant(&self.jill, &self.owner).await?;
        *self.grant.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Request, approval by the standing grant, run, verified receipt; how long it took, in milliseconds.
    pub(crate) async fn cycle(&self) -> anyhow::Result<f64> {
        let begun = Instant::now();
        let grant = self.grant.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let request = self.jill.request(ask(Some(grant))).await?;
        settled(&self.jill, &request.id).await?;
        let outcome = self.jill.run(&request.id, PATIENCE).await?;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        ensure!(outcome.failed.is_empty() && outcome.value.is_some(), "a receipt did not verify: {outcome:?}");
        Ok(took)
    }

    /// How they are connected.
    pub(crate) async fn path(&self) -> anyhow::Result<String> {
        Ok(self.jill.people().await?.pop().map(|person| person.path).unwrap_or_default())
    }

    /// Ends both.
    pub(crate) async fn end(self) {
        self.jill.stop().await;
    }
}

/// A request approved as a standing grant, and run.
async fn grant(jill: &Node, owner: &Owner) -> anyhow::Result<String> {
    let first = jill.request(ask(None)).await?;
    jill.delivered(&first.id, PATIENCE).await?;
    let prompt = owner.get(&format!("requests/{}/prompt", first.id))?;
    let approve = Approve {
        preview: prompt["preview"].as_str().context("nothing to approve")?.to_owned(),
        uses: Some(USES),
        review: Some("none".to_owned()),
        ..Approve::default()
    };
    let approved = owner.post(&format!("requests/{}/approve", first.id), &serde_json::to_value(approve)?)?;
    settled(jill, &first.id).await?;
    jill.run(&first.id, PATIENCE).await?;
    Ok(approved["grant"].as_str().context("no grant")?.to_owned())
}

/// Waits until the approval by the standing grant is there.
async fn settled(jill: &Node, id: &str) -> anyhow::Result<()> {
    let mut events = jill.events();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let view = jill.request_by_id(id).await?;
        match view.state.as_str() {
            "approved" => return Ok(()),
            "sending" | "waiting" => {}
            other => anyhow::bail!("the request is {other}: {:?}", view.detail),
        }
        ensure!(Instant::now() < deadline, "no approval");
        // what happens to other requests is no reason to look
        let ours = async {
            while let Ok(event) = events.recv().await {
                if event.id == id {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(Duration::from_millis(500), ours).await;
    }
}

fn ask(grant: Option<String>) -> NewRequest {
    NewRequest {
        person: "Jack".to_owned(),
        dataset: "bills".to_owned(),
        computation: "mean".to_owned(),
        column: Some("amount".to_owned()),
        reason: "to see how fast this is".to_owned(),
        grant,
        ..NewRequest::default()
    }
}

fn bills() -> NewDataset {
    let rows: Vec<String> = (0..116).map(|n| format!("{{\"amount\":{}.{:02}}}", 20 + n % 97, n % 100)).collect();
    NewDataset {
        content: Some(format!("[{}]", rows.join(","))),
        content_base64: None,
        voucher_base64: None,
        format: None,
        tag: "bills".to_owned(),
        description: "made-up amounts".to_owned(),
        skip_bad_rows: false,
        visible_to: vec!["everyone".to_owned()],
        reading: node::wishes::Reading::default(),
    }
}
