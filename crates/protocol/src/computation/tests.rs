use super::*;

fn column(text: &str) -> Name {
    text.parse().expect(text)
}

#[test]
fn every_kind_is_found_by_its_word_and_makes_a_computation_of_its_kind() {
    for kind in Kind::ALL {
        assert_eq!(Kind::named(kind.name()), Some(kind));
        let computation = kind.over(column("amount"));
        assert_eq!(computation.kind(), kind);
        assert_eq!(computation.columns(), [&column("amount")]);
    }
    assert_eq!(Kind::named("average"), Some(Kind::Mean));
    assert_eq!(Kind::named("mode"), None);
}

#[test]
fn the_word_of_a_kind_is_its_word_on_the_wire() {
    for kind in Kind::ALL {
        assert_eq!(cbor::to_vec(&kind).expect("encodes"), cbor::to_vec(kind.name()).expect("encodes"));
    }
}

#[test]
fn another_column_or_another_kind_is_another_hash() {
    let hash = |kind: Kind, name| kind.over(column(name)).hash().expect("encodes");
    assert_eq!(hash(Kind::Mean, "amount"), hash(Kind::Mean, "amount"));
    assert_ne!(hash(Kind::Mean, "amount"), hash(Kind::Mean, "Amount"));
    assert_ne!(hash(Kind::Mean, "amount"), hash(Kind::Sum, "amount"));
}

#[test]
fn arithmetic_means_something_on_numbers_only() {
    assert!(ColumnType::Integer.is_numeric() && ColumnType::Decimal(2).is_numeric());
    assert!(![ColumnType::Date, ColumnType::Text, ColumnType::Boolean].into_iter().any(ColumnType::is_numeric));
}

#[test]
fn an_outcome_prints_as_its_number() {
    assert_eq!(Outcome::Count(48).to_string(), "48");
    assert_eq!(Outcome::Decimal("87.40".parse().expect("decimal")).to_string(), "87.40");
}
