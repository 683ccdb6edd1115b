//! Starting a node: store, network, actor, couriers; then what a crash left undone is taken up.

use crate::{
    access::Bearers,
    actor::{Actor, mailbox, now},
    columns::{Columns, IDLE},
    courier::Couriers,
    error::NodeError,
    handle::Node,
    home::{self, IDENTITY, TRANSPORT},
    letters::Post,
    loading::Loads,
    reach::{self, Reach},
    running::Computations,
    views::Me,
    wishes::Config,
};
use consent::record::Myself;
use protocol::IdentityKey;
use tokio::sync::{broadcast, watch};

/// Events that a listener may lag behind.
const EVENTS: usize = 1024;

impl Node {
    /// Starts the node of a home.
    ///
    /// # Errors
    /// The store's (no home, locked, damaged, passphrase); the network's, when no address can be listened on.
    pub async fn start(config: Config) -> Result<Self, NodeError> {
        let columns = config.column_bytes.map_or_else(Columns::default, |bytes| Columns::new(bytes, IDLE));
        let (root, passphrase) = (config.home, config.passphrase);
        let opened = tokio::task::spawn_blocking(move || home::open(&root, passphrase.as_ref())).await;
        let store = opened.map_err(|_| NodeError::Stopping)??;
        let key = IdentityKey::from_secret(&*store.keys().get(IDENTITY)?);
        let transport = store.keys().get(TRANSPORT)?;
        let mut wanted = net::Config::new(transport);
        if !config.listen.is_empty() {
            wanted.listen = config.listen;
        }
        let (net, arriving) = net::start(wanted).await.map_err(|error| NodeError::Net(error.to_string()))?;
        let (mailbox, inbox) = mailbox();
        let (events, _) = broadcast::channel(EVENTS);
        let couriers = Couriers::new(net.clone(), mailbox.clone());
        let (look, post) = (couriers.look.clone(), couriers.post.clone());
        let computations = Computations::new(mailbox.clone(), columns);
        let peer = net.local_peer().to_bytes();
        let (stopping, stop) = watch::channel(false);
        let actor = Actor::new(store, key, peer, couriers, computations.clone(), events.clone(), stopping.clone())?;
        let me = me(&actor, net.local_peer().to_string())?;
        let bearers = Bearers::default();
        actor.tell_bearers(&bearers)?;
        let (stop_done, stopped) = watch::channel(false);
        let node = Self {
            mailbox: mailbox.clone(),
            net: net.clone(),
            computations,
            events,
            look: look.clone(),
            stopping,
            stopped,
            me,
            bearers,
            loads: Loads::default(),
        };

        let thread = std::thread::Builder::new().name("halfdoor-actor".to_owned());
        let working =
            thread.spawn(move || actor.work(inbox)).map_err(|error| NodeError::Internal(error.to_string()))?;
        node.mailbox.call(|actor| actor.take_up()).await?;
        tokio::spawn(reach::listen(net.clone(), arriving, mailbox.clone(), [look.clone(), post.clone()]));
        tokio::spawn(Post::new(net.clone(), mailbox.clone(), post).work());
        tokio::spawn(Reach::new(net.clone(), mailbox.clone(), look).work());
        tokio::spawn(reach::keep_time(mailbox.clone()));
        tokio::spawn(wind_down(node.mailbox.clone(), net, stop, stop_done, working));
        Ok(node)
    }
}

/// Ends network and actor when told to; the home is free once this is done.
async fn wind_down(
    mailbox: crate::actor::Mailbox,
    net: net::Handle,
    mut stop: watch::Receiver<bool>,
    done: watch::Sender<bool>,
    working: std::thread::JoinHandle<()>,
) {
    // an error means that every handle is gone: nobody can ask for anything any more
    let _ = stop.wait_for(|stop| *stop).await;
    net.shutdown().await;
    // an error means that it has ended already
    let _ = mailbox.call(end).await;
    let _ = tokio::task::spawn_blocking(move || working.join()).await;
    done.send_replace(true);
}

fn end(actor: &mut Actor) -> Result<(), NodeError> {
    actor.end();
    Ok(())
}

fn me(actor: &Actor, peer: String) -> Result<Me, NodeError> {
    let myself: Myself = actor.read(|draft| draft.need(Myself::KEY))?;
    Ok(Me {
        party: actor.key.party().to_string(),
        name: myself.name.to_string(),
        peer,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

impl Actor {
    /// Takes up what the last end of this node left: runs that were counted and not computed.
    fn take_up(&mut self) -> Result<(), NodeError> {
        for (grant, number) in self.read(consent::owner::unfinished)? {
            self.compute_run(grant, number)?;
        }
        tracing::info!(at = now(), "ready");
        Ok(())
    }
}
