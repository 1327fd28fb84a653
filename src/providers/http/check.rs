//! Whether a set-up for an HTTP endpoint can work: its form only.

use serde::de::IgnoredAny;

use super::{HttpBody, HttpSetup};
use crate::error::{Error, ErrorKind, Result};
use crate::providers::Note;
use crate::providers::address::Address;
use crate::providers::mapping::Mapping;
use crate::providers::pointer::Pointer;
use crate::providers::template::{has_place, places};

const MAX_HEADERS: usize = 16;
const MAX_FIELDS: usize = 32;
const MAX_TEXT_BYTES: usize = 64 * 1024;
const SECRET_PLACES: [&str; 3] = ["key", "secret", "basic"];

/// What a credential is called in headers and queries, in lower case and without `-` and `_`. A set-up is kept as it is and shown; what is
/// secret has a field of its own.
const CREDENTIALS: &[&str] = &[
    "accesstoken",
    "apikey",
    "apisecret",
    "auth",
    "authorization",
    "authtoken",
    "clientsecret",
    "key",
    "ocpapimsubscriptionkey",
    "password",
    "secret",
    "subscriptionkey",
    "token",
    "xapikey",
    "xauthtoken",
    "xgoogapikey",
];

/// Headers that browsers do not let a page set (the Fetch standard's forbidden ones), and the one that follows from the body.
const NOT_SETTABLE: &[&str] = &[
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

pub(super) fn check(setup: &mut HttpSetup) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    for field in [&mut setup.url, &mut setup.model, &mut setup.names] {
        *field = field.trim().to_owned();
    }
    address(setup, &mut notes)?;
    headers(setup)?;
    body(setup)?;
    if setup.model.is_empty() && wants_model(setup) {
        return Err(invalid("The model is missing. Type its name as the service has it."));
    }
    if setup.prompt.len() > MAX_TEXT_BYTES {
        return Err(invalid("The prompt is too long."));
    }
    // An empty field is none.
    setup.text = setup.text.take().filter(|text| !text.is_empty());
    setup.confidences = setup.confidences.take().filter(|confidences| !confidences.is_empty());
    match &setup.text {
        Some(text) => {
            Pointer::parse(text)?;
            notes.push(Note::new("http_no_confidence", []));
        }
        None => {
            Mapping::parse(&setup.names, setup.confidences.as_deref(), setup.scale)?;
        }
    }
    Ok(notes)
}

fn address(setup: &mut HttpSetup, notes: &mut Vec<Note>) -> Result<()> {
    if setup.url.is_empty() {
        return Err(invalid("The address is missing. Type the whole address that takes pictures."));
    }
    if SECRET_PLACES.iter().any(|name| has_place(&setup.url, name)) {
        return Err(invalid("A key has no place in the address, since addresses are logged. Put it into a header."));
    }
    if let Some(name) = places(&setup.url).find(|name| !["model", "language"].contains(name)) {
        return Err(invalid(format!(
            "The address has the place {{{name}}}, which there is none. {{model}} and {{language}} are."
        )));
    }
    let authority_end = setup.url.find("://").map_or(0, |at| at + 3);
    let authority = setup.url[authority_end..].split(['/', '?']).next().unwrap_or_default();
    if authority.contains('{') {
        return Err(invalid("The host cannot be filled in: it is what the page is allowed to reach. Type it out."));
    }
    let address = setup.address("en")?;
    let query = address.query.as_deref().unwrap_or_default();
    if query.split('&').any(|pair| is_credential(pair.split('=').next().unwrap_or_default())) {
        return Err(invalid("A key has no place in the address, since addresses are logged. Put {key} into a header."));
    }
    may_be_asked(setup, &address)?;
    if setup.is_own_machine && !address.is_own_network() {
        let detail = "This address is on the internet and not on a machine of one's own. Take back that it is, as somebody may bill for it.";
        return Err(invalid(detail));
    }
    if !setup.is_own_machine && address.is_own_network() && !address.is_loopback() {
        notes.push(Note::new("http_looks_like_own_machine", [("host", &address.host)]));
    }
    Ok(())
}

