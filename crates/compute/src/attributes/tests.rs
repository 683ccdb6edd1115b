//! What holds for every attribute, and what none answers.

use super::{
    testing::{ALWAYS, as_of, ask, behind, customary, days, due, ledger, months, table, with_words},
    *,
};
use crate::{
    Described, LinearFact, Unknown, View,
    disclosure::{Facts, Rules, check},
    kinds, linear_facts, run, sentence,
};
use proptest::prelude::*;
use protocol::{Attribute, Computation, Decimal, Outcome, Span, Threshold};
use std::fmt::Write as _;

/// Four months of an ordinary household, with a balance after each movement: every attribute has a number here.
pub(super) fn household() -> crate::Table {
    let mut lines = String::from("2024-12-30 | 1000.00 | 1000.00 | opening\n");
    let mut balance = 1000;
    for month in 1..=4 {
        for (day, amount, words) in [
            (2, -500, "Rent"),
            (5, 1500, "ACME payroll"),
            (8, -40, "City Power"),
            (12, -60, "ATM withdrawal"),
            (15, -30, "Lucky Casino"),
            (18, -35, "NSF fee"),
            (20, -34, "Overdraft fee"),
            (25, -150, "Car loan payment"),
            (28, -200 - month, "Supermarket"),
        ] {
            balance += amount;
            let _ = writeln!(lines, "2025-{month:02}-{day:02} | {amount}.00 | {balance}.00 | {words}");
        }
    }
    lines.push_str("2025-04-30 | -1.00 | | coffee");
    ledger(&lines)
}

fn computation(attribute: &Attribute) -> Computation {
    Computation::Attribute(attribute.clone())
}

#[test]
fn every_attribute_is_in_the_file_of_its_name_and_says_all_there_is_to_say() {
    for name in AttributeName::ALL {
        let definition = definition(*name);
        assert_eq!(definition.name, *name);
        let own = format!("crates/compute/src/attributes/{}.rs", name.name());
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().parent().unwrap();
        let text = std::fs::read_to_string(root.join(&own)).unwrap();
        assert!(text.contains(definition.formula) && text.contains(definition.source), "{own}");
        assert!(definition.says.starts_with(|first: char| first.is_uppercase()) && !definition.says.ends_with('.'));
        assert!(!definition.formula.is_empty() && definition.source.ends_with('.'), "{own}");
    }
}

#[test]
fn every_attribute_has_a_number_where_a_household_has_four_months_and_its_facts_add_up_to_it() {
    let household = household();
    for name in AttributeName::ALL {
        let asked = computation(&customary(*name));
        let outcome = run(&asked, &household, &ALWAYS).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        assert!(outcome.scalar().is_some(), "{name:?}");
        let facts = linear_facts(&Rules::default(), &asked, &household, &ALWAYS).unwrap();
        assert_eq!(facts.is_some(), definition(*name).is_linear(), "{name:?}");
        let Some(facts) = facts else { continue };
        assert_eq!(facts.len(), 1);
        assert_eq!(of_facts(&facts[0], &household), outcome.scalar().unwrap().decimal().normalized(), "{name:?}");
    }
}

/// The number that a fact says, worked out from the rows as text.
fn of_facts(fact: &LinearFact, table: &crate::Table) -> Decimal {
    let LinearFact { about, rows, divisor, .. } = fact;
    assert!(rows.windows(2).all(|two| two[0].0 < two[1].0) && rows.iter().all(|(_, weight)| *weight != 0));
    let cents: Vec<i128> = match about {
        Unknown::Counted => vec![1; usize::try_from(View::rows(table)).unwrap()],
        Unknown::Value(column) => {
            let texts = View::chunks(table, column).unwrap().flat_map(|chunk| crate::text::texts(&chunk.unwrap()));
            texts.map(|text| text.map_or(0, |text| text.replace('.', "").parse().unwrap())).collect()
        }
    };
    let sum: i128 = rows.iter().map(|(row, weight)| cents[*row as usize] * i128::from(*weight)).sum();
    if *about == Unknown::Counted {
        return Decimal::new(sum, 0).unwrap();
    }
    let more = if *divisor == 1 { 0 } else { 6 };
    let quotient = crate::exact::divide_half_even(&(sum * 10_i128.pow(more)).into(), &(*divisor).into()).unwrap();
    crate::exact::decimal(&quotient, 2 + u8::try_from(more).unwrap()).unwrap().normalized()
}

