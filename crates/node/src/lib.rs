//! The node: one handle, whose methods are the use cases, and one actor behind it.

mod error;
mod handle;
pub mod views;
pub mod wishes;

pub use error::NodeError;
pub use handle::{Node, create_home, verify_file};
