//! Numbers and dates as Duo's programs printed them: Python's `str(float)` and Flask's HTTP dates.

use time::{OffsetDateTime, format_description::StaticFormatDescription, macros::format_description};

/// RFC 9110 §5.6.7, IMF-fixdate.
const HTTP_DATE: StaticFormatDescription =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
/// Python writes exponents from this power of ten on, and below ten to the minus four.
const FIXED_BELOW: i32 = 16;
const FIXED_FROM: i32 = -4;

/// A float as Python's `str` writes it: the shortest digits that read back as the same number, always with a point or
/// an exponent (CPython, `float_repr_style` short: `PyOS_double_to_string(x, 'r', 0, Py_DTSF_ADD_DOT_0)`).
pub(super) fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = exponent.parse().unwrap_or_default();
    if (FIXED_FROM..FIXED_BELOW).contains(&power) {
        // Rust's own form without exponent has the same shortest digits, and with `?` the same ".0".
        let fixed = format!("{number}");
        return if fixed.contains('.') { fixed } else { fixed + ".0" };
    }
    let sign = if power < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", power.unsigned_abs())
}

/// Seconds since 1970 UTC as an HTTP date, in Greenwich time. A time beyond the year 9999 has none.
pub(super) fn http_date(seconds: u64) -> Option<String> {
    let moment = OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
    moment.format(HTTP_DATE).ok()
}

#[cfg(test)]
mod tests;