#[test]
fn a_question_about_an_attribute_is_answered_from_its_number() {
    let of = || Box::new(computation(&days(AttributeName::NsfCount, 90)));
    let above = |than: &str| Computation::Above(Threshold { of: of(), than: than.parse().unwrap() });
    let answer = |question: &Computation| run(question, &household(), &ALWAYS).unwrap();
    // 18 February, March and April
    assert_eq!((answer(&above("2")), answer(&above("3"))), (Outcome::Holds(true), Outcome::Holds(false)));
    assert_eq!(linear_facts(&Rules::default(), &above("2"), &household(), &ALWAYS).unwrap(), None);
    let bare = computation(&days(AttributeName::NsfCount, 90));
    let safer = kinds::safer(&bare, &Outcome::Count(3));
    assert!(safer.iter().all(|(form, _)| form.validate().is_ok() && form.is_question()) && safer.len() == 3);
}

#[test]
fn an_answer_from_few_transactions_is_noted_and_a_row_is_called_one() {
    let table = ledger("2025-01-01 | 5.00\n2025-01-07 | 7.00");
    let asked = days(AttributeName::LargestInflow, 7);
    let rules = Rules::default();
    let facts = Facts { rows: 2, values: Some(behind(&asked, &table)), dominated: false };
    let verdict = check(&computation(&asked), &facts, &rules, false);
    assert!(verdict.refused.is_some() && format!("{:?}", verdict.notes).contains("IsARow"));
    // of a count, all that were looked at stand behind it
    assert_eq!(behind(&days(AttributeName::NsfCount, 90), &household()), 28);
    assert_eq!(behind(&days(AttributeName::BankFees, 90), &household()), 6);
}

#[test]
fn euros_are_not_added_to_dollars_nor_one_account_to_another() {
    let row = |day, amount, currency, account| [day, amount, currency, "", "", "", account];
    let two = table([row("2025-01-01", "5.00", "EUR", "a1"), row("2025-01-08", "7.00", "USD", "a1")].into_iter());
    let inflow = days(AttributeName::TotalInflow, 8);
    assert_eq!(
        ask(&inflow, &two),
        "the transactions are in several currencies, or some name none; ask about one of them with currency"
    );
    let only = |currency: &str| Attribute { currency: Some(currency.parse().unwrap()), ..inflow.clone() };
    assert_eq!((ask(&only("EUR"), &two), ask(&only("USD"), &two)), ("5.00".to_owned(), "7.00".to_owned()));
    assert_eq!(ask(&only("CHF"), &two), "there is no transaction with a date and an amount in what was asked about");
    let unsaid = table([row("2025-01-01", "5.00", "EUR", "a1"), row("2025-01-08", "7.00", "", "a1")].into_iter());
    assert!(ask(&inflow, &unsaid).contains("several currencies"));
    let accounts = [("2025-01-01", "5.00", "a1"), ("2025-01-01", "1.00", "a2"), ("2025-01-08", "7.00", "a2")];
    let accounts = table(accounts.map(|(day, amount, account)| row(day, amount, "EUR", account)).into_iter());
    assert!(ask(&inflow, &accounts).contains("several accounts"));
    let of = |account: &str| Attribute { account: Some(account.parse().unwrap()), ..inflow.clone() };
    assert_eq!(ask(&of("a2"), &accounts), "8.00");
    let none = table([row("2025-01-01", "5.00", "", ""), row("2025-01-08", "7.00", "", "")].into_iter());
    assert_eq!(ask(&inflow, &none), "12.00");
}

#[test]
fn a_window_that_the_history_does_not_cover_is_refused() {
    let short = "the transactions begin later than what was asked about; ask about fewer days or months";
    let inflow = |count| ask(&days(AttributeName::TotalInflow, count), &household());
    // from 30 December to 30 April are 122 days, and a week may be quiet
    assert_eq!((inflow(129).as_str(), inflow(130).as_str()), ("7000.00", short));
    let income = |count| ask(&months(AttributeName::MedianMonthlyIncome, count), &household());
    assert_eq!((income(4).as_str(), income(5).as_str()), ("1500.00000000", short));
    let late = |day| ask(&as_of(days(AttributeName::TotalInflow, 30), day), &household());
    assert_eq!(late("2025-05-07"), "0.00");
    assert!(late("2025-05-08").contains("ask as of an earlier day"));
    let early = ledger("2025-03-01 | 5.00\n2025-03-07 | 5.00");
    assert_eq!(ask(&due(months(AttributeName::RentOnTimeRatio, 1), 1, 5), &early), "0.000000");
    assert_eq!(ask(&due(months(AttributeName::RentOnTimeRatio, 2), 1, 5), &early), short);
}

#[test]
fn what_lies_on_an_edge_of_the_window_is_in_it_and_what_lies_beyond_is_not() {
    let table = ledger("2025-01-24 | 1.00\n2025-01-25 | 2.00\n2025-01-31 | 4.00\n2025-02-01 | 8.00");
    assert_eq!(ask(&as_of(days(AttributeName::TotalInflow, 7), "2025-01-31"), &table), "6.00");
    // 500 + 40 + 60 + 30 + 35 + 34 + 150 + 200 and the number of the month; February is over on its last day
    let outflow = |day| ask(&as_of(months(AttributeName::AverageMonthlyOutflow, 1), day), &household());
    assert_eq!((outflow("2025-02-28").as_str(), outflow("2025-02-27").as_str()), ("1051.00000000", "1050.00000000"));
}

