//! The texts of licences, each once, with the notices of all who use it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::linked::{Crate, Linked};
use crate::process::{Outcome, root};

/// Where a permission begins; what stands before it is a notice of copyright.
const BEGINNINGS: [&str; 3] = ["Permission is hereby granted", "Redistribution and use", "Permission to use, copy"];
/// Of which packages text is taken where several licences are offered: the shortest that ask for little.
const PREFERRED: [&str; 4] = ["MIT", "ZLIB", "BSD", "APACHE"];
const RULER: &str = "================================================================================";
const LINE: &str = "--------------------------------------------------------------------------------";

/// Who is named: "serde 1.0.228 (MIT OR Apache-2.0)".
struct Member {
    name: String,
    notice: String,
}

/// All texts, by what they say without their notices.
#[derive(Default)]
struct Texts(BTreeMap<String, (String, Vec<Member>)>);

pub fn write(linked: &Linked) -> Outcome<String> {
    let mut texts = Texts::default();
    // Where this text is all that comes with a copy, as in the one-file demo, ours have to be in it too.
    texts.add_folder("Tagsmith (MIT OR Apache-2.0)", &root(), "MIT OR Apache-2.0")?;
    for one in linked.page().union(&linked.command_line) {
        texts.add_crate(one)?;
    }
    texts.add(
        "Rust's standard library (MIT OR Apache-2.0)",
        &format!("Copyright (c) The Rust Project Contributors\n\n{}", mit()?),
    );
    for name in ["lit-html", "@preact/signals-core", "client-zip", "base64-js"] {
        texts.add_package(name)?;
    }
    texts.add_brotli()?;
    texts.add_sqlite()?;
    for name in ["efficientnet-lite0", "blazeface-short", "nanodet-g"] {
        let folder = root().join("models").join(name);
        texts.add_folder(&format!("the model {name}"), &folder, "")?;
    }
    Ok(texts.into_text())
}

/// The licence that we use as well.
fn mit() -> Outcome<String> {
    let text = fs::read_to_string(root().join("LICENSE-MIT"))
        .map_err(|error| format!("LICENSE-MIT cannot be read: {error}."))?;
    Ok(split(&text).1.to_owned())
}

/// The other one.
fn apache() -> Outcome<String> {
    fs::read_to_string(root().join("LICENSE-APACHE"))
        .map_err(|error| format!("LICENSE-APACHE cannot be read: {error}."))
}

/// A package with its version and licence.
fn named_package(name: &str) -> Outcome<String> {
    let path = root().join("www/node_modules").join(name).join("package.json");
    let json = fs::read_to_string(path).map_err(|error| missing(name, &error.to_string()))?;
    let about: Value = serde_json::from_str(&json).map_err(|error| missing(name, &error.to_string()))?;
    let field = |field: &str| about[field].as_str().unwrap_or_default().to_owned();
    Ok(format!("{name} {} ({})", field("version"), field("license")))
}

fn missing(name: &str, reason: &str) -> String {
    format!("{name} cannot be looked at: {reason}. Install it: npm --prefix www ci")
}

impl Texts {
    fn add_crate(&mut self, one: &Crate) -> Outcome {
        let name = format!("{} {} ({})", one.name, one.version, one.licence.replace('/', " OR "));
        let folder = one.manifest_path.parent().unwrap_or(Path::new(""));
        if self.add_folder(&name, folder, &one.licence)? {
            return Ok(());
        }
        // Its package has no text: the usual one, with the authors that it names.
        if !one.licence.contains("MIT") {
            return Err(format!(
                "{name} comes without a licence text. Say in xtask/src/licences/texts.rs where it is."
            ));
        }
        let authors =
            if one.authors.is_empty() { format!("the authors of {}", one.name) } else { one.authors.join(", ") };
        self.add(&name, &format!("Copyright (c) {authors}\n\n{}", mit()?));
        Ok(())
    }

    fn add_package(&mut self, name: &str) -> Outcome {
        let folder = root().join("www/node_modules").join(name);
        let named = named_package(name)?;
        if self.add_folder(&named, &folder, "")? { Ok(()) } else { Err(missing(name, "it has no licence text")) }
    }

