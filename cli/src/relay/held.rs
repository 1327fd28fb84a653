//! The secrets that the relay holds: one word, or a key and a secret where a service wants both.

use std::path::Path;

use tagsmith::providers::Secrets;
use tagsmith::{Error, ErrorKind};

use crate::relay::args::RelayProvider;
use crate::secret::Secret;

const VARIABLE: &str = "TAGSMITH_RELAY_SECRET";
const OPTION: &str = "--secret-file";

/// Of the file, or else of the environment.
///
/// # Errors
/// A sentence that says nothing of what they are.
pub fn read(provider: &RelayProvider, file: Option<&Path>) -> Result<Secrets, String> {
    let what = provider.secret_name();
    let text = Secret::read(file, VARIABLE, what, OPTION)?;
    let secrets = match text.parts(&format!("{OPTION} or {VARIABLE}")) {
        Some(parts) => parts?,
        None if provider.is_adobe() => Secrets { secret: Some(text.one_word(what)?), ..Secrets::default() },
        None => Secrets { key: Some(text.one_word(what)?), ..Secrets::default() },
    };
    if secrets.token.is_some() {
        return Err("A token ends, so a relay holds none. Leave it out, and give the key or the secret.".into());
    }
    match secrets.too_short() {
        Some(which) => Err(format!(
            "The {which} has fewer than 6 characters. Any answer may have them in it by chance, and the relay keeps back each that repeats what it \
             holds. Copy it again, whole."
        )),
        None => Ok(secrets),
    }
}

/// Says where a secret goes that the set-up wants and nobody gave.
pub fn where_both_go(error: Error) -> Error {
    if error.kind() != ErrorKind::ProviderKeyMissing {
        return error;
    }
    let detail = format!(
        "{} A service that wants both has them as JSON in {OPTION} or {VARIABLE}: {{\"key\": …, \"secret\": …}}.",
        error.detail()
    );
    Error::new(error.kind(), detail)
}
