//! A browser, driven as a person drives it: it clicks, types, looks. Headless Chromium by WebDriver.

use crate::{
    Node, Process, until,
    watch::{PATIENCE, PAUSE},
};
use fantoccini::{
    Client, ClientBuilder, Locator,
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Set where a browser must be there: without it a missing one skips the test, with the reason printed.
const REQUIRED: &str = "HALFDOOR_BROWSER_REQUIRED";
/// Keeps every breach of the content policy, on every page from its first moment.
const WATCH: &str = "addEventListener('securitypolicyviolation', (breach) => { try { sessionStorage.setItem('breaches', \
    (sessionStorage.getItem('breaches') || '') + breach.violatedDirective + ' ' + breach.blockedURI + '\\n') } catch { } })";
/// What looks for faults of accessibility (see the folder for source and licence).
const AXE: &str = include_str!("../data/axe/axe.min.js");

/// One browser with a profile of its own.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    runtime: Runtime,
    /// The driver ends after the browser it drives.
    _driver: Process,
    _desk: TempDir,
}

/// How a browser is set up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// No page may run a script.
    pub no_script: bool,
    /// Dark, where pages can be.
    pub dark: bool,
}

impl Browser {
    /// Starts one; none where this machine has no browser, which is said.
    ///
    /// # Panics
    /// When it does not start, or must be there and is not.
    #[must_use]
    pub fn start(manner: Manner) -> Option<Self> {
        let (Some(browser), Some(driver)) = (found(&["chromium", "chromium-browser"]), found(&["chromedriver"])) else {
            assert!(std::env::var_os(REQUIRED).is_none(), "chromium and chromedriver are not installed");
            println!("skipped: no chromium and chromedriver on this machine");
            return None;
        };
        let desk = tempfile::Builder::new().prefix("halfdoor-browser-").tempdir().expect("a folder");
        let mut command = Command::new(driver);
        command.arg("--port=0");
        let process = Process::start("chromedriver", command, desk.path());
        let port = until("the driver listens", || {
            let said = process.out();
            let (_, rest) = said.split_once("successfully on port ")?;
            rest.split_once('.').map(|(port, _)| port.to_owned())
        });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let wanted = wanted(&browser, &desk.path().join("profile"), manner);
        let connecting = async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(wanted).connect(&format!("http://127.0.0.1:{port}")).await
        };
        let client = runtime.block_on(connecting).expect("a browser that starts");
        let browser = Self { client, runtime, _driver: process, _desk: desk };
        let _ = browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH }));
        Some(browser)
    }

    /// Opens the screens of a node as its user does: by the file that only they can read.
    pub fn enter(&self, node: &Node) {
        self.goto(&launch_file(&node.home()));
        self.see_heading("Hello");
    }

    /// Goes to an address.
    ///
    /// # Panics
    /// As everything here, when the browser does not do it.
    pub fn goto(&self, address: &str) {
        self.block(self.client.goto(address));
    }

    /// Goes to a path of the node it is at.
    pub fn go(&self, path: &str) {
        let at = self.address();
        let origin = at.find("://").and_then(|from| at[from + 3..].find('/').map(|end| &at[..from + 3 + end]));
        self.goto(&format!("{}{path}", origin.expect("an origin")));
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> String {
        self.block(self.client.current_url()).to_string()
    }

    /// One page back.
    pub fn back(&self) {
        self.block(self.client.back());
    }

    /// The same page anew.
    pub fn reload(&self) {
        self.block(self.client.refresh());
    }

    /// Presses the button or follows the link that is called so, once it is there.
    pub fn press(&self, name: &str) {
        let path = format!(
            "//main//*[self::a or self::button or self::summary][normalize-space(.)={0} or @aria-label={0}]",
            literal(name)
        );
        self.act_on(name, Locator::XPath(&path));
    }

    /// Presses what a selector finds, once it is there.
    pub fn press_at(&self, selector: &str) {
        self.act_on(selector, Locator::Css(selector));
    }

    fn act_on(&self, name: &str, locator: Locator<'_>) {
        until(&format!("{name:?} can be pressed at {}\n{}", self.address(), self.text()), || {
            let pressing = async { self.client.find(locator).await?.click().await };
            self.runtime.block_on(pressing).ok()
        });
    }

    /// Types into a field, in the place of what was there.
    pub fn fill(&self, id: &str, text: &str) {
        self.block(async {
            let field = self.client.find(Locator::Id(id)).await?;
            field.clear().await?;
            field.send_keys(text).await
        });
    }

    /// Chooses from a list.
    pub fn choose(&self, id: &str, value: &str) {
        self.block(async { self.client.find(Locator::Id(id)).await?.select_by_value(value).await });
    }

    /// What a field holds.
    #[must_use]
    pub fn value(&self, id: &str) -> String {
        let value = self.block(async { self.client.find(Locator::Id(id)).await?.prop("value").await });
        value.unwrap_or_default()
    }

    /// What can be read on the page.
    #[must_use]
    pub fn text(&self) -> String {
        let reading = async { self.client.find(Locator::Css("body")).await?.text().await };
        self.runtime.block_on(reading).unwrap_or_default()
    }

    /// Waits until that can be read on the page.
    pub fn see(&self, text: &str) {
        let begun = Instant::now();
        loop {
            let page = self.text();
            if page.contains(text) {
                return;
            }
            let at = self.address();
            assert!(begun.elapsed() < PATIENCE, "waited in vain for {text:?} on the page {at}, which says:\n{page}");
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until the page's heading begins so.
    pub fn see_heading(&self, text: &str) {
        until(&format!("a heading {text:?}"), || {
            let reading = async { self.client.find(Locator::Css("h1")).await?.text().await };
            self.runtime.block_on(reading).is_ok_and(|heading| heading.starts_with(text)).then_some(())
        });
    }

    /// What a script comes to, run from outside the page.
    #[must_use]
    pub fn run(&self, script: &str) -> Value {
        self.block(self.client.execute(script, Vec::new()))
    }

    /// Types keys at whatever has the focus.
    pub fn keys(&self, keys: &str) {
        self.block(async { self.client.active_element().await?.send_keys(keys).await });
    }

    /// Breaches of the content policy since the browser was started, on the pages of the node it is at.
    #[must_use]
    pub fn breaches(&self) -> String {
        self.run("return sessionStorage.getItem('breaches') || ''").as_str().unwrap_or_default().to_owned()
    }

    /// Serious and critical faults of accessibility on this page, each in a line.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let script = format!(
            "{AXE};const done = arguments[arguments.length - 1];\
             axe.run(document, {{ resultTypes: ['violations'] }}).then((found) => done(found.violations\
             .filter((one) => one.impact === 'serious' || one.impact === 'critical')\
             .map((one) => one.id + ': ' + one.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | '))), \
             (failed) => done(['axe failed: ' + failed]));"
        );
        let found = self.block(self.client.execute_async(&script, Vec::new()));
        found.as_array().expect("a list").iter().map(|fault| fault.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Whether anything of the page lies beyond its right edge.
    #[must_use]
    pub fn overflows(&self) -> bool {
        self.run("return document.documentElement.scrollWidth > document.documentElement.clientWidth") == json!(true)
    }

    /// A tab more, and on to it; answers with what brings back the one before.
    #[must_use]
    pub fn tab(&self) -> fantoccini::wd::WindowHandle {
        self.block(async {
            let before = self.client.window().await?;
            let new = self.client.new_window(true).await?;
            self.client.switch_to_window(new.handle).await?;
            Ok(before)
        })
    }

    /// On to another tab.
    pub fn turn_to(&self, tab: fantoccini::wd::WindowHandle) {
        self.block(self.client.switch_to_window(tab));
    }

    /// The size of the window, in CSS pixels, as a phone's or a desk's.
    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        let _ = self.devtools("Emulation.setDeviceMetricsOverride", size);
    }

    /// The whole page as PNG.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn picture(&self) -> Vec<u8> {
        let shot = self.devtools("Page.captureScreenshot", json!({ "format": "png", "captureBeyondViewport": true }));
        data_encoding::BASE64.decode(shot["data"].as_str().expect("a picture").as_bytes()).expect("base64")
    }

    fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        self.block(self.client.issue_cmd(DevTools { command, parameters }))
    }

    fn block<T>(&self, doing: impl Future<Output = Result<T, fantoccini::error::CmdError>>) -> T {
        self.runtime.block_on(doing).unwrap_or_else(|error| panic!("the browser does not do it: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let closing = self.client.clone().close();
        // one that is gone already needs no closing
        let _ = self.runtime.block_on(async { tokio::time::timeout(Duration::from_secs(5), closing).await });
    }
}

/// The file that opens the screens of a home, as an address.
#[must_use]
pub fn launch_file(home: &Path) -> String {
    format!("file://{}", home.join("screen.html").display())
}

fn wanted(browser: &Path, profile: &Path, manner: Manner) -> Capabilities {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--lang=en-GB".to_owned(),
        "--window-size=1280,900".to_owned(),
        format!("--user-data-dir={}", profile.display()),
    ];
    if manner.dark {
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    let mut options = json!({ "binary": browser, "args": arguments });
    if manner.no_script {
        options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
    }
    let mut wanted = Capabilities::new();
    wanted.insert("browserName".to_owned(), json!("chrome"));
    wanted.insert("goog:chromeOptions".to_owned(), options);
    wanted
}

fn found(names: &[&str]) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|at| at.is_file())
}

/// A text as XPath writes it.
fn literal(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}

#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http_types::Method, Option<String>) {
        (http_types::Method::POST, Some(json!({ "cmd": self.command, "params": self.parameters }).to_string()))
    }
}
