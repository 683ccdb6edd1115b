//! What costs little on the wire and much in memory, and every place of a message to put it.

use crate::forge::bytes_of;
use ciborium::Value;

/// The way from a value to one inside it: positions in arrays, and of the pairs of maps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place(Vec<usize>);

/// Every place of a value, its own first.
pub(crate) fn places(value: &Value) -> Vec<Place> {
    let mut places = vec![Place::default()];
    for (at, inner) in children(value).into_iter().enumerate() {
        places.extend(places_below(at, inner));
    }
    places
}

fn places_below(at: usize, inner: &Value) -> impl Iterator<Item = Place> {
    places(inner).into_iter().map(move |place| Place([&[at], &place.0[..]].concat()))
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Map(pairs) => pairs.iter().map(|(_, value)| value).collect(),
        _ => vec![],
    }
}

/// What stands at a place.
pub(crate) fn at<'a>(value: &'a Value, place: &Place) -> &'a Value {
    place.0.iter().fold(value, |value, at| children(value)[*at])
}

/// The value's bytes with something else at a place: given as bytes, so that the dear value is never built here.
pub(crate) fn fill(value: &Value, place: &Place, filling: &[u8]) -> Vec<u8> {
    const MARK: &[u8] = b"\x50a place to fill!";
    let mut marked = value.clone();
    let target = place.0.iter().fold(&mut marked, |value, at| match value {
        Value::Array(items) => &mut items[*at],
        Value::Map(pairs) => &mut pairs[*at].1,
        leaf => leaf,
    });
    *target = Value::Bytes(MARK[1..].to_vec());
    let bytes = bytes_of(&marked);
    let at = bytes.windows(MARK.len()).position(|window| window == MARK).expect("the mark");
    [&bytes[..at], filling, &bytes[at + MARK.len()..]].concat()
}

/// A name and the bytes of what could be dear.
pub(crate) type Filling = (&'static str, Vec<u8>);

/// Everything that could be dear anywhere, each about `size` bytes long.
pub(crate) fn anywhere(size: usize) -> Vec<Filling> {
    let long = |character: char| Value::from(character.to_string().repeat(size / character.len_utf8()));
    let short = |character: char| character.to_string().repeat(size.min(2_000) / character.len_utf8());
    let values = [
        ("numbers", repeated(&0.into(), size)),
        ("empty texts", repeated(&"".into(), size)),
        ("texts of a letter", repeated(&"a".into(), size)),
        ("empty byte strings", repeated(&Value::Bytes(vec![]), size)),
        ("empty arrays", repeated(&Value::Array(vec![]), size)),
        ("empty maps", repeated(&Value::Map(vec![]), size)),
        ("identifiers", repeated(&Value::Bytes(vec![7; 32]), size)),
        ("yes", repeated(&true.into(), size)),
        ("numbers as keys", numbered(size)),
        ("words as keys", worded(size)),
        ("empty keys", Value::Map(vec![("".into(), 0.into()); fit(2, size)])),
        ("nested arrays of numbers", (0..6).fold(repeated(&0.into(), size), |inner, _| Value::Array(vec![inner]))),
        ("rows of a hundred numbers", repeated(&repeated(&0.into(), 100), size)),
        ("long texts", repeated(&"a".repeat(size.min(2_048)).into(), size)),
        ("a long text", long('a')),
        ("a long text of control characters", long('\u{1}')),
        ("a text of control characters", short('\u{1}').into()),
        ("a text of line feeds", short('\n').into()),
        ("a text of marks to be escaped", short('\u{300}').into()),
        ("a text of hyphens to be escaped", short('\u{AD}').into()),
        ("a text of wide characters", short('\u{10FFFD}').into()),
        ("long bytes", Value::Bytes(vec![7; size])),
        ("a long key", Value::Map(vec![(long('a'), 0.into())])),
        ("a key of control characters", Value::Map(vec![(short('\u{1}').into(), 0.into())])),
        ("a key to be escaped", Value::Map(vec![(short('\u{300}').into(), 0.into())])),
    ];
    values.into_iter().map(|(name, value)| (name, bytes_of(&value))).collect()
}

/// What could be dear in the stead of `here`, being made of it.
pub(crate) fn instead(here: &Value, size: usize) -> Vec<Filling> {
    let mut values = Vec::new();
    match here {
        Value::Array(items) => {
            for item in items.iter().take(1) {
                values.push(("its own element again and again", repeated(item, size)));
                values.extend(
                    beginnings(item).into_iter().map(|part| ("beginnings of its element", repeated(&part, size))),
                );
            }
        }
        Value::Map(pairs) => {
            let key = pairs.first().map_or(Value::Null, |(key, _)| key.clone());
            let word = "\u{300}".repeat(size.min(2_000) / 2);
            values.push(("one of its keys again and again", Value::Map(vec![(key, 0.into()); fit(6, size)])));
            values.push(("all of it and a key to be escaped", with(pairs, (word.into(), 0.into()))));
            values.push(("all of it and an array", with(pairs, ("zz".into(), repeated(&0.into(), size)))));
        }
        _ => {}
    }
    values.into_iter().map(|(name, value)| (name, bytes_of(&value))).collect()
}

/// A map that ends after each of its fields: decoded as far as it goes.
fn beginnings(item: &Value) -> Vec<Value> {
    let pairs = item.as_map().map_or(&[][..], Vec::as_slice);
    (1..pairs.len()).map(|length| Value::Map(pairs[..length].to_vec())).collect()
}

fn with(pairs: &[(Value, Value)], further: (Value, Value)) -> Value {
    Value::Map([pairs, &[further]].concat())
}

fn repeated(item: &Value, size: usize) -> Value {
    Value::Array(vec![item.clone(); fit(bytes_of(item).len(), size)])
}

fn numbered(size: usize) -> Value {
    Value::Map((0..fit(4, size)).map(|at| (Value::from(at as u64), 0.into())).collect())
}

fn worded(size: usize) -> Value {
    Value::Map((0..fit(6, size)).map(|at| (format!("{at:x}").into(), 0.into())).collect())
}

/// How many of so many bytes each: as many as `size` holds, and as the count of items lets pass.
fn fit(bytes: usize, size: usize) -> usize {
    (size / bytes.max(1)).clamp(1, protocol::limits::CBOR_ITEMS * 49 / 50)
}
