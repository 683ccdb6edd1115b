//! docs/protocol/wire.cddl, compared with the code: every vector and every random message has the form it states.
//!
//! Reads the part of CDDL (RFC 8610) that wire.cddl uses; whatever else stands there is an error and not ignored.

use crate::{forge::value_of, samples};
use ciborium::Value;
use std::{collections::BTreeMap, ops::RangeInclusive, sync::OnceLock};

/// What a value may be.
#[derive(Debug, Clone)]
enum Type {
    Named(String),
    Text(String),
    Number(i128),
    Range(i128, i128),
    Size(Box<Type>, RangeInclusive<usize>),
    Cbor(Box<Type>),
    Choice(Vec<Type>),
    Map(Vec<Member>),
    Array(Vec<Member>),
}

/// One member of a map or an array, or a group of them by name.
#[derive(Debug, Clone)]
struct Member {
    times: RangeInclusive<usize>,
    key: Option<Value>,
    of: Type,
}

/// Every rule by its name; a group of members is kept as a map.
pub(crate) struct Schema(BTreeMap<String, Type>);

impl Schema {
    /// The rules of wire.cddl.
    pub(crate) fn wire() -> &'static Self {
        static WIRE: OnceLock<Schema> = OnceLock::new();
        WIRE.get_or_init(|| Schema::read(include_str!("../../../../docs/protocol/wire.cddl")))
    }

    fn read(text: &str) -> Self {
        let mut reader = Reader { tokens: tokens(text), at: 0 };
        let mut rules = BTreeMap::new();
        while reader.at < reader.tokens.len() {
            let name = reader.next();
            reader.expect("=");
            let of = if reader.peek(0) == "(" { Type::Map(reader.members("(", ")")) } else { reader.choice() };
            assert!(rules.insert(name.clone(), of).is_none(), "{name} has two rules");
        }
        Self(rules)
    }

    /// Whether a value has the form of a rule.
    pub(crate) fn allows(&self, rule: &str, value: &Value) -> bool {
        self.is(&Type::Named(rule.to_owned()), value)
    }

    fn rule(&self, name: &str) -> &Type {
        self.0.get(name).unwrap_or_else(|| panic!("no rule {name}"))
    }

    fn is(&self, of: &Type, value: &Value) -> bool {
        match of {
            Type::Named(name) => match name.as_str() {
                "uint" => matches!(value, Value::Integer(number) if i128::from(*number) >= 0),
                "bstr" => value.is_bytes(),
                "tstr" => value.is_text(),
                "bool" => value.is_bool(),
                "null" => value.is_null(),
                _ => self.is(self.rule(name), value),
            },
            Type::Text(text) => value.as_text() == Some(text),
            Type::Number(number) => matches!(value, Value::Integer(is) if i128::from(*is) == *number),
            Type::Range(low, high) => matches!(value, Value::Integer(is) if (*low..=*high).contains(&i128::from(*is))),
            Type::Size(of, sizes) => {
                let size = value.as_bytes().map(Vec::len).or(value.as_text().map(str::len));
                self.is(of, value) && size.is_some_and(|size| sizes.contains(&size))
            }
            Type::Cbor(of) => value
                .as_bytes()
                .is_some_and(|bytes| ciborium::from_reader(&bytes[..]).is_ok_and(|inside: Value| self.is(of, &inside))),
            Type::Choice(types) => types.iter().any(|of| self.is(of, value)),
            Type::Map(members) => value.as_map().is_some_and(|pairs| self.is_map(&self.flat(members), pairs)),
            Type::Array(members) => value.as_array().is_some_and(|items| self.is_array(members, items)),
        }
    }

    fn is_map(&self, members: &[Member], pairs: &[(Value, Value)]) -> bool {
        let member = |key: &Value| members.iter().find(|member| member.key.as_ref() == Some(key));
        let known = pairs.iter().all(|(key, value)| member(key).is_some_and(|member| self.is(&member.of, value)));
        let there = |member: &Member| pairs.iter().filter(|(key, _)| member.key.as_ref() == Some(key)).count();
        known && members.iter().all(|member| member.times.contains(&there(member)))
    }

    fn is_array(&self, members: &[Member], items: &[Value]) -> bool {
        let mut rest = items;
        for member in members {
            let fit = rest.iter().take_while(|item| self.is(&member.of, item)).count().min(*member.times.end());
            if !member.times.contains(&fit) {
                return false;
            }
            rest = &rest[fit..];
        }
        rest.is_empty()
    }

    /// Members with the groups among them written out.
    fn flat(&self, members: &[Member]) -> Vec<Member> {
        let each = members.iter().flat_map(|member| match (&member.key, &member.of) {
            (None, Type::Named(group)) => match self.rule(group) {
                Type::Map(members) => self.flat(members),
                other => panic!("{group} is no group: {other:?}"),
            },
            _ => vec![member.clone()],
        });
        each.collect()
    }
}

