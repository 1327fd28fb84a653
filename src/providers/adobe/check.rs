//! Whether a set-up for Adobe can work: its form only. What an old guide has told people to write is recognised.

use super::{AdobeSetup, SignIn};
use crate::error::{Error, ErrorKind, Result};
use crate::providers::Note;
use crate::providers::address::Address;

const SMART_CONTENT: &str = "smartcontent.adobe.io";
const OLD_SERVICE: &str = "mc.adobe.io";
const REGIONS: [&str; 3] = ["na", "emea", "apac"];

pub(super) fn check(setup: &mut AdobeSetup) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    for field in [
        &mut setup.authorization_server,
        &mut setup.client_id,
        &mut setup.technical_account_id,
        &mut setup.organization_id,
        &mut setup.service_url,
        &mut setup.relay,
        &mut setup.path,
        &mut setup.engine,
        &mut setup.names,
        &mut setup.confidences,
    ] {
        *field = field.trim().to_owned();
    }
    for (name, value) in
        [("client id", &setup.client_id), ("organization id", &setup.organization_id), ("engine", &setup.engine)]
    {
        visible(name, value)?;
    }
    scopes(setup, &mut notes)?;
    authorization_server(setup, &mut notes)?;
    service_url(setup, &mut notes)?;
    if !setup.path.starts_with('/') {
        return Err(invalid("The path has to begin with /, as in /services/v2/predict."));
    }
    sign_in(setup, &mut notes)?;
    setup.target()?;
    // Signing in can be tried before the rest is known, so this is a note here and refused when a picture is to go.
    if setup.engine.is_empty() {
        notes.push(Note::new("adobe_engine_missing", []));
    } else if setup.names.is_empty() {
        notes.push(Note::new("adobe_names_missing", []));
    }
    if !setup.names.is_empty() {
        setup.mapping()?;
    }
    Ok(notes)
}

fn scopes(setup: &mut AdobeSetup, notes: &mut Vec<Note>) -> Result<()> {
    let scopes: String = setup.scopes.split_whitespace().collect();
    visible("scopes", &scopes)?;
    if scopes != setup.scopes {
        notes.push(Note::new("adobe_scopes_without_spaces", [("scopes", &scopes)]));
    }
    // The metascope that JWT credentials had; OAuth credentials know none.
    if scopes.contains("/s/ent_") || scopes.starts_with("ent_") {
        notes.push(Note::new("adobe_is_jwt", []));
    }
    setup.scopes = scopes;
    Ok(())
}

/// AEM's field is the origin only; a whole address of tokens, old or new, is one that was copied from somewhere else.
fn authorization_server(setup: &mut AdobeSetup, notes: &mut Vec<Note>) -> Result<()> {
    let address = secure(&setup.authorization_server, "authorization server")?;
    if address.path.contains("/exchange/jwt") {
        notes.push(Note::new("adobe_is_jwt", []));
    }
    if !matches!(address.path.as_str(), "" | "/") || address.query.is_some() {
        let origin = address.origin();
        notes.push(Note::new("endpoint_converted", [("from", &setup.authorization_server), ("to", &origin)]));
    }
    setup.authorization_server = address.origin();
    Ok(())
}

fn service_url(setup: &mut AdobeSetup, notes: &mut Vec<Note>) -> Result<()> {
    let region = setup.service_url.to_ascii_lowercase();
    if REGIONS.contains(&region.as_str()) {
        setup.service_url = format!("https://{SMART_CONTENT}/{region}");
    }
    let address = secure(&setup.service_url, "service URL")?;
    if address.query.is_some() {
        return Err(invalid("The service URL holds a ?. Put what follows into the path."));
    }
    if address.host == SMART_CONTENT {
        let region = address.path.trim_matches('/');
        if !REGIONS.contains(&region) {
            return Err(invalid(format!(
                "The service URL has to end in the region where AEM is hosted: https://{SMART_CONTENT}/na, /emea or /apac."
            )));
        }
    } else if address.host == OLD_SERVICE {
        // For those provisioned before 2022-09-01.
        notes.push(Note::new("adobe_old_service_url", []));
    }
    if setup.sign_in != SignIn::Relay && address.host.ends_with(".adobe.io") {
        notes.push(Note::new("adobe_404_is_normal", [("address", &address.base())]));
    }
    setup.service_url = address.base();
    Ok(())
}

fn sign_in(setup: &mut AdobeSetup, notes: &mut Vec<Note>) -> Result<()> {
    match setup.sign_in {
        SignIn::Token => {}
        SignIn::Relay => {
            if setup.relay.is_empty() {
                return Err(invalid(
                    "The relay's address is missing. Start `tagsmith relay` and copy the address that it prints.",
                ));
            }
            setup.relay = secure(&setup.relay, "relay's address")?.base();
        }
        SignIn::Credentials => {
            for (name, value) in [("client id (AEM: Api Key)", &setup.client_id), ("scopes", &setup.scopes)] {
                if value.is_empty() {
                    return Err(invalid(format!("The {name} is missing. Copy it from the Developer Console.")));
                }
            }
            notes.push(Note::new("adobe_secret_belongs_on_a_server", []));
        }
    }
    Ok(())
}

/// `https`, or this machine's own.
pub(super) fn secure(text: &str, what: &str) -> Result<Address> {
    let address =
        Address::parse(text).map_err(|error| invalid(format!("The {what} cannot be used. {}", error.detail())))?;
    if !address.is_secure && !address.is_loopback() {
        return Err(invalid(format!(
            "The {what} has to begin with https://: only this machine itself is asked over http://."
        )));
    }
    Ok(address)
}

/// What a header can hold.
pub(super) fn visible(name: &str, value: &str) -> Result<()> {
    if value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(invalid(format!("The {name} has a space or another character that none has. Copy it again, alone.")))
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::ProviderSetupInvalid, detail)
}
