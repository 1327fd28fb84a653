//! The token that some providers give for credentials: asked for once, kept in memory, and renewed ahead of its end.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tagsmith::ErrorKind;
use tagsmith::providers::{Billed, Failure, Request, Secrets, Setup};

use crate::provider::Asker;
use crate::provider::asking::MAYBE_COUNTED;

/// A token is renewed so long before its end, or at half its life if that is shorter.
const EARLY: Duration = Duration::from_secs(5 * 60);
/// Longer than any provider's token lives.
const LONGEST_LIFE: Duration = Duration::from_secs(7 * 86_400);

/// The token that was given last.
#[derive(Default)]
pub struct Tokens {
    held: Mutex<Option<Held>>,
}

struct Held {
    /// What it was given for: address and body.
    url: String,
    body: Vec<u8>,
    value: String,
    renew_at: Instant,
}

impl Tokens {
    /// The token to ask with, where the set-up signs in before it asks: the one that is held, unless it ends soon or is `refused`. Whoever comes
    /// while it is asked for waits, and gets the same.
    ///
    /// # Errors
    /// Those of signing in.
    pub fn token(
        &self,
        setup: &Setup,
        secrets: &Secrets,
        asker: &Asker,
        refused: Option<&str>,
    ) -> Result<Option<String>, Failure> {
        let Some(request) = setup.token_request(secrets) else { return Ok(None) };
        let request = request?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = held.as_ref().and_then(|one| one.good_for(&request, refused)) {
            return Ok(Some(value));
        }
        *held = None;
        let answered = asker.ask(&request).map_err(unbilled)?;
        let token = setup.token(&answered.answer()).map_err(|failure| failure.without(secrets))?;
        let life = Duration::from_secs(token.expires_in_s).min(LONGEST_LIFE);
        let renew_at = Instant::now() + life.saturating_sub(EARLY).max(life / 2);
        let Request { url, body, .. } = request;
        *held = Some(Held { url, body, value: token.value.clone(), renew_at });
        Ok(Some(token.value))
    }
}

/// Nobody bills for a token, so one whose answer was lost is asked for again. A server that is too slow is not waited for once more.
fn unbilled(failure: Failure) -> Failure {
    if failure.billed == Billed::No {
        return failure;
    }
    let detail = failure.detail.replace(MAYBE_COUNTED, "");
    let unbilled = Failure::new(failure.kind, format!("The token did not come. {detail}"));
    if failure.kind == ErrorKind::ProviderAnswerLost { unbilled.backoff() } else { unbilled }
}

impl Held {
    fn good_for(&self, request: &Request, refused: Option<&str>) -> Option<String> {
        let is_good = self.url == request.url
            && self.body == request.body
            && Instant::now() < self.renew_at
            && refused != Some(self.value.as_str());
        is_good.then(|| self.value.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tagsmith::providers::Retry;

    #[test]
    fn a_token_that_was_lost_costs_nothing_and_is_asked_for_again() {
        let said = format!("The connection ended.{MAYBE_COUNTED}");
        let lost = unbilled(Failure::new(ErrorKind::ProviderAnswerLost, said).billed(Billed::Maybe));
        assert_eq!((lost.billed, lost.retry), (Billed::No, Retry::Backoff));
        assert_eq!(lost.detail, "The token did not come. The connection ended.");
        let wrong = Failure::new(ErrorKind::ProviderUnreachable, "Nobody is there.");
        assert_eq!(unbilled(wrong.clone()), wrong);
    }
}
