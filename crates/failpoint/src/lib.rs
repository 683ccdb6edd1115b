//! Places at which a process under test can be made to die.
//!
//! What is durable and what was answered may differ at any instant in between; each [`Point`] names such an instant and
//! stands in the code exactly once, as `failpoint::pass(Point::…)`. Built with the feature `failpoints`, which only the
//! tests turn on, a process that finds [`VARIABLE`] in its environment kills itself there, by the signal that no handler
//! sees and no destructor survives. Built without it, [`pass`] is nothing and the variable is not read.

mod armed;
mod point;

pub use armed::{ArmError, VARIABLE, arm, pass};
pub use point::Point;

/// Whether this program was built to be killed by tests.
pub const ENABLED: bool = cfg!(feature = "failpoints");
