//! The configuration file: TOML, every key optional, unknown ones refused, every value bounded where it is read, so that
//! an error shows its line.

mod value;

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use relay::{Allowed, Config, Limits, Quotas, Rate, mailbox::MailboxLimits};
use serde::Deserialize;
use value::{Address, Amount, Peer};

pub(crate) use value::Private;

/// Longest file that is read, in bytes: thousands of allowed peers.
const FILE_BYTES: u64 = 1 << 20;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("cannot read the configuration {path}: is the path right, and may this user read it?")]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the configuration {path} is longer than 1 MiB: a relay's fits in a page")]
    Long { path: PathBuf },
    #[error("the configuration {path} cannot be used:\n{fault}Correct that line, and try with --check")]
    Form { path: PathBuf, fault: toml::de::Error },
    #[error("the configuration {path} cannot be used: {key}: {why}")]
    Value { path: PathBuf, key: &'static str, why: &'static str },
}

/// The file. What is missing is the default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    pub(crate) home: Option<PathBuf>,
    pub(crate) listen: Option<Vec<Address>>,
    pub(crate) external: Option<Vec<Address>>,
    access: Access,
    limits: LimitSettings,
    quotas: QuotaSettings,
    pub(crate) mailbox: Mailbox,
    pub(crate) status: StatusSettings,
    pub(crate) log: Log,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Access {
    mode: Mode,
    peers: Vec<Peer>,
    tokens: Option<PathBuf>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Open,
    Token,
    List,
}

/// Where items for nodes that are away lie, and how many.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Mailbox {
    pub(crate) folder: Option<PathBuf>,
    total_mib: Option<Amount<1, 1_048_576>>,
    kib_per_peer: Option<Amount<16, 67_108_864>>,
    kib_per_ip: Option<Amount<16, 67_108_864>>,
    items_per_tag: Option<Amount<1, 64>>,
    hours: Option<Amount<1, 168>>,
}

impl Mailbox {
    fn limits(&self) -> MailboxLimits {
        let mut limits = MailboxLimits::default();
        put(&mut limits.per_tag, self.items_per_tag);
        let scaled = |amount: u64, unit: u64| amount.saturating_mul(unit);
        if let Some(mib) = self.total_mib {
            limits.total_bytes = scaled(mib.to(), 1 << 20);
        }
        if let Some(kib) = self.kib_per_peer {
            limits.per_peer_bytes = scaled(kib.to(), 1 << 10);
        }
        if let Some(kib) = self.kib_per_ip {
            limits.per_place_bytes = scaled(kib.to(), 1 << 10);
        }
        if let Some(hours) = self.hours {
            limits.seconds = scaled(hours.to(), 3600);
        }
        limits
    }
}

/// Where its numbers can be asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StatusSettings {
    pub(crate) address: Option<Private>,
}

