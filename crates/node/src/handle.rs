//! The node's one handle: every use case, a verb of the domain.

use crate::{error::NodeError, views::*, wishes::*};
use std::{path::Path, time::Duration};
use tokio::sync::broadcast;

/// A running node. Cheap to clone; the node stops when told to.
#[derive(Clone)]
pub struct Node {}

type Done<T> = Result<T, NodeError>;
type Doing = Result<(), NodeError>;
#[allow(unused_variables, clippy::unused_async, missing_docs)]
impl Node {
    pub async fn start(config: Config) -> Done<Self> {
        Err(NodeError::Stopping)
    }
    pub async fn stop(&self) {}
    pub fn me(&self) -> Me {
        Me { party: String::new(), name: String::new(), peer: String::new(), version: String::new() }
    }
    pub fn events(&self) -> broadcast::Receiver<Happening> {
        broadcast::channel(1).1
    }

    pub async fn relays(&self) -> Done<Vec<RelayView>> {
        Err(NodeError::Stopping)
    }
    pub async fn add_relay(&self, address: &str) -> Done<RelayView> {
        Err(NodeError::Stopping)
    }
    pub async fn remove_relay(&self, address: &str) -> Doing {
        Err(NodeError::Stopping)
    }

    pub async fn invite(&self, wish: NewInvite) -> Done<InviteView> {
        Err(NodeError::Stopping)
    }
    pub async fn invite_state(&self, id: &str) -> Done<InviteView> {
        Err(NodeError::Stopping)
    }
    /// Waits until somebody joined by that invite.
    pub async fn joined(&self, id: &str, patience: Duration) -> Done<PersonView> {
        Err(NodeError::Stopping)
    }
    pub async fn connect(&self, invite: &str, patience: Duration) -> Done<PersonView> {
        Err(NodeError::Stopping)
    }
    pub async fn people(&self) -> Done<Vec<PersonView>> {
        Err(NodeError::Stopping)
    }
    pub async fn person(&self, name: &str) -> Done<PersonView> {
        Err(NodeError::Stopping)
    }
    pub async fn rename(&self, name: &str, to: &str) -> Done<PersonView> {
        Err(NodeError::Stopping)
    }
    /// Records that the safety code was compared; `code` must equal it (spaces ignored).
    pub async fn verify_person(&self, name: &str, code: &str) -> Done<PersonView> {
        Err(NodeError::Stopping)
    }
    pub async fn block(&self, name: &str, blocked: bool) -> Done<PersonView> {
        Err(NodeError::Stopping)
    }
    pub async fn forget(&self, name: &str) -> Doing {
        Err(NodeError::Stopping)
    }

    pub async fn add_dataset(&self, wish: NewDataset) -> Done<DatasetView> {
        Err(NodeError::Stopping)
    }
    pub async fn datasets(&self) -> Done<Vec<DatasetView>> {
        Err(NodeError::Stopping)
    }
    pub async fn dataset(&self, name: &str) -> Done<DatasetView> {
        Err(NodeError::Stopping)
    }
    pub async fn show_dataset_to(&self, name: &str, visible_to: Vec<String>) -> Done<DatasetView> {
        Err(NodeError::Stopping)
    }
    pub async fn remove_dataset(&self, name: &str) -> Doing {
        Err(NodeError::Stopping)
    }
    /// `person` may be left out when only one is connected.
    pub async fn catalog(&self, person: Option<&str>, search: &str, patience: Duration) -> Done<CatalogPage> {
        Err(NodeError::Stopping)
    }

    pub async fn request(&self, wish: NewRequest) -> Done<RequestView> {
        Err(NodeError::Stopping)
    }
    pub async fn requests(&self, filter: RequestFilter) -> Done<Vec<RequestView>> {
        Err(NodeError::Stopping)
    }
    pub async fn request_by_id(&self, id: &str) -> Done<RequestView> {
        Err(NodeError::Stopping)
    }
    /// Waits until the other side has it, refuses it, or patience ends (then it stays `sending`).
    pub async fn delivered(&self, id: &str, patience: Duration) -> Done<RequestView> {
        Err(NodeError::Stopping)
    }
    pub async fn prompt(&self, id: &str) -> Done<Prompt> {
        Err(NodeError::Stopping)
    }
    pub async fn approve(&self, id: &str, wish: Approve) -> Done<RequestView> {
        Err(NodeError::Stopping)
    }
    pub async fn deny(&self, id: &str, because: Option<&str>) -> Done<RequestView> {
        Err(NodeError::Stopping)
    }
    /// The prompt as it would be for the counter-offer: what would leave instead.
    pub async fn counter_prompt(&self, id: &str, wish: &CounterOffer) -> Done<Prompt> {
        Err(NodeError::Stopping)
    }
    pub async fn counter(&self, id: &str, wish: CounterOffer, preview: &str) -> Done<RequestView> {
        Err(NodeError::Stopping)
    }
    /// Accepts the counter-offer made to a request of mine; answers with the new request.
    pub async fn accept(&self, id: &str) -> Done<RequestView> {
        Err(NodeError::Stopping)
    }
    pub async fn grants(&self) -> Done<Vec<GrantView>> {
        Err(NodeError::Stopping)
    }
    /// By grant, counter-offer or request id.
    pub async fn revoke(&self, id: &str) -> Doing {
        Err(NodeError::Stopping)
    }
    /// Runs an approved request and waits for the receipt. By request id.
    pub async fn run(&self, id: &str, patience: Duration) -> Done<OutcomeView> {
        Err(NodeError::Stopping)
    }
    pub async fn outcomes(&self) -> Done<Vec<OutcomeView>> {
        Err(NodeError::Stopping)
    }
    /// By receipt or request id.
    pub async fn outcome(&self, id: &str) -> Done<OutcomeView> {
        Err(NodeError::Stopping)
    }
    /// A file that `verify_file` checks offline.
    pub async fn export_outcome(&self, id: &str) -> Done<Vec<u8>> {
        Err(NodeError::Stopping)
    }

    pub async fn log(&self, from: u64, limit: usize) -> Done<Vec<EntryView>> {
        Err(NodeError::Stopping)
    }
    pub async fn verify_log(&self) -> Done<LogReport> {
        Err(NodeError::Stopping)
    }
    pub async fn export_log(&self) -> Done<Vec<u8>> {
        Err(NodeError::Stopping)
    }
    /// Erases the personal text of a request (by id) or of a person (by name) and everything of them that can be read.
    pub async fn erase(&self, subject: &str) -> Doing {
        Err(NodeError::Stopping)
    }
}

/// Makes keys and an empty store; refuses a home that exists.
pub fn create_home(home: &Path, name: &str, passphrase: Option<&store::Passphrase>) -> Done<Me> {
    let _ = (home, name, passphrase);
    Err(NodeError::Stopping)
}

/// What an exported file proves, without a node.
pub fn verify_file(bytes: &[u8]) -> Done<OutcomeView> {
    let _ = bytes;
    Err(NodeError::Stopping)
}
