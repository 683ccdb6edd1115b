//! Files that are larger than one call of JSON holds.

use scenarios::{Node, until};
use serde_json::Value;
use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    sync::mpsc,
    thread,
};

/// What the memory of a node may grow by while it takes a file, in MiB: so much for the file's size, and never more than the
/// last, whatever the size. It is the store's: what it writes at once, and what it keeps of that. Measured: 87 for a file of
/// 20 MiB, 129 for 64, 149 for 160.
const GROWTH: (u64, u64, u64) = (48, 4, 192);

/// A file of about so many MiB; answers with its rows and the sum of its amounts in cents.
fn write_csv(path: &Path, mebibytes: u64) -> (u64, u64) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(b"day,amount,what\n").unwrap();
    let (mut rows, mut sum, mut bytes) = (0, 0, 0_u64);
    while bytes < mebibytes << 20 {
        let cents = rows * 7919 % 100_003;
        let line = format!(
            "2025-{:02}-{:02},{}.{:02},a purchase of many words at shop number {} in the town\n",
            rows % 12 + 1,
            rows % 28 + 1,
            cents / 100,
            cents % 100,
            rows % 977
        );
        file.write_all(line.as_bytes()).unwrap();
        bytes += line.len() as u64;
        rows += 1;
        sum += cents;
    }
    file.flush().unwrap();
    (rows, sum)
}

/// Names in a home, sorted.
fn names(home: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// `HALFDOOR_LARGE_MIB=64` makes the file that large.
#[test]
fn a_file_beyond_what_one_call_holds_is_stored_while_memory_stays_bounded() {
    let mebibytes = std::env::var("HALFDOOR_LARGE_MIB").map_or(20, |set| set.parse().unwrap());
    let mut jack = Node::init("Jack");
    jack.up();
    let path = jack.desk().join("large.csv");
    let (rows, _) = write_csv(&path, mebibytes);
    let (before, at_home) = (jack.peak_memory(), names(&jack.home()));
    let stored = jack.json(&["data", "add", "large.csv", "--tag", "large"]);
    assert_eq!(stored["rows"], rows, "{stored}");
    assert_eq!(stored["columns"].as_array().unwrap().len(), 3);
    assert_eq!(names(&jack.home()), at_home, "nothing but the dataset stays in the home");
    if let Some((before, after)) = before.zip(jack.peak_memory()) {
        let growth = (after - before) >> 20;
        println!("a file of {mebibytes} MiB: memory grew by {growth} MiB at most");
        let (always, each, most) = GROWTH;
        assert!(growth < most.min(always + each * mebibytes), "{growth} MiB");
    }
}

#[cfg(unix)]
#[test]
fn a_bar_shows_on_a_terminal_how_far_a_file_is_and_nothing_elsewhere() {
    let mut jack = Node::init("Jack");
    jack.up();
    let _ = write_csv(&jack.desk().join("large.csv"), 12);
    let add = |tag| ["data", "add", "large.csv", "--tag", tag];
    let said = jack.cli(&add("quietly"));
    assert!(said.succeeded() && said.err().is_empty(), "{}", said.err());
    let mut command = jack.command();
    command.args(add("seen")).current_dir(jack.desk());
    let mut terminal = scenarios::Terminal::start(command);
    terminal.wait_for("rows sealed");
    terminal.wait_for(" of 12.00 MiB");
    assert!(terminal.ended().success(), "{}", terminal.screen());
    assert_eq!(jack.json(&["data", "list"]).as_array().unwrap().len(), 2);
}

/// Listens to events; answers with those about files, as they come.
fn loadings(jack: &Node) -> mpsc::Receiver<Value> {
    let api = jack.api();
    let mut stream = TcpStream::connect(api.authority()).unwrap();
    let token = api.token().unwrap();
    let head = format!("GET /v1/events HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\r\n", api.authority());
    stream.write_all(head.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines();
    // the answer's head has come, so that nothing is missed
    while !lines.next().unwrap().unwrap().is_empty() {}
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let told = line.strip_prefix("data:").and_then(|data| serde_json::from_str::<Value>(data).ok());
            if let Some(told) = told.filter(|told| told.get("stage").is_some())
                && sender.send(told).is_err()
            {
                return;
            }
        }
    });
    receiver
}

/// A call of `/v1/files` with this first line and this file.
fn send(jack: &Node, watch: &str, line: &str, file: &[u8]) -> scenarios::Answer {
    let body = [line.as_bytes(), b"\n", file].concat();
    jack.api().call("POST", &format!("/v1/files?watch={watch}"), Some(("application/octet-stream", &body))).unwrap()
}

/// All that is told of a file, to its end.
fn told(events: &mpsc::Receiver<Value>) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let next = events.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
        let over = next["stage"] == "stored" || next["stage"] == "refused";
        all.push(next);
        if over {
            return all;
        }
    }
}

