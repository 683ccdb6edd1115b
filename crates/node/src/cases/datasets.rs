//! Datasets of mine, and what others tell of theirs.

use super::{Poured, reading::Parsed};
use crate::{
    actor::{Actor, now},
    error::NodeError,
    home::ACCOUNTS,
    rules, show,
    views::{CatalogView, DatasetView},
    wishes::NewRules,
};
use compute::formats::AccountKey;
use consent::{
    datasets,
    record::{DatasetRecord, Visibility},
    search::Search,
};
use protocol::{DatasetId, MessageId};
use store::{DatasetWriter, Manifest, StoreError};

impl Actor {
    /// The key under which account numbers become what a dataset holds, made when it is needed first: one number has one
    /// hash in all of this home's datasets, and in no other home's.
    pub(crate) fn account_key(&self) -> Result<AccountKey, NodeError> {
        let secret = match self.store.keys().get(ACCOUNTS) {
            Err(StoreError::NoSuchKey { .. }) => self.store.keys().create_random(ACCOUNTS)?,
            found => found?,
        };
        Ok(AccountKey::new(*secret))
    }

    /// Stores what was understood: chunks first, then manifest, record and log entry in one step.
    pub(crate) fn store_dataset(&mut self, parsed: Parsed, poured: Poured) -> Result<DatasetView, NodeError> {
        let visible = self.visibility(&parsed.visible_to)?;
        parsed.voucher.as_ref().map_or(Ok(()), |voucher| self.check_voucher(voucher))?;
        let (columns, rows) = (parsed.columns, parsed.rows);
        let writer = poured.finish(|| self.begin_dataset())?;
        let id = writer.id();
        let chunks = writer.finish()?;
        let manifest =
            Manifest { id, salt: rand::random(), rows, columns: columns.clone(), chunks, attributes: vec![] };
        let record = DatasetRecord {
            tag: parsed.tag,
            description: parsed.description,
            version: manifest.version()?,
            rows,
            columns,
            visible,
            stored: now(),
            skipped: parsed.skipped,
            format: Some(parsed.format.name().to_owned()),
            notes: parsed.notes,
            voucher: parsed.voucher,
            mock: None,
            rules: None,
            lineage: None,
        };
        let kept = self.act_with(
            |draft, context| datasets::stored(draft, context, id, &record),
            |store, mut batch, ()| {
                manifest.put_into(&mut batch)?;
                Ok(store.control().commit(&batch)?)
            },
        );
        if let Err(error) = kept {
            self.store.discard_dataset(id)?;
            return Err(error);
        }
        let view = self.ask(|draft| show::dataset(draft, &id.to_string(), &record))?;
        Ok(DatasetView { left_out: parsed.left_out, ..view })
    }

    /// A dataset that nothing is in yet; unless it is stored it is taken back.
    pub(crate) fn begin_dataset(&self) -> Result<DatasetWriter, NodeError> {
        Ok(self.store.begin_dataset(DatasetId(rand::random()))?)
    }

    /// Names of people, `everyone`, or nothing (and `nobody`) for nobody.
    fn visibility(&self, names: &[String]) -> Result<Visibility, NodeError> {
        let names: Vec<_> =
            names.iter().map(|name| name.trim()).filter(|name| !name.eq_ignore_ascii_case("nobody")).collect();
        if names.iter().any(|name| name.eq_ignore_ascii_case("everyone")) {
            return Ok(Visibility::Everyone);
        }
        if names.is_empty() {
            return Ok(Visibility::Nobody);
        }
        let people = names.into_iter().map(|name| Ok(self.find_person(Some(name))?.0));
        Ok(Visibility::People(people.collect::<Result<_, NodeError>>()?))
    }

    pub(crate) fn list_datasets(&self, search: &str) -> Result<Vec<DatasetView>, NodeError> {
        let search = read_search(search)?;
        self.ask(|draft| {
            let mut all = draft.all::<DatasetRecord>(&[])?;
            all.retain(|(_, record)| datasets::matches(record, &search));
            all.sort_by(|a, b| a.1.stored.cmp(&b.1.stored).then_with(|| a.1.tag.cmp(&b.1.tag)));
            all.iter().map(|(key, record)| show::dataset(draft, &crate::resolve::hex_of(key), record)).collect()
        })
    }

    pub(crate) fn one_dataset(&self, named: &str) -> Result<DatasetView, NodeError> {
        let (id, record) = self.find_dataset(named)?;
        self.ask(|draft| show::dataset(draft, &id.to_string(), &record))
    }

    pub(crate) fn show_dataset_to(&mut self, named: &str, names: &[String]) -> Result<DatasetView, NodeError> {
        let (id, _) = self.find_dataset(named)?;
        let visible = self.visibility(names)?;
        self.act(|draft, _| datasets::show_to(draft, id, visible))?;
        self.one_dataset(&id.to_string())
    }

    /// Sets rules on what may leave.
    pub(crate) fn set_rules(&mut self, named: &str, wish: &NewRules) -> Result<DatasetView, NodeError> {
        let (id, record) = self.find_dataset(named)?;
        let rules = rules::changed(record.rules.as_ref(), wish)?;
        self.act(|draft, _| datasets::set_rules(draft, id, rules))?;
        self.one_dataset(&id.to_string())
    }

    /// Removes rows, key, metadata and everything shown of them; what was released stays in the log as ids.
    pub(crate) fn remove_dataset(&mut self, named: &str) -> Result<(), NodeError> {
        let (id, _) = self.find_dataset(named)?;
        let removed = self.act_with(
            |draft, context| datasets::removed(draft, context, id),
            |store, batch, ()| Ok(store.remove_dataset(id, batch)?),
        );
        // now nobody keeps what is read of it, see `Columns::keep`
        self.computations.columns.forget(id);
        removed
    }

    /// Asks somebody for one page of what they let me see.
    pub(crate) fn ask_catalog(
        &mut self,
        named: Option<&str>,
        after: Option<DatasetId>,
    ) -> Result<MessageId, NodeError> {
        let (party, _) = self.find_person(named)?;
        self.act(|draft, context| datasets::ask(draft, context, &party, "", after))
    }

    /// Where the page after an answered ask begins.
    pub(crate) fn next_page(&self, ask: &MessageId) -> Result<Option<DatasetId>, NodeError> {
        self.read(|draft| datasets::next_page(draft, ask))
    }

    /// What somebody told of their datasets last, as far as it has the words.
    pub(crate) fn told(&self, named: Option<&str>, search: &str) -> Result<Vec<CatalogView>, NodeError> {
        let (party, person) = self.find_person(named)?;
        let all = self.read(|draft| datasets::catalog(draft, &party))?;
        let search = read_search(search)?;
        self.ask(|draft| {
            let views = all.iter().map(|record| show::catalogued(draft, (&party, person.name.as_str()), record));
            let views = views.collect::<Result<Vec<_>, _>>()?;
            Ok(views.into_iter().filter(|view| search.finds(texts_of(view))).collect())
        })
    }
}

/// What a search looks at.
fn texts_of(view: &CatalogView) -> impl Iterator<Item = &str> {
    let columns = view.columns.iter().map(|column| column.name.as_str());
    [view.tag.as_str(), &view.description].into_iter().chain(columns)
}

fn read_search(text: &str) -> Result<Search, NodeError> {
    Search::of(text).map_err(|error| NodeError::Invalid { field: "search", why: error.to_string() })
}
