//! The bill of materials of a release, in CycloneDX's JSON: what each shell has inside, with versions, licences and hashes.

mod inside;

pub use inside::{Known, Of, inside};

use crate::hash::sha256;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What others made, or a model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Component {
    /// Names it within the bill: its package URL, where it has one.
    pub id: String,
    pub kind: Kind,
    pub name: String,
    pub version: String,
    /// An SPDX expression.
    pub licence: String,
    /// "SHA-256" and what its publisher says, in hex; `None` where nobody does.
    pub hash: Option<(&'static str, String)>,
    pub description: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A crate or a package.
    Library,
    Model,
    /// A file of a model.
    Data,
}

/// A shell, or the command line, with everything inside.
pub struct Product {
    pub name: String,
    pub inside: BTreeSet<Component>,
}

const LICENCE: &str = "MIT OR Apache-2.0";

/// The bill. The same products, version and time give the same text.
pub fn bill(products: &[Product], version: &str, time: Timestamp) -> String {
    let all: BTreeMap<&str, &Component> =
        products.iter().flat_map(|product| &product.inside).map(|one| (one.id.as_str(), one)).collect();
    let ours = |name: &str| {
        json!({ "type": "application", "bom-ref": name, "name": name, "version": version,
            "licenses": [{ "expression": LICENCE }] })
    };
    let mut components: Vec<Value> = products.iter().map(|product| ours(&product.name)).collect();
    components.extend(all.values().map(|one| shown(one)));
    let names: Vec<&str> = products.iter().map(|product| product.name.as_str()).collect();
    let mut dependencies = vec![json!({ "ref": "tagsmith", "dependsOn": names })];
    dependencies.extend(products.iter().map(|product| {
        let inside: Vec<&str> = product.inside.iter().map(|one| one.id.as_str()).collect();
        json!({ "ref": product.name, "dependsOn": inside })
    }));
    let mut bill = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": time.to_string(),
            "lifecycles": [{ "phase": "build" }],
            "tools": { "components": [{ "type": "application", "name": "cargo x release", "version": version }] },
            "component": ours("tagsmith"),
        },
        "components": components,
        "dependencies": dependencies,
    });
    bill["serialNumber"] = serial_number(&bill.to_string()).into();
    format!("{bill:#}\n")
}

fn shown(one: &Component) -> Value {
    let kind = match one.kind {
        Kind::Library => "library",
        Kind::Model => "machine-learning-model",
        Kind::Data => "data",
    };
    let mut shown = json!({ "type": kind, "bom-ref": one.id, "name": one.name, "version": one.version,
        "licenses": [{ "expression": one.licence }] });
    if one.id.starts_with("pkg:") {
        shown["purl"] = one.id.as_str().into();
    }
    if let Some((algorithm, hash)) = &one.hash {
        shown["hashes"] = json!([{ "alg": algorithm, "content": hash }]);
    }
    if !one.description.is_empty() {
        shown["description"] = one.description.as_str().into();
    }
    shown
}

/// A UUID made of the content (version 8), so that the same bill has the same number.
fn serial_number(content: &str) -> String {
    let hash = sha256([content.as_bytes()]);
    format!("urn:uuid:{}-{}-8{}-a{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(id: &str) -> Component {
        Component {
            id: id.into(),
            kind: Kind::Library,
            name: "png".into(),
            version: "1.0.0".into(),
            licence: "MIT".into(),
            hash: Some(("SHA-256", "00".repeat(32))),
            description: String::new(),
        }
    }

    fn product(name: &str, inside: &[&str]) -> Product {
        Product { name: name.into(), inside: inside.iter().map(|id| component(id)).collect() }
    }

    #[test]
    fn what_two_shells_share_stands_once_and_each_names_what_it_has() {
        let products = [product("tagsmith-page", &["pkg:cargo/a@1.0.0", "b"]), product("tagsmith-cli", &["b"])];
        let time: Timestamp = "2026-11-30T14:05:07Z".parse().unwrap();
        let text = bill(&products, "0.1.0", time);
        assert_eq!(text, bill(&products, "0.1.0", time));
        let found: Value = serde_json::from_str(&text).unwrap();
        let refs: Vec<_> =
            found["components"].as_array().unwrap().iter().map(|one| one["bom-ref"].as_str().unwrap()).collect();
        assert_eq!(refs, ["tagsmith-page", "tagsmith-cli", "b", "pkg:cargo/a@1.0.0"]);
        assert_eq!(found["components"][3]["purl"], "pkg:cargo/a@1.0.0");
        assert_eq!(found["components"][2].get("purl"), None);
        assert_eq!(
            found["dependencies"][1],
            json!({ "ref": "tagsmith-page", "dependsOn": ["b", "pkg:cargo/a@1.0.0"] })
        );
        assert_eq!(found["metadata"]["timestamp"], "2026-11-30T14:05:07Z");
        let other: Value = serde_json::from_str(&bill(&products[..1], "0.1.0", time)).unwrap();
        assert_ne!(found["serialNumber"], other["serialNumber"]);
    }
}
