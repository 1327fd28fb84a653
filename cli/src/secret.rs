//! A secret: read from a file or the environment, shown to nobody.

use std::env;
use std::fmt;
use std::path::Path;

use tagsmith::model::read_file;
use tagsmith::providers::Secrets;

use crate::path_text::path_text;
use crate::say::say;

/// Far more than any key or token has.
const MAX_BYTES: u64 = 16 << 10;

/// Text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Of the file, or else of the environment, without white space round it. `what`: its name in sentences; `option`: of the file.
    ///
    /// # Errors
    /// A sentence that says nothing of what it is.
    pub fn read(file: Option<&Path>, variable: &str, what: &str, option: &str) -> Result<Self, String> {
        let (text, place) = match (file, env::var_os(variable)) {
            (Some(path), _) => (read_text(path)?, path_text(path)),
            (None, Some(value)) => {
                let text =
                    value.into_string().map_err(|_| format!("The {what} in {variable} is no text. Copy it again."))?;
                (text, variable.to_owned())
            }
            (None, None) => {
                return Err(format!(
                    "The {what} is missing. Save it as a file and name it with {option}, or set the environment variable {variable}."
                ));
            }
        };
        let secret = text.trim();
        if secret.is_empty() {
            return Err(format!("The {what} is missing: {place} is empty. Copy it there."));
        }
        Ok(Self(secret.to_owned()))
    }

    /// What a header can carry.
    ///
    /// # Errors
    /// A sentence that says nothing of what it is.
    pub fn one_word(&self, what: &str) -> Result<String, String> {
        if !self.0.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "That is no {what}: there is a space, a line end or another character in it that none has. Copy it again, alone."
            ));
        }
        Ok(self.0.clone())
    }

    /// Several at once, where it is an object of JSON. `places`: where it may have come from.
    ///
    /// # Errors
    /// A sentence that says nothing of what it is: the parser would quote what it stumbles over.
    pub fn parts(&self, places: &str) -> Option<Result<Secrets, String>> {
        let wrong =
            |_| format!("What {places} holds is no JSON of the form {{\"key\": …, \"secret\": …, \"token\": …}}.");
        self.0.starts_with('{').then(|| serde_json::from_str(&self.0).map_err(wrong))
    }
}

fn read_text(path: &Path) -> Result<String, String> {
    let shown = path_text(path);
    let bytes = read_file(path, MAX_BYTES)
        .map_err(|error| format!("{shown} cannot be read: {error}. Check the path and your permissions."))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("{shown} is too large for a secret. Save the secret alone in a file."));
    }
    warn_if_others_may_read(path, &shown);
    String::from_utf8(bytes).map_err(|_| format!("{shown} is no text. Save the secret alone in a text file."))
}

#[cfg(unix)]
fn warn_if_others_may_read(path: &Path, shown: &str) {
    use std::os::unix::fs::PermissionsExt;
    if std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
        say(format_args!("other users of this machine may read {shown}. Keep it to yourself: chmod 600"));
    }
}

#[cfg(not(unix))]
fn warn_if_others_may_read(_path: &Path, _shown: &str) {}
