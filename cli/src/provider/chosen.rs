//! The provider that was named, with its set-up and its secrets.

use tagsmith::providers::{Secrets, Setup, SignIn, presets};
use tagsmith::{Error, ErrorKind};

use crate::library::with_code;
use crate::provider::args::ProviderArgs;
use crate::provider::is_this_machine;
use crate::provider::set_up_file::read_set_up;
use crate::secret::Secret;

const KEY: &str = "TAGSMITH_KEY";
/// Of providers that are asked over HTTP, as in their set-ups.
pub const KINDS: [&str; 4] = ["google", "microsoft", "adobe", "http"];
/// As long as the page lets them be.
const MAX_ID_BYTES: usize = 40;

/// A provider that can be asked.
pub struct Chosen {
    /// As in `from` of its tags: `provider:ID`.
    pub id: String,
    pub setup: Setup,
    pub secrets: Secrets,
}

impl Chosen {
    /// # Errors
    /// A sentence: the provider is not known, the set-up cannot be asked with, or the key is missing.
    pub fn read(id: &str, args: &ProviderArgs) -> Result<Self, Box<dyn std::error::Error>> {
        let setup = set_up(id, args)?.checked().map_err(with_code)?.setup;
        if matches!(setup, Setup::Browser(_)) {
            return Err("The browser's own model can only be asked by a page. Name another --provider.".into());
        }
        let secrets = secrets(&setup, args)?;
        Ok(Self { id: id.to_owned(), setup, secrets })
    }

    /// Hosts that get pictures or credentials, without this machine itself.
    ///
    /// # Errors
    /// Those of the set-up.
    pub fn hosts_elsewhere(&self) -> tagsmith::Result<Vec<String>> {
        let hosts = self.setup.origins()?.into_iter().map(|origin| host_of(&origin).to_owned());
        Ok(hosts.filter(|host| !is_this_machine(host_name(host))).collect())
    }
}

fn set_up(id: &str, args: &ProviderArgs) -> Result<Setup, Box<dyn std::error::Error>> {
    let ready_made = presets().into_iter().find(|one| one.id == id);
    let is_kind = KINDS.contains(&id);
    let Some(file) = &args.provider_setup else {
        if let Some(preset) = ready_made {
            return Ok(preset.setup);
        }
        if !is_kind {
            let ids = KINDS.into_iter().chain(presets().into_iter().map(|one| one.id)).collect::<Vec<_>>().join(", ");
            return Err(format!(
                "No provider is called {id:?}. --provider takes one of: {ids}; or any name with --provider-setup FILE."
            )
            .into());
        }
        return Ok(serde_json::from_value(serde_json::json!({ "kind": id }))?);
    };
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    if id.is_empty() || id.len() > MAX_ID_BYTES || !id.bytes().all(is_name) {
        return Err(format!(
            "--provider {id:?}: take a name of at most {MAX_ID_BYTES} small letters, digits and hyphens."
        )
        .into());
    }
    let fields = read_set_up(file)?;
    let kind = fields.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default().to_owned();
    if is_kind && kind != id {
        return Err(format!("The set-up is of {kind:?}, and --provider says {id}. Name the same in both.").into());
    }
    let setup = serde_json::from_value(serde_json::Value::Object(fields));
    let unreadable = |error: serde_json::Error| format!("The set-up cannot be read: {error}.");
    let invalid = |error| with_code(Error::new(ErrorKind::ProviderSetupInvalid, unreadable(error)));
    Ok(setup.map_err(invalid)?)
}

/// Of the file or the environment; nothing where neither is and the set-up may need none.
fn secrets(setup: &Setup, args: &ProviderArgs) -> Result<Secrets, String> {
    let may_lack =
        matches!(setup, Setup::Http(_)) || matches!(setup, Setup::Adobe(adobe) if adobe.sign_in == SignIn::Relay);
    if may_lack && args.key_file.is_none() && std::env::var_os(KEY).is_none() {
        return Ok(Secrets::default());
    }
    let what = match setup {
        Setup::Adobe(adobe) if adobe.sign_in == SignIn::Credentials => "client secret",
        Setup::Adobe(_) => "token",
        _ => "key",
    };
    let secret = Secret::read(args.key_file.as_deref(), KEY, what, "--key-file")?;
    if let Some(parts) = secret.parts(&format!("--key-file or {KEY}")) {
        return parts;
    }
    let text = Some(secret.one_word(what)?);
    Ok(match what {
        "client secret" => Secrets { secret: text, ..Secrets::default() },
        "token" => Secrets { token: text, ..Secrets::default() },
        _ => Secrets { key: text, ..Secrets::default() },
    })
}

/// `host[:port]` of an origin.
fn host_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// Without the port.
fn host_name(host: &str) -> &str {
    let after = host.rfind(']').map_or(0, |at| at + 1);
    host[after..].find(':').map_or(host, |at| &host[..after + at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_their_ports() {
        for (origin, host, name) in [
            ("https://a.example", "a.example", "a.example"),
            ("https://a.example:8443", "a.example:8443", "a.example"),
            ("http://[::1]:11434", "[::1]:11434", "[::1]"),
            ("http://[::1]", "[::1]", "[::1]"),
        ] {
            assert_eq!((host_of(origin), host_name(host_of(origin))), (host, name));
        }
    }
}
