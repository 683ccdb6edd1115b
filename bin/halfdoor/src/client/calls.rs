//! Every use case of the node as one call.

use super::{Client, FILE_TIME, STORE_TIME, WAIT_PER_CALL};
use crate::error::CliError;
use node::{
    views::{
        CallView, CatalogPage, DatasetView, DoctorView, EntryView, GrantView, InviteView, LogReport, MadeToken,
        MadeVoucher, Me, MockOutcomeView, OfferView, OutcomeView, PersonView, PingView, Prompt, RelayView, RequestView,
        TokenView,
    },
    wishes::{
        Approve, CounterOffer, NewDataset, NewInvite, NewMock, NewOffer, NewRequest, NewRules, NewToken, NewVoucher,
        RequestFilter,
    },
};
use serde::Serialize;
use std::{
    io::{self, Read},
    time::{Duration, Instant},
};
use ureq::http::Method;

/// Longest time in which the node tries every address of every relay.
const EXAMINE_TIME: Duration = Duration::from_secs(15);
/// Longest time in which somebody answers a ping.
const PING_TIME: Duration = Duration::from_secs(7);

type Answer<T> = Result<T, CliError>;

/// A change to what is kept of a person; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct PersonChange {
    /// The name I give them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// The safety code as they read it to me.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) safety_code: Option<String>,
    /// Whether they are blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) blocked: Option<bool>,
}

/// No body worth sending; a POST still says what it is.
#[derive(Serialize)]
struct Nothing {}

/// Who I am, my relays, my people.
impl Client {
    pub(crate) fn me(&self) -> Answer<Me> {
        self.get(&["me"], &[])
    }

    pub(crate) fn relays(&self) -> Answer<Vec<RelayView>> {
        self.get(&["relays"], &[])
    }

    pub(crate) fn add_relay(&self, address: &str, token: Option<&str>) -> Answer<RelayView> {
        self.post(&["relays"], &serde_json::json!({ "address": address, "token": token }))
    }

    pub(crate) fn doctor(&self) -> Answer<DoctorView> {
        self.json(Method::GET, &["doctor"], &[], None::<&Nothing>, EXAMINE_TIME)
    }

    pub(crate) fn ping(&self, name: &str) -> Answer<PingView> {
        self.json(Method::GET, &["people", name, "ping"], &[], None::<&Nothing>, PING_TIME)
    }

    pub(crate) fn remove_relay(&self, address: &str) -> Answer<()> {
        self.delete(&["relays"], &[("address", address)])
    }

    pub(crate) fn invite(&self, wish: &NewInvite) -> Answer<InviteView> {
        self.post(&["invites"], wish)
    }

    /// Waits until somebody joined by that invite, or patience ends; answers with the invite as it then is.
    pub(crate) fn joined(&self, id: &str, patience: Duration) -> Answer<InviteView> {
        self.until(patience, |wait| {
            let invite: InviteView = self.waiting(Method::GET, &["invites", id], &[], None::<&Nothing>, wait)?;
            Ok(if invite.joined.is_empty() { Turn::Again(invite) } else { Turn::Done(invite) })
        })
    }

    pub(crate) fn connect(&self, invite: &str, patience: Duration) -> Answer<PersonView> {
        self.until_there(patience, |wait| {
            let body = serde_json::json!({ "invite": invite, "wait": wait.as_secs() });
            self.json(Method::POST, &["connections"], &[], Some(&body), wait)
        })
    }

    pub(crate) fn people(&self) -> Answer<Vec<PersonView>> {
        self.get(&["people"], &[])
    }

    pub(crate) fn person(&self, name: &str) -> Answer<PersonView> {
        self.get(&["people", name], &[])
    }

    pub(crate) fn change_person(&self, name: &str, change: &PersonChange) -> Answer<PersonView> {
        self.json(Method::PATCH, &["people", name], &[], Some(change), Duration::ZERO)
    }

    pub(crate) fn forget(&self, name: &str) -> Answer<()> {
        self.delete(&["people", name], &[])
    }
}

