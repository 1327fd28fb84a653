//! Sends the requests that the library builds: with limits on time and size, without following anybody elsewhere, and in the clear to this
//! machine only.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tagsmith::ErrorKind;
use tagsmith::providers::{Answer, Billed, Failure, Request};
use ureq::http::{self, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Error, Timeout};

/// What a person has to know where the answer is missing.
pub const MAYBE_COUNTED: &str = " It may have counted the request all the same.";
const CONNECT: Duration = Duration::from_secs(10);
const SEND: Duration = Duration::from_secs(60);
/// No provider says as much about its pictures.
const MAX_ANSWER_BYTES: u64 = 8 << 20;
/// Many servers end an idle connection after 5 seconds; a request that meets that end is lost.
const MAX_IDLE: Duration = Duration::from_secs(4);

/// Asks servers; clones share their connections.
#[derive(Clone)]
pub struct Asker {
    agent: Agent,
}

/// What came back, whatever it says.
pub struct Answered {
    pub status: u16,
    /// Names in lower case. Values that are no text are left out.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answered {
    /// As the library reads it.
    pub fn answer(&self) -> Answer<'_> {
        Answer { status: self.status, headers: &self.headers, body: &self.body }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

impl Asker {
    /// `patience`: how long an answer may take once a request is sent. Certificates are judged as the system judges them.
    pub fn new(patience: Duration) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("tagsmith/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_send_request(Some(SEND))
            .timeout_send_body(Some(SEND))
            .timeout_recv_response(Some(patience))
            .timeout_recv_body(Some(patience))
            .max_idle_age(MAX_IDLE);
        Self { agent: config.build().new_agent() }
    }

    /// # Errors
    /// A failure that tells whether anything may have arrived, and so been billed.
    pub fn ask(&self, request: &Request) -> Result<Answered, Failure> {
        let uri: Uri = request.url.parse().map_err(|_| unsendable("Its address is none. Check the set-up."))?;
        let host = uri.host().unwrap_or_default().to_owned();
        let is_here = is_this_machine(&host);
        if uri.scheme_str() != Some("https") && !is_here {
            return Err(unsendable(format!(
                "Only this machine is asked without encryption, and {host} is another one. Write https:// in its address."
            )));
        }
        let mut builder = http::Request::builder().method(request.method).uri(uri);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        // What a header cannot carry was refused when the request was built; the error would quote a value.
        let message = builder
            .body(&request.body[..])
            .map_err(|_| unsendable("A header of it cannot be sent. Check the set-up."))?;
        let config = self.agent.configure_request(message);
        let message = if is_here { config.proxy(None).build() } else { config.build() };
        let response = self.agent.run(message).map_err(|error| failure(&error, &host))?;
        read(response, &host)
    }
}

fn read(response: http::Response<Body>, host: &str) -> Result<Answered, Failure> {
    let (head, mut body) = response.into_parts();
    if head.status.is_redirection() {
        return Err(unsendable(format!(
            "{host} sends requests on to another address ({}), where nothing is sent unasked. Write that address in the set-up.",
            head.status.as_u16()
        )));
    }
    let text = |value: &http::HeaderValue| value.to_str().ok().map(str::to_owned);
    let headers =
        head.headers.iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?))).collect();
    let body = body.with_config().limit(MAX_ANSWER_BYTES).read_to_vec().map_err(|error| match error {
        Error::BodyExceedsLimit(_) => Failure::new(
            ErrorKind::ProviderAnswerUnreadable,
            format!("{host} answered with more than {} MiB. Is that address the provider's?", MAX_ANSWER_BYTES >> 20),
        )
        .billed(Billed::Maybe),
        Error::Timeout(_) => failure(&error, host),
        _ => lost(host), // whatever ends it, it came after the provider had begun to answer
    })?;
    Ok(Answered { status: head.status.as_u16(), headers, body })
}

/// Whether nothing leaves this machine on the way to that host.
pub fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn unsendable(detail: impl AsRef<str>) -> Failure {
    Failure::new(ErrorKind::ProviderSetupInvalid, detail)
}

