//! Attributes over statements of real banks.
//!
//! The figures were worked out apart from this program by `tests/data/statements/attributes.py`, which shares no line with
//! it; `python3 tests/data/statements/attributes.py` prints them.

use super::{
    AttributeName as Name, Lack,
    testing::{ALWAYS, ask, customary, days, history, months, statement},
};
use crate::{RunError, Table, View, kinds::check, run};
use protocol::{Attribute, Computation, Span};

const STATEMENTS: [(&str, &[u8]); 5] = [
    ("checking.ofx", include_bytes!("../../../../tests/data/statements/checking.ofx")),
    ("bank_medium.ofx", include_bytes!("../../../../tests/data/statements/bank_medium.ofx")),
    ("suncorp.ofx", include_bytes!("../../../../tests/data/statements/suncorp.ofx")),
    ("anzcc.ofx", include_bytes!("../../../../tests/data/statements/anzcc.ofx")),
    ("ofx-v102-empty-tags.ofx", include_bytes!("../../../../tests/data/statements/ofx-v102-empty-tags.ofx")),
];

fn named(name: &str) -> Table {
    statement(STATEMENTS.iter().find(|(of, _)| *of == name).unwrap().1)
}

/// The shortest window there is, so that as many statements as can be are covered by it.
fn shortest(name: Name) -> Attribute {
    match name.form().span {
        Span::Days => Attribute { days: Some(7), ..customary(name) },
        Span::Months => Attribute { months: Some(1), ..customary(name) },
        Span::History => history(name),
    }
}

#[test]
fn every_attribute_runs_on_every_real_statement_or_says_what_it_lacks() {
    for (of, bytes) in STATEMENTS {
        let table = statement(bytes);
        for name in Name::ALL {
            let asked = Computation::Attribute(shortest(*name));
            assert_eq!(check(&asked, View::columns(&table)), Ok(()), "{of}: {name:?}");
            match run(&asked, &table, &ALWAYS) {
                Ok(outcome) => assert!(outcome.scalar().is_some(), "{of}: {name:?}"),
                Err(RunError::Attribute(lack)) => {
                    // all that such short statements lack: days, months, balances, or what a ratio is of
                    let of_a_short_one = matches!(
                        lack,
                        Lack::HistoryTooShort | Lack::NoBalances | Lack::NothingOf { of: "money coming in" }
                    );
                    assert!(of_a_short_one, "{of}: {name:?}: {lack}");
                }
                Err(other) => panic!("{of}: {name:?}: {other}"),
            }
        }
    }
}

#[test]
fn a_week_of_a_real_account_comes_to_what_was_worked_out_apart() {
    let checking = named("checking.ofx");
    let all = |count: u16| {
        [
            Name::TotalInflow,
            Name::TotalOutflow,
            Name::NetCashFlow,
            Name::InflowCount,
            Name::OutflowCount,
            Name::LargestInflow,
            Name::NsfCount,
            Name::DaysSinceNsf,
            Name::BankFees,
        ]
        .map(|name| ask(&days(name, count), &checking))
    };
    let none = "there is no money coming in in what was asked about";
    assert_eq!(all(7), ["0.00", "59.51", "-59.51", "0", "2", none, "1", "0", "25.00"]);
    assert_eq!(all(8), ["0.01", "59.51", "-59.50", "1", "2", "0.01", "1", "0", "25.00"]);
    assert_eq!(ask(&days(Name::CashWithdrawalShare, 7), &checking), "0.000000");
}

#[test]
fn a_real_history_is_as_long_as_was_worked_out_apart() {
    let lengths = STATEMENTS.map(|(_, bytes)| ask(&history(Name::DaysOfHistory), &statement(bytes)));
    assert_eq!(lengths, ["8", "3", "1", "1", "1"]);
    // no month of them is whole
    assert_eq!(ask(&history(Name::MonthsOfHistory), &named("bank_medium.ofx")), "0");
    assert!(ask(&months(Name::DebtToIncome, 1), &named("checking.ofx")).starts_with("the transactions begin later"));
}

#[test]
fn a_dataset_that_is_no_ledger_has_no_attribute() {
    let bills = include_bytes!("../../../../tests/data/bills/household-utilities.csv");
    let bills = crate::formats::read(&bills[..], &crate::formats::Options::default()).unwrap().table;
    let asked = Computation::Attribute(days(Name::NsfCount, 30));
    let refused = run(&asked, &bills, &ALWAYS).unwrap_err().to_string();
    assert_eq!(refused, "the computation does not fit the dataset");
    let why = check(&asked, View::columns(&bills)).unwrap_err().to_string();
    assert!(why.contains("store a bank statement, or a CSV file with --map"), "{why}");
}
