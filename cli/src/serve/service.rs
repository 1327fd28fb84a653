//! The answers of the service.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use serde_json::json;
use tagsmith::picture::memory_estimate;
use tagsmith::session::{TagReport, TaggedReport};
use tokio::runtime::Handle;

use crate::http::{Answer, Answering, close, open_for, value};
use crate::memory_gate::MemoryGate;
use crate::picture_tagger::{PictureTagger, catching};
use crate::serve::MAX_CONNECTIONS;
use crate::serve::args::ServeArgs;
use crate::serve::body::{Bodies, Body, refuse_unread};
use crate::serve::crew::{Begin, Crew};
use crate::serve::gate::{Admitted, Gate, HEADERS, Route};
use crate::serve::labels::{self, Asked};
use crate::serve::question::{Question, Sent, part};
use crate::serve::refusal::Refusal;

const EXPOSED: &str = "retry-after";
/// How long PhotoPrism is kept waiting for a place: it takes a refusal for a picture without labels.
const LABELS_PATIENCE: Duration = Duration::from_secs(60);
/// What is in a body beside its pictures, where they are not alone.
const ABOUT_PICTURES: u64 = 64 << 10;

pub struct Service {
    gate: Gate,
    tagger: Arc<PictureTagger>,
    memory: Arc<MemoryGate>,
    bodies: Arc<Bodies>,
    crew: Crew,
    /// For what is inside forms and JSON: a large one takes long, and the thread that answers everybody waits for nobody.
    reader: Crew,
    timeout: Duration,
}

impl Answering for Service {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        let mut answer = match self.gate.admit(&head) {
            Ok(Admitted::Look) => nothing_here(),
            Ok(Admitted::Preflight(route, asked)) => {
                let mut answer = with_status(StatusCode::NO_CONTENT, Full::default());
                asked.allow(route.methods(), &HEADERS.join(", "), answer.headers_mut());
                answer
            }
            Ok(Admitted::Question(Route::Health)) => self.health(),
            Ok(Admitted::Question(Route::Tag)) => {
                self.tag(&head, body).await.unwrap_or_else(|refusal| refused(&refusal))
            }
            Ok(Admitted::Question(Route::Labels)) => {
                let answered = self.labels(&head, body).await;
                answered.unwrap_or_else(|refusal| with_headers(&refusal, labels::refused(&refusal)))
            }
            Err(refusal) => {
                refuse_unread(&head, body);
                refused(&refusal)
            }
        };
        match self.gate.page(&head) {
            Some(page) => open_for(page, EXPOSED, answer.headers_mut()),
            None => close(answer.headers_mut()),
        }
        answer
    }
}

impl Service {
    pub fn new(gate: Gate, tagger: PictureTagger, n_threads: usize, args: &ServeArgs) -> Self {
        let limits = tagger.limits();
        let timeout = Duration::from_secs(args.tagging.limits.timeout);
        Self {
            gate,
            tagger: Arc::new(tagger),
            memory: Arc::new(MemoryGate::for_decoding(&limits)),
            bodies: Arc::new(Bodies::new(&limits)),
            crew: Crew::new(n_threads, args.waiting.into(), timeout),
            reader: Crew::new(1, MAX_CONNECTIONS, timeout),
            timeout,
        }
    }

    fn health(&self) -> Answer {
        let card = self.tagger.tagger().card();
        let about = json!({
            "status": "ok", "model": { "id": card.id, "version": card.version }, "inside": self.crew.n_inside(),
        });
        with_json(StatusCode::OK, &about)
    }

