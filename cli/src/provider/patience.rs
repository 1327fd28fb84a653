//! Whether, and after how long, a picture is sent again.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use tagsmith::ErrorKind;
use tagsmith::providers::{Billed, Failure, Retry};

/// After this many tries a picture has had its chance.
pub const N_TRIES: u32 = 5;
const FIRST_WAIT_MS: u64 = 1000;
/// What asks for more is not waited for.
const LONGEST_WAIT_MS: u64 = 120_000;

/// How long to wait before the next try; `None`: there is none. `n_tries`: those that failed, at least 1. What may have been paid is never sent
/// again by itself, unless nobody bills it.
pub fn wait_before_next(failure: &Failure, n_tries: u32, is_billed: bool) -> Option<Duration> {
    let may_be_paid = failure.billed != Billed::No && is_billed;
    // A service of one's own that was cut off may be asked again; one that answers nonsense answers it again.
    let is_lost = matches!(failure.kind, ErrorKind::ProviderAnswerLost | ErrorKind::ProviderTimedOut);
    let floor = match failure.retry {
        _ if n_tries >= N_TRIES || may_be_paid => return None,
        Retry::AfterMs(ms) => ms,
        Retry::Backoff => 0,
        Retry::Never if is_lost && !is_billed => 0,
        Retry::Never => return None,
    };
    if floor > LONGEST_WAIT_MS {
        return None;
    }
    let grown = FIRST_WAIT_MS << (n_tries - 1);
    // Up to a fifth more, so that not all come back at once.
    let wait = floor.max(if floor > 0 { grown / 2 } else { grown });
    let jitter = RandomState::new().hash_one(n_tries) % (wait / 5 + 1);
    Some(Duration::from_millis(wait + jitter))
}

/// Whether the next picture would meet the same: then nobody is asked any more.
pub fn is_for_all(failure: &Failure) -> bool {
    use ErrorKind as Kind;
    matches!(
        failure.kind,
        Kind::ProviderSetupInvalid
            | Kind::ProviderEndpointRetired
            | Kind::ProviderKeyMissing
            | Kind::ProviderKeyWrong
            | Kind::ProviderKeyExpired
            | Kind::ProviderKeyRevoked
            | Kind::ProviderNotPermitted
            | Kind::ProviderRegionWrong
            | Kind::ProviderQuotaUsedUp
            | Kind::ProviderLanguageUnsupported
            | Kind::ProviderModelMissing
            | Kind::ProviderUnreachable
            | Kind::ProviderClockWrong
            | Kind::ProviderCapReached
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: ErrorKind) -> Failure {
        Failure::new(kind, "It failed.")
    }

    #[test]
    fn waits_grow_honour_what_was_asked_for_and_come_to_an_end() {
        let throttled = failure(ErrorKind::ProviderThrottled);
        for (n_tries, least, most) in [(1, 1000, 1200), (2, 2000, 2400), (4, 8000, 9600)] {
            let wait = wait_before_next(&throttled.clone().backoff(), n_tries, true).unwrap().as_millis();
            assert!((least..=most).contains(&wait), "{n_tries}: {wait}");
        }
        let asked = wait_before_next(&throttled.clone().after_ms(26_000), 1, true).unwrap().as_millis();
        assert!((26_000..=31_200).contains(&asked), "{asked}");
        assert_eq!(wait_before_next(&throttled.clone().backoff(), N_TRIES, true), None);
        assert_eq!(wait_before_next(&throttled.clone().after_ms(86_400_000), 1, true), None, "a day");
        assert_eq!(wait_before_next(&throttled, 1, true), None, "never");
    }

    #[test]
    fn what_may_have_been_paid_is_not_sent_again() {
        let lost = failure(ErrorKind::ProviderAnswerLost).billed(Billed::Maybe);
        assert_eq!(wait_before_next(&lost, 1, true), None);
        assert_eq!(wait_before_next(&lost.clone().backoff(), 1, true), None);
        assert!(wait_before_next(&lost, 1, false).is_some(), "one's own machine bills nothing");
    }
}
