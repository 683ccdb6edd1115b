//! Identifiers as people read them: their beginning, as long as it names only one.

/// Characters shown of an id where that is enough.
const SHORT: usize = 8;

/// The first characters of one id. Commands accept any beginning that names only one.
pub(crate) fn shortened(id: &str) -> String {
    id.chars().take(SHORT).collect()
}

/// The length that tells all of these apart: at least [`SHORT`].
pub(crate) fn unambiguous<'a>(ids: impl IntoIterator<Item = &'a str>) -> usize {
    let mut sorted: Vec<&str> = ids.into_iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let common = |pair: &[&str]| match pair {
        [a, b] => a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count() + 1,
        _ => 0,
    };
    sorted.windows(2).map(common).max().unwrap_or(0).max(SHORT)
}

#[cfg(test)]
mod tests;
