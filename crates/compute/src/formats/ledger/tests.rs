use super::*;
use crate::formats::testing::{amounts, options, rows};

fn transaction(amount: &str) -> Transaction {
    Transaction {
        date: 0,
        amount: amount.parse().unwrap(),
        currency: None,
        description: String::new(),
        counterparty: String::new(),
        balance: None,
        account: None,
        id: None,
    }
}

fn place(number: u64) -> Place {
    Place::Transaction { number, line: number }
}

fn read_all(options: &Options, all: &[Transaction]) -> Result<Reading, ReadError> {
    read(Format::Ofx, options, |sink| {
        (1..).zip(all).try_for_each(|(number, one)| sink.take(place(number), Ok(one.clone())))
    })
}

#[test]
fn every_ledger_has_the_same_seven_columns() {
    let reading = read_all(&options(), &[transaction("5"), transaction("-0.125")]).unwrap();
    let columns: Vec<_> = reading.table.columns().iter().map(|column| (column.name.as_str(), column.of)).collect();
    let expected = [
        ("date", ColumnType::Date),
        ("amount", ColumnType::Decimal(3)),
        ("currency", ColumnType::Text),
        ("description", ColumnType::Text),
        ("counterparty", ColumnType::Text),
        ("balance", ColumnType::Decimal(2)),
        ("account", ColumnType::Text),
    ];
    assert_eq!(columns, expected);
    assert_eq!(amounts(&reading), ["5.000", "-0.125"]);
}

#[test]
fn an_account_is_a_hash_under_the_key_and_nothing_without_one() {
    let of = |account: &str| Transaction { account: Some(account.to_owned()), ..transaction("1") };
    let all = [of("DE1"), of("DE2"), of("DE1"), transaction("1")];
    let column = |options: &Options| -> Vec<String> {
        rows(&read_all(options, &all).unwrap()).into_iter().map(|row| row[6].clone()).collect()
    };
    let hashed = column(&options());
    assert!(hashed[0] == hashed[2] && hashed[0] != hashed[1] && hashed[0].len() == 16 && hashed[3].is_empty());
    assert!(!hashed.concat().contains("DE"));
    assert_eq!(column(&Options::default()), ["", "", "", ""]);
}

#[test]
fn an_id_that_comes_twice_is_told_and_both_are_kept() {
    let named = |account: &str, id: &str| Transaction {
        account: Some(account.to_owned()),
        id: Some(id.to_owned()),
        ..transaction("1")
    };
    let all = [named("A", "1"), named("B", "1"), named("A", "2"), named("A", "1"), named("A", " ")];
    let reading = read_all(&options(), &all).unwrap();
    assert_eq!(reading.table.rows(), 5);
    assert_eq!(
        reading.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "transaction 4 (line 4) has the id of transaction 1 (line 1); both are kept, so look whether it is the same one twice"
        ]
    );
}

#[test]
fn notes_are_bounded_and_their_rest_is_counted() {
    let all = vec![Transaction { id: Some("x".to_owned()), ..transaction("1") }; 200];
    let notes = read_all(&options(), &all).unwrap().notes;
    assert_eq!(notes.len(), NOTES + 1);
    assert_eq!(notes[NOTES].to_string(), "and 169 more notes like these");
}

#[test]
fn a_file_that_names_no_currency_has_the_one_it_was_given() {
    let euro = Options { currency: Some("EUR".to_owned()), ..options() };
    let all = [transaction("1"), Transaction { currency: Some("USD".to_owned()), ..transaction("1") }];
    let reading = read_all(&euro, &all).unwrap();
    assert_eq!(rows(&reading).iter().map(|row| row[2].clone()).collect::<Vec<_>>(), ["EUR", "USD"]);
    assert_eq!(
        reading.notes[0].to_string(),
        "amounts are in several currencies (EUR, USD); a sum over all of them means little"
    );
}

#[test]
fn only_pending_transactions_are_no_dataset() {
    let read = |pending: bool| {
        let pass = |sink: &mut dyn Sink| {
            if pending {
                sink.pending();
            }
            Ok(())
        };
        read(Format::Ofx, &options(), pass).unwrap_err().to_string()
    };
    assert_eq!(read(false), "there are no booked transactions in this file; choose a longer period when you export it");
    assert!(read(true).contains("(only pending ones, which may still change)"));
}
