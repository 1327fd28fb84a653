//! What every kind of provider can be asked for.

use super::{Answer, Failure, Found, Note, Picture, PictureNeed, Request, Secrets, Token, probe};
use crate::error::{ErrorKind, Result};

/// One kind of provider. The methods are those of [`super::Setup`].
pub(super) trait Asked {
    /// Brings the set-up into its normal form, and says what was changed or should be known.
    fn check(&mut self) -> Result<Vec<Note>>;

    fn origins(&self) -> Result<Vec<String>>;

    fn picture_need(&self) -> PictureNeed;

    fn batches(&self, sizes: &[u32]) -> Vec<u32> {
        vec![1; sizes.len()]
    }

    fn units(&self, n: u32) -> u32 {
        n
    }

    fn has_confidence(&self) -> bool {
        true
    }

    fn is_billed(&self) -> bool {
        true
    }

    fn request(&self, secrets: &Secrets, pictures: &[Picture], language: &str) -> Result<Request>;

    fn answer(&self, answer: &Answer, n: usize) -> Result<Vec<Result<Found, Failure>>, Failure>;

    fn token_request(&self, _secrets: &Secrets) -> Option<Result<Request>> {
        None
    }

    fn token(&self, _answer: &Answer) -> Result<Token, Failure> {
        Err(Failure::new(ErrorKind::ProviderSetupInvalid, "This provider is asked without a token."))
    }

    fn probe(&self, secrets: &Secrets, language: &str) -> Result<Request> {
        self.request(secrets, &[probe::picture()], language)
    }
}