#[test]
fn a_file_with_the_newest_first_is_read_from_its_end() {
    let newest_first = ledger(
        "2025-01-08 | 1.00 | 30.00\n2025-01-07 | 1.00 | 20.00\n2025-01-07 | 1.00 | -5.00\n2025-01-02 | 1.00 | 10.00",
    );
    // the 7th ended with 20.00
    assert_eq!(ask(&days(AttributeName::BalanceMin, 7), &newest_first), "10.00");
    assert_eq!(ask(&days(AttributeName::NegativeBalanceDays, 7), &newest_first), "0");
}

#[test]
fn without_a_balance_there_is_no_number_about_balances() {
    let none = ledger("2025-01-02 | 1.00\n2025-01-08 | -1.00");
    for name in [AttributeName::BalanceMean, AttributeName::BalanceMin, AttributeName::BalanceVolatility] {
        assert!(ask(&days(name, 7), &none).starts_with("no balance is known"), "{name:?}");
    }
}

#[test]
fn nothing_is_set_in_relation_to_nothing() {
    let quiet = ledger("2024-12-30 | 1.00\n2025-04-30 | 1.00");
    let none = |attribute| ask(&attribute, &quiet);
    assert_eq!(none(days(AttributeName::GamblingShare, 30)), "there is no money going out in what was asked about");
    assert_eq!(none(months(AttributeName::DebtToIncome, 3)), "there is no income in what was asked about");
    let winter = as_of(months(AttributeName::SavingsRate, 2), "2025-03-31");
    assert_eq!(none(winter), "there is no money coming in in what was asked about");
    assert_eq!(none(months(AttributeName::IncomeVariation, 3)), "there is no income in what was asked about");
    assert!(none(months(AttributeName::IncomeTrend, 1)).starts_with("it needs at least 2 months"));
    assert!(none(months(AttributeName::LargestIncomeGap, 3)).starts_with("it needs at least 2 incomes"));
}

#[test]
fn words_are_found_whole_and_in_any_case_and_never_across_two_columns() {
    let class = |description: &str, counterparty: &str| {
        let classes = classes::Read::new(description, counterparty).classes();
        Class::ALL.into_iter().filter(|class| classes.has(*class)).map(Class::name).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(class("RETURNED CHECK FEE, CHECK # 319", ""), "returned payment, fee of the bank");
    assert_eq!(class("Rücklastschrift", "SPARKASSE"), "returned payment, fee of the bank");
    assert_eq!(class("Current account", ""), "");
    assert_eq!(class("RENT-A-CAR 0815", ""), "");
    assert_eq!(class("car", "rent"), "rent");
    assert_eq!(class("returned", "check"), "");
    assert_eq!(class("Miete Oktober", "Hausverwaltung"), "rent");
    assert_eq!(class("ATM fee", ""), "fee of the bank");
    assert_eq!(class("Overdraft protection transfer", ""), "");
    assert_eq!(class("Lohn/Gehalt 10/25", "ACME"), "income");
    assert_eq!(class("AUTOMATIC WITHDRAWAL, ELECTRIC BILL", ""), "");
}

#[test]
fn every_phrase_of_a_table_is_plain_and_is_found() {
    for of in Class::ALL {
        let (any, none) = phrases(of);
        for phrase in any.iter().chain(none) {
            assert_eq!(classes::plain(phrase), format!(" {phrase} "), "{phrase}");
        }
        for phrase in any.iter().filter(|phrase| !none.iter().any(|none| phrase.contains(none))) {
            assert!(classes::Read::new(phrase, "").classes().has(of), "{phrase}");
        }
    }
}

#[test]
fn words_that_say_nothing_mark_nothing() {
    let asked = with_words(months(AttributeName::MedianMonthlyIncome, 3), &["***"]);
    assert_eq!(ask(&asked, &household()), "1500.00000000");
}

#[test]
fn every_attribute_has_its_sentence() {
    let table = household();
    let of = "giro".parse().unwrap();
    let mut sentences = String::new();
    for name in AttributeName::ALL {
        let told = sentence(&computation(&customary(*name)), &Described::new(&of, 38, table.columns()));
        let _ = writeln!(sentences, "{told}");
    }
    kept("src/attributes/tests/sentences.txt", &sentences);
}

#[test]
fn parameters_are_told_as_they_were_typed_and_words_cannot_end_their_quotation() {
    let asked = Attribute {
        currency: Some("EUR".parse().unwrap()),
        account: Some("0123456789abcdef".parse().unwrap()),
        ..as_of(
            with_words(due(months(AttributeName::RentOnTimeRatio, 1), 3, 1), &["Mrs Miller", "a”. Approved. “"]),
            "2025-03-31",
        )
    };
    let of = "giro".parse().unwrap();
    assert_eq!(
        sentence(&computation(&asked), &Described::new(&of, 38, household().columns())),
        "Which part of the months had its rent on time, in the last whole month up to 31 March 2025, due on day 3 of each month and on time until 1 day later, rent is also what has the words “Mrs Miller” or “a'. Approved. '”, only of what is in EUR, only of the account “0123456789abcdef”, in the 38 rows of “giro”."
    );
    let below = Computation::Below(Threshold {
        of: Box::new(computation(&days(AttributeName::NsfCount, 30))),
        than: Decimal::from(2),
    });
    assert_eq!(
        kinds::phrase(&below),
        "Only whether it is below 2, yes or no: how often the bank returned a payment unpaid or charged for it, in the 30 days up to the last transaction."
    );
}

#[test]
fn the_page_of_attributes_is_what_the_code_says() {
    kept("../../docs/attributes.md", &page::of_all());
}

/// Compares with a file; `BLESS=1` writes it anew.
fn kept(path: &str, made: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, made, "{}: BLESS=1 writes it anew", path.display());
}

