//! Mutations of what a message says, and of how that is written in CBOR.

use super::chance::Chance;
use crate::forge::bytes_of;
use ciborium::Value;

/// The value with one to three changes; written as it should be, or, in one case of three, in a way it should not.
pub(crate) fn mutated(valid: &Value, other: &Value, chance: &mut Chance) -> Vec<u8> {
    let mut value = valid.clone();
    for _ in 0..chance.below(4) {
        change(anywhere(&mut value, chance), other, chance);
    }
    if chance.below(3) == 0 {
        return misspelt(&value, chance);
    }
    if chance.below(8) != 0 {
        sort(&mut value);
    }
    bytes_of(&value)
}

/// A place in a value: often a shallow one.
fn anywhere<'a>(value: &'a mut Value, chance: &mut Chance) -> &'a mut Value {
    let inside = match value {
        Value::Array(items) => items.len(),
        Value::Map(pairs) => pairs.len(),
        _ => 0,
    };
    if inside == 0 || chance.below(5) == 0 {
        return value;
    }
    let at = chance.below(inside);
    match value {
        Value::Array(items) => anywhere(&mut items[at], chance),
        Value::Map(pairs) => anywhere(&mut pairs[at].1, chance),
        leaf => leaf,
    }
}

fn change(place: &mut Value, other: &Value, chance: &mut Chance) {
    if chance.below(3) == 0 {
        *place = anything(place, other, chance);
        return;
    }
    match place {
        Value::Map(pairs) => change_map(pairs, other, chance),
        Value::Array(items) => change_array(items, other, chance),
        Value::Bytes(bytes) => change_bytes(bytes, chance),
        Value::Text(text) => *text = changed_text(text, chance),
        Value::Integer(number) => *place = near(i128::from(*number), chance),
        Value::Bool(yes) => *yes = !*yes,
        leaf => *leaf = anything(leaf, other, chance),
    }
}

fn change_map(pairs: &mut Vec<(Value, Value)>, other: &Value, chance: &mut Chance) {
    let at = chance.below(pairs.len());
    match chance.below(6) {
        _ if pairs.is_empty() => pairs.push(("zz".into(), 0.into())),
        0 => drop(pairs.remove(at)),
        1 => pairs.push(pairs[at].clone()),
        2 => pairs[at].0 = ["zz", "", "Body", "grant", "counter", "epoch", "now", "because"][chance.below(8)].into(),
        3 => pairs.push((chance.of(&FIELDS).to_owned().into(), anything(&Value::Null, other, chance))),
        4 => {
            let to = chance.below(pairs.len());
            pairs.swap(at, to);
        }
        _ => pairs[at].1 = other.clone(),
    }
}

/// Fields that some message has, optional ones among them.
const FIELDS: [&str; 8] = ["after", "counter", "grant", "because", "epoch", "now", "restored", "hint"];

fn change_array(items: &mut Vec<Value>, other: &Value, chance: &mut Chance) {
    let at = chance.below(items.len());
    match chance.below(5) {
        _ if items.is_empty() => items.push(anything(&Value::Null, other, chance)),
        0 => drop(items.remove(at)),
        1 => items.push(items[at].clone()),
        2 => *items = vec![items[at].clone(); chance.below(140)],
        3 => items.reverse(),
        _ => items.push(anything(&Value::Null, other, chance)),
    }
}

fn change_bytes(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len());
    match chance.below(4) {
        _ if bytes.is_empty() => bytes.push(0),
        0 => drop(bytes.pop()),
        1 => bytes.push(chance.byte()),
        _ => bytes[at] ^= 1 << chance.below(8),
    }
}

fn changed_text(text: &str, chance: &mut Chance) -> String {
    let further = ["\u{202E}", "\u{200B}", " ", "\n", "\u{1B}[2J", "a", "0", "-", "é", "\u{10FFFF}", "/"];
    match chance.below(6) {
        0 => String::new(),
        1 => text.repeat(chance.below(40)),
        2 => text.chars().skip(1).collect(),
        3 => format!("{}{text}", chance.of(&further)),
        4 => text.to_uppercase(),
        _ => format!("{text}{}", chance.of(&further)),
    }
}

/// A number that is close by, or at the edge of a width.
fn near(number: i128, chance: &mut Chance) -> Value {
    let edges = [0, 1, 23, 24, 255, 256, 10_000, 10_001, 65_535, i128::from(u32::MAX) + 1, i128::from(u64::MAX), -1];
    let changed = match chance.below(3) {
        0 => number + 1,
        1 => number - 1,
        _ => *chance.of(&edges),
    };
    ciborium::value::Integer::try_from(changed).map_or(Value::Null, Value::Integer)
}

