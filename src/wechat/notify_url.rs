//! `notify_url`: https, no query, a public host (rule V19, source 4012458841).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::issue::Reason;

/// What is wrong with the address. With `local`, an address on this machine is accepted too, over http.
pub(super) fn problem(url: &str, local: bool) -> Option<Reason> {
    let (rest, secure) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        (None, None) => return Some(Reason::NotHttps),
    };
    if url.contains('?') {
        return Some(Reason::HasQuery);
    }
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') || url.contains(['#', '\\']) {
        return Some(Reason::Shape);
    }
    let (host, port) = match authority.strip_prefix('[').map(|bracketed| bracketed.split_once(']')) {
        Some(Some((host, rest))) => (host, rest),
        Some(None) => return Some(Reason::Shape),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    if host.split('.').rev().skip(1).any(str::is_empty) || host.is_empty() || !(port.is_empty() || is_port(port)) {
        return Some(Reason::Shape);
    }
    if local && is_loopback(host) {
        return None;
    }
    if !secure {
        return Some(Reason::NotHttps);
    }
    is_private(host).then_some(Reason::PrivateHost)
}

/// A colon and a number up to 65535.
fn is_port(port: &str) -> bool {
    port.strip_prefix(':').is_some_and(|number| is_digits(number) && number.parse::<u16>().is_ok())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn is_private(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    match host.parse() {
        Ok(IpAddr::V4(ip)) => is_private_v4(ip),
        Ok(IpAddr::V6(ip)) => is_private_v6(ip),
        // A name without a dot never names a public host. One that ends in a number is read as an address: 0x7f.1 is 127.0.0.1.
        Err(_) => {
            let name = host.trim_end_matches('.');
            name.rsplit_once('.').is_none_or(|(_, last)| is_digits(last) || last.starts_with("0x"))
                || [".localhost", ".local", ".internal", ".lan"].iter().any(|suffix| name.ends_with(suffix))
        }
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let shared = ip.octets()[0] == 100 && (64..128).contains(&ip.octets()[1]);
    ip.octets()[0] == 0
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_multicast()
        || shared
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let local = ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_unique_local()
        || ip.is_unicast_link_local()
        || ip.is_multicast();
    // 10.0.0.1 may be written within an address of version 6, in two ways.
    local || ip.to_ipv4().is_some_and(is_private_v4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_https_addresses_without_a_query_pass() {
        let cases = [
            ("https://merchant.example/wx/notify", None),
            ("https://merchant.example:8443", None),
            ("https://8.8.8.8/x", None),
            ("http://merchant.example/x", Some(Reason::NotHttps)),
            ("ftp://merchant.example", Some(Reason::NotHttps)),
            ("https://merchant.example/x?a=1", Some(Reason::HasQuery)),
            ("https://user@merchant.example/", Some(Reason::Shape)),
            ("https:///x", Some(Reason::Shape)),
            ("https://localhost/x", Some(Reason::PrivateHost)),
            ("https://intranet/x", Some(Reason::PrivateHost)),
            ("https://printer.local/x", Some(Reason::PrivateHost)),
            ("https://127.0.0.1:1/x", Some(Reason::PrivateHost)),
            ("https://10.1.2.3/x", Some(Reason::PrivateHost)),
            ("https://172.31.0.1/x", Some(Reason::PrivateHost)),
            ("https://192.168.1.1/x", Some(Reason::PrivateHost)),
            ("https://100.64.0.1/x", Some(Reason::PrivateHost)),
            ("https://2130706433/x", Some(Reason::PrivateHost)),
            ("https://[::1]/x", Some(Reason::PrivateHost)),
            ("https://[fd00::1]/x", Some(Reason::PrivateHost)),
            ("https://[::ffff:10.0.0.1]/x", Some(Reason::PrivateHost)),
            ("https://[::127.0.0.1]/x", Some(Reason::PrivateHost)),
            ("https://0.1.2.3/x", Some(Reason::PrivateHost)),
            ("https://0x7f.1/x", Some(Reason::PrivateHost)),
            ("https://0x7f.0.0.0x1/x", Some(Reason::PrivateHost)),
            ("https://0xd.example/x", None),
            ("https://[2606:4700::1]:443/x", None),
            ("https://[::1", Some(Reason::Shape)),
            ("https://merchant.example:99999/x", Some(Reason::Shape)),
            ("https://merchant.example:/x", Some(Reason::Shape)),
            ("https://merchant.example:+80/x", Some(Reason::Shape)),
            ("https://127.1/x", Some(Reason::PrivateHost)),
            ("https://merchant..example/x", Some(Reason::Shape)),
            ("https://merchant.example./x", None),
        ];
        for (url, expected) in cases {
            assert_eq!(problem(url, false), expected, "{url}");
        }
    }

    #[test]
    fn a_sandbox_may_be_on_this_machine() {
        assert_eq!(problem("http://127.0.0.1:8080/notify", true), None);
        assert_eq!(problem("http://10.0.0.1/notify", true), Some(Reason::NotHttps));
        assert_eq!(problem("https://10.0.0.1/notify", true), Some(Reason::PrivateHost));
    }
}
