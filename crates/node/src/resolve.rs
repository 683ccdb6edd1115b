//! From what people type to what records are called: names, tags, beginnings of ids.

use crate::{actor::Actor, error::NodeError};
use consent::{
    ConsentError, Draft,
    record::{
        CatalogRecord, DatasetRecord, DecisionRecord, GrantRecord, OfferRecord, Person, ReceiptRecord, Record,
        RequestRecord,
    },
};
use protocol::{DatasetId, MessageId, PartyId};

/// Fewest characters of an id that may stand for it.
const PREFIX: usize = 4;

/// The one key that a beginning of an id names.
fn by_prefix<R: Record>(draft: &Draft<'_>, what: &'static str, named: &str) -> Result<Vec<u8>, NodeError> {
    let unknown = || NodeError::NotFound { what, name: named.to_owned() };
    let text = named.trim().to_ascii_lowercase();
    let hex = text.len() >= PREFIX && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !hex {
        return Err(unknown());
    }
    let even = text.get(..text.len() & !1).unwrap_or_default();
    let prefix = protocol_hex(even).ok_or_else(unknown)?;
    let found = draft.scan::<R>(&prefix, None, 64)?;
    let mut keys = found.into_iter().map(|(key, _)| key).filter(|key| hex_of(key).starts_with(&text));
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(key),
        (None, _) => Err(unknown()),
        (Some(_), Some(_)) => Err(NodeError::Ambiguous { what, name: named.to_owned() }),
    }
}

fn protocol_hex(text: &str) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()
}

/// Lower-case hex of a key.
pub(crate) fn hex_of(key: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(key)
}

fn message_id(key: &[u8]) -> Result<MessageId, NodeError> {
    MessageId::try_from(key).map_err(|error| NodeError::Internal(error.to_string()))
}

/// Whether two names are the same to a person.
fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

impl Actor {
    /// A person by name, or by the beginning of the identity key; without a name, the only one there is.
    pub(crate) fn find_person(&self, named: Option<&str>) -> Result<(PartyId, Person), NodeError> {
        self.ask(|draft| {
            let people = draft.all::<Person>(&[])?;
            let Some(named) = named else {
                return match people.len() {
                    1 => people.into_iter().next().map(party).transpose()?.ok_or_else(|| none("person", "")),
                    0 => Err(none("person", "anybody")),
                    _ => Err(NodeError::Ambiguous { what: "person", name: "(nobody named)".to_owned() }),
                };
            };
            if let Some(found) = people.into_iter().find(|(_, person)| same(person.name.as_str(), named)) {
                return party(found);
            }
            let key = by_prefix::<Person>(draft, "person", named)?;
            let person = draft.get(&key)?.ok_or_else(|| none("person", named))?;
            party((key, person))
        })
    }

    /// A request by the beginning of its id.
    pub(crate) fn find_request(&self, named: &str) -> Result<(MessageId, RequestRecord), NodeError> {
        self.ask(|draft| {
            let key = by_prefix::<RequestRecord>(draft, "request", named)?;
            Ok((message_id(&key)?, draft.need(&key)?))
        })
    }

    /// A grant or counter-offer by its own id, or by that of its request.
    pub(crate) fn find_decision(&self, named: &str) -> Result<MessageId, NodeError> {
        self.ask(|draft| match by_prefix::<RequestRecord>(draft, "grant", named) {
            Ok(key) => {
                let request: RequestRecord = draft.need(&key)?;
                request.grant.or(request.decision).ok_or_else(|| none("grant", named))
            }
            Err(_) => match by_prefix::<GrantRecord>(draft, "grant", named) {
                Ok(key) => message_id(&key),
                Err(_) => message_id(&by_prefix::<DecisionRecord>(draft, "grant", named)?),
            },
        })
    }

    /// A grant by the beginning of its id.
    pub(crate) fn find_grant(&self, named: &str) -> Result<MessageId, NodeError> {
        self.ask(|draft| message_id(&by_prefix::<GrantRecord>(draft, "grant", named)?))
    }

    /// An offer or a refusal by the beginning of its id.
    pub(crate) fn find_offer(&self, named: &str) -> Result<MessageId, NodeError> {
        self.ask(|draft| message_id(&by_prefix::<OfferRecord>(draft, "offer", named)?))
    }

    /// A receipt by its own id, or by that of its request.
    pub(crate) fn find_receipt(&self, named: &str) -> Result<MessageId, NodeError> {
        self.ask(|draft| match by_prefix::<RequestRecord>(draft, "receipt", named) {
            Ok(key) => draft.need::<RequestRecord>(&key)?.receipt.ok_or_else(|| none("receipt", named)),
            Err(_) => message_id(&by_prefix::<ReceiptRecord>(draft, "receipt", named)?),
        })
    }

    /// A dataset of mine by tag, or by the beginning of its pointer.
    pub(crate) fn find_dataset(&self, named: &str) -> Result<(DatasetId, DatasetRecord), NodeError> {
        self.ask(|draft| {
            let all = draft.all::<DatasetRecord>(&[])?;
            if let Some((key, record)) = all.into_iter().find(|(_, record)| same(record.tag.as_str(), named)) {
                return Ok((dataset_id(&key)?, record));
            }
            let key = by_prefix::<DatasetRecord>(draft, "dataset", named)?;
            Ok((dataset_id(&key)?, draft.need(&key)?))
        })
    }

    /// A dataset of somebody else as they told it, by tag or by the beginning of its pointer.
    pub(crate) fn find_catalogued(&self, of: &PartyId, named: &str) -> Result<CatalogRecord, NodeError> {
        let all = self.read(|draft| consent::datasets::catalog(draft, of))?;
        let text = named.trim().to_ascii_lowercase();
        let by_id =
            |record: &CatalogRecord| text.len() >= PREFIX && record.pointer.dataset.to_string().starts_with(&text);
        let tagged = all.iter().find(|record| same(&record.tag, named));
        let mut found = tagged.into_iter().chain(all.iter().filter(|record| by_id(record)));
        found.next().cloned().ok_or_else(|| none("dataset", named))
    }

    /// As [`Actor::read`], for questions that fail in words of the node.
    pub(crate) fn ask<T>(&self, ask: impl FnOnce(&Draft<'_>) -> Result<T, NodeError>) -> Result<T, NodeError> {
        self.read(|draft| Ok::<_, ConsentError>(ask(draft)))?
    }
}

fn none(what: &'static str, name: &str) -> NodeError {
    NodeError::NotFound { what, name: name.to_owned() }
}

fn party((key, person): (Vec<u8>, Person)) -> Result<(PartyId, Person), NodeError> {
    let party = PartyId::try_from(&key[..]).map_err(|error| NodeError::Internal(error.to_string()))?;
    Ok((party, person))
}

fn dataset_id(key: &[u8]) -> Result<DatasetId, NodeError> {
    DatasetId::try_from(key).map_err(|error| NodeError::Internal(error.to_string()))
}