/// My datasets, and what others let me see.
impl Client {
    pub(crate) fn add_dataset(&self, wish: &NewDataset) -> Answer<DatasetView> {
        self.json(Method::POST, &["datasets"], &[], Some(wish), STORE_TIME)
    }

    /// Sends a file of any length with how it is to be read; events of the name `watch` tell how far it is.
    pub(crate) fn add_file(
        &self,
        wish: &NewDataset,
        file: impl Read + 'static,
        length: Option<u64>,
        watch: &str,
    ) -> Answer<DatasetView> {
        let unsendable = |e: serde_json::Error| CliError::failed("the call could not be written").because(e);
        let mut line = serde_json::to_vec(wish).map_err(unsendable)?;
        line.push(b'\n');
        let all = length.map(|length| length + line.len() as u64);
        self.send_file(&["files"], &[("watch", watch)], io::Cursor::new(line).chain(file), all)
    }

    /// What happens from now on, as lines of an event stream.
    pub(crate) fn events(&self) -> Answer<impl Read + use<>> {
        self.stream(&["events"])
    }

    /// Vouches for a file in this home's name.
    pub(crate) fn vouch(&self, wish: &NewVoucher) -> Answer<MadeVoucher> {
        self.json(Method::POST, &["vouchers"], &[], Some(wish), STORE_TIME)
    }

    pub(crate) fn datasets(&self, search: &str) -> Answer<Vec<DatasetView>> {
        let query = (!search.is_empty()).then_some(("search", search));
        self.get(&["datasets"], query.as_slice())
    }

    pub(crate) fn dataset(&self, name: &str) -> Answer<DatasetView> {
        self.get(&["datasets", name], &[])
    }

    pub(crate) fn show_dataset_to(&self, name: &str, visible_to: &[String]) -> Answer<DatasetView> {
        let body = serde_json::json!({ "visible_to": visible_to });
        self.json(Method::PATCH, &["datasets", name], &[], Some(&body), Duration::ZERO)
    }

    pub(crate) fn attach_mock(&self, name: &str, wish: &NewMock) -> Answer<DatasetView> {
        self.json(Method::PUT, &["datasets", name, "mock"], &[], Some(wish), STORE_TIME)
    }

    pub(crate) fn detach_mock(&self, name: &str) -> Answer<DatasetView> {
        self.json(Method::DELETE, &["datasets", name, "mock"], &[], None::<&Nothing>, Duration::ZERO)
    }

    pub(crate) fn set_rules(&self, name: &str, wish: &NewRules) -> Answer<DatasetView> {
        self.json(Method::PATCH, &["datasets", name, "rules"], &[], Some(wish), Duration::ZERO)
    }

    pub(crate) fn remove_dataset(&self, name: &str) -> Answer<()> {
        self.delete(&["datasets", name], &[])
    }

    /// `person` may be left out when only one is connected.
    pub(crate) fn catalog(&self, person: Option<&str>, search: &str, patience: Duration) -> Answer<CatalogPage> {
        let mut query = Vec::new();
        query.extend(person.map(|person| ("person", person)));
        query.extend((!search.is_empty()).then_some(("search", search)));
        self.waiting(Method::GET, &["catalog"], &query, None::<&Nothing>, patience.min(WAIT_PER_CALL))
    }
}

/// Requests and what becomes of them.
impl Client {
    /// Asks, and waits until the other side has it or patience ends (then it stays `sending`).
    pub(crate) fn request(&self, wish: &NewRequest, patience: Duration) -> Answer<RequestView> {
        self.waiting(Method::POST, &["requests"], &[], Some(wish), patience.min(WAIT_PER_CALL))
    }

    /// Tries it on rows that the owner made up.
    pub(crate) fn try_on_mock(&self, wish: &NewRequest, patience: Duration) -> Answer<MockOutcomeView> {
        self.waiting(Method::POST, &["requests", "mock"], &[], Some(wish), patience.min(WAIT_PER_CALL))
    }

    pub(crate) fn requests(&self, filter: &RequestFilter) -> Answer<Vec<RequestView>> {
        let parts = [("direction", &filter.direction), ("person", &filter.person), ("state", &filter.state)];
        let query: Vec<_> = parts.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        self.get(&["requests"], &query)
    }