/// Words, numbers, quoted texts and signs, without comments and white space.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for line in text.lines() {
        let mut rest = line.split(';').next().unwrap_or_default().trim_start();
        while let Some(first) = rest.chars().next() {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let length = match first {
                '"' => 2 + rest[1..].find('"').expect("a closing quote"),
                '.' if rest.starts_with("..") => 2,
                '.' => 1 + rest[1..].find(|c| !word(c)).expect("something after a control"),
                '=' if rest.starts_with("=>") => 2,
                c if word(c) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
                _ => 1,
            };
            tokens.push(rest[..length].to_owned());
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

struct Reader {
    tokens: Vec<String>,
    at: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.tokens.get(self.at - 1).expect("more tokens").clone()
    }

    fn expect(&mut self, token: &str) {
        let next = self.next();
        assert_eq!(next, token, "after {:?}", &self.tokens[self.at.saturating_sub(6)..self.at]);
    }

    fn choice(&mut self) -> Type {
        let mut types = vec![self.controlled()];
        while self.peek(0) == "/" {
            self.next();
            types.push(self.controlled());
        }
        if types.len() == 1 { types.remove(0) } else { Type::Choice(types) }
    }

    fn controlled(&mut self) -> Type {
        let of = self.simple();
        match self.peek(0) {
            ".." => Type::Range(number(&of), self.number_after("..")),
            ".cbor" => {
                self.next();
                Type::Cbor(Box::new(self.simple()))
            }
            ".size" => {
                self.next();
                let size = |number: i128| usize::try_from(number).expect("a size");
                if self.peek(0) != "(" {
                    let exactly = size(number(&self.simple()));
                    return Type::Size(Box::new(of), exactly..=exactly);
                }
                self.next();
                let low = number(&self.simple());
                let high = self.number_after("..");
                self.expect(")");
                Type::Size(Box::new(of), size(low)..=size(high))
            }
            _ => of,
        }
    }

    fn number_after(&mut self, sign: &str) -> i128 {
        self.expect(sign);
        number(&self.simple())
    }

    fn simple(&mut self) -> Type {
        match self.peek(0) {
            "{" => Type::Map(self.members("{", "}")),
            "[" => Type::Array(self.members("[", "]")),
            _ => {
                let token = self.next();
                if let Some(text) = token.strip_prefix('"') {
                    return Type::Text(text.trim_end_matches('"').to_owned());
                }
                match token.parse() {
                    Ok(number) => Type::Number(number),
                    Err(_) if token.starts_with(|c: char| c.is_ascii_lowercase()) => Type::Named(token),
                    Err(_) => panic!("{token} is not read here"),
                }
            }
        }
    }

    fn members(&mut self, open: &str, close: &str) -> Vec<Member> {
        self.expect(open);
        let mut members = Vec::new();
        while self.peek(0) != close {
            members.push(self.member());
            if self.peek(0) == "," {
                self.next();
            }
        }
        self.expect(close);
        members
    }

    fn member(&mut self) -> Member {
        let times = self.times();
        let key = match self.peek(1) {
            ":" => Some(Value::from(self.next().trim_matches('"').to_owned())),
            "=>" => Some(Value::from(i64::try_from(number(&self.simple())).expect("a small number"))),
            _ => None,
        };
        if key.is_some() {
            self.next();
        }
        Member { times, key, of: self.choice() }
    }

    fn times(&mut self) -> RangeInclusive<usize> {
        if self.peek(0) == "?" {
            self.next();
            return 0..=1;
        }
        if self.peek(1) != "*" {
            return 1..=1;
        }
        let least = self.next().parse().expect("a number of times");
        self.next();
        least..=self.next().parse().expect("a number of times")
    }
}

fn number(of: &Type) -> i128 {
    match of {
        Type::Number(number) => *number,
        other => panic!("{other:?} is no number"),
    }
}

fn names(of: &Type) -> Vec<&str> {
    match of {
        Type::Named(name) => vec![name],
        Type::Size(of, _) | Type::Cbor(of) => names(of),
        Type::Choice(types) => types.iter().flat_map(names).collect(),
        Type::Map(members) | Type::Array(members) => members.iter().flat_map(|member| names(&member.of)).collect(),
        Type::Text(_) | Type::Number(_) | Type::Range(..) => vec![],
    }
}

