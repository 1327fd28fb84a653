//! The set-up that the relay asks with: of a file, or the provider's own, with what only a relay does.

use std::path::Path;

use serde_json::{Map, Value};
use tagsmith::providers::Setup;
use tagsmith::{Error, ErrorKind, Result};

use crate::provider::read_set_up;
use crate::relay::args::RelayProvider;

/// What the Developer Console gives a project with Smart Content.
const SCOPES: &str = "openid,AdobeID,read_pc.dma_smart_content,additional_info.projectedProductContext";

/// Adobe's public names of who asks; neither is secret. A page sends them with its requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    pub client_id: String,
    pub organization_id: String,
}

/// A set-up that may lack what each page says of itself.
#[derive(Debug)]
pub struct SetUp {
    fields: Map<String, Value>,
    is_adobe: bool,
}

impl SetUp {
    /// # Errors
    /// A sentence, if the file cannot be read, or is of another provider.
    pub fn read(provider: &RelayProvider, file: Option<&Path>) -> std::result::Result<Self, String> {
        let mut fields = file.map_or_else(|| Ok(own(provider)), read_set_up)?;
        let kind = fields.entry("kind").or_insert_with(|| provider.kind().into());
        if *kind != provider.kind() {
            return Err(format!(
                "The set-up is of {kind}, and --provider says {}. Name the same in both.",
                provider.kind()
            ));
        }
        // The page's side of the same set-up says that a relay is asked, or where the key goes.
        match provider.kind() {
            "adobe" => {
                fields.insert("sign_in".into(), "credentials".into());
                fields.remove("relay");
            }
            "google" => _ = fields.insert("key_in_query".into(), false.into()),
            _ => {}
        }
        Ok(Self { fields, is_adobe: provider.is_adobe() })
    }

    /// For a page that says `identity` of itself; what the set-up says itself stands.
    ///
    /// # Errors
    /// [`ErrorKind::ProviderSetupInvalid`].
    pub fn of(&self, identity: &Identity) -> Result<Setup> {
        let mut fields = self.fields.clone();
        if self.is_adobe {
            fill(&mut fields, "client_id", &identity.client_id);
            fill(&mut fields, "organization_id", &identity.organization_id);
            fill(&mut fields, "scopes", SCOPES);
            // What is asked is the page's own, so these are never used; without them the library builds no request.
            fill(&mut fields, "engine", "relay");
            fill(&mut fields, "names", "/0");
        }
        let setup: Setup = serde_json::from_value(Value::Object(fields)).map_err(|error| {
            Error::new(ErrorKind::ProviderSetupInvalid, format!("The set-up cannot be read: {error}."))
        })?;
        Ok(setup.checked()?.setup)
    }

    /// With something in place of all that a page has to say: enough to tell where requests go.
    ///
    /// # Errors
    /// As [`SetUp::of`].
    pub fn sketch(&self) -> Result<Setup> {
        self.of(&Identity {
            client_id: "0123456789abcdef0123456789abcdef".into(),
            organization_id: "0123456789ABCDEF01234567@AdobeOrg".into(),
        })
    }
}

/// The fields that hold without a file: all have defaults, and a ready-made set-up is one.
fn own(provider: &RelayProvider) -> Map<String, Value> {
    let setup = provider.ready_made().map(|setup| serde_json::to_value(setup).expect("a set-up is JSON"));
    match setup {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn fill(fields: &mut Map<String, Value>, name: &str, value: &str) {
    let is_missing = fields.get(name).is_none_or(|known| known.as_str().is_some_and(|text| text.trim().is_empty()));
    if is_missing {
        fields.insert(name.to_owned(), value.into());
    }
}
