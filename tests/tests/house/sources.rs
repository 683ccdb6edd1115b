//! What a Rust source names: enough of the grammar to see through `use` groups.

/// Paths that a pure room's own sources may not name, with everything below them.
const IMPURE_PATHS: &[&str] = &[
    // their order is drawn anew in each process
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::env",
    "std::fs",
    "std::hash::RandomState",
    "io::stderr",
    "io::stdin",
    "io::stdout",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::time::UNIX_EPOCH",
    "chrono",
    "getrandom",
    "rand",
    "time",
    "tokio",
    "tracing",
];

/// The impure paths that a source names, `use` groups unfolded. Whole-line comments do not count.
pub(crate) fn impure_source(source: &str) -> Vec<String> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code: Vec<&str> = code.iter().flat_map(|line| line.split_whitespace()).collect();
    let code = unfold(&code.join(" ").replace(" ::", " ").replace("core::time", "std::time"), "");
    let named = |path: &&&str| {
        code.iter().any(|piece| {
            piece.match_indices(**path).any(|(at, _)| {
                let before = piece[..at].chars().next_back();
                let after = &piece[at + path.len()..];
                let starts = !before.is_some_and(|c| c.is_alphanumeric() || "_:.".contains(c));
                starts && (after.starts_with("::") || (path.contains("::") && !continues(after)))
            })
        })
    };
    let mut findings: Vec<String> = IMPURE_PATHS.iter().filter(named).map(|path| (*path).to_owned()).collect();
    let whole = |piece: &String| {
        piece.match_indices("std::time").any(|(at, path)| {
            let after = &piece[at + path.len()..];
            after.starts_with("::*") || !(after.starts_with("::") || continues(after))
        })
    };
    findings.extend(code.iter().any(whole).then(|| "std::time as a whole".to_owned()));
    findings
}

fn continues(after: &str) -> bool {
    after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// `a::{b,c::{d,e}}` as `a::b`, `a::c::d`, `a::c::e`; text around groups stays as pieces of its own.
fn unfold(text: &str, prefix: &str) -> Vec<String> {
    let Some(open) = text.find("::{") else { return vec![format!("{prefix}{text}")] };
    let head = text[..open].rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).map_or(0, |at| at + 1);
    let inner = &text[open + 3..];
    let (mut depth, mut from, mut end) = (1_usize, 0, inner.len());
    let mut parts = Vec::new();
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            parts.push(inner[from..at].trim());
            from = at + 1;
        }
        if depth == 0 {
            end = at + 1;
            break;
        }
    }
    let under = format!("{prefix}{}::", &text[head..open]);
    let mut pieces = vec![format!("{prefix}{}", &text[..head])];
    pieces.extend(parts.into_iter().flat_map(|part| unfold(part, &under)));
    pieces.extend(unfold(inner.get(end..).unwrap_or_default(), prefix));
    pieces
}
