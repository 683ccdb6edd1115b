//! A laboratory of routers: two laptops behind NAT and a relay on a public network, in network namespaces of their own.
//!
//! `tests/natlab/natlab.sh` makes it. Nothing inside reaches this machine's network or is reached from it, so a scenario
//! speaks to its nodes by their command line, within their namespaces.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

/// What a router does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nat {
    /// None: a plain router.
    None,
    /// Keeps ports; lets in what was spoken to.
    Cone,
    /// Changes ports, the same way whatever the destination.
    Shift,
    /// The same, and lets anybody in.
    FullCone,
    /// Another port for each destination.
    Symmetric,
    /// Drops all UDP, as a company's firewall does.
    UdpBlock,
    /// Lets out nothing but TCP to port 443.
    Tcp443,
}

impl Nat {
    /// The laboratory's word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Cone => "cone",
            Self::Shift => "shift",
            Self::FullCone => "fullcone",
            Self::Symmetric => "symmetric",
            Self::UdpBlock => "udpblock",
            Self::Tcp443 => "tcp443",
        }
    }
}

/// A laboratory, taken down when dropped.
#[derive(Debug)]
pub struct Lab {
    name: String,
}

/// A place in a laboratory, where programs run.
#[derive(Clone, Debug)]
pub struct Place {
    lab: String,
    host: &'static str,
}

impl Lab {
    /// Builds one whose two laptops are behind these routers. `None` where this machine cannot have one; why is printed.
    ///
    /// # Panics
    /// When it could, and does not come up; in CI also when it could not.
    #[must_use]
    pub fn up(a: Nat, b: Nat, options: &[&str]) -> Option<Self> {
        static BUILT: AtomicU32 = AtomicU32::new(0);
        let name = name(std::process::id(), BUILT.fetch_add(1, Relaxed));
        if let Some(why) = missing(&name) {
            assert!(std::env::var_os("CI").is_none(), "no laboratory in CI: {why}");
            println!("skipped: a laboratory of routers needs root, iproute2 and nftables on Linux; {why}");
            return None;
        }
        let lab = Self { name };
        let mut all = vec!["up", "--nat-a", a.name(), "--nat-b", b.name()];
        all.extend(options);
        lab.does(&all);
        Some(lab)
    }

    /// One command of the laboratory's script, such as `roam a`.
    ///
    /// # Panics
    /// When it fails.
    pub fn does(&self, arguments: &[&str]) {
        let done = script(&self.name).args(arguments).stdin(Stdio::null()).output().expect("bash");
        assert!(done.status.success(), "natlab {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// One of its hosts: `a`, `b` and `relay`, `relay2`.
    #[must_use]
    pub fn place(&self, host: &'static str) -> Place {
        Place { lab: self.name.clone(), host }
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = script(&self.name).arg("down").stdin(Stdio::null()).output();
    }
}

impl Place {
    /// A program, to be run here.
    #[must_use]
    pub fn command(&self, program: &std::path::Path) -> Command {
        let mut command = script(&self.lab);
        command.args(["exec", self.host]).arg(program);
        command
    }
}

/// Of the eight characters the script allows: a letter, five for any process there can be, two for what it built. One
/// letter for the latter came round again while the first laboratory of that name still stood.
fn name(process: u32, built: u32) -> String {
    let digits = |number: u32, count: u32| {
        (0..count).rev().map(move |place| char::from_digit(number / 36u32.pow(place) % 36, 36).unwrap_or('0'))
    };
    std::iter::once('h').chain(digits(process, 5)).chain(digits(built, 2)).collect()
}

fn script(lab: &str) -> Command {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "natlab", "natlab.sh"].iter().collect();
    let mut command = Command::new("bash");
    command.arg(path).args(["--lab", lab]);
    command
}

/// Why there can be no laboratory, if so.
fn missing(name: &str) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return Some("this is another system".into());
    }
    match script(name).arg("check").stdin(Stdio::null()).output() {
        Ok(said) if said.status.success() => None,
        Ok(said) => Some(String::from_utf8_lossy(&said.stderr).trim().to_owned()),
        Err(error) => Some(error.to_string()),
    }
}
