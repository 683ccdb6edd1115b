//! Who gets in: nobody but the user of the home, by a key that works once.

use scenarios::{Api, Node, Pair, raw};
use serde_json::json;
use std::fs;

/// A node and what its user can read.
struct Scene {
    node: Node,
}

impl Scene {
    fn new() -> Self {
        let mut node = Node::init("Jack");
        node.up();
        Self { node }
    }

    fn api(&self) -> Api {
        self.node.api()
    }

    fn key(&self) -> String {
        let page = fs::read_to_string(self.node.home().join("screen.html")).unwrap();
        page.split_once("launch=").unwrap().1.chars().take(43).collect()
    }

    /// Opens a session; answers with its cookie.
    fn open(&self) -> String {
        let (status, head, _) = self.post("/open", &format!("launch={}", self.key()), &[]);
        assert_eq!(status, 303);
        head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap().split(';').next().unwrap().to_owned()
    }

    fn post(&self, path: &str, form: &str, lines: &[String]) -> (u16, String, String) {
        let authority = self.api().authority().to_owned();
        self.send("POST", path, &authority, lines, form)
    }

    fn send(&self, method: &str, path: &str, host: &str, lines: &[String], body: &str) -> (u16, String, String) {
        let mut head = vec![format!("{method} {path} HTTP/1.1"), format!("Host: {host}")];
        if method == "POST" {
            head.push("Content-Type: application/x-www-form-urlencoded".to_owned());
        }
        head.extend_from_slice(lines);
        // header names are told in lower case, their values too: a cookie is read from the raw answer
        exact(self.api().authority(), &head, body)
    }

    /// The token in a page's forms.
    fn form(&self, cookie: &str) -> String {
        let authority = self.api().authority().to_owned();
        let (_, _, page) = self.send("GET", "/settings", &authority, &[format!("Cookie: {cookie}")], "");
        page.split_once("name=\"form-token\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
    }

    fn relays(&self) -> usize {
        self.api().get("/v1/relays").as_array().unwrap().len()
    }
}

/// As [`raw`], with the head as it was sent.
fn exact(authority: &str, head: &[String], body: &str) -> (u16, String, String) {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(authority).unwrap();
    let text = format!("{}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", head.join("\r\n"), body.len());
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_owned(), body.to_owned())
}

const RELAY: &str =
    "address=%2Fip4%2F192.0.2.1%2Ftcp%2F4001%2Fp2p%2F12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";

#[test]
fn a_launch_key_opens_once_and_a_session_cannot_be_chosen() {
    let scene = Scene::new();
    let key = scene.key();
    let cookie = scene.open();
    assert_eq!(scene.post("/open", &format!("launch={key}"), &[]).0, 403, "replayed");
    assert_eq!(scene.post("/open", "launch=", &[]).0, 403);
    // looking at the page of a key does not spend it
    let authority = scene.api().authority().to_owned();
    let fresh = scene.key();
    assert_eq!(scene.send("GET", &format!("/open?launch={fresh}"), &authority, &[], "").0, 200);
    assert_eq!(scene.post("/open", &format!("launch={fresh}"), &[]).0, 303);
    // fixation: a cookie that was there before opens nothing, and a new one is drawn
    let name = cookie.split('=').next().unwrap();
    let chosen = format!("Cookie: {name}=chosen");
    let (status, head, _) = scene.send("GET", "/", &authority, std::slice::from_ref(&chosen), "");
    assert_eq!((status, head.contains("location: /sign-in")), (303, true), "{head}");
    let (_, head, _) = scene.post("/open", &format!("launch={}", scene.key()), &[chosen]);
    assert!(head.contains("set-cookie") && !head.contains("chosen"), "{head}");
}

#[test]
fn a_change_needs_its_session_and_the_token_of_its_form() {
    let scene = Scene::new();
    let (cookie, other) = (scene.open(), scene.open());
    let (form, others) = (scene.form(&cookie), scene.form(&other));
    let with = |cookie: &str| vec![format!("Cookie: {cookie}")];
    for (body, lines) in [
        (RELAY.to_owned(), with(&cookie)),
        (format!("{RELAY}&form-token=wrong"), with(&cookie)),
        (format!("{RELAY}&form-token={others}"), with(&cookie)),
        (format!("{RELAY}&form-token={form}"), vec![]),
    ] {
        assert_eq!(scene.post("/settings/relays", &body, &lines).0, 403, "{body} {lines:?}");
    }
    assert_eq!(scene.relays(), 0);
    assert_eq!(scene.post("/settings/relays", &format!("{RELAY}&form-token={form}"), &with(&cookie)).0, 303);
    assert_eq!(scene.relays(), 1);
}

