//! Arming one point, and dying there.

use crate::Point;

/// The environment variable that names a point and at which passing of it to die: `batch-applied:3`, counted from 1.
pub const VARIABLE: &str = "HALFDOOR_FAILPOINT";

/// Why a point was not armed.
#[derive(Debug, thiserror::Error)]
pub enum ArmError {
    /// The variable is not `NAME:N`.
    #[error("{VARIABLE} is {value:?}: name a point and a passing, such as batch-applied:1")]
    Nonsense {
        /// What it says.
        value: String,
    },
    /// There is no such point.
    #[error("{VARIABLE} names the point {name:?}, which this program does not have")]
    Unknown {
        /// What it says.
        name: String,
    },
    /// The point could not be set.
    #[error("the point could not be set: {why}")]
    Unset {
        /// What the registry of points said.
        why: String,
    },
}

/// Passes a point; dies there if it is the armed one and its time has come.
#[inline]
pub fn pass(point: Point) {
    #[cfg(feature = "failpoints")]
    on::pass(point);
    #[cfg(not(feature = "failpoints"))]
    let _ = point;
}

/// Arms the point that [`VARIABLE`] names, at the start of a process. Without the feature `failpoints` nothing is read.
///
/// # Errors
/// [`ArmError`], when the variable is there and cannot be followed: a test that kills nothing must not seem to pass.
pub fn arm() -> Result<(), ArmError> {
    #[cfg(feature = "failpoints")]
    if let Some(value) = std::env::var_os(VARIABLE) {
        on::arm(&value.to_string_lossy())?;
    }
    Ok(())
}

#[cfg(feature = "failpoints")]
mod on {
    use super::ArmError;
    use crate::Point;
    use std::sync::atomic::{AtomicU64, Ordering};

    pub(super) fn pass(point: Point) {
        fail::fail_point!(point.name(), |_| ());
    }

    pub(super) fn arm(value: &str) -> Result<(), ArmError> {
        let (point, passing) = parse(value)?;
        let passed = AtomicU64::new(0);
        let count = move || {
            // the last line that this process runs
            if passed.fetch_add(1, Ordering::SeqCst) + 1 == passing {
                die();
            }
        };
        fail::cfg_callback(point.name(), count).map_err(|why| ArmError::Unset { why })
    }

    pub(super) fn parse(value: &str) -> Result<(Point, u64), ArmError> {
        let nonsense = || ArmError::Nonsense { value: value.to_owned() };
        let (name, passing) = value.split_once(':').ok_or_else(nonsense)?;
        let passing = passing.parse().ok().filter(|passing| *passing > 0).ok_or_else(nonsense)?;
        let point = Point::ALL.iter().find(|point| point.name() == name);
        Ok((*point.ok_or_else(|| ArmError::Unknown { name: name.to_owned() })?, passing))
    }

    /// SIGKILL, as somebody else would send it; where there are no signals, the end without any clean-up.
    fn die() -> ! {
        #[cfg(unix)]
        {
            // it cannot fail for oneself; if it does, the abort below ends the process all the same
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        }
        std::process::abort()
    }
}

#[cfg(test)]
mod tests;