/// Any other value, some of them of the same form in another type.
fn anything(place: &Value, other: &Value, chance: &mut Chance) -> Value {
    match chance.below(14) {
        0 => Value::Null,
        1 => Value::Bool(chance.below(2) == 0),
        2 => Value::Float([0.0, 1.0, -0.0, f64::NAN, f64::INFINITY][chance.below(5)]),
        3 => Value::Tag(chance.below(40) as u64, Box::new(place.clone())),
        4 => Value::Tag(2, Box::new(Value::Bytes(vec![chance.byte(); chance.below(18)]))),
        5 => Value::Bytes(vec![chance.byte(); [16, 32, 0, 64, 31][chance.below(5)]]),
        6 => Value::Text(["", "none", "each", "later", "count", "0", "-0", "1.50"][chance.below(8)].to_owned()),
        7 => Value::Array(vec![place.clone()]),
        8 => Value::Array(vec![]),
        9 => Value::Map(vec![]),
        10 => {
            Value::Map(vec![(chance.of(&["count", "once", "deny", "released", "1"]).to_owned().into(), place.clone())])
        }
        11 => other.clone(),
        12 => place.as_bytes().map_or(0.into(), |bytes| Value::Array(bytes.iter().map(|b| Value::from(*b)).collect())),
        _ => near(0, chance),
    }
}

/// Pairs in the order of their encoded keys, at every level.
pub(crate) fn sort(value: &mut Value) {
    match value {
        Value::Map(pairs) => {
            pairs.iter_mut().for_each(|(_, value)| sort(value));
            pairs.sort_by_cached_key(|(key, _)| bytes_of(key));
        }
        Value::Array(items) => items.iter_mut().for_each(sort),
        Value::Tag(_, inner) => sort(inner),
        _ => {}
    }
}

/// The value with, now and then, a head that is longer than needed, of indefinite length, or that claims too much.
fn misspelt(value: &Value, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = Vec::new();
    spell(value, chance, &mut bytes);
    bytes
}

fn spell(value: &Value, chance: &mut Chance, out: &mut Vec<u8>) {
    match value {
        Value::Array(items) => spell_items(4, items.len(), chance, out, |chance, out| {
            items.iter().for_each(|item| spell(item, chance, out));
        }),
        Value::Map(pairs) => spell_items(5, pairs.len(), chance, out, |chance, out| {
            for (key, value) in pairs {
                spell(key, chance, out);
                spell(value, chance, out);
            }
        }),
        Value::Bytes(bytes) => spell_string(2, bytes, chance, out),
        Value::Text(text) => spell_string(3, text.as_bytes(), chance, out),
        Value::Integer(number) => match u64::try_from(*number) {
            Ok(number) => head(0, number, chance, out),
            Err(_) => out.extend(bytes_of(value)),
        },
        leaf => out.extend(bytes_of(leaf)),
    }
}

fn spell_items(
    major: u8,
    count: usize,
    chance: &mut Chance,
    out: &mut Vec<u8>,
    inside: impl FnOnce(&mut Chance, &mut Vec<u8>),
) {
    match chance.below(40) {
        0 => {
            out.push(major << 5 | 31);
            inside(chance, out);
            out.push(0xFF);
        }
        1 => {
            head(major, u64::MAX >> chance.below(64), chance, out);
            inside(chance, out);
        }
        _ => {
            head(major, count as u64, chance, out);
            inside(chance, out);
        }
    }
}

fn spell_string(major: u8, bytes: &[u8], chance: &mut Chance, out: &mut Vec<u8>) {
    if chance.below(40) == 0 {
        let middle = chance.below(bytes.len());
        out.push(major << 5 | 31);
        for part in [&bytes[..middle], &bytes[middle..]] {
            head(major, part.len() as u64, chance, out);
            out.extend(part);
        }
        out.push(0xFF);
    } else {
        head(major, bytes.len() as u64, chance, out);
        out.extend(bytes);
    }
}

/// A head, in one case of twenty longer than needed.
fn head(major: u8, argument: u64, chance: &mut Chance, out: &mut Vec<u8>) {
    let shortest = match argument {
        0..24 => 0,
        24..0x100 => 1,
        0x100..0x1_0000 => 2,
        0x1_0000..0x1_0000_0000 => 3,
        _ => 4,
    };
    let width = if chance.below(20) == 0 { (shortest + 1).min(4) } else { shortest };
    let big_endian = argument.to_be_bytes();
    match width {
        0 => out.push(major << 5 | big_endian[7]),
        _ => {
            out.push(major << 5 | (23 + width));
            out.extend(&big_endian[8 - (1 << (width - 1))..]);
        }
    }
}
