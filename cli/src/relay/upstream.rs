//! The provider behind the relay: where requests go, what they are signed with, and the token, which is asked for ahead of its end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tagsmith::ErrorKind;
use tagsmith::providers::{Billed, Failure, Picture, Request, Secrets, Setup};
use tokio::sync::Mutex;

use crate::provider::{Answered, Asker};
use crate::relay::set_up::{Identity, SetUp};
use crate::secret::Secret;

/// A token is renewed so long before its end, or at half its life if that is shorter.
const EARLY: Duration = Duration::from_secs(5 * 60);
/// Longer than any provider's token lives.
const LONGEST_LIFE: Duration = Duration::from_secs(7 * 86_400);
/// Headers of a page that go on as they are; all others are the relay's own.
pub const PASSED_ON: [&str; 3] = ["accept", "content-type", "prefer"];
/// Who asks, in headers of Adobe.
pub const CLIENT_ID: &str = "x-api-key";
pub const ORGANIZATION_ID: &str = "x-gw-ims-org-id";

/// A provider, and the secret for it.
pub struct Upstream {
    set_up: SetUp,
    secret: Secret,
    is_adobe: bool,
    asker: Asker,
    target: Target,
    held: Mutex<Option<Held>>,
}

/// Where all requests go.
#[derive(Debug, Clone)]
pub struct Target {
    /// `https://host[:port]`.
    pub origin: String,
    pub path: String,
    /// Of requests that say none themselves; with the question mark.
    query: String,
    /// Names of the headers that prove who asks, in lower case.
    pub credentials: Vec<String>,
}

/// A token of the one who asked last.
struct Held {
    of: Identity,
    value: String,
    renew_at: Instant,
}

/// What a page wants to know.
pub struct Question {
    /// With its question mark, or empty.
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub identity: Identity,
}

impl Upstream {
    /// # Errors
    /// Those of the set-up: where nothing can be asked with it, nothing is listened for.
    pub fn new(set_up: SetUp, is_adobe: bool, secret: Secret, asker: Asker) -> Result<Self, tagsmith::Error> {
        let mut upstream = Self { set_up, secret, is_adobe, asker, target: Target::none(), held: Mutex::default() };
        let sketch = upstream.set_up.sketch()?;
        // A token that is none, to see where it would go.
        let request = signed(&sketch, &upstream.secrets(Some("none".into())))?;
        upstream.target = Target::of(&request)?;
        Ok(upstream)
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Signs a question, sends it on and brings the answer, with a new token if the service takes the old one no longer.
    pub async fn ask(self: &Arc<Self>, question: Question) -> Result<Answered, Failure> {
        let setup = self.set_up.of(&question.identity)?;
        let token = self.token(&setup, &question.identity, None).await?;
        let answered = self.send(self.request(&setup, &question, token.clone())?).await?;
        if answered.status == 401 && token.is_some() {
            let fresh = self.token(&setup, &question.identity, token.as_deref()).await?;
            // A service that refuses a fresh token as well is not asked a third time.
            let again = self.send(self.request(&setup, &question, fresh)?).await?;
            return self.checked(again).await;
        }
        self.checked(answered).await
    }

    fn request(&self, setup: &Setup, question: &Question, token: Option<String>) -> Result<Request, Failure> {
        let signed = signed(setup, &self.secrets(token))?;
        let Target { origin, path, query, .. } = &self.target;
        let query = if question.query.is_empty() { query } else { &question.query };
        let own = signed.headers.iter().filter(|(name, _)| !is_passed_on(name)).cloned();
        let headers = question.headers.iter().cloned().chain(own).collect();
        Ok(Request { method: "POST", url: format!("{origin}{path}{query}"), headers, body: question.body.clone() })
    }

    async fn send(&self, request: Request) -> Result<Answered, Failure> {
        let asker = self.asker.clone();
        let asked = tokio::task::spawn_blocking(move || asker.ask(&request)).await;
        let lost = || Failure::new(ErrorKind::ProviderAnswerLost, "The relay failed while it asked.").billed(Billed::Maybe);
        asked.unwrap_or_else(|_| Err(lost()))
    }

    /// The token to ask with, where one is needed: the one that is held, unless it ends soon or is `refused`. Whoever comes while it is asked
    /// for waits, and gets the same.
    async fn token(&self, setup: &Setup, of: &Identity, refused: Option<&str>) -> Result<Option<String>, Failure> {
        let Some(request) = setup.token_request(&self.secrets(None)) else { return Ok(None) };
        let mut held = self.held.lock().await;
        if let Some(one) = held.as_ref()
            && one.of == *of
            && Instant::now() < one.renew_at
            && refused != Some(one.value.as_str())
        {
            return Ok(Some(one.value.clone()));
        }
        *held = None;
        let answered = self.send(request?).await?;
        let token = setup.token(&answered.answer()).map_err(|failure| failure.without(&self.secrets(None)))?;
        let life = Duration::from_secs(token.expires_in_s).min(LONGEST_LIFE);
        let renew_at = Instant::now() + life.saturating_sub(EARLY).max(life / 2);
        *held = Some(Held { of: of.clone(), value: token.value.clone(), renew_at });
        Ok(Some(token.value))
    }

    /// An answer that repeats the secret or the token goes no further.
    async fn checked(&self, answered: Answered) -> Result<Answered, Failure> {
        let held = self.held.lock().await;
        let secrets = [Some(self.secret.text()), held.as_ref().map(|held| held.value.as_str())];
        let is_in = |bytes: &[u8]| secrets.into_iter().flatten().any(|secret| contains(bytes, secret.as_bytes()));
        if is_in(&answered.body) || answered.headers.iter().any(|(_, value)| is_in(value.as_bytes())) {
            let detail = "The service's answer repeated the secret that it was sent, so the relay keeps it to itself.";
            return Err(Failure::new(ErrorKind::ProviderAnswerUnreadable, detail).billed(Billed::Maybe));
        }
        Ok(answered)
    }

    fn secrets(&self, token: Option<String>) -> Secrets {
        let own = Some(self.secret.text().to_owned());
        if self.is_adobe { Secrets { secret: own, token, key: None } } else { Secrets { key: own, ..Secrets::default() } }
    }
}

impl Target {
    fn none() -> Self {
        Self { origin: String::new(), path: String::new(), query: String::new(), credentials: Vec::new() }
    }

    fn of(request: &Request) -> Result<Self, tagsmith::Error> {
        let unclear = || tagsmith::Error::new(ErrorKind::ProviderSetupInvalid, "The set-up has no address to ask.");
        let at = request.url.find("://").ok_or_else(unclear)? + 3;
        let end = request.url[at..].find(['/', '?']).map_or(request.url.len(), |slash| at + slash);
        let (origin, rest) = request.url.split_at(end);
        let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let names = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
        Ok(Self {
            origin: origin.to_owned(),
            path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
            query: query.to_owned(),
            credentials: names.filter(|name| !is_passed_on(name)).collect(),
        })
    }
}

/// A request as the library builds it, of which only address and headers are used.
fn signed(setup: &Setup, secrets: &Secrets) -> Result<Request, tagsmith::Error> {
    // The library does not look into a picture.
    let picture = Picture { bytes: b"\xff\xd8\xff\xd9", media_type: "image/jpeg", width: 64, height: 64 };
    setup.request(secrets, &[picture], "en")
}

fn is_passed_on(name: &str) -> bool {
    PASSED_ON.iter().any(|one| name.eq_ignore_ascii_case(one))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}
