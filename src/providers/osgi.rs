//! The two OSGi `.config` files of an AEM set-up for smart tags: what they say fills the fields of an [`AdobeSetup`].
//!
//! `com.adobe.granite.auth.oauth.accesstoken.provider-<n>.config` has everything but the client secret, which is in
//! `com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl-<n>.config`. The slips of the guides that they were written after
//! are named.

mod syntax;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::address::Address;
use super::{AdobeSetup, Note};
use crate::error::{Error, ErrorKind, Result};
use crate::printable::printable;
use syntax::Entry;

const PROVIDER: &str = "com.adobe.granite.auth.oauth.accesstoken.provider";
const CUSTOMIZER: &str = "com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl";
const VALIDATOR: &str = "adobe-ims-similaritysearch";
const MAX_FILES: usize = 8;

/// A file as it was dropped. Its name may have folders before it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OsgiFile {
    pub name: String,
    pub text: String,
}

/// Without its text, where a secret may be.
impl fmt::Debug for OsgiFile {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:?}, {} bytes", self.name, self.text.len())
    }
}

/// What the files say.
#[derive(Clone, Serialize)]
pub struct OsgiFacts {
    /// Fields that the files say; the others are empty, so that they take nothing's place. The service's address is never in them.
    pub setup: AdobeSetup,
    /// Apart from everything else, so that it goes where secrets are typed and nowhere else.
    pub client_secret: Option<String>,
    /// `osgi_…`: what was found, missing, or a slip.
    pub notes: Vec<Note>,
}

/// Without the secret.
impl fmt::Debug for OsgiFacts {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let secret = if self.client_secret.is_some() { "with a secret" } else { "without a secret" };
        write!(f, "{:?} {secret}, {:?}", self.setup, self.notes)
    }
}

/// Reads the files together.
///
/// # Errors
/// [`ErrorKind::ProviderSetupInvalid`] if none of them is one of the two, or one cannot be read; the detail says where.
pub fn read_osgi(files: &[OsgiFile]) -> Result<OsgiFacts> {
    if files.len() > MAX_FILES {
        return Err(invalid(format!("{} files were dropped, and an AEM set-up for smart tags has two.", files.len())));
    }
    let nothing = AdobeSetup {
        authorization_server: String::new(),
        service_url: String::new(),
        path: String::new(),
        ..AdobeSetup::default()
    };
    let mut facts = OsgiFacts { setup: nothing, client_secret: None, notes: Vec::new() };
    let (mut has_provider, mut has_customizer) = (false, false);
    for file in files {
        let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let kind = [PROVIDER, CUSTOMIZER].into_iter().find(|kind| name.starts_with(kind));
        let Some(kind) = kind else {
            facts.note("osgi_file_unknown", [("file", &printable(name))]);
            continue;
        };
        let already = if kind == PROVIDER { &mut has_provider } else { &mut has_customizer };
        if std::mem::replace(already, true) {
            return Err(invalid(format!("Two of the files are called {kind}. Drop the one that is in use.")));
        }
        facts.check_name(name, kind);
        let entries = syntax::read(&file.text).map_err(|error| {
            invalid(format!(
                "{name} cannot be read: line {} has {}. Drop the file as it is on the server.",
                error.line, error.reason
            ))
        })?;
        if kind == PROVIDER { facts.read_provider(name, &entries) } else { facts.read_customizer(name, &entries) }
    }
    if !has_provider && !has_customizer {
        return Err(invalid(format!("None of the files is {PROVIDER}-<n>.config or {CUSTOMIZER}-<n>.config.")));
    }
    for (kind, is_there) in [(PROVIDER, has_provider), (CUSTOMIZER, has_customizer)] {
        if !is_there {
            facts.note("osgi_file_missing", [("file", &format!("{kind}-<n>.config"))]);
        }
    }
    Ok(facts)
}

