//! Known weaknesses of the packages in our lock files, from a file in the repository: `cargo x check` needs no network for it. `cargo x
//! advisories` writes the file from a copy of RustSec's database and from what npm's registry answers.

mod database;
mod npm;
mod packages;
mod severity;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

use self::packages::Package;
use crate::process::{Outcome, root, say};

const FILE: &str = "advisories.json";
/// Where a weakness that stays is answered: in the file that names it.
const DECISIONS: &str = "docs/decisions";
const FRESH_DAYS: i64 = 90;

#[derive(clap::Args)]
pub struct Options {
    /// Git directory of a copy of github.com/rustsec/advisory-db
    #[arg(long, value_name = "DIR")]
    database: PathBuf,
}

/// advisories.json.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// By the name of the registry.
    sources: BTreeMap<String, Source>,
    /// The packages of the lock files when it was written, "name version", by registry.
    packages: BTreeMap<String, Vec<String>>,
    /// What is known of any version of those packages.
    advisories: Vec<Advisory>,
}

#[derive(Serialize, Deserialize)]
struct Source {
    name: String,
    /// Of the newest that is in it: "2026-08-21". `None`: nothing could be had.
    date: Option<String>,
    /// The commit, or why nothing could be had.
    note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Advisory {
    id: String,
    registry: String,
    package: String,
    title: String,
    /// "low" to "critical"; "unknown" where nobody says, which counts as high; "unmaintained", "unsound" and "notice" are no weaknesses.
    severity: String,
    /// Requirements on versions that have it: any of them, but none of `unaffected`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    affected: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unaffected: Vec<String>,
}

impl Advisory {
    fn concerns(&self, package: &Package) -> bool {
        let meets =
            |requirements: &[String]| requirements.iter().any(|requirement| meets(&package.version, requirement));
        self.registry == package.registry
            && self.package == package.name
            && (self.affected.is_empty() || meets(&self.affected))
            && !meets(&self.unaffected)
    }

    fn is_high(&self) -> bool {
        matches!(self.severity.as_str(), "high" | "critical" | "unknown")
    }
}

/// Whether a version meets a requirement of either registry: comparisons are joined by commas or spaces.
fn meets(version: &str, requirement: &str) -> bool {
    let joined = requirement.replace(',', " ");
    let words = joined.split_whitespace().fold(String::new(), |all, word| {
        let begins = word.starts_with(|c: char| !c.is_ascii_digit()) || all.ends_with(|c: char| c.is_ascii_digit());
        if all.is_empty() || !begins { all + word } else { format!("{all}, {word}") }
    });
    let parsed = Version::parse(version).ok().zip(VersionReq::parse(&words).ok());
    // A prerelease is before its release, whatever Cargo would choose.
    parsed.is_some_and(|(version, requirement)| {
        requirement.matches(&version) || requirement.matches(&Version::new(version.major, version.minor, version.patch))
    })
}

/// `cargo x advisories`.
pub fn write(options: &Options) -> Outcome {
    let mut kept = Kept { sources: BTreeMap::new(), packages: BTreeMap::new(), advisories: Vec::new() };
    let packages = packages::locked()?;
    for package in &packages {
        kept.packages.entry(package.registry.clone()).or_default().push(package.to_string());
    }
    let (rust, advisories) = database::read(&options.database, &packages)?;
    kept.sources.insert("crates.io".into(), rust);
    kept.advisories = advisories;
    let (npm, advisories) = npm::ask()?;
    kept.sources.insert("npm".into(), npm);
    kept.advisories.extend(advisories);
    let json = serde_json::to_string_pretty(&kept).expect("text and lists can be written");
    fs::write(root().join(FILE), json + "\n").map_err(|error| format!("{FILE} cannot be written: {error}."))
}

/// Fails on a high advisory that no decision answers; says what else there is to know.
pub fn check() -> Outcome {
    let json = fs::read_to_string(root().join(FILE)).map_err(|error| format!("{FILE} cannot be read: {error}."))?;
    let kept: Kept = serde_json::from_str(&json).map_err(|error| format!("{FILE}: {error}."))?;
    let decisions =
        fs::read_dir(root().join(DECISIONS)).map_err(|error| format!("{DECISIONS} cannot be read: {error}."))?;
    let decisions: Vec<String> =
        decisions.flatten().filter_map(|entry| fs::read_to_string(entry.path()).ok()).collect();
    let today = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64 / 86_400);
    let judged = judge(&kept, &packages::locked()?, &decisions.concat(), today);
    judged.to_know.iter().for_each(|line| say(line));
    if judged.unanswered.is_empty() {
        return Ok(());
    }
    Err(format!(
        "Known weaknesses. Take a newer version, or say in {DECISIONS} why they do no harm here:\n{}",
        judged.unanswered.join("\n")
    ))
}

