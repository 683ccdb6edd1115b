//! Making a home.

use crate::{actor::now, error::NodeError, records::Records, views::Me};
use consent::{Context, Draft, people};
use protocol::{IdentityKey, Name};
use std::{error::Error, path::Path};
use store::{Control, Home, KeyRing, Page, Passphrase, Store};

/// Names of the key files that this crate owns.
pub(crate) const IDENTITY: &str = "identity";
pub(crate) const TRANSPORT: &str = "transport";
pub(crate) const MAILBOX: &str = "mailbox";
/// The mailbox key before the present one; a home younger than a week has none.
pub(crate) const MAILBOX_BEFORE: &str = "mailbox-before";
/// Made when a letter is left in a mailbox first; a home without one is whole.
pub(crate) const LETTERS: &str = "letters";
/// Made when the first statement is stored; a home without one is whole.
pub(crate) const ACCOUNTS: &str = "accounts";
/// Made when something is asked of a dataset first; a home without one is whole.
pub(crate) const ROWS: &str = "rows";

/// Makes keys and an empty store.
///
/// # Errors
/// A name that cannot be shown; a home that exists; what the disk refuses.
pub fn create_home(home: &Path, name: &str, passphrase: Option<&Passphrase>) -> Result<Me, NodeError> {
    let name: Name = name
        .trim()
        .parse()
        .map_err(|error: protocol::BadText| NodeError::Invalid { field: "name", why: error.to_string() })?;
    let store = Store::create(&Home::new(home), passphrase)?;
    for key in [TRANSPORT, MAILBOX] {
        store.keys().create_random(key)?;
    }
    let transport = store.keys().get(TRANSPORT)?;
    // the log begins before the identity is kept: a home cut short in between is made anew
    let secret = zeroize::Zeroizing::new(rand::random::<[u8; 32]>());
    let key = IdentityKey::from_secret(&secret);
    let outline = {
        let records = Records(store.control());
        let mut draft = Draft::over(&records);
        people::begin(&mut draft, &mut Context::new(now(), &key, rand::random()), name.clone())?;
        draft.finish()
    };
    store.control().commit(&Records::batch(outline.changes))?;
    store.keys().put(IDENTITY, &secret)?;
    Ok(Me {
        party: key.party().to_string(),
        name: name.to_string(),
        peer: net::peer_text(&transport),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// Whether the keys of a home are sealed under a passphrase.
#[must_use]
pub fn is_sealed(home: &Path) -> bool {
    KeyRing::is_locked_by_passphrase(&Home::new(home).keys())
}

/// Whether that passphrase opens the keys of a home. Takes as long as trying one is meant to.
#[must_use]
pub fn opens(home: &Path, passphrase: &Passphrase) -> bool {
    KeyRing::open(&Home::new(home).keys(), Some(passphrase)).is_ok()
}

/// Opens a home, bringing an older one to the present version first.
pub(crate) fn open(root: &Path, passphrase: Option<&Passphrase>) -> Result<Store, NodeError> {
    Ok(Store::open_bringing_up(&Home::new(root), passphrase, &mut pages)?)
}

/// One page of the step from a version to the next: what consent knows of its records.
pub(crate) fn pages(from: u64, control: &Control, place: Option<&[u8]>) -> Result<Page, Box<dyn Error + Send + Sync>> {
    let records = Records(control);
    let mut draft = Draft::over(&records);
    let next = consent::migrate::page(&mut draft, from, place)?;
    Ok(Page { batch: Records::batch(draft.finish().changes), next })
}
