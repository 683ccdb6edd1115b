use super::*;
use crate::{
    testing::{Party, receipted},
    view::{Change, View as _},
};

fn faults(party: &Party) -> Vec<String> {
    let mut references = References::default();
    while party.read(|draft| references.page(draft)) {}
    references.faults
}

#[test]
fn records_of_two_who_dealt_with_each_other_are_sound_one_by_one_and_together() {
    let (owner, requester, ..) = receipted();
    for party in [&owner, &requester] {
        for table in Table::ALL {
            for (key, value) in party.view.scan(table, &[], None, usize::MAX >> 1).unwrap() {
                record(table, &key, &value).unwrap_or_else(|e| panic!("{}: {e}", table.name()));
            }
        }
        assert_eq!(faults(party), Vec::<String>::new());
    }
}

#[test]
fn a_record_cut_short_or_of_another_table_is_told() {
    let (owner, ..) = receipted();
    let (mut told, mut all) = (0, 0);
    for table in Table::ALL {
        for (key, value) in owner.view.scan(table, &[], None, usize::MAX >> 1).unwrap() {
            assert!(record(table, &key, &value[..value.len() - 1]).is_err(), "{}", table.name());
            let other = if table == Table::Log { Table::Grants } else { Table::Log };
            all += 1;
            told += usize::from(record(other, &key, &value).is_err());
        }
    }
    assert_eq!(told, all);
}

#[test]
fn what_is_named_and_missing_is_told_by_who_names_it() {
    let (owner, _, request, _) = receipted();
    for (table, words) in [
        (Table::Requests, "names a request that is not there"),
        (Table::Decisions, "names a decision that is not there"),
        (Table::Grants, "names a grant that is not there"),
        (Table::Receipts, "names a receipt that is not there"),
    ] {
        let mut damaged = owner.clone();
        let all = damaged.view.scan(table, &[], None, usize::MAX >> 1).unwrap();
        damaged.view.apply(all.into_iter().map(|(key, _)| Change { table, key, value: None }).collect());
        let faults = faults(&damaged);
        assert!(faults.iter().any(|fault| fault.contains(words)), "{}: {faults:?}", table.name());
    }
    assert!(faults(&owner).is_empty(), "{}", request.short());
}
