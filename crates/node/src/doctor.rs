//! Which others can reach this node, judged from where its relays see it come from, in words for whoever asks.
//!
//! What a router does with ports decides (RFC 4787, section 4.1): if it shows the same port to every destination, a hole
//! can be punched; if it shows another to each, it cannot. One destination does not tell the two apart.

use crate::views::{DoctorView, RouteView};
use net::RouteState;
use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
};

/// What the router does with the ports of one transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ports {
    /// There is no router that changes addresses.
    Open,
    /// They stay the same.
    Kept,
    /// They are others, the same for every destination.
    Shifted,
    /// Another for each destination.
    Another,
    /// One destination only has told.
    Unsure,
    /// Nothing gets out.
    Blocked,
    /// No relay has an address of this transport.
    Untested,
}

impl Ports {
    fn word(self) -> &'static str {
        match self {
            Self::Open => "open: no router changes the address",
            Self::Kept => "cone: the router keeps ports",
            Self::Shifted => "cone: the router changes ports, the same way for everybody",
            Self::Another => "symmetric: the router shows another port to everybody",
            Self::Unsure => "unknown: seen from one relay only",
            Self::Blocked => "blocked: no relay answers",
            Self::Untested => "not tested: no relay has such an address",
        }
    }

    /// Of the routes of one transport. `mine`: where this node listens with it.
    fn of(routes: &[&RouteState], mine: &[SocketAddr]) -> Self {
        let seen: Vec<SocketAddr> = routes.iter().filter_map(|route| route.seen_at).collect();
        let hosts: BTreeSet<&str> =
            routes.iter().filter(|route| route.seen_at.is_some()).map(|route| route.host.as_str()).collect();
        let Some(first) = seen.first() else {
            return if routes.is_empty() { Self::Untested } else { Self::Blocked };
        };
        let same = |family: bool| {
            let mut of_family = seen.iter().filter(|at| at.is_ipv4() == family);
            let first = of_family.next();
            of_family.all(|at| Some(at) == first)
        };
        if seen.iter().all(|at| mine.contains(at)) {
            Self::Open
        } else if !(same(true) && same(false)) {
            Self::Another
        } else if hosts.len() < 2 {
            Self::Unsure
        } else if mine.iter().any(|at| at.port() == first.port()) {
            Self::Kept
        } else {
            Self::Shifted
        }
    }
}

/// What to expect, as one word and in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    NoRelay,
    Unreached,
    Here,
    Anybody,
    Most,
    Unsure,
    Few,
    Web,
}

/// Judges what the network found. `mine`: where this node listens, IP address and port for each transport.
pub(crate) fn judge(routes: &[RouteState], mine: &Mine) -> DoctorView {
    let of = |quic: bool| routes.iter().filter(|route| route.quic == quic).collect::<Vec<_>>();
    let (tcp, udp) = (Ports::of(&of(false), &mine.tcp), Ports::of(&of(true), &mine.udp));
    let expect = expect(routes, tcp, udp);
    DoctorView {
        routes: routes.iter().map(route_view).collect(),
        tcp: tcp.word().to_owned(),
        udp: udp.word().to_owned(),
        expect: expect.word().to_owned(),
        says: expect.says().to_owned(),
        change: changes(routes, udp, expect),
    }
}

/// Where this node listens.
#[derive(Debug, Default)]
pub(crate) struct Mine {
    tcp: Vec<SocketAddr>,
    udp: Vec<SocketAddr>,
}

impl Mine {
    /// Of the addresses that the network names.
    pub(crate) fn of(addresses: &[String]) -> Self {
        let mut mine = Self::default();
        for (quic, at) in addresses.iter().filter_map(|address| net::listening(address)) {
            if quic { &mut mine.udp } else { &mut mine.tcp }.push(at);
        }
        mine
    }
}

