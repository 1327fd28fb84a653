//! Licence expressions (SPDX), and which of them deny.toml allows.

use crate::process::Outcome;

/// `[licenses]` of deny.toml.
pub struct Rules {
    allowed: Vec<String>,
    /// What a single crate may have besides.
    exceptions: Vec<(String, Vec<String>)>,
}

impl Rules {
    /// Reads the two lists of deny.toml, which `cargo deny` reads too; each stands on one line.
    pub fn parse(toml: &str) -> Outcome<Self> {
        let line = |key: &str| toml.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
        let allowed = quoted(line("allow ").ok_or("deny.toml has no line `allow = [\"…\"]`.")?);
        let exceptions = line("exceptions ").unwrap_or_default().split('{').skip(1);
        let exceptions = exceptions.map(|entry| {
            let names = quoted(entry);
            (names[0].clone(), names[1..].to_vec())
        });
        Ok(Self { allowed, exceptions: exceptions.collect() })
    }

    /// Whether `expression` can be met by what is allowed.
    pub fn allow(&self, name: &str, expression: &str) -> bool {
        let own = self.exceptions.iter().filter(|(of, _)| of == name).flat_map(|(_, licences)| licences);
        let allowed: Vec<&str> = self.allowed.iter().chain(own).map(String::as_str).collect();
        let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let mut words = spaced.split_whitespace().peekable();
        any(&mut words, &allowed) == Some(true) && words.next().is_none()
    }
}

fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

type Words<'a, 'b> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

/// Alternatives. `None`: it is no expression.
fn any(words: &mut Words, allowed: &[&str]) -> Option<bool> {
    let mut is_met = all(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        is_met |= all(words, allowed)?;
    }
    Some(is_met)
}

fn all(words: &mut Words, allowed: &[&str]) -> Option<bool> {
    let mut is_met = one(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        is_met &= one(words, allowed)?;
    }
    Some(is_met)
}

fn one(words: &mut Words, allowed: &[&str]) -> Option<bool> {
    match words.next()? {
        "(" => {
            let is_met = any(words, allowed)?;
            words.next_if_eq(&")")?;
            Some(is_met)
        }
        "OR" | "AND" | "WITH" | ")" => None,
        licence => {
            // An exception only ever allows more.
            if words.next_if_eq(&"WITH").is_some() {
                words.next()?;
            }
            Some(allowed.contains(&licence))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_allowed_if_it_can_be_met() {
        let rules = Rules::parse(
            "[licenses]\nallow = [\"MIT\", \"Zlib\", \"Unicode-3.0\"]\nexceptions = [{ crate = \"x\", allow = [\"BSD-3-Clause\"] }]\n",
        )
        .unwrap();
        for (expression, is_allowed) in [
            ("MIT", true),
            ("Apache-2.0/MIT", true),
            ("GPL-3.0", false),
            ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
            ("MIT AND GPL-3.0", false),
            ("MIT OR GPL-3.0 AND Zlib", true),
            ("(MIT OR Zlib) AND GPL-3.0", false),
            ("Zlib WITH LLVM-exception OR GPL-3.0", true),
            ("BSD-3-Clause", false),
            ("", false),
            ("MIT Zlib", false),
            ("(MIT", false),
            ("MIT OR", false),
        ] {
            assert_eq!(rules.allow("y", expression), is_allowed, "{expression}");
        }
        assert!(rules.allow("x", "BSD-3-Clause"));
        assert!(Rules::parse("[licenses]").is_err());
    }
}
