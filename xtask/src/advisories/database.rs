//! RustSec's database: a Markdown file per advisory, which begins with TOML.

use std::collections::BTreeSet;
use std::path::Path;

use super::packages::Package;
use super::severity::severity_of;
use super::{Advisory, Source};
use crate::process::{Outcome, command, output};

/// What it knows of these packages, in any of their versions.
pub fn read(database: &Path, packages: &[Package]) -> Outcome<(Source, Vec<Advisory>)> {
    let git = |args: &[&str]| output(command("git").arg("--git-dir").arg(database).args(args));
    let names: BTreeSet<&str> =
        packages.iter().filter(|one| one.registry == "crates.io").map(|one| one.name.as_str()).collect();
    let files = git(&["ls-tree", "-r", "--name-only", "HEAD", "crates"])?;
    let mut advisories = Vec::new();
    for file in files.lines().filter(|file| file.split('/').nth(1).is_some_and(|name| names.contains(name))) {
        advisories.extend(parse(&git(&["show", &format!("HEAD:{file}")])?));
    }
    let [commit, date] = ["%H", "%cs"].map(|format| git(&["log", "-1", &format!("--format={format}")]));
    let source = Source {
        name: "RustSec's advisory-db".into(),
        date: Some(date?.trim().to_owned()),
        note: format!("commit {}", commit?.trim()),
    };
    Ok((source, advisories))
}

/// `None`: it was withdrawn, or is no advisory.
fn parse(markdown: &str) -> Option<Advisory> {
    let (_, rest) = markdown.split_once("```toml\n")?;
    let (toml, text) = rest.split_once("\n```")?;
    let value = |key: &str| {
        let mut at = toml.lines().skip_while(|line| line.split('=').next().is_none_or(|name| name.trim() != key));
        let first = at.next()?.split_once('=')?.1.trim().to_owned();
        // A list may go over several lines.
        let is_open = |value: &String| value.starts_with('[') && !value.contains(']');
        Some(at.fold(first, |value, line| if is_open(&value) { value + line } else { value }))
    };
    let list = |key: &str| -> Vec<String> {
        value(key).unwrap_or_default().split('"').skip(1).step_by(2).map(|one| one.trim().to_owned()).collect()
    };
    let one = |key: &str| list(key).into_iter().next();
    if value("withdrawn").is_some() {
        return None;
    }
    Some(Advisory {
        id: one("id")?,
        registry: "crates.io".into(),
        package: one("package")?,
        title: text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default().trim().to_owned(),
        severity: one("informational").unwrap_or_else(|| severity_of(one("cvss").as_deref()).to_owned()),
        affected: Vec::new(),
        unaffected: [list("patched"), list("unaffected")].concat(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advisory_is_read_with_lists_on_one_line_or_more() {
        let text = "```toml\n[advisory]\nid = \"RUSTSEC-1\"\npackage = \"png\"\ncvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"\n\n[versions]\npatched = [\n  \">= 1.2\",\n  \"^1.1.9\",\n]\nunaffected = [\"< 0.5\"]\n```\n\n# A title\n\nText.\n";
        let read = parse(text).unwrap();
        assert_eq!(
            (read.id.as_str(), read.severity.as_str(), read.title.as_str()),
            ("RUSTSEC-1", "critical", "A title")
        );
        assert_eq!(read.unaffected, [">= 1.2", "^1.1.9", "< 0.5"]);
        assert!(parse(&text.replace("package", "withdrawn = \"2020-01-01\"\npackage")).is_none());
        assert_eq!(parse(&text.replace("cvss", "informational = \"unsound\"\ncvss")).unwrap().severity, "unsound");
    }
}