/// How it logs.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    pub(crate) format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LimitSettings {
    connections: Option<Amount<1, 1_000_000>>,
    connections_per_peer: Option<Amount<1, 64>>,
    pending_connections: Option<Amount<1, 65_536>>,
    memory_mib: Option<Amount<64, 1_048_576>>,
    reservations: Option<Amount<1, 1_000_000>>,
    circuits: Option<Amount<1, 1_000_000>>,
    circuits_per_peer: Option<Amount<1, 4_096>>,
    circuit_mib: Option<Amount<16, 1_073_741_824>>,
    circuit_hours: Option<Amount<1, 8_760>>,
    drain_seconds: Option<Amount<0, 3_600>>,
    registrations: Option<Amount<1, 16_777_216>>,
    registrations_per_peer: Option<Amount<1, 65_536>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct QuotaSettings {
    connections_per_ip: Option<Amount<1, 1_000_000>>,
    strangers_per_ip: Option<Amount<1, 65_536>>,
    connecting_per_ip: Option<PerMinute>,
    reserving_per_peer: Option<PerMinute>,
    reserving_per_ip: Option<PerMinute>,
    circuits_per_peer: Option<PerMinute>,
    circuits_per_ip: Option<PerMinute>,
    lookups_per_peer: Option<PerMinute>,
    lookups_per_ip: Option<PerMinute>,
    bytes_per_peer: Option<PerSecond>,
    bytes_per_ip: Option<PerSecond>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct PerMinute {
    burst: Amount<1, 10_000_000>,
    per_minute: Amount<1, 10_000_000>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct PerSecond {
    burst_kib: Amount<64, 1_048_576>,
    kib_per_second: Amount<1, 524_288>,
}

impl Settings {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, SettingsError> {
        let failed = |source| SettingsError::Read { path: path.to_owned(), source };
        let mut text = String::new();
        let file = File::open(path).map_err(failed)?;
        let read = file.take(FILE_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
        if read as u64 > FILE_BYTES {
            return Err(SettingsError::Long { path: path.to_owned() });
        }
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, SettingsError> {
        let settings: Self =
            toml::from_str(text).map_err(|fault| SettingsError::Form { path: path.to_owned(), fault })?;
        settings.consistent().map_err(|(key, why)| SettingsError::Value { path: path.to_owned(), key, why })?;
        Ok(settings)
    }

    /// What no single value shows.
    fn consistent(&self) -> Result<(), (&'static str, &'static str)> {
        let Self { listen, access, .. } = self;
        if listen.as_ref().is_some_and(Vec::is_empty) {
            return Err(("listen", "an empty list listens nowhere; name an address or leave the key out"));
        }
        match (access.mode, access.peers.is_empty()) {
            (Mode::List, true) => {
                Err(("access.peers", "an empty list serves nobody; name peer ids, or set access.mode to \"open\""))
            }
            (Mode::Open | Mode::Token, false) => {
                Err(("access.peers", "only access.mode \"list\" has a list; set that, or remove the peers"))
            }
            _ => match (access.mode, access.tokens.is_some()) {
                (Mode::Token, false) => {
                    Err(("access.tokens", "name the file of tokens; halfdoor-relay --new-token makes one"))
                }
                (Mode::Open | Mode::List, true) => {
                    Err(("access.tokens", "only access.mode \"token\" has tokens; set that, or remove the file"))
                }
                _ => Ok(()),
            },
        }
    }

    /// The file of tokens, where it serves whoever shows one.
    pub(crate) fn tokens(&self) -> Option<&Path> {
        self.access.tokens.as_deref()
    }

    /// The relay's configuration.
    pub(crate) fn config(&self) -> Config {
        let texts = |addresses: &Option<Vec<Address>>| {
            addresses.as_ref().map(|all| all.iter().map(|Address(address)| address.clone()).collect())
        };
        let mut config = Config { limits: self.limits(), ..Config::default() };
        config.listen = texts(&self.listen).unwrap_or(config.listen);
        config.external = texts(&self.external).unwrap_or(config.external);
        if self.access.mode == Mode::List {
            config.access = Arc::new(Allowed::new(self.access.peers.iter().map(|Peer(peer)| *peer)));
        }
        config
    }

    fn limits(&self) -> Limits {
        let set = &self.limits;
        let mut limits = Limits { quotas: self.quotas.quotas(), mailbox: self.mailbox.limits(), ..Limits::default() };
        put(&mut limits.connections, set.connections);
        put(&mut limits.connections_per_peer, set.connections_per_peer);
        put(&mut limits.pending_connections, set.pending_connections);
        put(&mut limits.reservations, set.reservations);
        put(&mut limits.circuits, set.circuits);
        put(&mut limits.circuits_per_peer, set.circuits_per_peer);
        put(&mut limits.rendezvous.total, set.registrations);
        put(&mut limits.rendezvous.per_peer, set.registrations_per_peer);
        if let Some(mib) = set.memory_mib {
            limits.memory_bytes = mib.to::<usize>().saturating_mul(1 << 20);
        }
        if let Some(mib) = set.circuit_mib {
            limits.circuit_bytes = mib.to::<u64>().saturating_mul(1 << 20);
        }
        if let Some(hours) = set.circuit_hours {
            limits.circuit_duration = Duration::from_secs(hours.to::<u64>().saturating_mul(3600));
        }
        if let Some(seconds) = set.drain_seconds {
            limits.drain = Duration::from_secs(seconds.to());
        }
        limits
    }
}

impl QuotaSettings {
    fn quotas(&self) -> Quotas {
        let mut quotas = Quotas::default();
        put(&mut quotas.connections_per_ip, self.connections_per_ip);
        put(&mut quotas.strangers_per_ip, self.strangers_per_ip);
        let minutes = [
            (&mut quotas.connecting_per_ip, self.connecting_per_ip),
            (&mut quotas.reserving_per_peer, self.reserving_per_peer),
            (&mut quotas.reserving_per_ip, self.reserving_per_ip),
            (&mut quotas.circuits_per_peer, self.circuits_per_peer),
            (&mut quotas.circuits_per_ip, self.circuits_per_ip),
            (&mut quotas.lookups_per_peer, self.lookups_per_peer),
            (&mut quotas.lookups_per_ip, self.lookups_per_ip),
        ];
        for (rate, set) in minutes {
            if let Some(PerMinute { burst, per_minute }) = set {
                *rate = Rate::new(burst.to(), per_minute.to());
            }
        }
        let seconds =
            [(&mut quotas.bytes_per_peer, self.bytes_per_peer), (&mut quotas.bytes_per_ip, self.bytes_per_ip)];
        for (rate, set) in seconds {
            if let Some(PerSecond { burst_kib, kib_per_second }) = set {
                let bytes = |kib: u32| kib.saturating_mul(1024);
                *rate = Rate::new(bytes(burst_kib.to()), bytes(kib_per_second.to()));
            }
        }
        quotas
    }
}

/// Replaces a default by what is set.
fn put<T: TryFrom<u64>, const LEAST: u64, const MOST: u64>(place: &mut T, set: Option<Amount<LEAST, MOST>>) {
    if let Some(value) = set.and_then(|amount| T::try_from(amount.0).ok()) {
        *place = value;
    }
}

#[cfg(test)]
mod tests;
