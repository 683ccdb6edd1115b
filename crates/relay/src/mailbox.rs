//! The mailbox: what nodes leave for each other while one of them is away.
//!
//! Items lie under tags that only the two who share a secret can compute; whoever shows what a tag is the hash of may
//! fetch and ack. The relay cannot open an item, and a stranger can name no tag. How it looks from the two sides is in
//! [`protocol::mailbox`].

mod clerk;
mod pile;
mod shelf;
mod under_way;

pub use pile::MailboxLimits;
pub use shelf::{Change, MemoryShelf, Shelf, ShelfError};

pub(crate) use clerk::{Answered, Clerk, Way};
pub(crate) use pile::{Depositor, Pile};
pub(crate) use under_way::UnderWay;
