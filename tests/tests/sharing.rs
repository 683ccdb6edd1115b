//! What an owner shows, and what stands behind it: issuers' vouchers, who sees what, and rows to try with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

#[path = "sharing/issued.rs"]
mod issued;
#[path = "sharing/seen.rs"]
mod seen;
#[path = "sharing/tried.rs"]
mod tried;

use scenarios::{Node, Pair};
use serde_json::Value;

/// Six bills, each with a date, an amount, a word and a yes or no.
const BILLS: &str = "date,amount,kind,paid\n2025-01-31,61.40,power,true\n2025-02-28,58.10,power,false\n\
                     2025-03-31,49.90,gas,true\n2025-04-30,44.05,gas,true\n2025-05-31,41.20,power,true\n\
                     2025-06-30,52.75,gas,false\n";

/// Jack and Jill, connected, Jack's bills on his desk.
fn with_a_file() -> Pair {
    let pair = Pair::connected();
    std::fs::write(pair.jack.desk().join("bills.csv"), BILLS).unwrap();
    pair
}

/// A file of one desk, laid on another.
fn hand_over(from: &Node, to: &Node, name: &str) {
    std::fs::copy(from.desk().join(name), to.desk().join(name)).unwrap();
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