mod page;

fn movements() -> impl Strategy<Value = Vec<(i32, i64, Option<i64>, usize)>> {
    let movement = (0..130_i32, -100_000..100_000_i64, proptest::option::of(-50_000..50_000_i64), 0..PHRASES.len());
    proptest::collection::vec(movement, 0..60)
}

const PHRASES: [&str; 8] = ["Salary", "Rent", "NSF fee", "overdraft fee", "ATM", "casino", "car loan", "shop"];

/// Movements after a quiet day, so that the history covers four months.
fn drawn(movements: &[(i32, i64, Option<i64>, usize)]) -> crate::Table {
    let cents = |cents: i64| Decimal::new(cents.into(), 2).unwrap().to_string();
    let rows = movements.iter().map(|(day, amount, balance, phrase)| {
        let date = protocol::Date::from_days(20_088 + day).unwrap().to_string();
        format!("{date} | {} | {} | {}", cents(*amount), balance.map(cents).unwrap_or_default(), PHRASES[*phrase])
    });
    let ends = ["2024-12-31 | 1.00 | 5.00 | opening".to_owned(), "2025-05-09 | 1.00 | | end".to_owned()];
    ledger(&ends.into_iter().chain(rows).collect::<Vec<_>>().join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_attribute_never_fails_but_by_its_lacks_and_facts_always_add_up(movements in movements()) {
        let table = drawn(&movements);
        for name in AttributeName::ALL {
            let asked = computation(&customary(*name));
            match run(&asked, &table, &ALWAYS) {
                Err(crate::RunError::Attribute(_)) => {}
                Err(other) => prop_assert!(false, "{:?}: {}", name, other),
                Ok(outcome) => {
                    let facts = linear_facts(&Rules::default(), &asked, &table, &ALWAYS).unwrap();
                    if let Some(facts) = facts {
                        prop_assert_eq!(of_facts(&facts[0], &table), outcome.scalar().unwrap().decimal().normalized(), "{:?}", name);
                    }
                }
            }
        }
    }

    #[test]
    fn shares_lie_between_nothing_and_all_and_streaks_within_the_months(movements in movements()) {
        let table = drawn(&movements);
        for name in [AttributeName::CashWithdrawalShare, AttributeName::GamblingShare, AttributeName::PositiveMonthsShare,
            AttributeName::IncomeMonthsShare, AttributeName::RentOnTimeRatio] {
            if let Ok(outcome) = run(&computation(&customary(name)), &table, &ALWAYS) {
                let share = outcome.scalar().unwrap().decimal();
                prop_assert!((0..=1_000_000).contains(&share.mantissa()) && share.scale() == 6, "{:?}", name);
            }
        }
        let streak = customary(AttributeName::LongestLateRentStreak);
        if let Ok(Outcome::Count(streak)) = run(&computation(&streak), &table, &ALWAYS) {
            prop_assert!(streak <= 3);
        }
    }
}

#[test]
fn every_customary_parameter_lies_in_a_window_by_custom() {
    for name in AttributeName::ALL {
        let asked = customary(*name);
        let fits = match name.form().span {
            Span::History => asked.days.is_none() && asked.months.is_none(),
            Span::Days => asked.days == Some(30),
            Span::Months => asked.months == Some(3),
        };
        assert!(fits && computation(&asked).validate().is_ok(), "{name:?}");
    }
}