struct Judged {
    unanswered: Vec<String>,
    to_know: Vec<String>,
}

/// `today`: in days since 1970.
fn judge(kept: &Kept, packages: &[Package], decisions: &str, today: i64) -> Judged {
    let (mut unanswered, mut to_know) = (Vec::new(), Vec::new());
    for (registry, source) in &kept.sources {
        match source.date.as_deref().and_then(days) {
            None => to_know.push(format!("{FILE} has nothing of {registry}: {}", source.note)),
            Some(date) if today - date > FRESH_DAYS => {
                to_know.push(format!(
                    "{FILE} has {} as of {} days ago. Write it again: cargo x advisories",
                    source.name,
                    today - date
                ));
            }
            Some(_) => {}
        }
    }
    let unknown: Vec<String> = packages
        .iter()
        .filter(|package| {
            !kept.packages.get(&package.registry).is_some_and(|known| known.contains(&package.to_string()))
        })
        .map(ToString::to_string)
        .collect();
    if !unknown.is_empty() {
        to_know.push(format!("newer than {FILE}: {}. Write it again: cargo x advisories", unknown.join(", ")));
    }
    for package in packages {
        for advisory in kept.advisories.iter().filter(|advisory| advisory.concerns(package)) {
            let line = format!("{} ({}): {package}: {}", advisory.id, advisory.severity, advisory.title);
            if advisory.is_high() && !decisions.contains(&advisory.id) {
                unanswered.push(line);
            } else {
                to_know.push(line);
            }
        }
    }
    Judged { unanswered, to_know }
}

/// Days from 1970 to a date like "2026-08-21".
fn days(date: &str) -> Option<i64> {
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // The year begins in March: so a leap day is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advisory(id: &str, severity: &str) -> Advisory {
        Advisory {
            id: id.into(),
            registry: "crates.io".into(),
            package: "png".into(),
            title: "Overflow".into(),
            severity: severity.into(),
            affected: Vec::new(),
            unaffected: vec![">= 1.2.3".into(), "< 0.5".into()],
        }
    }

    #[test]
    fn a_high_advisory_fails_until_a_decision_answers_it() {
        let package = |name: &str, version: &str| Package::new("crates.io", name, version);
        let kept = Kept {
            sources: BTreeMap::from([
                (
                    "crates.io".into(),
                    Source { name: "RustSec".into(), date: Some("2026-08-21".into()), note: String::new() },
                ),
                ("npm".into(), Source { name: "npm".into(), date: None, note: "no answer".into() }),
            ]),
            packages: BTreeMap::from([("crates.io".into(), vec!["png 1.0.0".into(), "gif 1.0.0".into()])]),
            advisories: vec![
                advisory("A-1", "high"),
                advisory("A-2", "low"),
                advisory("A-3", "unknown"),
                advisory("A-4", "unsound"),
            ],
        };
        let today = days("2026-11-29").unwrap();
        let judged = judge(&kept, &[package("png", "1.0.0"), package("gif", "1.0.0")], "docs on A-3", today);
        assert_eq!(judged.unanswered, ["A-1 (high): png 1.0.0: Overflow"]);
        let known = judged.to_know.join("\n");
        for part in ["as of 100 days ago", "nothing of npm: no answer", "A-2 (low)", "A-3 (unknown)", "A-4 (unsound)"] {
            assert!(known.contains(part), "{part}: {known}");
        }
        for harmless in ["1.2.3", "0.4.9", "2.0.0"] {
            let judged = judge(&kept, &[package("png", harmless)], "", today);
            assert_eq!(judged.unanswered, [""; 0]);
            assert!(judged.to_know.join("\n").contains(&format!("newer than {FILE}: png {harmless}")));
        }
    }

    #[test]
    fn requirements_of_both_registries_are_understood() {
        for (version, requirement, wanted) in [
            ("1.2.3", ">= 1.0, < 1.2.4", true),
            ("1.2.3", ">=1.0.0 <1.2.3", false),
            ("1.2.3", "^1.2", true),
            ("1.2.3", "=1.2.3 ", true),
            ("1.2.3", "< 2.0.0-alpha.1", true),
            ("2.0.0-rc.1", ">= 2.0.0-alpha.1", true),
            ("1.2.3", "*", true),
            ("1.2.3", "nonsense", false),
        ] {
            assert_eq!(meets(version, requirement), wanted, "{version} {requirement}");
        }
        assert_eq!((days("1970-01-01"), days("2000-03-01"), days("2026-11-29")), (Some(0), Some(11017), Some(20786)));
        assert_eq!(days("soon"), None);
    }
}
