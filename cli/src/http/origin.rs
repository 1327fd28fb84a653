//! The page that may ask, and the addresses under which a server of this program may be asked.

use std::net::{IpAddr, SocketAddr};

use tagsmith::printable;

use crate::provider::is_this_machine;

/// The origin of a page as browsers send it: `scheme://host[:port]`, without a default port.
///
/// # Errors
/// A sentence.
pub fn parse(text: &str) -> Result<String, String> {
    let wrong = |why: &str| format!("{:?} cannot be the page's address: {why}", printable(text));
    let lower = text.trim().to_ascii_lowercase();
    if lower.is_empty() || lower == "*" || lower == "null" {
        return Err(wrong("name one page, such as https://tags.example.org. Only it may ask."));
    }
    let (scheme, rest) = lower.split_once("://").ok_or_else(|| wrong("it has no scheme. Write https:// before it."))?;
    let place = rest.strip_suffix('/').unwrap_or(rest);
    if place.contains(['/', '?', '#', '@', '\\', '*']) {
        return Err(wrong("leave out what follows the host and the port."));
    }
    let (host, port) = split_port(place).ok_or_else(|| wrong("its port is no number from 1 to 65535."))?;
    let is_known = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
    if host.is_empty() || !host.chars().all(is_known) {
        return Err(wrong("its host is none. Hosts that are not ASCII are written as xn--…, as browsers send them."));
    }
    let default_port = match scheme {
        "https" => 443,
        "http" if is_this_machine(host) => 80,
        "http" => {
            return Err(wrong("pages of other machines have to come over https://, or they cannot use providers."));
        }
        "chrome-extension" | "moz-extension" => 0,
        _ => return Err(wrong("a page's address begins with https://, or with http:// on this machine.")),
    };
    Ok(match port {
        Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    })
}

/// Host and port of `host[:port]`; `None` for a port that is none.
fn split_port(place: &str) -> Option<(&str, Option<u16>)> {
    // The colons of [::1] are no port's.
    let after = place.rfind(']').map_or(0, |at| at + 1);
    match place[after..].rfind(':') {
        None => Some((place, None)),
        Some(at) => {
            let (host, port) = place.split_at(after + at);
            Some((host, Some(port[1..].parse().ok().filter(|port| *port != 0)?)))
        }
    }
}

/// Whether a `Host` header names the server at `listening`. A name that was made to point here (DNS rebinding) is no address: only addresses
/// and `localhost` pass.
pub fn is_own_host(header: &str, listening: SocketAddr) -> bool {
    let Some((host, port)) = split_port(header) else { return false };
    if port.unwrap_or(80) != listening.port() {
        return false;
    }
    let is_loopback_only = listening.ip().is_loopback();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    is_this_machine(host) || (!is_loopback_only && bare.parse::<IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_as_browsers_send_it() {
        for (text, wanted) in [
            ("https://Tags.Example.org/", "https://tags.example.org"),
            ("https://a.example:443", "https://a.example"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1:80/", "http://127.0.0.1"),
            (" http://[::1]:8080 ", "http://[::1]:8080"),
            ("chrome-extension://abcdef", "chrome-extension://abcdef"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_page_is_refused_with_the_reason() {
        for (text, why) in [
            ("", "name one page"),
            ("*", "name one page"),
            ("null", "name one page"),
            ("tags.example.org", "no scheme"),
            ("https://a.example/page", "leave out"),
            ("https://u:p@a.example", "leave out"),
            ("https://*.example", "leave out"),
            ("https://", "host is none"),
            ("https://täg.example", "xn--"),
            ("https://a.example:x", "port is no number"),
            ("https://a.example:0", "port is no number"),
            ("http://a.example", "over https://"),
            ("ftp://a.example", "begins with"),
        ] {
            let said = parse(text).expect_err(text);
            assert!(said.contains(why), "{text}: {said}");
        }
    }

    #[test]
    fn a_name_that_was_made_to_point_here_is_not_the_relays() {
        let here: SocketAddr = "127.0.0.1:8751".parse().unwrap();
        for host in ["127.0.0.1:8751", "localhost:8751", "[::1]:8751"] {
            assert!(is_own_host(host, here), "{host}");
        }
        for host in [
            "",
            "127.0.0.1",
            "127.0.0.1:80",
            "evil.example:8751",
            "192.168.1.2:8751",
            "localhost:x",
            "127.0.0.1.evil:8751",
        ] {
            assert!(!is_own_host(host, here), "{host}");
        }
        let everywhere: SocketAddr = "0.0.0.0:8751".parse().unwrap();
        assert!(is_own_host("192.168.1.2:8751", everywhere) && is_own_host("[fe80::1]:8751", everywhere));
        assert!(!is_own_host("evil.example:8751", everywhere));
    }
}
