//! Files that are received piece by piece.

use super::{Done, Node};
use crate::{
    cases,
    error::NodeError,
    loading::{Incoming, Loading},
    views::DatasetView,
    wishes::NewDataset,
};
use tokio::sync::broadcast;

impl Node {
    /// How far files are that are on their way in, a few times a second.
    #[must_use]
    pub fn loadings(&self) -> broadcast::Receiver<Loading> {
        self.loads.listen()
    }

    /// Begins to receive a file of `of` bytes, where that is known; `watch` is the word by which [`Node::loadings`] tells of
    /// it. Waits while others are received.
    ///
    /// # Errors
    /// The word's; the store's, when there is no place for a file.
    pub async fn receive(&self, watch: Option<&str>, of: Option<u64>) -> Done<Incoming> {
        let place = self.loads.place().await?;
        let spool = self.mailbox.call(|actor| Ok(store::Spool::begin(actor.store.home())?)).await?;
        self.loads.begin(place, spool, watch, of)
    }

    /// Stores a file that was received as a dataset; `wish` has none in it. Nothing of it is kept when it is refused, or
    /// when nobody waits for the answer any more.
    ///
    /// # Errors
    /// As [`Node::add_dataset`].
    pub async fn add_received(&self, file: Incoming, wish: NewDataset) -> Done<DatasetView> {
        if wish.content.is_some() || wish.content_base64.is_some() {
            let why = "the file comes behind the first line, and not in it".to_owned();
            return Err(NodeError::Invalid { field: "content", why });
        }
        let accounts = self.mailbox.call(|actor| actor.account_key()).await?;
        let (file, owner, place) = file.finish().await?;
        let mut counting = owner.counting(cases::Poured::new(self.mailbox.clone()));
        let read = move || {
            let parsed = cases::parse(file, wish, accounts, &mut counting);
            // only now may the next file be read
            drop(place);
            parsed.map(|parsed| (parsed, counting.poured()))
        };
        let stored = async {
            let read = tokio::task::spawn_blocking(read).await;
            let (parsed, poured) = read.map_err(|_| NodeError::Stopping)??;
            self.mailbox.call(move |actor| actor.store_dataset(parsed, poured)).await
        };
        let stored = stored.await;
        owner.ended(stored.is_ok());
        stored
    }
}