fn failure(error: &Error, host: &str) -> Failure {
    let unreachable = |why: &str, remedy: &str| {
        Failure::new(ErrorKind::ProviderUnreachable, format!("{host} cannot be reached: {why}. {remedy}")).backoff()
    };
    match error {
        Error::HostNotFound => {
            unreachable("its name is not known", "Check the name, and whether this machine is online.")
        }
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            unreachable("it does not take the connection", "Check the address, and whether a firewall is between.")
        }
        Error::Timeout(_) => {
            Failure::new(ErrorKind::ProviderTimedOut, format!("{host} took too long to answer.{MAYBE_COUNTED}"))
                .billed(Billed::Maybe)
        }
        Error::Io(error) if is_before_sending(error.kind()) => {
            unreachable("nothing answers there", "Check the address, and whether it is running.")
        }
        Error::ConnectionFailed => {
            unreachable("nothing answers there", "Check the address, and whether it is running.")
        }
        Error::Rustls(error) => insecure(error, host),
        Error::Io(error) if handshake(error).is_some() => insecure(handshake(error).expect("it is one"), host),
        Error::Tls(_) => unreachable("no encrypted connection comes about", "Check the address."),
        Error::InvalidProxyUrl => unreachable("the proxy's address is none", "Check HTTPS_PROXY."),
        Error::Http(_) | Error::BadUri(_) => unsendable("The request cannot be sent as it is. Check the set-up."),
        _ => lost(host),
    }
}

fn lost(host: &str) -> Failure {
    let detail = format!("The connection to {host} ended before its answer was here.{MAYBE_COUNTED}");
    Failure::new(ErrorKind::ProviderAnswerLost, detail).billed(Billed::Maybe)
}

/// Why no encrypted connection came about, if that is what failed: then nothing was sent.
fn handshake(error: &io::Error) -> Option<&rustls::Error> {
    use rustls::AlertDescription::{HandshakeFailure, ProtocolVersion, UnrecognisedName};
    use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage, PeerIncompatible};
    let error = error.get_ref()?.downcast_ref()?;
    let is_handshake = matches!(
        error,
        InvalidCertificate(_)
            | InvalidMessage(_)
            | PeerIncompatible(_)
            | AlertReceived(HandshakeFailure | ProtocolVersion | UnrecognisedName)
    );
    is_handshake.then_some(error)
}

fn is_before_sending(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkDown, NetworkUnreachable};
    matches!(kind, ConnectionRefused | HostUnreachable | NetworkUnreachable | NetworkDown | AddrNotAvailable)
}

fn insecure(error: &rustls::Error, host: &str) -> Failure {
    use rustls::CertificateError::{Expired, ExpiredContext, NotValidYet, NotValidYetContext};
    let is_of_dates = matches!(
        error,
        rustls::Error::InvalidCertificate(Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. })
    );
    let (kind, why) = if is_of_dates {
        (ErrorKind::ProviderClockWrong, "its certificate is not valid today. Check this machine's date and time")
    } else {
        (
            ErrorKind::ProviderUnreachable,
            "its certificate is not trusted here, or it speaks no TLS that is. Check the address",
        )
    };
    Failure::new(kind, format!("{host} cannot be asked: {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str) -> Request {
        Request {
            method: "POST",
            url: url.to_owned(),
            headers: vec![("x-api-key".into(), "MARKER".into())],
            body: vec![1],
        }
    }

    #[test]
    fn this_machine_is_known_by_name_and_address() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["192.168.0.1", "localhost.example.org", "127.0.0.1.example.org", "[fe80::1]", ""] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn nothing_is_sent_in_the_clear_to_another_machine_and_nothing_secret_is_said() {
        let asker = Asker::new(CONNECT);
        for url in ["http://192.0.2.1/x", "ftp://192.0.2.1/", "no address", "http://[::2]/"] {
            let refused = asker.ask(&request(url)).err().expect(url);
            assert_eq!((refused.kind, refused.billed), (ErrorKind::ProviderSetupInvalid, Billed::No), "{url}");
            assert!(!refused.detail.contains("MARKER"));
        }
    }

    #[test]
    fn what_never_arrived_is_told_from_what_may_have() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let at = |listener: &std::net::TcpListener| format!("http://{}/", listener.local_addr().unwrap());
        let url = at(&taken);
        drop(taken);
        let asker = Asker::new(Duration::from_millis(300));
        let unreached = asker.ask(&request(&url)).err().unwrap();
        assert_eq!((unreached.kind, unreached.billed), (ErrorKind::ProviderUnreachable, Billed::No));
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let slow = asker.ask(&request(&at(&silent))).err().unwrap();
        assert_eq!((slow.kind, slow.billed), (ErrorKind::ProviderTimedOut, Billed::Maybe));
        let cut = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = at(&cut);
        std::thread::spawn(move || {
            use std::io::Read;
            let (mut stream, _) = cut.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
        });
        let lost = asker.ask(&request(&url)).err().unwrap();
        assert_eq!((lost.kind, lost.billed), (ErrorKind::ProviderAnswerLost, Billed::Maybe));
        let broken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = at(&broken);
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            let (mut stream, _) = broken.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{").unwrap();
        });
        let broken = asker.ask(&request(&url)).err().unwrap();
        assert_eq!((broken.kind, broken.billed), (ErrorKind::ProviderAnswerLost, Billed::Maybe));
    }
}