#[test]
fn every_name_in_the_cddl_is_defined_and_every_rule_is_used() {
    let schema = Schema::wire();
    let used: Vec<&str> = schema.0.values().flat_map(names).collect();
    for name in &used {
        assert!(
            ["uint", "bstr", "tstr", "bool", "null"].contains(name) || schema.0.contains_key(*name),
            "no rule {name}"
        );
    }
    let entrances = [
        "frame",
        "ack",
        "envelope",
        "entry",
        "ticket",
        "transcript",
        "receipt-file",
        "log-item",
        "evidence-file",
        "voucher-file",
        "access-question",
        "access-answer",
        "letter",
        "mailbox-question",
        "mailbox-answer",
    ];
    for rule in schema.0.keys() {
        let used = used.contains(&rule.as_str()) || entrances.contains(&rule.as_str()) || rule.ends_with("-payload");
        assert!(used, "nothing uses {rule}");
    }
}

#[test]
fn every_question_to_a_relay_its_answers_and_letters_have_the_form_that_the_cddl_states() {
    use protocol::{Ack, Digest, MessageId, Nonce, mailbox::*};
    use serde_bytes::ByteBuf;
    let (schema, digest, item) = (Schema::wire(), Digest([1; 32]), ByteBuf::from(vec![2; 40]));
    let value = |bytes: Vec<u8>| value_of(&bytes);
    let questions = [
        Question::Deposit(Deposit { tag: digest, item: item.clone(), seconds: 60 }),
        Question::Fetch(Fetch { capabilities: vec![digest] }),
        Question::Ack(Settle { capability: digest, items: vec![digest] }),
    ];
    for question in questions {
        assert!(schema.allows("mailbox-question", &value(question.to_vec().unwrap())), "{question:?}");
    }
    let show = protocol::access::Show { proof: digest };
    assert!(schema.allows("access-question", &value(show.to_vec().unwrap())));
    for said in [protocol::access::Said::Admitted, protocol::access::Said::Refused] {
        assert!(schema.allows("access-answer", &value(said.to_vec().unwrap())), "{said:?}");
    }
    let run = Some(Nonce([3; 16]));
    let answers = [
        Answer::Stored(Stored { seconds: 60, until_restart: None }),
        Answer::Stored(Stored { seconds: 60, until_restart: run }),
        Answer::Found(Found { items: vec![(0, item.clone())], more: false, until_restart: run }),
        Answer::Settled(Settled { items: 1 }),
        Answer::Refused(Refused::TagFull),
    ];
    for answer in answers {
        assert!(schema.allows("mailbox-answer", &value(answer.to_vec().unwrap())), "{answer:?}");
    }
    let letters = [
        Letter::Frame(Carried { after: None, frame: item.clone() }),
        Letter::Frame(Carried { after: Some(MessageId([4; 32])), frame: item }),
        Letter::Acks(vec![Answered { message: MessageId([4; 32]), ack: Ack::Later }]),
    ];
    for letter in letters {
        assert!(schema.allows("letter", &value(protocol::cbor::to_vec(&letter).unwrap())), "{letter:?}");
    }
}

#[test]
fn every_sample_has_the_form_that_the_cddl_states() {
    for sample in samples::all() {
        let rule = format!("{}-payload", sample.kind);
        assert!(Schema::wire().allows(&rule, &value_of(&sample.payload)), "{rule}: {}", sample.form);
        assert!(Schema::wire().allows("envelope", &value_of(&sample.envelope)), "{}", sample.form);
    }
}

#[test]
fn the_cddl_refuses_a_message_of_another_form() {
    for sample in samples::all() {
        let rule = format!("{}-payload", sample.kind);
        let mut payload = value_of(&sample.payload).into_map().expect("a map");
        payload.push(("zz".into(), 1.into()));
        assert!(!Schema::wire().allows(&rule, &Value::Map(payload.clone())), "an unknown field");
        payload.truncate(5);
        assert!(!Schema::wire().allows(&rule, &Value::Map(payload.clone())), "a missing field");
        payload.push(("audience".into(), Value::Bytes(vec![0; 31])));
        assert!(!Schema::wire().allows(&rule, &Value::Map(payload)), "a short identifier");
        let other = if sample.kind == "run" { "revoke-payload" } else { "run-payload" };
        assert!(!Schema::wire().allows(other, &value_of(&sample.payload)), "{} as {other}", sample.form);
    }
}
