//! Times as people read and write them. UTC, and said so: two parties in different places mean the same moment.

use crate::error::CliError;
use std::time::{SystemTime, UNIX_EPOCH};
use time::{
    Date, OffsetDateTime, Time, UtcDateTime,
    format_description::well_known::Rfc3339,
    macros::{format_description, time},
};

/// `2026-12-31 23:59 UTC`.
pub(crate) fn day_and_time(seconds: u64) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| UtcDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|when| when.format(form).ok())
        // A peer may name any number of seconds; what no calendar holds is shown as it is.
        .unwrap_or_else(|| format!("second {seconds} after 1970"))
}

/// Seconds since 1970-01-01 00:00 UTC by this computer's clock.
pub(crate) fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The moment that `text` names: a day (its last second), an RFC 3339 time, or `+30d`, `+12h`, `+90m`, `+45s` from now.
pub(crate) fn moment(text: &str, now: u64) -> Result<u64, CliError> {
    let unclear = || {
        CliError::usage(format!("{text:?} is not a time"))
            .hint("write 2026-12-31, 2026-12-31T18:00:00Z, or +30d, +12h, +90m")
    };
    let past = || CliError::usage(format!("{text} is in the past"));
    if text.starts_with('+') {
        return span(text).and_then(|span| now.checked_add(span)).ok_or_else(unclear);
    }
    let day = Date::parse(text, format_description!("[year]-[month]-[day]"));
    let when = match day {
        Ok(day) => OffsetDateTime::new_utc(day, LAST_SECOND),
        Err(_) => OffsetDateTime::parse(text, &Rfc3339).map_err(|_| unclear())?,
    };
    u64::try_from(when.unix_timestamp()).ok().filter(|when| *when > now).ok_or_else(past)
}

/// Seconds of `30d`, `12h`, `90m` or `45s`, a `+` before it or not.
pub(crate) fn span(text: &str) -> Option<u64> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 24 * 3600,
        _ => return None,
    };
    let digits = text.get(..text.len() - 1)?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse::<u64>().ok().filter(|_| plain)?.checked_mul(unit).filter(|seconds| *seconds > 0)
}

const LAST_SECOND: Time = time!(23:59:59);

#[cfg(test)]
mod tests;
