use super::*;
use axum::http::HeaderValue;

fn headers(values: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
    }
    headers
}

#[test]
fn a_token_has_256_bits_of_text_and_none_is_like_another() {
    let (one, other) = (Token::draw().unwrap(), Token::draw().unwrap());
    assert_eq!(one.0.len(), 43);
    assert_eq!(BASE64URL_NOPAD.decode(one.0.as_bytes()).unwrap().len(), RANDOM_BYTES);
    assert_ne!(one.0, other.0);
}

fn carries(token: &Token, headers: &HeaderMap) -> bool {
    token.require(headers).is_ok()
}

#[test]
fn only_the_whole_token_in_one_bearer_field_is_taken() {
    let token = Token("abcdefgh".into());
    assert!(carries(&token, &headers(&["Bearer abcdefgh"])));
    assert!(carries(&token, &headers(&["bearer abcdefgh"])));
    for wrong in
        ["Bearer abcdefg", "Bearer abcdefghi", "Bearer ABCDEFGH", "Bearer ", "Bearer", "abcdefgh", "", "Basic abcdefgh"]
    {
        assert!(!carries(&token, &headers(&[wrong])), "{wrong:?}");
    }
    assert!(!carries(&token, &headers(&[])));
    assert!(!carries(&token, &headers(&["Bearer abcdefgh", "Bearer abcdefgh"])));
}

#[test]
fn a_token_does_not_show_itself_in_debug_output() {
    let token = Token::draw().unwrap();
    assert!(!format!("{token:?}").contains(&*token.0));
}

#[cfg(unix)]
#[test]
fn the_token_file_is_for_its_user_only_and_new_at_each_start() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let path = Token::draw().unwrap().write(home.path()).unwrap();
    let first = std::fs::read_to_string(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    Token::draw().unwrap().write(home.path()).unwrap();
    assert_ne!(std::fs::read_to_string(&path).unwrap(), first);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
