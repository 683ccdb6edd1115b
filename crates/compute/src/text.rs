//! Stored values as text: numbers in full, days as ISO 8601, for files that people and other programs read.

use arrow::array::{
    Array, ArrayRef, AsArray as _, BooleanArray, Date32Array, Decimal64Array, Decimal128Array, Int64Array,
};

/// The values of a chunk, in order; `None` where there is none. No digit is lost.
#[must_use]
pub fn texts(values: &ArrayRef) -> Vec<Option<String>> {
    let any = values.as_any();
    let text = |at: usize| -> Option<String> {
        if let Some(of) = any.downcast_ref::<Int64Array>() {
            Some(of.value(at).to_string())
        } else if let Some(of) = any.downcast_ref::<Decimal64Array>() {
            Some(of.value_as_string(at))
        } else if let Some(of) = any.downcast_ref::<Decimal128Array>() {
            Some(of.value_as_string(at))
        } else if let Some(of) = any.downcast_ref::<Date32Array>() {
            of.value_as_date(at).map(|day| day.to_string())
        } else if let Some(of) = any.downcast_ref::<BooleanArray>() {
            Some(of.value(at).to_string())
        } else {
            values.as_string_opt::<i32>().map(|of| of.value(at).to_owned())
        }
    };
    (0..values.len()).map(|at| if values.is_null(at) { None } else { text(at) }).collect()
}

/// A field of a CSV line (RFC 4180): quoted where it must be. A text without letters is told from no text by its quotes.
#[must_use]
pub fn field(text: Option<&str>) -> String {
    let Some(text) = text else { return String::new() };
    let plain = !text.is_empty() && text.trim() == text && !text.contains([',', ';', '\t', '"', '\n', '\r']);
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests;
