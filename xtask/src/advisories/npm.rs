//! What npm's registry knows of the packages in www/package-lock.json.

use serde_json::Value;

use super::{Advisory, Source};
use crate::process::{Outcome, command};

/// Asks it with `npm audit`. Where it does not answer, that is what is kept.
pub fn ask() -> Outcome<(Source, Vec<Advisory>)> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let asked = command(npm).args(["--prefix", "www", "audit", "--json"]).output();
    let asked = asked.map_err(|error| format!("`npm audit` could not be started: {error}."))?;
    let answer: Value = serde_json::from_slice(&asked.stdout).unwrap_or_default();
    let source = |date: Option<String>, note: &str| Source { name: "npm audit".into(), date, note: note.into() };
    let Some(vulnerabilities) = answer["vulnerabilities"].as_object() else {
        let status = answer["statusCode"].as_u64().map(|status| format!(" ({status})")).unwrap_or_default();
        return Ok((
            source(None, &format!("the registry answered no audit{status} when the file was written")),
            Vec::new(),
        ));
    };
    let today = command("git")
        .args(["log", "-1", "--format=%cs"])
        .output()
        .map(|date| String::from_utf8_lossy(&date.stdout).trim().to_owned());
    Ok((source(today.ok(), "what concerns the locked versions"), advisories(vulnerabilities)))
}

fn advisories(vulnerabilities: &serde_json::Map<String, Value>) -> Vec<Advisory> {
    let causes = vulnerabilities.values().flat_map(|one| one["via"].as_array().into_iter().flatten());
    let advisory = |via: &Value| {
        let text = |field: &str| via[field].as_str().map(str::to_owned);
        Some(Advisory {
            id: text("url")?.rsplit('/').next()?.to_owned(),
            registry: "npm".into(),
            package: text("name")?,
            title: text("title").unwrap_or_default(),
            severity: text("severity")
                .map_or("unknown".into(), |word| if word == "moderate" { "medium".into() } else { word }),
            affected: text("range")
                .unwrap_or_default()
                .split("||")
                .map(|range| range.trim().to_owned())
                .filter(|range| !range.is_empty())
                .collect(),
            unaffected: Vec::new(),
        })
    };
    causes.filter_map(advisory).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audit_is_read() {
        let json = serde_json::json!({ "x": { "via": ["y"] }, "y": { "via": [{
            "name": "y", "title": "Bad", "url": "https://github.com/advisories/GHSA-1", "severity": "moderate", "range": "<1.0.0 || >=2.0.0 <2.1.0"
        }] } });
        let read = advisories(json.as_object().unwrap());
        assert_eq!((read.len(), read[0].id.as_str(), read[0].severity.as_str()), (1, "GHSA-1", "medium"));
        assert_eq!(read[0].affected, ["<1.0.0", ">=2.0.0 <2.1.0"]);
    }
}
