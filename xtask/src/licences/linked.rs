//! The crates that are linked, as cargo says it, without a network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;

use crate::process::{Outcome, cargo, output};
use crate::wasm_target::TRIPLE;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Crate {
    pub name: String,
    pub version: String,
    /// An SPDX expression, or the older form with slashes.
    #[serde(rename = "license", default, deserialize_with = "or_empty")]
    pub licence: String,
    #[serde(default)]
    pub authors: Vec<String>,
    pub manifest_path: PathBuf,
    /// `None`: one of ours.
    pub source: Option<String>,
}

/// The modules of wasm/.
const MODULES: [&str; 5] = ["engine", "exports", "providers", "session", "train"];

/// What is linked into what is shipped. Macros run when we build, and are not in it.
pub struct Linked {
    /// Into each module of wasm/.
    pub modules: BTreeMap<&'static str, BTreeSet<Crate>>,
    /// Into the command line, on any system.
    pub command_line: BTreeSet<Crate>,
}

/// Every crate of others that Cargo.lock names and cargo can look at: shipped or not.
pub fn every_crate() -> Outcome<Vec<Crate>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Crate>,
    }
    let json = output(cargo().args(["metadata", "--format-version=1", "--locked"])).map_err(|error| {
        format!("{error}\nWithout a network cargo needs every crate here already: cargo fetch --locked")
    })?;
    let metadata: Metadata =
        serde_json::from_str(&json).map_err(|error| format!("`cargo metadata` cannot be read: {error}."))?;
    Ok(metadata.packages.into_iter().filter(|one| one.source.is_some()).collect())
}

impl Linked {
    pub fn read() -> Outcome<Self> {
        let all = every_crate()?;
        let by_name: BTreeMap<(String, String), &Crate> =
            all.iter().map(|one| ((one.name.clone(), one.version.clone()), one)).collect();
        let tree =
            |package: &str, target: &str| -> Outcome<Vec<Crate>> {
                let lines =
                    output(
                        cargo()
                            .args(["tree", "--locked", "--offline", "--package", package, "--target", target])
                            .args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]),
                    )?;
                let of_line = |line: &str| {
                    let (name, rest) = line.split_once(" v")?;
                    let version = rest.split(' ').next()?;
                    by_name.get(&(name.to_owned(), version.to_owned())).map(|one| (*one).clone())
                };
                Ok(lines.lines().filter_map(of_line).collect())
            };
        let mut modules = BTreeMap::new();
        for module in MODULES {
            modules.insert(module, tree(&format!("tagsmith-{module}"), TRIPLE)?.into_iter().collect());
        }
        let command_line = tree("tagsmith-cli", "all")?.into_iter().collect();
        Ok(Self { modules, command_line })
    }

    /// Into the modules of the page, which are all.
    pub fn page(&self) -> BTreeSet<Crate> {
        self.modules.values().flatten().cloned().collect()
    }
}

fn or_empty<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