    async fn tag(&self, head: &Parts, body: Incoming) -> Result<Answer, Refusal> {
        let asked = Question::read(head.uri.query(), &self.tagger).and_then(|asked| Ok((asked, Sent::read(head)?)));
        let (mut question, sent) = match asked {
            Ok(asked) => asked,
            Err(refusal) => {
                refuse_unread(head, body);
                return Err(refusal);
            }
        };
        let most = self.bodies.most_of_one();
        let file = match sent {
            Sent::Alone => self.bodies.read(head, body, most).await?,
            Sent::InForm(boundary) => {
                let form = self.bodies.read(head, body, most + ABOUT_PICTURES).await?;
                let runtime = Handle::current();
                let (file, name) = self.inside(form, move |form| runtime.block_on(part(form, &boundary))).await?;
                question.path = question.path.or(name);
                self.bodies.keep(file)?
            }
        };
        let report = self.report(file, question, Duration::ZERO).await?;
        let mut line = serde_json::to_string(&TagReport::Tagged(Box::new(report))).expect("a report is JSON");
        line.push('\n');
        Ok(with_body(StatusCode::OK, line))
    }

    /// What a body holds, read beside the answers to others.
    async fn inside<T: Send + 'static>(
        &self,
        mut body: Body,
        read: impl FnOnce(Vec<u8>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        body.count_copy()?;
        let work = move |begin: Begin| {
            begin.now();
            read(std::mem::take(&mut body.bytes))
        };
        self.reader.run(Duration::ZERO, work).await
    }

    /// `patience`: how long to wait for a place.
    async fn report(&self, file: Body, question: Question, patience: Duration) -> Result<TaggedReport, Refusal> {
        let (tagger, memory, timeout) = (self.tagger.clone(), self.memory.clone(), self.timeout);
        let work = move |begin: Begin| {
            let Question { wanted, path } = question;
            let share = memory.take_within(memory_estimate(&file.bytes, &tagger.limits()), timeout);
            let Some(_share) = share else {
                let detail =
                    "Others need the memory that this picture takes. Ask again later. The option is --max-memory.";
                return Err(Refusal::busy(detail, 10));
            };
            begin.now();
            let report = catching(|| {
                let found = tagger.find(&file.bytes, &wanted.policy, |_, _| ())?;
                tagger.report(path.unwrap_or_else(|| "-".to_owned()), found, &wanted)
            })?;
            Ok(report)
        };
        self.crew.run(patience, work).await
    }

    async fn labels(&self, head: &Parts, body: Incoming) -> Result<Answer, Refusal> {
        let question = match Question::read(head.uri.query(), &self.tagger) {
            Ok(question) => question,
            Err(refusal) => {
                refuse_unread(head, body);
                return Err(refusal);
            }
        };
        let most = self.bodies.most_of_one();
        let body = self.bodies.read(head, body, most / 3 * 4 + ABOUT_PICTURES).await?;
        let mut asked = self.inside(body, move |json| Asked::read(&json, most)).await?;
        let files = asked.files.drain(..).map(|file| self.bodies.keep(file)).collect::<Result<Vec<_>, _>>()?;
        let mut labels = Vec::new();
        for file in files {
            let report = self.report(file, question.clone(), LABELS_PATIENCE).await?;
            labels::add(&mut labels, report, &self.tagger, &question.wanted.policy.language);
        }
        Ok(with_json(StatusCode::OK, &asked.answer(&labels, &self.tagger)))
    }
}

/// `{"error": {"code", "detail"}}`.
fn refused(refusal: &Refusal) -> Answer {
    with_headers(refusal, json!({ "error": { "code": refusal.code, "detail": refusal.detail } }))
}

fn with_headers(refusal: &Refusal, body: serde_json::Value) -> Answer {
    let mut answer = with_json(refusal.status, &body);
    if let Some(methods) = refusal.allow {
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    }
    if let Some(seconds) = refusal.retry_after {
        answer.headers_mut().insert(RETRY_AFTER, value(&seconds.to_string()));
    }
    answer
}

fn with_json(status: StatusCode, body: &serde_json::Value) -> Answer {
    with_body(status, format!("{body}\n"))
}

fn with_body(status: StatusCode, body: String) -> Answer {
    let mut answer = with_status(status, Full::from(body));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

fn with_status(status: StatusCode, body: Full<hyper::body::Bytes>) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer
}

/// As a service answers at an address that takes other questions.
fn nothing_here() -> Answer {
    with_status(StatusCode::NOT_FOUND, Full::default())
}
