//! Where the node is dialled, and how a call's address is written.

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

/// The socket address in `http://IP:PORT`, if it is this computer's own. Names are not accepted: who answers for a
/// name, even `localhost`, is decided elsewhere. A node that listens on every interface is dialled on loopback.
pub(super) fn loopback(line: &str) -> Option<SocketAddr> {
    let mut address: SocketAddr = line.strip_prefix("http://")?.trim_end_matches('/').parse().ok()?;
    match address.ip() {
        ip if ip.is_loopback() => {}
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => return None,
    }
    (address.port() != 0).then_some(address)
}

/// `http://ADDRESS/v1/PATH?QUERY`, every part percent-encoded: a name may hold a slash, and never becomes a path.
pub(super) fn uri(address: SocketAddr, path: &[&str], query: &[(&str, &str)]) -> String {
    let mut uri = format!("http://{address}/v1");
    for part in path {
        uri.push('/');
        encode(part, &mut uri);
    }
    for (index, (name, value)) in query.iter().enumerate() {
        uri.push(if index == 0 { '?' } else { '&' });
        encode(name, &mut uri);
        uri.push('=');
        encode(value, &mut uri);
    }
    uri
}

/// Percent-encodes everything but RFC 3986's unreserved characters, and a lone `.` or `..`, which are steps in a path.
fn encode(text: &str, into: &mut String) {
    let steps = matches!(text, "." | "..");
    for byte in text.bytes() {
        let unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') || (byte == b'.' && !steps);
        if unreserved {
            into.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests;
