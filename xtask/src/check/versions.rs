//! Checks that crates, npm package, the shells' manifests and the changelog have the same version.

use super::sources;
use crate::process::{Outcome, root};
use crate::workspace::Workspace;
use serde_json::Value;

pub fn check() -> Outcome {
    let mut versions: Vec<(String, String)> = Vec::new();
    for package in Workspace::read()?.packages {
        versions.push((format!("crate {}", package.name), package.version));
    }
    for (file, pointer) in [
        ("www/package.json", "/version"),
        ("www/package-lock.json", "/version"),
        ("www/package-lock.json", "/packages//version"),
    ] {
        let version = read_json(file)?.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        versions.push((file.into(), version.ok_or(format!("{file} has no version."))?));
    }
    for source in sources::read(&["www/shells"], &["json", "webmanifest"]) {
        let content: Value = serde_json::from_str(&source.text).map_err(|error| format!("{}: {error}", source.file))?;
        if let Some(version) = content.get("version").and_then(Value::as_str) {
            versions.push((source.file, version.to_owned()));
        }
    }
    let changes = read("CHANGELOG.md")?;
    // There is none before the first release.
    if let Some(version) = last_released(&changes) {
        versions.push(("CHANGELOG.md, released last".into(), version.to_owned()));
    }
    differing(&versions)
}

/// The version of the first section that is not "Unreleased": `## [1.2.3] - 2026-11-21` or `## 1.2.3`.
fn last_released(changes: &str) -> Option<&str> {
    let titles = changes.lines().filter_map(|line| line.strip_prefix("## "));
    let mut versions = titles.map(|title| title.trim_start_matches('[').split([']', ' ']).next().unwrap_or(title));
    versions.find(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

fn differing(versions: &[(String, String)]) -> Outcome {
    if versions.iter().all(|(_, version)| *version == versions[0].1) {
        return Ok(());
    }
    let lines: Vec<String> = versions.iter().map(|(place, version)| format!("{version}  {place}")).collect();
    Err(format!("The version is not the same everywhere:\n{}", lines.join("\n")))
}

fn read(file: &str) -> Outcome<String> {
    std::fs::read_to_string(root().join(file)).map_err(|error| format!("{file} cannot be read: {error}."))
}

fn read_json(file: &str) -> Outcome<Value> {
    serde_json::from_str(&read(file)?).map_err(|error| format!("{file} is no JSON: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_released_last_is_the_first_title_with_a_number() {
        assert_eq!(last_released("# Changelog\n\n## Unreleased\n\n### Added\n"), None);
        assert_eq!(last_released("## [Unreleased]\n## [0.3.0] - 2026-11-21\n## [0.2.0] - 2026-10-01\n"), Some("0.3.0"));
        assert_eq!(last_released("## 1.0.0\n"), Some("1.0.0"));
    }

    #[test]
    fn a_version_that_differs_is_shown_among_all() {
        let version = |place: &str, version: &str| (place.to_owned(), version.to_owned());
        assert_eq!(differing(&[version("a", "1.0.0"), version("b", "1.0.0")]), Ok(()));
        let reason = differing(&[version("a", "1.0.0"), version("b", "1.0.1")]).unwrap_err();
        assert!(reason.ends_with("\n1.0.0  a\n1.0.1  b"), "{reason}");
    }
}
