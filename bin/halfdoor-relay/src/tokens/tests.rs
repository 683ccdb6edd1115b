use super::*;

fn said(text: &str) -> Result<usize, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens");
    std::fs::write(&path, text).unwrap();
    read(&path).map(|tokens| tokens.len()).map_err(|error| error.to_string())
}

#[test]
fn a_fresh_token_is_another_each_time_and_can_be_read_back() {
    let (one, two) = (fresh(), fresh());
    assert_ne!(*one, *two);
    assert!(one.starts_with("hrt_"));
    assert_eq!(said(&format!("# tokens\n\n{} # for Jack\n  {}\n", *one, *two)), Ok(2));
}

#[test]
fn what_cannot_be_a_file_of_tokens_is_refused_with_its_line() {
    assert!(said("# none\n").unwrap_err().contains("nobody would be served"));
    assert!(said("\nshort\n").unwrap_err().contains("line 2"));
    assert!(said(&"x".repeat(65)).unwrap_err().contains("line 1"));
    assert!(said(&"0123456789abcdef\n".repeat(1025)).unwrap_err().contains("more than 1024"));
    assert!(said(&" ".repeat(1 << 21)).unwrap_err().contains("longer"));
    let missing = read(Path::new("no/such/file")).unwrap_err().to_string();
    assert!(missing.contains("no/such/file"), "{missing}");
}