#[test]
fn whoever_listens_is_told_how_far_a_file_is() {
    let mut jack = Node::init("Jack");
    jack.up();
    let path = jack.desk().join("some.csv");
    let (rows, _) = write_csv(&path, 3);
    let file = std::fs::read(path).unwrap();
    let events = loadings(&jack);
    let _ = send(&jack, "mine1", "{\"tag\":\"some\"}", &file).ok();
    let all = told(&events);
    let stages: Vec<_> = all.iter().map(|one| one["stage"].as_str().unwrap()).collect();
    let order = ["receiving", "reading", "stored"].map(|stage| stages.iter().position(|one| *one == stage));
    assert!(order.is_sorted() && order.iter().all(Option::is_some), "{stages:?}");
    let number = |value: &Value| value.as_u64().unwrap();
    let reading: Vec<_> = all.iter().filter(|one| one["stage"] == "reading").map(|one| number(&one["bytes"])).collect();
    assert!(reading.is_sorted(), "{reading:?}");
    assert!(reading.iter().any(|bytes| *bytes > 0 && *bytes < file.len() as u64), "{reading:?}");
    let last = all.last().unwrap();
    assert_eq!((number(&last["bytes"]), number(&last["of"])), (file.len() as u64, file.len() as u64));
    assert_eq!((number(&last["rows"]), &last["id"]), (rows, &Value::from("mine1")), "{last}");
    assert!(!all.iter().any(|one| one.to_string().contains("purchase")), "numbers only");
}

#[test]
fn what_is_refused_or_breaks_off_leaves_nothing() {
    let mut jack = Node::init("Jack");
    jack.up();
    let at_home = names(&jack.home());
    let path = jack.desk().join("some.csv");
    let _ = write_csv(&path, 18);
    let mut file = std::fs::read(path).unwrap();
    let events = loadings(&jack);
    // well behind the point at which chunks are written
    file.extend_from_slice(b"2025-01-01,words,too\n2025-01-01,1\n");
    let refused = send(&jack, "bad", "{\"tag\":\"bad\"}", &file).refused(422);
    assert!(refused.starts_with("content: ") && refused.contains("line "), "{refused}");
    assert_eq!(told(&events).last().unwrap()["stage"], "refused");
    for (line, status, why) in [
        ("{\"tag\":\"a\",\"content\":\"1\"}", 422, "the file comes behind the first line"),
        ("{\"tag\":7}", 422, "the first line does not fit"),
        ("not JSON", 422, "the first line does not fit"),
        ("{\"tag\":\"a\",\"path\":\"/etc/passwd\"}", 422, "unknown field `path`"),
        ("{\"tag\":\"a\",\"voucher_base64\":\"AAAA\"}", 422, "a file with a voucher is at most 16 MiB"),
    ] {
        let refused = send(&jack, "bad", line, &file).refused(status);
        assert!(refused.contains(why), "{line}: {refused}");
    }
    let without = jack.api().call("POST", "/v1/files", Some(("application/octet-stream", b"{\"tag\":\"a\"}"))).unwrap();
    assert!(without.refused(400).contains("the first line is not there"));
    let as_json = jack.api().call("POST", "/v1/files", Some(("application/json", b"{\"tag\":\"a\"}\n1\n"))).unwrap();
    assert!(as_json.refused(415).contains("not stated to be"));
    let _ = send(&jack, "a%20b", "{\"tag\":\"a\"}", b"1\n").refused(422);

    cut_off(&jack, &file[..6 << 20]);
    assert_eq!(too_large(&jack), 413);
    until("what was written is taken back", || {
        let left = std::fs::read_dir(jack.home().join("datasets")).unwrap().count();
        (left == 0).then_some(())
    });
    assert_eq!(jack.json(&["data", "list"]).as_array().unwrap().len(), 0);
    assert_eq!(names(&jack.home()), at_home);
}

fn head(jack: &Node, length: u64) -> String {
    let api = jack.api();
    format!(
        "POST /v1/files HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/octet-stream\r\n\
         Connection: close\r\nContent-Length: {length}\r\n\r\n{{\"tag\":\"cut\"}}\n",
        api.authority(),
        api.token().unwrap()
    )
}

/// Sends a part of a file and goes away.
fn cut_off(jack: &Node, part: &[u8]) {
    let mut stream = TcpStream::connect(jack.api().authority()).unwrap();
    stream.write_all(head(jack, 100 << 20).as_bytes()).unwrap();
    stream.write_all(part).unwrap();
}

/// States a length that no file may have.
fn too_large(jack: &Node) -> u16 {
    let mut stream = TcpStream::connect(jack.api().authority()).unwrap();
    stream.write_all(head(jack, 2 << 30).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("larger than 1024 MiB") && answer.contains("save it as Parquet"), "{answer}");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap()
}
