use super::*;
use axum::http::HeaderValue;
use std::fs;

const HOST: &str = "halfdoor-1.localhost:4711";

fn address() -> SocketAddr {
    "127.0.0.1:4711".parse().unwrap()
}

fn start(home: &tempfile::TempDir) -> Sessions {
    Sessions::start(home.path().to_owned(), "abcdef0123456789", address()).unwrap()
}

/// The token in the launch file.
fn laid_out(sessions: &Sessions) -> String {
    let page = fs::read_to_string(sessions.launch_path()).unwrap();
    let (_, rest) = page.split_once("launch=").unwrap();
    rest.chars().take(43).collect()
}

fn opened(sessions: &Sessions) -> String {
    let cookie = sessions.launch(&laid_out(sessions), HOST).unwrap().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn headers(host: &str, cookies: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
    for cookie in cookies {
        headers.append(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
    }
    headers
}

#[test]
fn a_launch_token_opens_one_session_and_another_is_laid_out() {
    let home = tempfile::tempdir().unwrap();
    let sessions = start(&home);
    let first = laid_out(&sessions);
    assert!(launch::is_one(&first), "{first}");
    assert!(sessions.launch(&first, HOST).unwrap().is_some());
    assert!(sessions.launch(&first, HOST).unwrap().is_none(), "a token was taken twice");
    assert_ne!(laid_out(&sessions), first);
    assert!(sessions.launch("", HOST).unwrap().is_none());
}

#[test]
fn a_cookie_is_for_this_node_alone_and_for_no_script() {
    let home = tempfile::tempdir().unwrap();
    let sessions = start(&home);
    let cookie = sessions.launch(&laid_out(&sessions), HOST).unwrap().unwrap();
    assert!(cookie.starts_with("halfdoor-abcdef012345="), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"));
}

#[test]
fn a_session_that_a_browser_made_up_is_none() {
    let home = tempfile::tempdir().unwrap();
    let sessions = start(&home);
    let cookie = opened(&sessions);
    assert!(sessions.of(&headers(HOST, &[&cookie])).is_some());
    assert!(sessions.of(&headers(HOST, &["halfdoor-abcdef012345=chosen"])).is_none());
    assert!(sessions.of(&headers(HOST, &[&cookie, "halfdoor-abcdef012345=chosen"])).is_none(), "two of one name");
    assert!(sessions.of(&headers(HOST, &[])).is_none());
}

#[test]
fn a_session_holds_on_the_host_it_was_opened_on() {
    let home = tempfile::tempdir().unwrap();
    let sessions = start(&home);
    let cookie = opened(&sessions);
    for other in ["127.0.0.1:4711", "halfdoor-1.localhost:4712", "halfdoor-2.localhost:4711"] {
        assert!(sessions.of(&headers(other, &[&cookie])).is_none(), "{other}");
    }
}

#[test]
fn sessions_survive_a_restart_at_the_same_port_and_no_other() {
    let home = tempfile::tempdir().unwrap();
    let cookie = opened(&start(&home));
    assert!(start(&home).of(&headers(HOST, &[&cookie])).is_some());
    let elsewhere = Sessions::start(home.path().to_owned(), "abcdef0123456789", "127.0.0.1:4712".parse().unwrap());
    assert!(elsewhere.unwrap().of(&headers(HOST, &[&cookie])).is_none());
}

#[test]
fn what_is_kept_opens_nothing() {
    let home = tempfile::tempdir().unwrap();
    let sessions = start(&home);
    let cookie = opened(&sessions);
    let secret = cookie.split_once('=').unwrap().1.to_owned();
    let kept = fs::read_to_string(home.path().join(FILE)).unwrap();
    assert!(!kept.contains(&secret));
    let hash = kept.lines().nth(1).unwrap().split(' ').next().unwrap();
    assert!(sessions.of(&headers(HOST, &[&format!("halfdoor-abcdef012345={hash}")])).is_none());
}

#[test]
fn a_file_of_sessions_that_is_broken_holds_none() {
    for broken in
        ["", "x", "4711", "4711 evil.example\n", "4711 a.localhost\nzz a 1 true 0\n", "4711 a.localhost\n\n \n"]
    {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(FILE), broken).unwrap();
        assert!(start(&home).state().held.is_empty(), "{broken:?}");
    }
}

#[test]
fn without_a_passphrase_a_lock_closes() {
    let home = tempfile::tempdir().unwrap();
    let sessions = start(&home);
    let cookie = opened(&sessions);
    let session = sessions.of(&headers(HOST, &[&cookie])).unwrap();
    sessions.lock(&session).unwrap();
    assert!(sessions.of(&headers(HOST, &[&cookie])).is_none());
}

#[test]
fn a_form_of_another_session_is_not_taken() {
    let home = tempfile::tempdir().unwrap();
    let sessions = start(&home);
    let of = |cookie: &str| sessions.of(&headers(HOST, &[cookie])).unwrap();
    let (one, other) = (of(&opened(&sessions)), of(&opened(&sessions)));
    assert!(one.made(&one.form) && !one.made(&other.form) && !one.made(""));
}

#[test]
fn the_oldest_session_makes_room() {
    let home = tempfile::tempdir().unwrap();
    let sessions = start(&home);
    let first = opened(&sessions);
    for _ in 0..SESSIONS {
        let _ = opened(&sessions);
    }
    assert!(sessions.of(&headers(HOST, &[&first])).is_none());
}
