//! The node's one handle: every use case, a verb of the domain.

use crate::{
    access::Bearers,
    actor::Mailbox,
    cases::{self, LogExport, Opening},
    error::NodeError,
    loading::Loads,
    running::Computations,
    views::*,
    wishes::*,
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, broadcast, watch},
    time::{Instant, timeout_at},
};

mod loading;
mod tokens;
mod waiting;

/// A running node. Cheap to clone; it stops when told to.
#[derive(Clone)]
pub struct Node {
    pub(crate) mailbox: Mailbox,
    pub(crate) net: net::Handle,
    pub(crate) computations: Computations,
    pub(crate) events: broadcast::Sender<Happening>,
    pub(crate) look: Arc<Notify>,
    pub(crate) stopping: watch::Sender<bool>,
    pub(crate) stopped: watch::Receiver<bool>,
    pub(crate) me: Me,
    pub(crate) bearers: Bearers,
    pub(crate) loads: Loads,
}

type Done<T> = Result<T, NodeError>;

/// Catalog pages that are asked for in one go: 32 × 32 datasets.
const PAGES: usize = 32;

impl Node {
    /// Who this node is.
    #[must_use]
    pub fn me(&self) -> Me {
        self.me.clone()
    }

    /// What happens from now on: ids, never contents. A listener that lags misses the oldest.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Happening> {
        self.events.subscribe()
    }

    /// Ends the node: nothing durable is lost; what is owed waits for the next start.
    pub async fn stop(&self) {
        self.computations.stop();
        self.stopping.send_replace(true);
        self.ended().await;
    }

    /// Returns once the node has ended: told to, or because its store can make nothing durable any more.
    pub async fn ended(&self) {
        let mut stopped = self.stopped.clone();
        // an error means that it has ended already
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }

    /// Relays this node uses, and how it stands with each.
    pub async fn relays(&self) -> Done<Vec<RelayView>> {
        let mine = self.mailbox.call(|actor| actor.my_relays()).await?;
        let states = self.net.relays().await.unwrap_or_default();
        Ok(mine.into_iter().map(|address| crate::reach::relay_view(address, &states)).collect())
    }

    /// Uses a further relay; shows it the token that its operator gave out, where it wants one.
    pub async fn add_relay(&self, address: &str, token: Option<&str>) -> Done<RelayView> {
        let token = token.map(|token| zeroize::Zeroizing::new(token.trim().as_bytes().to_vec()));
        let address = address.trim().to_owned();
        let kept = address.clone();
        self.mailbox.call(move |actor| actor.keep_relay(&kept, token.as_ref().map(|token| token.as_slice()))).await?;
        self.look.notify_one();
        let states = self.net.relays().await.unwrap_or_default();
        Ok(crate::reach::relay_view(address, &states))
    }

    /// Uses a relay no longer.
    pub async fn remove_relay(&self, address: &str) -> Done<()> {
        let address = address.trim().to_owned();
        self.mailbox.call(move |actor| actor.drop_relay(&address)).await?;
        self.look.notify_one();
        Ok(())
    }

    /// Tries every address of every relay, and judges who can reach this node, and how. Takes some seconds.
    pub async fn doctor(&self) -> Done<DoctorView> {
        let routes = self.net.examine().await.map_err(|_| NodeError::Stopping)?;
        let mine = self.net.listen_addresses().await.map_err(|_| NodeError::Stopping)?;
        Ok(crate::doctor::judge(&routes, &crate::doctor::Mine::of(&mine)))
    }

    /// How long it takes to somebody and back.
    pub async fn ping(&self, name: &str) -> Done<PingView> {
        let name = name.to_owned();
        let peer = self.mailbox.call(move |actor| Ok(actor.find_person(Some(&name))?.1.peer.into_vec())).await?;
        let measured = match crate::reach::peer_of(&peer) {
            Some(peer) => self.net.ping(peer).await.map_err(|_| NodeError::Stopping)?,
            None => None,
        };
        let (path, round_trip_ms) = match measured {
            Some((path, took)) => (crate::reach::path_word(path), Some(crate::doctor::milliseconds(took))),
            None => ("away", None),
        };
        Ok(PingView { path: path.to_owned(), round_trip_ms })
    }

    /// Makes an invite and waits for whoever joins by it, at every relay of mine.
    pub async fn invite(&self, wish: NewInvite) -> Done<InviteView> {
        let made = self.mailbox.call(move |actor| actor.make_invite(&wish)).await?;
        self.look.notify_one();
        Ok(made)
    }

    /// An invite, and who joined by it.
    pub async fn invite_state(&self, id: &str) -> Done<InviteView> {
        let id = message_id("invite", id)?;
        self.mailbox.call(move |actor| actor.view_invite(&id)).await
    }

    /// Waits until somebody joined by that invite.
    pub async fn joined(&self, id: &str, patience: Duration) -> Done<PersonView> {
        let waited = self.wait(patience, || async { Ok(self.invite_state(id).await?.joined.pop()) }).await?;
        waited.ok_or_else(|| away("nobody has joined by this invite yet; it stays open"))
    }

    /// Joins the session that an invite opens.
    pub async fn connect(&self, invite: &str, patience: Duration) -> Done<PersonView> {
        crate::reach::connect(self, invite, patience).await
    }

    /// Everybody this node is connected with.
    pub async fn people(&self) -> Done<Vec<PersonView>> {
        self.mailbox.call(|actor| actor.list_people()).await
    }

    /// One of them, by name or by the beginning of the identity key.
    pub async fn person(&self, name: &str) -> Done<PersonView> {
        let name = name.to_owned();
        self.mailbox.call(move |actor| actor.view_person(&actor.find_person(Some(&name))?.0)).await
    }

    /// Gives somebody another name here.
    pub async fn rename(&self, name: &str, to: &str) -> Done<PersonView> {
        let (name, to) = (name.to_owned(), to.to_owned());
        self.mailbox.call(move |actor| actor.rename_person(&name, &to)).await
    }

    /// Records that the safety code was compared; `code` must equal it (spaces are ignored).
    pub async fn verify_person(&self, name: &str, code: &str) -> Done<PersonView> {
        let (name, code) = (name.to_owned(), code.to_owned());
        self.mailbox.call(move |actor| actor.verify_code(&name, &code)).await
    }

    /// Blocks somebody, or lifts that.
    pub async fn block(&self, name: &str, blocked: bool) -> Done<PersonView> {
        let name = name.to_owned();
        let (peer, view) = self.mailbox.call(move |actor| actor.block_person(&name, blocked)).await?;
        crate::reach::block(&self.net, &peer, blocked).await;
        self.look.notify_one();
        Ok(view)
    }

    /// Ends what is between us and somebody, and erases what they said.
    pub async fn forget(&self, name: &str) -> Done<()> {
        let name = name.to_owned();
        self.mailbox.call(move |actor| actor.forget_person(&actor.find_person(Some(&name))?.0)).await?;
        self.look.notify_one();
        Ok(())
    }

    /// Stores a dataset. A bad row refuses the file, unless bad rows are to be left out; nothing is half-stored.
    pub async fn add_dataset(&self, wish: NewDataset) -> Done<DatasetView> {
        let mut wish = wish;
        let file = cases::content_of(&mut wish)?;
        self.add_file(file, wish).await
    }

    /// The same for a file that is in memory, of at most [`compute::limits::STREAMED_BYTES`]. Of delimited text and Parquet
    /// the chunks are sealed while it is read.
    pub async fn add_file(&self, file: Vec<u8>, wish: NewDataset) -> Done<DatasetView> {
        let accounts = self.mailbox.call(|actor| actor.account_key()).await?;
        let mut poured = cases::Poured::new(self.mailbox.clone());
        let read = move || cases::parse(Arc::new(file), wish, accounts, &mut poured).map(|parsed| (parsed, poured));
        let read = tokio::task::spawn_blocking(read).await;
        let (parsed, poured) = read.map_err(|_| NodeError::Stopping)??;
        self.mailbox.call(move |actor| actor.store_dataset(parsed, poured)).await
    }

    /// What a file is, nothing of it stored: its bytes, and how `wish` would have them read.
    pub async fn look_at_file(&self, file: Vec<u8>, wish: NewDataset) -> Done<FileReading> {
        let accounts = self.mailbox.call(|actor| actor.account_key()).await?;
        let read = tokio::task::spawn_blocking(move || cases::looked_at(&file, &wish, accounts)).await;
        read.map_err(|_| NodeError::Stopping)?
    }

    /// Vouches for the rows of a file, in this home's name.
    pub async fn vouch(&self, wish: NewVoucher) -> Done<MadeVoucher> {
        let hashed = tokio::task::spawn_blocking(move || cases::hashed(wish)).await;
        let hashed = hashed.map_err(|_| NodeError::Stopping)??;
        self.mailbox.call(move |actor| actor.vouch(hashed)).await
    }

    /// My datasets.
    pub async fn datasets(&self) -> Done<Vec<DatasetView>> {
        self.find_datasets("").await
    }

    /// Those whose name, description or columns have words that begin with all of these.
    pub async fn find_datasets(&self, search: &str) -> Done<Vec<DatasetView>> {
        let search = search.to_owned();
        self.mailbox.call(move |actor| actor.list_datasets(&search)).await
    }

    /// One of them, by tag or by the beginning of its pointer.
    pub async fn dataset(&self, name: &str) -> Done<DatasetView> {
        let name = name.to_owned();
        self.mailbox.call(move |actor| actor.one_dataset(&name)).await
    }

    /// Chooses who may see that a dataset exists.
    pub async fn show_dataset_to(&self, name: &str, visible_to: Vec<String>) -> Done<DatasetView> {
        let name = name.to_owned();
        self.mailbox.call(move |actor| actor.show_dataset_to(&name, &visible_to)).await
    }

    /// Attaches made-up rows to a dataset, in the place of those before.
    pub async fn attach_mock(&self, name: &str, wish: NewMock) -> Done<DatasetView> {
        let name = name.to_owned();
        let beside = self.mailbox.call(move |actor| actor.beside(&name)).await?;
        let id = beside.id;
        let mock = tokio::task::spawn_blocking(move || cases::made_up(wish, &beside)).await;
        let mock = mock.map_err(|_| NodeError::Stopping)??;
        self.mailbox.call(move |actor| actor.attach_mock(id, &mock)).await
    }

    /// Takes the made-up rows of a dataset away.
    pub async fn detach_mock(&self, name: &str) -> Done<DatasetView> {
        let name = name.to_owned();
        self.mailbox.call(move |actor| actor.detach_mock(&name)).await
    }

    /// Tries a request on the made-up rows of somebody's dataset: nobody decides, and nothing of it is true.
    pub async fn try_on_mock(&self, wish: NewRequest, patience: Duration) -> Done<MockOutcomeView> {
        let ask = self.mailbox.call(move |actor| actor.ask_mock(&wish)).await?;
        let came = || self.mailbox.call(move |actor| actor.mock_came(&ask));
        let waited = self.wait_about(&ask.to_string(), patience, came).await?;
        waited.ok_or_else(|| away("the owner's computer has not answered yet: try again"))
    }

    /// Sets rules on what may leave of a dataset; what is not said stays.
    pub async fn set_rules(&self, name: &str, wish: NewRules) -> Done<DatasetView> {
        let name = name.to_owned();
        self.mailbox.call(move |actor| actor.set_rules(&name, &wish)).await
    }

    /// Removes a dataset: its key is destroyed, its grants are revoked.
    pub async fn remove_dataset(&self, name: &str) -> Done<()> {
        let name = name.to_owned();
        self.mailbox.call(move |actor| actor.remove_dataset(&name)).await
    }

    /// What somebody lets me see; what they told last, marked as such, when they are away.
    /// `person` may be left out when only one is connected.
    pub async fn catalog(&self, person: Option<&str>, search: &str, patience: Duration) -> Done<CatalogPage> {
        let (name, words) = (person.map(str::to_owned), search.to_owned());
        let fresh = self.ask_catalog(name.clone(), patience).await?;
        let datasets = self.mailbox.call(move |actor| actor.told(name.as_deref(), &words)).await?;
        Ok(CatalogPage { datasets, fresh })
    }

    /// Asks for every page; false when an answer did not come in time.
    async fn ask_catalog(&self, person: Option<String>, patience: Duration) -> Done<bool> {
        let deadline = Instant::now() + patience;
        let mut after = None;
        for _ in 0..PAGES {
            let mut events = self.events();
            let name = person.clone();
            let ask = self.mailbox.call(move |actor| actor.ask_catalog(name.as_deref(), after)).await?;
            let id = ask.to_string();
            let answered = async {
                loop {
                    match events.recv().await {
                        Ok(event) if event.what == "catalog" && event.id == id => return true,
                        Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                        Err(broadcast::error::RecvError::Closed) => return false,
                    }
                }
            };
            if !timeout_at(deadline, answered).await.unwrap_or(false) {
                return Ok(false);
            }
            after = self.mailbox.call(move |actor| actor.next_page(&ask)).await?;
            if after.is_none() {
                return Ok(true);
            }
        }
        Ok(true)
    }

    /// Asks something of somebody's dataset.
    pub async fn request(&self, wish: NewRequest) -> Done<RequestView> {
        self.mailbox.call(move |actor| actor.make_request(&wish)).await
    }

    /// What the owner would be shown of a request that is still being written.
    pub async fn draft_request(&self, wish: NewRequest) -> Done<RequestDraft> {
        self.mailbox.call(move |actor| actor.draft_request(&wish)).await
    }

    /// Requests in order of arrival.
    pub async fn requests(&self, filter: RequestFilter) -> Done<Vec<RequestView>> {
        self.mailbox.call(move |actor| actor.list_requests(&filter)).await
    }

    /// One request, by the beginning of its id.
    pub async fn request_by_id(&self, id: &str) -> Done<RequestView> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.view_request(&actor.find_request(&id)?.0)).await
    }

    /// Waits until the other side has it, or refuses it; after `patience` it stays `sending`.
    pub async fn delivered(&self, id: &str, patience: Duration) -> Done<RequestView> {
        let there = || async { Ok(Some(self.request_by_id(id).await?).filter(|view| view.state != "sending")) };
        match self.wait_about(id, patience, there).await? {
            Some(view) => Ok(view),
            None => self.request_by_id(id).await,
        }
    }

    /// Opens the consent prompt: computes here, and shows exactly what would leave.
    pub async fn prompt(&self, id: &str) -> Done<Prompt> {
        self.open(id, None).await
    }

    /// The prompt of a counter-offer: what would leave instead.
    pub async fn counter_prompt(&self, id: &str, wish: &CounterOffer) -> Done<Prompt> {
        self.open(id, Some(wish.clone())).await
    }

    async fn open(&self, id: &str, counter: Option<CounterOffer>) -> Done<Prompt> {
        let id = id.to_owned();
        match self.mailbox.call(move |actor| actor.open_prompt(&id, counter.as_ref())).await? {
            Opening::Ready(prompt) => Ok(*prompt),
            Opening::Compute(asked) => {
                let finding =
                    self.computations.compute(asked.reader, asked.terms.computation.clone(), asked.over).await?;
                let (id, terms, of) = (asked.id, asked.terms, asked.of);
                self.mailbox.call(move |actor| actor.finish_prompt(id, &terms, of, finding)).await
            }
        }
    }

    /// Yes, to what was shown.
    pub async fn approve(&self, id: &str, wish: Approve) -> Done<RequestView> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.approve_request(&id, &wish)).await
    }

    /// No.
    pub async fn deny(&self, id: &str, because: Option<&str>) -> Done<RequestView> {
        let (id, because) = (id.to_owned(), because.map(str::to_owned));
        self.mailbox.call(move |actor| actor.deny_request(&id, because)).await
    }

    /// Not that, but this; what would leave instead was shown.
    pub async fn counter(&self, id: &str, wish: CounterOffer, preview: &str) -> Done<RequestView> {
        let (id, preview) = (id.to_owned(), preview.to_owned());
        self.mailbox.call(move |actor| actor.counter_request(&id, &wish, &preview)).await
    }

    /// Accepts the counter-offer made to a request of mine; answers with the new request.
    pub async fn accept(&self, id: &str) -> Done<RequestView> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.accept_counter(&id)).await
    }

    /// Grants given and held.
    pub async fn grants(&self) -> Done<Vec<GrantView>> {
        self.mailbox.call(|actor| actor.list_grants()).await
    }

    /// Pauses a standing grant: until it is resumed nothing is asked or run under it.
    pub async fn pause(&self, id: &str) -> Done<()> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.pause_grant(&id)).await
    }

    /// Resumes a standing grant. Outcomes that waited for that leave.
    pub async fn resume(&self, id: &str) -> Done<()> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.resume_grant(&id)).await
    }

    /// Takes back a grant or a counter-offer; by its id, or by that of its request.
    pub async fn revoke(&self, id: &str) -> Done<()> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.revoke_decision(&id)).await
    }

    /// Runs an approved request and waits for the receipt. A request that ran already answers with its receipt.
    pub async fn run(&self, id: &str, patience: Duration) -> Done<OutcomeView> {
        let named = id.to_owned();
        let (request, there) = self.mailbox.call(move |actor| actor.ask_to_run(&named)).await?;
        if there.is_some() {
            return self.outcome(&request.to_string()).await;
        }
        let id = request.to_string();
        let ended = || async {
            let view = self.request_by_id(&id).await?;
            Ok(Some(view).filter(|view| view.receipt.is_some() || view.state != "approved" || view.detail.is_some()))
        };
        let view = self.wait_about(&id, patience, ended).await?;
        match view {
            Some(view) if view.receipt.is_some() => self.outcome(&id).await,
            Some(view) => Err(NodeError::Refused { why: view.detail.unwrap_or_else(|| ended_as(&view.state)) }),
            None => Err(away("the owner's computer has not answered yet; it will, once it can be reached: ask again")),
        }
    }

    /// Outcomes given and received.
    pub async fn outcomes(&self) -> Done<Vec<OutcomeView>> {
        self.mailbox.call(|actor| actor.list_outcomes()).await
    }

    /// One outcome, by receipt or request id.
    pub async fn outcome(&self, id: &str) -> Done<OutcomeView> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.one_outcome(&actor.find_receipt(&id)?)).await
    }

    /// A file that [`crate::verify_file`] checks offline.
    pub async fn export_outcome(&self, id: &str) -> Done<Vec<u8>> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.export_receipt(&id)).await
    }

    /// Makes an offer or a refusal to somebody who answered.
    pub async fn offer(&self, wish: NewOffer) -> Done<OfferView> {
        self.mailbox.call(move |actor| actor.make_offer(&wish)).await
    }

    /// Offers and refusals made and received, newest first.
    pub async fn offers(&self) -> Done<Vec<OfferView>> {
        self.mailbox.call(|actor| actor.list_offers()).await
    }

    /// One of them, by the beginning of its id.
    pub async fn offer_by_id(&self, id: &str) -> Done<OfferView> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.one_offer(&id)).await
    }

    /// Accepts or declines an offer made to me. The answer is final.
    pub async fn answer_offer(&self, id: &str, accepted: bool) -> Done<OfferView> {
        let id = id.to_owned();
        self.mailbox.call(move |actor| actor.answer_offer(&id, accepted)).await
    }

    /// Entries of this node's log, from a position, at most a thousand.
    pub async fn log(&self, from: u64, limit: usize) -> Done<Vec<EntryView>> {
        self.mailbox.call(move |actor| actor.log_page(from, limit)).await
    }

    /// Whether the log is whole; reads all of it.
    pub async fn verify_log(&self) -> Done<LogReport> {
        cases::check_log(&self.mailbox).await
    }

    /// The log as a file that [`crate::verify_files`] checks offline, page by page.
    #[must_use]
    pub fn export_log(&self) -> LogExport {
        LogExport::of(self.mailbox.clone())
    }

    /// Two statements of somebody about their own log that cannot both be true, as a file.
    pub async fn export_evidence(&self, person: &str) -> Done<Vec<u8>> {
        let person = person.to_owned();
        self.mailbox.call(move |actor| actor.export_evidence(&person)).await
    }

    /// Erases the personal text of a request (by id), or of a person (by name) and everything of them that can be read.
    pub async fn erase(&self, subject: &str) -> Done<()> {
        let subject = subject.to_owned();
        self.mailbox.call(move |actor| actor.erase_subject(&subject)).await?;
        self.look.notify_one();
        Ok(())
    }
}

/// Why a request that was to run did not, by the state it is in now.
fn ended_as(state: &str) -> String {
    match state {
        "revoked" => "the owner revoked this grant".to_owned(),
        "expired" => "the grant has expired; ask again".to_owned(),
        other => format!("the request is {other}"),
    }
}

pub(crate) fn away(why: &str) -> NodeError {
    NodeError::Away { why: why.to_owned() }
}

fn message_id(what: &'static str, text: &str) -> Done<protocol::MessageId> {
    text.parse().map_err(|_| NodeError::NotFound { what, name: text.to_owned() })
}
