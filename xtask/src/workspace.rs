//! The workspace's packages and their targets, from `cargo metadata`.

use crate::process::{Outcome, cargo, output, root};
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
pub struct Workspace {
    pub packages: Vec<Package>,
}

#[derive(Deserialize)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub targets: Vec<Target>,
}

#[derive(Deserialize)]
pub struct Target {
    pub kind: Vec<String>,
    pub name: String,
    src_path: PathBuf,
}

impl Workspace {
    /// Runs `cargo metadata`.
    pub fn read() -> Outcome<Workspace> {
        let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version=1", "--offline"]))?;
        serde_json::from_str(&metadata).map_err(|error| format!("`cargo metadata` cannot be read: {error}."))
    }
}

impl Package {
    /// Whether the package has native tests: one that is only a cdylib does not, and linking it natively takes long.
    pub fn is_native(&self) -> bool {
        !self.targets.iter().all(|target| target.is("cdylib") && !target.is("rlib") || target.is("custom-build"))
    }
}

impl Target {
    pub fn is(&self, kind: &str) -> bool {
        self.kind.iter().any(|own| own == kind)
    }

    /// The main source file, relative to the repository's root.
    pub fn file(&self) -> String {
        relative(&self.src_path)
    }
}

/// `relative(<root>/src/lib.rs)` is `src/lib.rs`.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