    pub(crate) fn request_by_id(&self, id: &str) -> Answer<RequestView> {
        self.get(&["requests", id], &[])
    }

    pub(crate) fn prompt(&self, id: &str) -> Answer<Prompt> {
        self.get(&["requests", id, "prompt"], &[])
    }

    /// The prompt as it would be for the counter-offer: what would leave instead.
    pub(crate) fn counter_prompt(&self, id: &str, offer: &CounterOffer) -> Answer<Prompt> {
        let until = offer.until.map(|until| until.to_string());
        let (days, months) = (offer.days.map(|days| days.to_string()), offer.months.map(|months| months.to_string()));
        let bands = (!offer.bands.is_empty()).then(|| offer.bands.join(","));
        let parts = [
            ("computation", &offer.computation),
            ("column", &offer.column),
            ("days", &days),
            ("months", &months),
            ("above", &offer.above),
            ("below", &offer.below),
            ("bands", &bands),
            ("rounded", &offer.rounded),
            ("until", &until),
        ];
        let query: Vec<_> = parts.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        self.get(&["requests", id, "prompt"], &query)
    }

    pub(crate) fn approve(&self, id: &str, wish: &Approve) -> Answer<RequestView> {
        self.post(&["requests", id, "approve"], wish)
    }

    pub(crate) fn deny(&self, id: &str, because: Option<&str>) -> Answer<RequestView> {
        match because {
            Some(because) => self.post(&["requests", id, "deny"], &serde_json::json!({ "because": because })),
            None => self.post(&["requests", id, "deny"], &Nothing {}),
        }
    }

    pub(crate) fn counter(&self, id: &str, offer: &CounterOffer, preview: &str) -> Answer<RequestView> {
        let body = serde_json::json!({ "offer": offer, "preview": preview });
        self.post(&["requests", id, "counter"], &body)
    }

    /// Accepts the counter-offer made to a request of mine; answers with the new request.
    pub(crate) fn accept(&self, id: &str) -> Answer<RequestView> {
        self.post(&["requests", id, "accept"], &Nothing {})
    }

    /// Runs an approved request and waits for the receipt. Asking again spends nothing: a run is known by its number.
    pub(crate) fn run(&self, id: &str, patience: Duration) -> Answer<OutcomeView> {
        self.until_there(patience, |wait| {
            self.waiting(Method::POST, &["requests", id, "run"], &[], Some(&Nothing {}), wait)
        })
    }

    pub(crate) fn grants(&self) -> Answer<Vec<GrantView>> {
        self.get(&["grants"], &[])
    }

    pub(crate) fn pause(&self, id: &str) -> Answer<()> {
        self.silent(Method::POST, &["grants", id, "pause"], &[], Some(&Nothing {}))
    }

    pub(crate) fn resume(&self, id: &str) -> Answer<()> {
        self.silent(Method::POST, &["grants", id, "resume"], &[], Some(&Nothing {}))
    }

    /// By grant, counter-offer or request id.
    pub(crate) fn revoke(&self, id: &str) -> Answer<()> {
        self.silent(Method::POST, &["grants", id, "revoke"], &[], Some(&Nothing {}))
    }
}

/// Outcomes, the log, and erasing.
impl Client {
    pub(crate) fn outcomes(&self) -> Answer<Vec<OutcomeView>> {
        self.get(&["outcomes"], &[])
    }

    /// By receipt or request id.
    pub(crate) fn outcome(&self, id: &str) -> Answer<OutcomeView> {
        self.get(&["outcomes", id], &[])
    }

    /// A file that `halfdoor verify` checks offline.
    pub(crate) fn export_outcome(&self, id: &str) -> Answer<Vec<u8>> {
        self.bytes(Method::GET, &["outcomes", id, "export"], &[], None::<&Nothing>, Duration::ZERO)
    }

    pub(crate) fn offer(&self, wish: &NewOffer) -> Answer<OfferView> {
        self.post(&["offers"], wish)
    }

    pub(crate) fn offers(&self) -> Answer<Vec<OfferView>> {
        self.get(&["offers"], &[])
    }

    pub(crate) fn offer_by_id(&self, id: &str) -> Answer<OfferView> {
        self.get(&["offers", id], &[])
    }

