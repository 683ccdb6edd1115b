use super::*;
use std::{
    io::{BufReader, Write as _},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
    thread,
};

/// Who a node says it is, as JSON.
const ME: &str = r#"{"party":"aa","name":"Jack","peer":"p","version":"0"}"#;

/// A home whose node answers each call with the next of these, and what it was sent.
fn home_answering(answers: Vec<(u16, &'static str)>) -> (tempfile::TempDir, Receiver<String>) {
    let home = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}\n", listener.local_addr().unwrap());
    std::fs::write(home.path().join("api.address"), address).unwrap();
    std::fs::write(home.path().join("api.token"), "a-token\n").unwrap();
    let (sent, calls) = channel();
    thread::spawn(move || {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let call = read_call(&mut BufReader::new(&stream));
            let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
            if sent.send(call).is_err() {
                return;
            }
        }
    });
    (home, calls)
}

/// Head and body of one call, as text.
fn read_call(from: &mut impl std::io::BufRead) -> String {
    let (mut call, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        from.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        call.push_str(&line);
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    std::io::Read::read_exact(from, &mut body).unwrap();
    call + &String::from_utf8(body).unwrap()
}

#[test]
fn a_home_without_a_running_node_says_how_to_start_one() {
    let home = tempfile::tempdir().unwrap();
    let error = Client::of(home.path(), None).unwrap_err();
    assert_eq!(error.kind(), &Kind::NotRunning);
    assert!(error.next_step().is_some_and(|hint| hint.contains("halfdoor up")));
}

#[test]
fn a_node_that_died_and_left_its_files_is_not_running() {
    let (home, _) = home_answering(Vec::new());
    // The one that listened is gone; its port answers nobody.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    std::fs::write(home.path().join("api.address"), address).unwrap();
    let error = Client::of(home.path(), None).unwrap().me().unwrap_err();
    assert_eq!(error.kind(), &Kind::NotRunning);
}

#[test]
fn the_token_is_not_read_for_an_address_elsewhere() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("api.address"), "http://192.168.1.5:80\n").unwrap();
    let error = Client::of(home.path(), None).unwrap_err();
    assert!(error.chain().contains("does not name a loopback address"));
}

#[test]
fn a_damaged_token_is_told_and_never_put_into_a_header() {
    let (home, _) = home_answering(Vec::new());
    for damaged in ["", "two words", "a\r\nx-injected: 1"] {
        std::fs::write(home.path().join("api.token"), damaged).unwrap();
        assert!(Client::of(home.path(), None).unwrap_err().chain().contains("api.token is damaged"), "{damaged:?}");
    }
}

#[test]
fn a_call_carries_the_token_and_goes_past_every_proxy() {
    let (home, calls) = home_answering(vec![(200, ME)]);
    let client = Client::of(home.path(), None).unwrap();
    assert!(client.agent.config().proxy().is_none());
    assert_eq!(client.me().unwrap().name, "Jack");
    let call = calls.recv().unwrap();
    assert!(call.starts_with("GET /v1/me HTTP/1.1\r\n"), "{call}");
    assert!(call.to_lowercase().contains("authorization: bearer a-token\r\n"), "{call}");
}

#[test]
fn a_body_is_json_and_a_wish_without_words_still_has_one() {
    let (home, calls) = home_answering(vec![(204, ""), (204, "")]);
    let client = Client::of(home.path(), None).unwrap();
    client.revoke("ab/cd").unwrap();
    let call = calls.recv().unwrap();
    assert!(call.starts_with("POST /v1/grants/ab%2Fcd/revoke HTTP/1.1\r\n"), "{call}");
    assert!(call.to_lowercase().contains("content-type: application/json\r\n") && call.ends_with("{}"), "{call}");
    client.remove_relay("/ip4/1.2.3.4/tcp/4010/p2p/X").unwrap();
    let call = calls.recv().unwrap();
    assert!(call.starts_with("DELETE /v1/relays?address=%2Fip4%2F1.2.3.4%2Ftcp%2F4010%2Fp2p%2FX "), "{call}");
}

#[test]
fn a_refusal_keeps_the_words_the_hint_and_the_status_of_the_node() {
    let problem = r#"{"type":"urn:halfdoor:problem:conflict","title":"conflict","status":409,
        "detail":"it was decided already","hint":"halfdoor requests"}"#;
    let (home, _calls) = home_answering(vec![(409, problem), (500, "<html>")]);
    let client = Client::of(home.path(), None).unwrap();
    let error = client.accept("ab").unwrap_err();
    assert_eq!(error.kind(), &Kind::Problem { of: "conflict".into(), status: 409 });
    assert_eq!((error.chain().as_str(), error.next_step()), ("it was decided already", Some("halfdoor requests")));
    let error = client.accept("ab").unwrap_err();
    assert_eq!((error.status(), error.chain().as_str()), (Some(500), "the node answered 500"));
}

#[test]
fn a_redirect_is_not_followed() {
    let (home, _calls) = home_answering(vec![(307, "")]);
    assert_eq!(Client::of(home.path(), None).unwrap().me().unwrap_err().status(), Some(307));
}

#[test]
fn an_answer_of_another_form_is_a_failure_not_a_guess() {
    let (home, _calls) = home_answering(vec![(200, r#"{"name":"Jack"}"#)]);
    assert!(Client::of(home.path(), None).unwrap().me().unwrap_err().chain().contains("makes no sense"));
}

#[test]
fn a_long_wait_is_asked_for_again_while_the_other_side_is_away() {
    let away = r#"{"type":"urn:halfdoor:problem:away","title":"away","status":504,"detail":"not yet"}"#;
    let refused = r#"{"type":"urn:halfdoor:problem:refused","title":"refused","status":403,"detail":"no grant"}"#;
    let (home, calls) = home_answering(vec![(504, away), (504, away), (403, refused)]);
    let client = Client::of(home.path(), None).unwrap();
    let error = client.run("ab", Duration::from_secs(600)).unwrap_err();
    assert_eq!(error.status(), Some(403));
    let first = calls.recv().unwrap();
    assert!(first.starts_with("POST /v1/requests/ab/run?wait=60 "), "{first}");
    assert_eq!(calls.iter().take(2).count(), 2);
}

#[test]
fn a_wait_that_is_over_tells_what_the_node_said_last() {
    let away = r#"{"type":"urn:halfdoor:problem:away","title":"away","status":504,"detail":"not yet"}"#;
    let (home, calls) = home_answering(vec![(504, away)]);
    let error = Client::of(home.path(), None).unwrap().run("ab", Duration::ZERO).unwrap_err();
    assert_eq!(error.chain(), "not yet");
    assert_eq!(calls.iter().count(), 1);
}

#[test]
fn a_token_file_is_used_instead_of_the_homes_own_and_must_be_there() {
    let (home, calls) = home_answering(vec![(200, ME)]);
    let file = home.path().join("loans.token");
    let missing = Client::of(home.path(), Some(&file)).unwrap_err();
    assert!(missing.chain().contains("no token file") && missing.next_step().is_some());
    std::fs::write(&file, "hdt_of-the-loan-system\n").unwrap();
    let _ = Client::of(home.path(), Some(&file)).unwrap().me().unwrap();
    let call = calls.recv().unwrap();
    assert!(call.contains("authorization: Bearer hdt_of-the-loan-system") && !call.contains("a-token"), "{call}");
}
