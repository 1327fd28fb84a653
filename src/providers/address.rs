//! Addresses of services, as people type them: what a request may be sent to, and which origin the page's policy has to name.
//!
//! A small part of RFC 3986: `http` and `https` with a host, and nothing that would hide where a request goes.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::error::{Error, ErrorKind, Result};

/// Longer ones are refused: no service here has such addresses.
const MAX_BYTES: usize = 2048;

/// An address that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Whether it is `https`; else it is `http`.
    pub is_secure: bool,
    /// In lower case; an IPv6 address has its brackets.
    pub host: String,
    /// Only where it is not the scheme's own.
    pub port: Option<u16>,
    /// Empty, or begins with `/`.
    pub path: String,
    /// Without the question mark.
    pub query: Option<String>,
}

impl Address {
    /// # Errors
    /// [`ErrorKind::ProviderSetupInvalid`] if `text` is no such address, holds a user's name or a fragment, or what no URL may hold.
    pub fn parse(text: &str) -> Result<Address> {
        let text = text.trim();
        if text.is_empty() {
            return Err(invalid("The address is empty. Type one that begins with https://."));
        }
        if text.len() > MAX_BYTES {
            return Err(invalid(format!("The address is longer than {MAX_BYTES} bytes. Check what was pasted.")));
        }
        if let Some(c) = text.chars().find(|c| !c.is_ascii_graphic() || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`'))
        {
            return Err(invalid(format!(
                "The address holds {c:?}, which no address may. Write it in %XX form, or a host's name in its xn-- form."
            )));
        }
        // A key may have been pasted with it, and errors are shown.
        let shown = text.split('?').next().unwrap_or_default();
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| invalid(format!("{shown:?} does not begin with https://. Type the whole address.")))?;
        let is_secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(invalid(format!("{shown:?} cannot be asked. The address has to begin with https://."))),
        };
        if rest.contains('#') {
            return Err(invalid("The address holds a #, and what follows is never sent. Leave it out."));
        }
        let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(authority_end);
        if authority.contains('@') {
            return Err(invalid(
                "The address holds a user's name or a password (before @). Put keys into their own field.",
            ));
        }
        let (host, port) = host_and_port(authority, is_secure)?;
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (rest, None),
        };
        Ok(Address { is_secure, host, port, path: path.to_owned(), query })
    }

    /// Scheme, host and port: what a policy names.
    pub fn origin(&self) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        match self.port {
            Some(port) => format!("{scheme}://{}:{port}", self.host),
            None => format!("{scheme}://{}", self.host),
        }
    }

    /// Origin and path, without a slash at the end: what a service's own paths are put behind.
    pub fn base(&self) -> String {
        format!("{}{}", self.origin(), self.path.trim_end_matches('/'))
    }

    /// The whole address again.
    pub fn url(&self) -> String {
        let mut url = self.origin();
        url.push_str(&self.path);
        if let Some(query) = &self.query {
            url.push('?');
            url.push_str(query);
        }
        url
    }

    /// Of this machine: a request never leaves it.
    pub fn is_loopback(&self) -> bool {
        match self.ip() {
            Some(Ip::V4(ip)) => ip.is_loopback(),
            Some(Ip::V6(ip)) => ip.is_loopback(),
            None => self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }

    /// Of this machine or of the network around it: addresses that the internet does not route (RFC 1918, 3927, 4193, 4291), and names
    /// under `.local` (RFC 6762) and `.home.arpa` (RFC 8375), which no public name server knows.
    pub fn is_own_network(&self) -> bool {
        self.is_loopback()
            || match self.ip() {
                Some(Ip::V4(ip)) => ip.is_private() || ip.is_link_local(),
                Some(Ip::V6(ip)) => ip.is_unique_local() || ip.is_unicast_link_local(),
                None => self.host.ends_with(".local") || self.host.ends_with(".home.arpa"),
            }
    }

    fn ip(&self) -> Option<Ip> {
        if let Some(inner) = self.host.strip_prefix('[') {
            return inner.strip_suffix(']')?.parse().ok().map(Ip::V6);
        }
        self.host.parse().ok().map(Ip::V4)
    }
}

enum Ip {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

fn host_and_port(authority: &str, is_secure: bool) -> Result<(String, Option<u16>)> {
    let wrong = || invalid(format!("{authority:?} is no host. Check the address."));
    let (host, port) = if authority.starts_with('[') {
        let end = authority.find(']').ok_or_else(wrong)?;
        let (host, rest) = authority.split_at(end + 1);
        // A zone (`%eth0`) would mean another machine on each computer.
        host[1..end].parse::<Ipv6Addr>().map_err(|_| wrong())?;
        (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':').ok_or_else(wrong)?) })
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    let host = host.to_ascii_lowercase();
    if !host.starts_with('[') && !is_name(&host) {
        return Err(wrong());
    }
    let port = match port {
        None | Some("") => None,
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => match port.parse::<u16>() {
            Ok(0) | Err(_) => return Err(invalid(format!("{port} is no port. Ports go from 1 to 65535."))),
            Ok(port) => Some(port).filter(|port| *port != if is_secure { 443 } else { 80 }),
        },
        Some(_) => return Err(wrong()),
    };
    Ok((host, port))
}

/// A name of a host, or an IPv4 address written with four numbers. `0x7f.1` and the like, which browsers read as addresses, are not:
/// they would be taken for names here.
fn is_name(host: &str) -> bool {
    let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(host).split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = labels.last().copied().unwrap_or_default();
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    host.len() <= 253 && labels.iter().all(is_label) && (!is_number || host.parse::<Ipv4Addr>().is_ok())
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::ProviderSetupInvalid, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_and_put_together_again() {
        let address = Address::parse("  HTTPS://API.Example.com:8443/v2/tags?limit=5 ").unwrap();
        assert_eq!(address.origin(), "https://api.example.com:8443");
        assert_eq!((address.path.as_str(), address.query.as_deref()), ("/v2/tags", Some("limit=5")));
        assert_eq!(address.url(), "https://api.example.com:8443/v2/tags?limit=5");
        assert_eq!(Address::parse("https://example.com/a/b//").unwrap().base(), "https://example.com/a/b");
        assert_eq!(Address::parse("https://example.com:443").unwrap().origin(), "https://example.com");
        assert_eq!(Address::parse("http://[::1]:80/x").unwrap().url(), "http://[::1]/x");
    }

    #[test]
    fn what_would_hide_where_a_request_goes_is_refused() {
        for text in [
            "",
            "example.com",
            "ftp://example.com",
            "javascript://x",
            "https://",
            "https:///x",
            "https://a@b",
            "https://a:b@c/",
            "https://example.com/#x",
            "https://exa mple.com",
            "https://ex\u{e4}mple.com",
            "https://example.com\\@evil.com",
            "https://[::1",
            "https://[fe80::1%25eth0]/",
            "https://1.2.3",
            "https://0x7f.1",
            "https://127.1",
            "https://256.1.1.1",
            "https://example.com:0",
            "https://example.com:65536",
            "https://example.com:8o",
            "https://a..b",
            "https://-a.com",
            "https://example.com/\n",
            "https://example.com/\u{0}",
            "https://2130706433/",
        ] {
            let error = Address::parse(text).map(|address| address.url());
            // A line feed at the end is trimmed: it comes from pasting.
            if text.ends_with('\n') {
                assert!(error.is_ok());
                continue;
            }
            assert_eq!(error.map_err(|error| error.kind()), Err(ErrorKind::ProviderSetupInvalid), "{text:?}");
        }
        assert!(Address::parse(&format!("https://example.com/{}", "x".repeat(MAX_BYTES))).is_err());
    }

    #[test]
    fn an_error_does_not_repeat_a_key() {
        for text in [
            "example.com/?key=MARKER",
            "x?key=MARKER://a",
            "https://MARKER@x",
            "https://x/?key=MARKER\u{e4}",
            "ftp://x?MARKER",
            "MARKER\u{1}",
        ] {
            let error = Address::parse(text).unwrap_err();
            assert!(!error.detail().contains("MARKER"), "{}", error.detail());
        }
    }

    #[test]
    fn ones_own_network_is_told_from_the_internet() {
        for own in [
            "http://localhost:11434",
            "http://127.0.0.1",
            "http://127.9.9.9",
            "http://[::1]:2342",
            "http://x.localhost",
            "http://10.0.0.1",
            "http://172.16.0.1",
            "http://172.31.255.255",
            "http://192.168.1.20:11434",
            "http://169.254.1.1",
            "http://[fd00::1]",
            "http://[fe80::1]",
            "http://nas.local",
            "http://nas.home.arpa",
        ] {
            assert!(Address::parse(own).unwrap().is_own_network(), "{own}");
        }
        for public in [
            "http://example.com",
            "http://8.8.8.8",
            "http://172.32.0.1",
            "http://192.169.0.1",
            "http://[2001:db8::1]",
            "http://localhost.com",
            "http://127.0.0.1.example.com",
            "http://local",
            "http://[::ffff:8.8.8.8]",
        ] {
            assert!(!Address::parse(public).unwrap().is_own_network(), "{public}");
        }
        assert!(!Address::parse("http://192.168.1.1").unwrap().is_loopback());
    }
}
