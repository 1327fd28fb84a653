//! The relay's answers.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use tagsmith::ErrorKind;
use tagsmith::providers::{Billed, Failure};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::http::{Answer, Answering, Preflight, close, open_for, value};
use crate::provider::Answered;
use crate::relay::gate::{Admitted, Gate, MAX_BODY_BYTES, Refusal, too_large};
use crate::relay::set_up::Identity;
use crate::relay::upstream::{CLIENT_ID, ORGANIZATION_ID, PASSED_ON, Question, Upstream};
use crate::say::say;

/// So many requests are in memory, and on their way, at once.
const MAX_UNDER_WAY: usize = 8;
const BODY_TIME: Duration = Duration::from_secs(30);
/// How long a request waits for its turn.
const TURN_TIME: Duration = Duration::from_secs(30);
/// Who asks for another path each time does not fill memory and log.
const MAX_SAID: usize = 100;
const ANSWER_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, RETRY_AFTER, HeaderName::from_static("x-request-id")];
const EXPOSED: &str = "retry-after, x-request-id";

pub struct Relay {
    pub gate: Gate,
    upstream: Arc<Upstream>,
    turns: Semaphore,
    /// Why requests were refused; each reason is said once.
    said: Mutex<BTreeSet<String>>,
}

impl Answering for Relay {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        match self.gate.admit(&head) {
            Ok(Admitted::Preflight(asked)) => self.preflight(&asked),
            Ok(Admitted::Look) => nothing_here(),
            Ok(Admitted::Question) => self.question(&head, body).await.unwrap_or_else(|refusal| self.refuse(&refusal)),
            Err(refusal) => self.refuse(&refusal),
        }
    }
}

impl Relay {
    pub fn new(gate: Gate, upstream: Upstream) -> Self {
        Self { gate, upstream: Arc::new(upstream), turns: Semaphore::new(MAX_UNDER_WAY), said: Mutex::default() }
    }

    fn preflight(&self, asked: &Preflight) -> Answer {
        let mut answer = Response::new(Full::default());
        *answer.status_mut() = StatusCode::NO_CONTENT;
        self.open(answer.headers_mut());
        asked.allow("POST", &self.gate.headers().collect::<Vec<_>>().join(", "), answer.headers_mut());
        answer
    }

    async fn question(&self, head: &Parts, body: Incoming) -> Result<Answer, Refusal> {
        let busy = || Failure::new(ErrorKind::ProviderThrottled, "The relay has too much to do. Ask fewer at once.");
        let turn = timeout(TURN_TIME, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(refused(StatusCode::SERVICE_UNAVAILABLE, busy().after_ms(1000))) };
        let slow = || Failure::new(ErrorKind::ProviderTimedOut, "The picture came too slowly to the relay.").backoff();
        let body = timeout(BODY_TIME, Limited::new(body, MAX_BODY_BYTES).collect()).await;
        let body = body.map_err(|_| refused(StatusCode::REQUEST_TIMEOUT, slow()))?.map_err(|_| too_large())?;
        let text =
            |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let passed = PASSED_ON.into_iter().filter(|name| head.headers.contains_key(*name));
        let question = Question {
            query: head.uri.query().map(|query| format!("?{query}")).unwrap_or_default(),
            headers: passed.map(|name| (name.to_owned(), text(name))).collect(),
            body: body.to_bytes().into(),
            identity: Identity { client_id: text(CLIENT_ID), organization_id: text(ORGANIZATION_ID) },
        };
        let upstream = self.upstream.clone();
        let lost = |_| {
            Err(Failure::new(ErrorKind::ProviderAnswerLost, "The relay failed while it asked.").billed(Billed::Maybe))
        };
        match tokio::task::spawn_blocking(move || upstream.ask(&question)).await.unwrap_or_else(lost) {
            Ok(answered) => Ok(self.pass_on(answered)),
            Err(failure) => Err(refused(status_of(failure.kind), failure)),
        }
    }

    fn pass_on(&self, answered: Answered) -> Answer {
        let mut headers = HeaderMap::new();
        for name in ANSWER_HEADERS {
            if let Some(text) = answered.header(name.as_str()) {
                headers.insert(name, value(text));
            }
        }
        let mut answer = Response::new(Full::from(answered.body));
        *answer.status_mut() = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::BAD_GATEWAY);
        *answer.headers_mut() = headers;
        self.open(answer.headers_mut());
        answer
    }

    /// What the relay itself has to say: `{"relay": {"code", "detail", "retry", "billed"}}`.
    fn refuse(&self, Refusal { status, failure, is_for_page }: &Refusal) -> Answer {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = said.len() < MAX_SAID && said.insert(failure.detail.clone());
        drop(said);
        if is_new {
            say(format_args!("{} ({})", failure.detail, failure.kind.code()));
        }
        let body = serde_json::json!({ "relay": failure }).to_string();
        let mut answer = Response::new(Full::from(body));
        *answer.status_mut() = *status;
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if *status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if *is_for_page {
            self.open(headers);
        } else {
            close(headers);
        }
        answer
    }

    /// Lets the page read it, and no other.
    fn open(&self, headers: &mut HeaderMap) {
        open_for(&self.gate.origin, EXPOSED, headers);
    }
}

/// As a service answers at an address that takes other questions.
fn nothing_here() -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::NOT_FOUND;
    close(answer.headers_mut());
    answer
}

fn refused(status: StatusCode, failure: Failure) -> Refusal {
    Refusal { status, failure, is_for_page: true }
}

fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::ProviderTimedOut => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    }
}