fn expect(routes: &[RouteState], tcp: Ports, udp: Ports) -> Expect {
    let reached = || routes.iter().filter(|route| route.reached);
    let both = [tcp, udp];
    let has = |ports: Ports| both.contains(&ports);
    let web_only = reached().all(|route| !route.quic && route.port == Some(443))
        && routes.iter().any(|route| !route.reached && !route.quic && route.port != Some(443));
    if routes.is_empty() {
        Expect::NoRelay
    } else if reached().next().is_none() {
        Expect::Unreached
    } else if web_only {
        Expect::Web
    } else if reached().all(|route| is_near(&route.host)) {
        Expect::Here
    } else if has(Ports::Open) {
        Expect::Anybody
    } else if has(Ports::Kept) || has(Ports::Shifted) {
        Expect::Most
    } else if has(Ports::Unsure) {
        Expect::Unsure
    } else {
        Expect::Few
    }
}

/// Whether an address is of this machine or its own network.
fn is_near(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        Err(_) => false,
    }
}

impl Expect {
    fn word(self) -> &'static str {
        match self {
            Self::NoRelay | Self::Unreached => "impossible",
            Self::Here | Self::Anybody | Self::Most => "direct",
            Self::Unsure => "unknown",
            Self::Few | Self::Web => "relayed",
        }
    }

    fn says(self) -> &'static str {
        match self {
            Self::NoRelay => "This node uses no relay, so it meets nobody.",
            Self::Unreached => "No relay answers, so this node meets nobody new.",
            Self::Here => {
                "The relays are in this network: people here are reached directly. How it looks from outside this does not tell."
            }
            Self::Anybody => "Direct: no router stands in the way here.",
            Self::Most => {
                "Direct with most people. Through the relay with those whose router shows another port to everybody, as mobile networks do, and with those who are let out to port 443 only."
            }
            Self::Unsure => {
                "Direct, or through the relay: one relay alone does not tell which. It works either way; the relay carries sealed bytes."
            }
            Self::Few => {
                "Through the relay with most people; directly only with those whom anybody may speak to. It works either way; the relay carries sealed bytes."
            }
            Self::Web => {
                "Through the relay with everybody: nothing but TCP port 443 gets out here. The relay carries sealed bytes."
            }
        }
    }
}

/// What somebody could do about it.
fn changes(routes: &[RouteState], udp: Ports, expect: Expect) -> Vec<String> {
    let mut change: Vec<&str> = Vec::new();
    match expect {
        Expect::NoRelay => change.push("add a relay; its operator tells its address: halfdoor relays add ADDRESS"),
        Expect::Unreached => {
            change.push("see whether this computer is connected, and whether the relay runs: its operator knows");
            if !routes.iter().any(|route| !route.quic && route.port == Some(443)) {
                change.push("where a firewall lets out nothing but web pages: ask the relay's operator for an address with TCP port 443");
            }
        }
        Expect::Unsure => change.push("to know more, add a second relay: halfdoor relays add ADDRESS"),
        Expect::Few => change.push("for direct paths, another network, or a router that keeps ports"),
        Expect::Web => {
            change.push("for direct paths, ask whoever runs this network to let out UDP, or TCP to every port")
        }
        Expect::Here | Expect::Anybody | Expect::Most => {}
    }
    if udp == Ports::Blocked && !matches!(expect, Expect::Web | Expect::Unreached) {
        change.push("no relay answers over UDP: it is blocked here, or at the relay; let out, it makes direct paths likelier and faster");
    }
    change.into_iter().map(str::to_owned).collect()
}

fn route_view(route: &RouteState) -> RouteView {
    RouteView {
        address: route.address.clone(),
        transport: if route.quic { "QUIC" } else { "TCP" }.to_owned(),
        reached: route.reached,
        detail: if route.reached {
            None
        } else {
            Some(route.why.clone().unwrap_or_else(|| "no answer yet".to_owned()))
        },
        round_trip_ms: route.round_trip.map(milliseconds),
        seen_at: route.seen_at.map(|at| at.to_string()),
    }
}

/// Whole milliseconds, begun ones counted.
pub(crate) fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros().div_ceil(1000)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
