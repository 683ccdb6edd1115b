use super::*;

fn record(name: &str) -> TokenRecord {
    let name = name.parse().unwrap();
    TokenRecord { name, scope: Scope::Read, hash: hash_of(b"text"), made: 1, until: None, used: Some(7) }
}

fn kept(all: &[(u8, &str)]) -> Vec<(Vec<u8>, TokenRecord)> {
    all.iter().map(|(id, name)| (vec![*id; ID_BYTES], record(name))).collect()
}

#[test]
fn a_token_is_found_by_its_whole_name_or_the_beginning_of_its_id() {
    let all = kept(&[(0xaa, "loans"), (0xab, "auditor"), (0x01, "aa")]);
    let found = |named: &str| find(&all, named).map(|id| id[0]);
    assert_eq!(found("loans").unwrap(), 0xaa);
    assert_eq!(found("abab").unwrap(), 0xab);
    assert_eq!(found("aa").unwrap(), 0x01, "a name comes before an id");
    assert!(matches!(found("a"), Err(NodeError::Ambiguous { .. })));
    for unknown in ["", "loan", "Loans", "ff", "AB"] {
        assert!(matches!(found(unknown), Err(NodeError::NotFound { .. })), "{unknown:?}");
    }
}

#[test]
fn a_name_is_plain_text_of_its_own_and_there_are_sixty_four_at_most() {
    let few = kept(&[(1, "loans")]);
    assert_eq!(free_name(" auditor ", &few).unwrap().as_str(), "auditor");
    assert!(matches!(free_name("loans", &few), Err(NodeError::Conflict { .. })));
    let long = "n".repeat(65);
    for wrong in ["", "  ", "a\nb", "\u{202e}snaol", "this home", "Duo", long.as_str()] {
        assert!(matches!(free_name(wrong, &few), Err(NodeError::Invalid { field: "name", .. })), "{wrong:?}");
    }
    let full: Vec<_> = (0..TOKENS).map(|n| (n.to_be_bytes().to_vec(), record(&format!("token {n}")))).collect();
    assert!(matches!(free_name("one more", &full), Err(NodeError::Refused { .. })));
}

#[test]
fn what_is_kept_of_a_token_comes_back_as_it_was() {
    let with_end = TokenRecord { until: Some(u64::MAX), used: None, ..record("loans") };
    for record in [record("loans"), with_end] {
        let bytes = encoded(&record).unwrap();
        assert_eq!(cbor::from_slice::<TokenRecord>(&bytes).unwrap(), record);
    }
}