    pub(crate) fn answer_offer(&self, id: &str, accepted: bool) -> Answer<OfferView> {
        self.post(&["offers", id, "reply"], &serde_json::json!({ "accepted": accepted }))
    }

    pub(crate) fn log(&self, from: u64, limit: usize) -> Answer<Vec<EntryView>> {
        self.get(&["log"], &[("from", &from.to_string()), ("limit", &limit.to_string())])
    }

    pub(crate) fn verify_log(&self) -> Answer<LogReport> {
        self.json(Method::GET, &["log", "verify"], &[], None::<&Nothing>, FILE_TIME)
    }

    /// The log as a file, which is read as it comes.
    pub(crate) fn export_log(&self) -> Answer<impl Read + use<>> {
        self.stream(&["log", "export"])
    }

    /// Proof that somebody's statements about their own log contradict each other.
    pub(crate) fn evidence(&self, person: &str) -> Answer<Vec<u8>> {
        self.bytes(Method::GET, &["log", "evidence", person], &[], None::<&Nothing>, Duration::ZERO)
    }

    /// A request by id, or a person by name.
    pub(crate) fn erase(&self, subject: &str) -> Answer<()> {
        self.silent(Method::POST, &["erase"], &[], Some(&serde_json::json!({ "subject": subject })))
    }
}

/// Tokens for other programs, and what was called.
impl Client {
    pub(crate) fn tokens(&self) -> Answer<Vec<TokenView>> {
        self.get(&["tokens"], &[])
    }

    pub(crate) fn make_token(&self, wish: &NewToken) -> Answer<MadeToken> {
        self.post(&["tokens"], wish)
    }

    /// By name, or the beginning of its id.
    pub(crate) fn revoke_token(&self, named: &str) -> Answer<()> {
        self.delete(&["tokens", named], &[])
    }

    /// The latest calls, newest first; `token` is a name or an id.
    pub(crate) fn calls(&self, token: Option<&str>, limit: usize) -> Answer<Vec<CallView>> {
        let limit = limit.to_string();
        let query: Vec<_> =
            token.map(|token| ("token", token)).into_iter().chain([("limit", limit.as_str())]).collect();
        self.get(&["calls"], &query)
    }
}

/// What one turn of a long wait came to.
enum Turn<T> {
    Done(T),
    Again(T),
}

impl Client {
    fn delete(&self, path: &[&str], query: &[(&str, &str)]) -> Answer<()> {
        self.silent(Method::DELETE, path, query, None::<&Nothing>)
    }

    fn silent(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&impl Serialize>,
    ) -> Answer<()> {
        self.bytes(method, path, query, body, Duration::ZERO).map(|_| ())
    }

    /// A call that asks the node to wait.
    fn waiting<T: serde::de::DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&impl Serialize>,
        wait: Duration,
    ) -> Answer<T> {
        let seconds = wait.as_secs().to_string();
        let query: Vec<_> = query.iter().copied().chain([("wait", seconds.as_str())]).collect();
        self.json(method, path, &query, body, wait)
    }

    /// Asks in turns of at most [`WAIT_PER_CALL`] until one is done or patience ends.
    fn until<T>(&self, patience: Duration, mut ask: impl FnMut(Duration) -> Answer<Turn<T>>) -> Answer<T> {
        let started = Instant::now();
        loop {
            let left = patience.saturating_sub(started.elapsed());
            match ask(left.min(WAIT_PER_CALL))? {
                Turn::Done(answer) => return Ok(answer),
                Turn::Again(answer) if started.elapsed() >= patience => return Ok(answer),
                // A node that answers before the time is over is asked again, but not in a tight circle.
                Turn::Again(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    /// Asks in turns while the other side is away (504), until patience ends.
    fn until_there<T>(&self, patience: Duration, mut ask: impl FnMut(Duration) -> Answer<T>) -> Answer<T> {
        self.until(patience, |wait| match ask(wait) {
            Err(away) if away.status() == Some(504) => Ok(Turn::Again(Err(away))),
            answer => Ok(Turn::Done(answer)),
        })?
    }
}
