//! Single values, checked as they are read: the parser then says at which line.

use std::net::{IpAddr, SocketAddr};

use relay::{PeerId, checked_address};
use serde::Deserialize;

/// A whole number from `LEAST` to `MOST`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "i64")]
pub(crate) struct Amount<const LEAST: u64, const MOST: u64>(pub(crate) u64);

impl<const LEAST: u64, const MOST: u64> Amount<LEAST, MOST> {
    /// In a narrower type; every bound that is used with one fits it.
    pub(crate) fn to<T: TryFrom<u64> + Default>(self) -> T {
        T::try_from(self.0).unwrap_or_default()
    }
}

impl<const LEAST: u64, const MOST: u64> TryFrom<i64> for Amount<LEAST, MOST> {
    type Error = String;

    fn try_from(value: i64) -> Result<Self, String> {
        let within = u64::try_from(value).ok().filter(|value| (LEAST..=MOST).contains(value));
        within.map(Self).ok_or_else(|| format!("{value} is out of bounds: give a number from {LEAST} to {MOST}"))
    }
}

/// A multiaddress.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Address(pub(crate) String);

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        checked_address(&text).map_err(|bad| bad.to_string())?;
        Ok(Self(text))
    }
}

/// A peer id.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Peer(pub(crate) PeerId);

impl TryFrom<String> for Peer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| {
            let text: String = text.chars().take(80).collect();
            format!("{text:?} is not a peer id such as 12D3KooW…: that node's GET /v1/me tells it")
        })
    }
}

/// An address that strangers do not reach: the machine itself, or a private network.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Private(pub(crate) SocketAddr);

impl TryFrom<String> for Private {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let shown: String = text.chars().take(80).collect();
        let address: SocketAddr =
            text.parse().map_err(|_| format!("{shown:?} is not an address and port such as 127.0.0.1:4011"))?;
        let private = match address.ip() {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
            IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
        };
        if private {
            Ok(Self(address))
        } else {
            Err(format!("{shown:?} may be reached by strangers: use 127.0.0.1, or an address of a private network"))
        }
    }
}