#[test]
fn a_session_of_one_host_name_or_node_holds_at_no_other() {
    let (scene, other) = (Scene::new(), Scene::new());
    let cookie = format!("Cookie: {}", scene.open());
    let port = scene.api().authority().rsplit(':').next().unwrap().to_owned();
    let (status, head, _) = scene.send("GET", "/", &format!("localhost:{port}"), std::slice::from_ref(&cookie), "");
    assert_eq!((status, head.contains("/sign-in")), (303, true));
    let authority = other.api().authority().to_owned();
    let (status, head, _) = other.send("GET", "/", &authority, &[cookie], "");
    assert_eq!((status, head.contains("/sign-in")), (303, true));
}

#[test]
fn a_locked_screen_shows_nothing_and_everything_can_be_stopped() {
    let mut scene = Scene::new();
    let cookie = scene.open();
    let form = scene.form(&cookie);
    let lines = [format!("Cookie: {cookie}")];
    let authority = scene.api().authority().to_owned();
    assert_eq!(scene.post("/lock", &format!("form-token={form}"), &lines).0, 303);
    assert_eq!(scene.send("GET", "/data", &authority, &lines, "").0, 303);
    let cookie = scene.open();
    let form = scene.form(&cookie);
    assert_eq!(scene.post("/stop", &format!("form-token={form}"), &[format!("Cookie: {cookie}")]).0, 200);
    let api = scene.api();
    scenarios::until("the node has ended", || api.try_get("/v1/me").is_err().then_some(()));
    let key = scene.node.home().join("screen.html");
    scenarios::until("the key is gone with its node", || (!key.exists()).then_some(()));
    scene.node.stop();
}