impl OsgiFacts {
    fn note<const N: usize>(&mut self, code: &'static str, params: [(&'static str, &str); N]) {
        self.notes.push(Note::new(code, params));
    }

    /// A factory's name and the number of its set-up are joined by `-`; joined by `.`, as in older guides, it is another set-up to OSGi.
    fn check_name(&mut self, name: &str, kind: &str) {
        let number = &name[kind.len()..];
        let Some(number) = number.strip_prefix('.').filter(|rest| *rest != "config") else { return };
        let wanted = format!("{kind}-{number}");
        self.note("osgi_name_has_dot", [("file", &printable(name)), ("wanted", &printable(&wanted))]);
    }

    fn read_provider(&mut self, name: &str, entries: &[Entry]) {
        let get = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| entry.values.join(","));
        if let Some(client_id) = self.value(get("auth.token.provider.client.id"), name, "auth.token.provider.client.id")
        {
            self.setup.client_id = client_id;
        }
        if let Some(organization) = self.value(get("auth.token.provider.orgId"), name, "auth.token.provider.orgId") {
            self.setup.organization_id = organization;
        }
        if let Some(scope) = self.value(get("auth.token.provider.scope"), name, "auth.token.provider.scope") {
            self.setup.scopes = scope.split_whitespace().collect();
            if self.setup.scopes != scope {
                let wanted = self.setup.scopes.clone();
                self.note("osgi_scope_has_spaces", [("file", &printable(name)), ("wanted", &printable(&wanted))]);
            }
        }
        if let Some(address) = self.value(get("auth.access.token.request"), name, "auth.access.token.request") {
            self.take_token_address(name, &address);
        }
        let grants = get("auth.token.provider.authorization.grants");
        if is_of_jwt(entries) {
            self.note("osgi_is_jwt", [("file", &printable(name))]);
        } else if let Some(grants) = grants.filter(|grants| grants != "client_credentials") {
            self.note("osgi_grants_other", [("file", &printable(name)), ("found", &printable(&grants))]);
        }
        match get("auth.token.validator.type") {
            Some(validator) if validator != VALIDATOR => {
                self.note(
                    "osgi_validator_other",
                    [("file", &printable(name)), ("found", &printable(&validator)), ("wanted", VALIDATOR)],
                );
            }
            _ => {}
        }
        let claims = entries.iter().find(|entry| entry.key == "auth.token.provider.default.claims");
        let issuer = claims.and_then(|claims| claims.values.iter().find_map(|claim| issuer(claim)));
        if let Some(issuer) =
            issuer.filter(|issuer| !self.setup.organization_id.is_empty() && *issuer != self.setup.organization_id)
        {
            let organization = self.setup.organization_id.clone();
            self.note("osgi_claims_other", [("found", &printable(&issuer)), ("wanted", &printable(&organization))]);
        }
    }

    fn read_customizer(&mut self, name: &str, entries: &[Entry]) {
        for key in ["auth.ims.client.secret", "auth.ims.client.secrets"] {
            let Some(entry) = entries.iter().find(|entry| entry.key == key) else { continue };
            if key.ends_with('s') {
                self.note(
                    "osgi_key_plural",
                    [("file", &printable(name)), ("found", key), ("wanted", "auth.ims.client.secret")],
                );
            }
            let value = self.value(Some(entry.values.join(",")), name, key);
            // AEM encrypts what is saved in its console: `{…}` is of no use elsewhere.
            let is_encrypted = value.as_ref().is_some_and(|value| value.starts_with('{') && value.ends_with('}'));
            if is_encrypted {
                self.note("osgi_secret_encrypted", [("file", &printable(name))]);
            } else if self.client_secret.is_none() {
                self.client_secret = value;
            }
        }
        if self.client_secret.is_none() && !self.notes.iter().any(|note| note.code == "osgi_secret_encrypted") {
            self.note("osgi_secret_missing", [("file", &printable(name))]);
        }
    }

    /// A value that is one: neither empty nor the `<…>` of the guide that it was copied from.
    fn value(&mut self, value: Option<String>, name: &str, key: &'static str) -> Option<String> {
        let value = value?.trim().to_owned();
        if value.starts_with('<') && value.ends_with('>') {
            self.note("osgi_placeholder_left", [("file", &printable(name)), ("key", key)]);
            return None;
        }
        Some(value).filter(|value| !value.is_empty())
    }

    fn take_token_address(&mut self, name: &str, text: &str) {
        let Ok(address) = Address::parse(text) else {
            self.note("osgi_token_address_other", [("file", &printable(name)), ("found", &printable(text))]);
            return;
        };
        self.setup.authorization_server = address.origin();
        let is_of_tokens = matches!(address.path.trim_end_matches('/'), "/ims/token/v3" | "/ims/token/v4");
        // What exchanges JWTs is named by another note.
        if !is_of_tokens && !address.path.contains("/exchange/jwt") {
            self.note("osgi_token_address_other", [("file", &printable(name)), ("found", &printable(text))]);
        }
    }
}

/// Whether the file still is of a certificate: its keystore's alias, the exchange of JWTs, or their grant.
fn is_of_jwt(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| {
        let has = |text: &str| entry.values.iter().any(|value| value.contains(text));
        match entry.key.as_str() {
            "auth.access.token.request" => has("/ims/exchange/jwt"),
            "auth.token.provider.authorization.grants" => has("jwt-bearer"),
            _ => false,
        }
    }) && !entries
        .iter()
        .any(|entry| entry.key == "auth.token.provider.authorization.grants" && entry.values == ["client_credentials"])
}

/// The organization in a claim `"iss" : "…"`.
fn issuer(claim: &str) -> Option<String> {
    let (name, value) = claim.split_once(':')?;
    let unquoted = |text: &str| text.trim().trim_matches('"').to_owned();
    let issuer = unquoted(value);
    (unquoted(name) == "iss" && !issuer.starts_with('<') && !issuer.is_empty()).then_some(issuer)
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::ProviderSetupInvalid, detail)
}

#[cfg(test)]
mod tests;
