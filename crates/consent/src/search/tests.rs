use super::*;

fn found(search: &str, texts: &[&str]) -> bool {
    Search::of(search).unwrap().finds(texts.iter().copied())
}

#[test]
fn case_and_accents_do_not_count_on_either_side() {
    for (search, text) in [
        ("electricite", "Électricité de Jack"),
        ("ÉLECTRICITÉ", "electricite 2025"),
        ("strasse", "Straße 5"),
        ("HAUPTSTRASSE", "hauptstraße"),
        ("lodz", "Łódź"),
        ("çoğu", "COGU"),
        ("παρισι", "Παρίσι"),
        ("ﬁnance", "finance"),
    ] {
        assert!(found(search, &[text]), "{search} in {text}");
    }
    assert!(!found("lodz", &["Wodz"]));
}

#[test]
fn every_word_must_begin_a_word_of_any_of_the_texts() {
    let texts = ["electricity", "bills of 2025, by post", "net_amount"];
    for good in ["", "  ", "elec", "bill elec", "2025 post", "amount", "NET amount", "post, 2025!"] {
        assert!(found(good, &texts), "{good}");
    }
    for bad in ["lectricity", "bills rent", "electricitybills", "025", "ount", "!", "%", "*"] {
        assert!(!found(bad, &texts), "{bad}");
    }
}

#[test]
fn a_search_is_bounded() {
    assert!(Search::of(&"a".repeat(64)).is_ok());
    assert!(Search::of(&"a".repeat(65)).is_err());
}