#[cfg(unix)]
#[test]
fn another_user_of_this_machine_can_read_neither_key_nor_sessions() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = Scene::new();
    let _ = scene.open();
    for file in ["screen.html", "screen.sessions"] {
        assert_eq!(fs::metadata(scene.node.home().join(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
}

/// Every path of the screens, with a form that would change something.
const ROUTES: [(&str, &str); 40] = [
    ("GET", "/"),
    ("GET", "/requests"),
    ("GET", "/access"),
    ("GET", "/data"),
    ("GET", "/people"),
    ("GET", "/released"),
    ("GET", "/released/verify"),
    ("GET", "/applicants"),
    ("GET", "/connect"),
    ("GET", "/catalog"),
    ("GET", "/ask"),
    ("GET", "/results"),
    ("GET", "/audit"),
    ("GET", "/audit/verify"),
    ("GET", "/audit/export"),
    ("GET", "/settings"),
    ("GET", "/stop"),
    ("GET", "/happenings"),
    ("GET", "/sign-in"),
    ("GET", "/screen.js"),
    ("POST", "/settings/relays"),
    ("POST", "/settings/relays/remove"),
    ("POST", "/settings/tokens"),
    ("POST", "/settings/tokens/revoke"),
    ("POST", "/invites"),
    ("POST", "/connect"),
    ("POST", "/person/verify"),
    ("POST", "/person/rename"),
    ("POST", "/person/block"),
    ("POST", "/person/forget"),
    ("POST", "/data/keep"),
    ("POST", "/data/bills/remove"),
    ("POST", "/data/bills/visible"),
    ("POST", "/data/bills/mock"),
    ("POST", "/requests/x/approve"),
    ("POST", "/access/x/revoke"),
    ("POST", "/ask"),
    ("POST", "/lock"),
    ("POST", "/stop"),
    ("POST", "/open"),
];

#[test]
fn no_spelling_of_a_foreign_host_and_no_foreign_page_has_an_effect_on_any_route() {
    let pair = Pair::connected();
    let _ = pair.store("bills", &[1, 2, 3, 4, 5, 12]);
    let scene = Scene { node: Node::init("Nobody") };
    drop(scene);
    let before = pair.state();
    let authority = pair.jack.api().authority().to_owned();
    let port = authority.rsplit(':').next().unwrap().to_owned();
    let key: String = fs::read_to_string(pair.jack.home().join("screen.html")).unwrap();
    let key: String = key.split_once("launch=").unwrap().1.chars().take(43).collect();
    let (_, head, _) = exact(
        &authority,
        &[
            "POST /open HTTP/1.1".into(),
            format!("Host: {authority}"),
            "Content-Type: application/x-www-form-urlencoded".into(),
        ],
        &format!("launch={key}"),
    );
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap().split(';').next().unwrap();
    let (_, _, page) = exact(
        &authority,
        &["GET /settings HTTP/1.1".into(), format!("Host: {authority}"), format!("Cookie: {cookie}")],
        "",
    );
    let form = page.split_once("name=\"form-token\" value=\"").unwrap().1.split('"').next().unwrap();
    let send = |(method, path): (&str, &str), host: &str, lines: &[String]| {
        let mut head = vec![format!("{method} {path} HTTP/1.1"), format!("Host: {host}"), format!("Cookie: {cookie}")];
        let body = if method == "POST" {
            head.push("Content-Type: application/x-www-form-urlencoded".into());
            format!("form-token={form}&{RELAY}&name=Jill&blocked=yes&to=x&tag=x&sure=yes&scope=decide")
        } else {
            String::new()
        };
        head.extend_from_slice(lines);
        raw(&authority, &head, &body).0
    };
    for host in foreign_hosts(&port) {
        for route in ROUTES {
            let status = send(route, &host, &[]);
            assert!(matches!(status, 400 | 421), "{route:?} as {host:?}: {status}");
        }
    }
    for lines in foreign_pages(&port) {
        for route in ROUTES {
            let status = send(route, &authority, &lines);
            assert_eq!(status, 403, "{route:?} with {lines:?}");
        }
    }
    assert_eq!(pair.state(), before);
    assert_eq!(pair.jack.api().get("/v1/tokens"), json!([]));
}

/// Forty ways to name what is not this node.
fn foreign_hosts(port: &str) -> Vec<String> {
    let names = [
        "evil.example",
        "evil.example.",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "0.0.0.0",
        "192.0.2.1",
        "localhost.",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.2",
        "[::ffff:127.0.0.1]",
        "[::]",
        "[0:0:0:0:0:0:0:2]",
        "[fe80::1]",
        ".localhost",
        "a..localhost",
        "-..localhost",
        "localhost.localdomain",
        "local",
        "evil-localhost",
        "localhost@evil.example",
        "evil.example@localhost",
        "ocalhost",
        "127.0.0.1%00",
        "127.0.0.1%20",
        "xn--localhost-",
    ];
    let mut hosts: Vec<_> = names.iter().map(|name| format!("{name}:{port}")).collect();
    hosts.extend(
        ["127.0.0.1", "localhost", "evil.example", "127.0.0.1:1", "localhost:1", "127.0.0.1:", "localhost:99999"]
            .map(str::to_owned),
    );
    hosts.extend([format!("127.0.0.1:{port}x"), format!("127.0.0.1 :{port}"), format!("http://127.0.0.1:{port}")]);
    assert_eq!(hosts.len(), 40);
    hosts
}

/// Twelve ways in which a browser says that another page sent this.
fn foreign_pages(port: &str) -> Vec<Vec<String>> {
    let origin = |text: &str| vec![format!("Origin: {text}")];
    let site = |text: &str| vec![format!("Sec-Fetch-Site: {text}")];
    let own = format!("http://127.0.0.1:{port}");
    vec![
        origin("https://evil.example"),
        origin("null"),
        origin("file://"),
        origin("http://127.0.0.1:1"),
        origin("http://localhost"),
        origin(&format!("https://127.0.0.1:{port}")),
        origin(&format!("{own}.evil.example")),
        site("cross-site"),
        site("same-site"),
        site("unheard-of"),
        vec![format!("Origin: {own}"), "Origin: https://evil.example".to_owned()],
        vec![format!("Origin: {own}"), "Sec-Fetch-Site: cross-site".to_owned()],
    ]
}
