//! People at their screens: real nodes, a relay, and a browser that clicks and looks. Without a browser these are
//! skipped, with the reason printed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "scenarios are tests, their steps too"
)]

#[path = "screens/door.rs"]
mod door;
#[path = "screens/looks.rs"]
mod looks;
#[path = "screens/offers.rs"]
mod offers;
#[path = "screens/people.rs"]
mod people;
#[path = "screens/story.rs"]
mod story;