/// Keys and pictures go unencrypted only where nobody else listens.
pub(super) fn may_be_asked(setup: &HttpSetup, address: &Address) -> Result<()> {
    if address.is_secure || address.is_loopback() || setup.is_own_machine && address.is_own_network() {
        return Ok(());
    }
    Err(invalid(if setup.is_own_machine {
        "http:// is only for this machine and addresses of one's own network (192.168.…, 10.…, name.local). Type https://."
    } else {
        "Pictures and keys go over https:// only. Type https://, or say that this is a machine of your own."
    }))
}

fn headers(setup: &mut HttpSetup) -> Result<()> {
    if setup.headers.len() > MAX_HEADERS {
        return Err(invalid(format!("There are more than {MAX_HEADERS} headers.")));
    }
    let mut seen = Vec::new();
    for (name, value) in &mut setup.headers {
        *name = name.trim().to_owned();
        *value = value.trim().to_owned();
        let lower = name.to_ascii_lowercase();
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || name.len() > 100 || !name.chars().all(is_token) {
            return Err(invalid(format!("{name:?} is no name of a header.")));
        }
        if lower == "content-type" {
            return Err(invalid("Content-Type follows from the body. Leave the header out."));
        }
        if NOT_SETTABLE.contains(&lower.as_str()) || lower.starts_with("sec-") || lower.starts_with("proxy-") {
            return Err(invalid(format!("Browsers do not let a page set the header {name}. Leave it out.")));
        }
        if value.len() > 2000 || !value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            return Err(invalid(format!("The header {name} has a character that no header can have.")));
        }
        if let Some(place) = places(value).find(|place| !SECRET_PLACES.contains(place)) {
            return Err(invalid(format!(
                "The header {name} has the place {{{place}}}, which there is none. {{key}}, {{secret}} and {{basic}} are."
            )));
        }
        if is_credential(&lower) && places(value).next().is_none() {
            return Err(invalid(format!(
                "The header {name} holds a key as it is, and a set-up is no safe place for it. Write {{key}} there, and the key into its own \
                 field."
            )));
        }
        if seen.contains(&lower) {
            return Err(invalid(format!("The header {name} is there twice.")));
        }
        seen.push(lower);
    }
    Ok(())
}

fn is_credential(name: &str) -> bool {
    CREDENTIALS.contains(&name.to_ascii_lowercase().replace(['-', '_'], "").as_str())
}

fn body(setup: &HttpSetup) -> Result<()> {
    let no_secrets = |text: &str| match SECRET_PLACES.iter().find(|name| has_place(text, name)) {
        Some(name) => Err(invalid(format!("{{{name}}} has no place in a body. Put it into a header."))),
        None => Ok(()),
    };
    match &setup.body {
        HttpBody::Bytes => Ok(()),
        HttpBody::Json(template) => {
            if template.len() > MAX_TEXT_BYTES {
                return Err(invalid("The body is too long."));
            }
            no_secrets(template)?;
            // Places are text of its strings, so it is JSON before and after they are filled.
            serde_json::from_str::<IgnoredAny>(template).map_err(|error| {
                invalid(format!("The body is no JSON: {error}. Places such as {{image}} stand between quotes."))
            })?;
            if !has_place(template, "image") && !has_place(template, "data_url") {
                return Err(invalid(
                    "The picture has no place in the body. Put {image} (base64) or {data_url} between quotes.",
                ));
            }
            Ok(())
        }
        HttpBody::Multipart(form) => {
            let is_name = |name: &str| !name.is_empty() && name.len() <= 100 && !name.chars().any(char::is_control);
            if form.fields.len() > MAX_FIELDS
                || !is_name(&form.field)
                || !form.fields.iter().all(|(name, _)| is_name(name))
            {
                return Err(invalid(
                    "The fields of the form need names, and there may be 32 at most besides the picture's.",
                ));
            }
            for (_, value) in &form.fields {
                no_secrets(value)?;
                if value.len() > MAX_TEXT_BYTES || has_place(value, "image") || has_place(value, "data_url") {
                    return Err(invalid("The picture is in its own field of the form and nowhere else."));
                }
            }
            Ok(())
        }
    }
}

fn wants_model(setup: &HttpSetup) -> bool {
    let is_in_body = match &setup.body {
        HttpBody::Json(template) => has_place(template, "model"),
        HttpBody::Multipart(form) => form.fields.iter().any(|(_, value)| has_place(value, "model")),
        HttpBody::Bytes => false,
    };
    is_in_body || has_place(&setup.url, "model")
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::ProviderSetupInvalid, detail)
}
