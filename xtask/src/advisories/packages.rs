//! The packages that our lock files name.

use std::fmt;
use std::fs;

use serde_json::Value;

use crate::process::{Outcome, root};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// "crates.io" or "npm".
    pub registry: String,
    pub name: String,
    pub version: String,
}

impl Package {
    pub fn new(registry: &str, name: &str, version: &str) -> Self {
        Self { registry: registry.into(), name: name.into(), version: version.into() }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// All of them, sorted; ours are left out.
pub fn locked() -> Outcome<Vec<Package>> {
    let read =
        |file: &str| fs::read_to_string(root().join(file)).map_err(|error| format!("{file} cannot be read: {error}."));
    let mut packages = crates(&read("Cargo.lock")?);
    let lock = "www/package-lock.json";
    let json: Value = serde_json::from_str(&read(lock)?).map_err(|error| format!("{lock} is no JSON: {error}."))?;
    packages.extend(npm(&json));
    packages.sort();
    packages.dedup();
    Ok(packages)
}

/// Of a Cargo.lock, which cargo writes in one way.
fn crates(lock: &str) -> Vec<Package> {
    let package = |entry: &str| {
        let field = |name: &str| {
            entry.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \"")?.strip_suffix('"'))
        };
        field("source")?;
        Some(Package::new("crates.io", field("name")?, field("version")?))
    };
    lock.split("[[package]]").skip(1).filter_map(package).collect()
}

fn npm(lock: &Value) -> Vec<Package> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    let package = |(path, about): (&String, &Value)| {
        let installed = path.rsplit_once("node_modules/")?.1;
        Some(Package::new("npm", about["name"].as_str().unwrap_or(installed), about["version"].as_str()?))
    };
    packages.filter_map(package).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lock_files_name_their_packages() {
        let lock = "version = 4\n\n[[package]]\nname = \"png\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";
        assert_eq!(crates(lock), [Package::new("crates.io", "png", "1.0.0")]);
        let lock = serde_json::json!({ "packages": { "": { "version": "0.1.0" }, "node_modules/@a/b": { "version": "2.0.0" },
            "node_modules/x/node_modules/alias": { "name": "real", "version": "3.0.0" } } });
        assert_eq!(npm(&lock), [Package::new("npm", "@a/b", "2.0.0"), Package::new("npm", "real", "3.0.0")]);
        assert!(locked().unwrap().iter().any(|package| package.name == "esbuild"));
    }
}