    /// Its package names its licence without the text; what we take of it, the decoder, is Google's.
    fn add_brotli(&mut self) -> Outcome {
        let name = named_package("brotli")?;
        self.add(&name, &format!("Copyright (c) Devon Govett\n\n{}", mit()?));
        self.add("Google's decoder in brotli (Apache-2.0), Copyright 2013 Google Inc.", &apache()?);
        Ok(())
    }

    /// SQLite is in the public domain; its package names its licence without the text, and has Emscripten's glue inside.
    fn add_sqlite(&mut self) -> Outcome {
        self.add(&named_package("@sqlite.org/sqlite-wasm")?, &apache()?);
        let notice = "Copyright (c) 2010-2014 Emscripten authors, see AUTHORS file.";
        self.add("Emscripten's code in @sqlite.org/sqlite-wasm (MIT)", &format!("{notice}\n\n{}", mit()?));
        Ok(())
    }

    /// Adds the texts in a package's folder; whether there are any. Of several licences that are offered one is enough.
    fn add_folder(&mut self, name: &str, folder: &Path, licence: &str) -> Outcome<bool> {
        let entries = fs::read_dir(folder).map_err(|error| format!("{} cannot be read: {error}.", folder.display()))?;
        let is_text = |name: &str| {
            ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"]
                .iter()
                .any(|begin| name.to_uppercase().starts_with(begin))
        };
        let mut files: Vec<String> = entries
            .flatten()
            .filter(|entry| entry.path().is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        files.retain(|name| is_text(name));
        files.sort();
        if licence.contains(" OR ") || licence.contains('/') {
            let is_choice = |name: &String| !name.to_uppercase().starts_with("NOTICE");
            let preferred =
                PREFERRED.iter().find_map(|kind| files.iter().find(|name| name.to_uppercase().contains(kind)));
            if let Some(preferred) = preferred.cloned().filter(|_| !licence.contains(" AND ")) {
                files.retain(|name| *name == preferred || !is_choice(name));
            }
        }
        for file in &files {
            let text =
                fs::read(folder.join(file)).map_err(|error| format!("{file} of {name} cannot be read: {error}."))?;
            self.add(name, &String::from_utf8_lossy(&text));
        }
        Ok(!files.is_empty())
    }

    fn add(&mut self, name: &str, text: &str) {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let (notice, body) = split(&text);
        let key = body.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, members) = self.0.entry(key).or_insert_with(|| (tidy(body), Vec::new()));
        members.push(Member { name: name.to_owned(), notice: tidy(notice) });
    }

    fn into_text(self) -> String {
        let mut all = String::from(
            "Licences of what is in Tagsmith: in its page, in its command line, or in both.\nWritten by `cargo x licences`. Tagsmith itself is MIT OR Apache-2.0.\n",
        );
        let mut texts: Vec<_> = self.0.into_values().collect();
        texts.sort_by(|(_, one), (_, other)| (other.len(), &one[0].name).cmp(&(one.len(), &other[0].name)));
        for (body, members) in texts {
            all += &format!("\n{RULER}\n\n");
            for Member { name, notice } in members {
                let notice: String =
                    notice.lines().filter(|line| !line.is_empty()).map(|line| format!("    {line}\n")).collect();
                all += &format!("{name}\n{notice}");
            }
            all += &format!("{LINE}\n\n{body}\n");
        }
        all
    }
}

/// The notice before a permission, and the permission.
fn split(text: &str) -> (&str, &str) {
    let begin = BEGINNINGS.iter().filter_map(|begin| text.find(begin)).min();
    // A long text with a permission somewhere in it is another licence.
    text.split_at(begin.filter(|begin| *begin < 1500).unwrap_or(0))
}

/// Without blanks at the ends of lines, and blank lines around.
fn tidy(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_once_with_every_notice() {
        let mut texts = Texts::default();
        texts.add("a 1.0.0 (MIT)", "MIT License\n\nCopyright (c) Ada\n\nPermission is hereby granted,\nto all.\n");
        texts.add("b 1.0.0 (MIT)", "Copyright (c) Bob\r\n\r\nPermission is hereby granted, to all.");
        texts.add("c 1.0.0 (Zlib)", "Something else.");
        let text = texts.into_text();
        assert_eq!(text.matches("Permission is hereby granted").count(), 1);
        let [ada, bob, permission, other] = ["Copyright (c) Ada", "Copyright (c) Bob", "Permission", "Something else."]
            .map(|part| text.find(part).unwrap());
        assert!(ada < bob && bob < permission && permission < other, "{text}");
    }
}
