//! Imports point one way: the table of docs/ARCHITECTURE.md, held.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Module of `src` → the modules of ours that it may import. `wasm_api` and `cli` may import everything.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("format", &["error"]),
    ("decode", &["error", "format"]),
    ("calibration", &["error"]),
    ("card", &["error", "calibration"]),
    ("resize", &["error", "decode", "card"]),
    ("vocabulary", &["error"]),
    ("candidate", &["card", "vocabulary"]),
    ("runtime", &["error", "card"]),
    ("corrections", &["error", "vocabulary"]),
    ("tags", &["error", "candidate", "card", "corrections", "vocabulary"]),
    ("explain", &["error", "card", "runtime", "tags"]),
    ("thorough", &["calibration", "candidate", "card", "decode", "vocabulary"]),
    ("head", &["error", "calibration", "card", "vocabulary"]),
    ("detector", &["error", "calibration", "card", "decode", "explain", "resize", "runtime", "thorough", "vocabulary"]),
    ("evidence", &["error", "calibration", "candidate", "card", "detector", "head", "vocabulary"]),
    ("draft", &["error", "card", "runtime", "vocabulary"]),
    ("report", &["error", "candidate", "card", "corrections", "tags", "vocabulary"]),
    (
        "tagger",
        &[
            "error",
            "candidate",
            "card",
            "decode",
            "detector",
            "evidence",
            "explain",
            "format",
            "head",
            "report",
            "resize",
            "runtime",
            "tags",
            "thorough",
            "vocabulary",
        ],
    ),
    ("export", &["report"]),
    ("batch", &["error", "candidate", "card", "corrections", "export", "report", "tags", "vocabulary"]),
];

/// Folder of `www` → the folders that it may import. `shells` may import everything.
const WWW_MAY_IMPORT: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("i18n", &[]),
    ("vendor", &[]),
    ("platform", &["core", "i18n"]),
    ("app", &["core", "i18n", "vendor", "platform"]),
    ("views", &["app", "i18n", "vendor"]),
];

#[test]
fn rust_modules_import_only_what_lies_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, module) in modules("src", "rs") {
        if ["lib", "wasm_api", "cli"].contains(&module.as_str()) {
            continue;
        }
        let own = allowed.get(module.as_str()).unwrap_or_else(|| panic!("src/{module} is not in the table of layers"));
        for imported in crate_imports(&code(&path)) {
            if imported != module && !own.contains(&imported.as_str()) {
                wrong.push(format!("{} imports crate::{imported}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_borders_name_tract_and_javascript() {
    let mut wrong = Vec::new();
    for (path, module) in modules("src", "rs") {
        let code = code(&path);
        for (word, border) in [
            ("tract_", "runtime"),
            ("JsValue", "wasm_api"),
            ("wasm_bindgen", "wasm_api"),
            ("js_sys", "wasm_api"),
            ("web_sys", "wasm_api"),
        ] {
            if code.contains(word) && module != border {
                wrong.push(format!("{} names {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn page_modules_import_only_what_lies_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = WWW_MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut n_imports = 0;
    for (path, folder) in modules("www", "js") {
        let Some(own) = allowed.get(folder.as_str()) else { continue };
        for line in code(&path).lines() {
            let Some(target) = line.split_once(" from ").and_then(|(_, rest)| rest.split(['"', '\'']).nth(1)) else {
                continue;
            };
            let Some(imported) = imported_folder(&path, target) else { continue };
            n_imports += 1;
            if imported != folder && !own.contains(&imported.as_str()) {
                wrong.push(format!("{} imports {target}", path.display()));
            }
        }
    }
    assert!(n_imports > 10, "the page's imports were not found: this test would see nothing");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The folder of `www` that a relative import leads to.
fn imported_folder(from: &Path, target: &str) -> Option<String> {
    let n_up = target.split('/').take_while(|&part| part == "..").count();
    let www = Path::new(env!("CARGO_MANIFEST_DIR")).join("www");
    let above = from.parent()?.ancestors().nth(n_up)?;
    let rest = target.split('/').filter(|&part| part != ".." && part != ".");
    let path = above.strip_prefix(www).ok()?.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    (target.starts_with('.')).then(|| path.chain(rest.map(str::to_owned)).next()).flatten()
}

#[test]
fn imports_are_followed_from_any_depth() {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/app/actions/say.js");
    for (target, folder) in [("../../i18n/en.js", "i18n"), ("../state.js", "app"), ("./session.js", "app")] {
        assert_eq!(imported_folder(&from, target).as_deref(), Some(folder));
    }
    assert_eq!(imported_folder(&from, "tagsmith-engine"), None);
}

#[test]
fn the_core_of_the_page_touches_neither_document_nor_storage() {
    for (path, folder) in modules("www", "js") {
        if folder == "core" {
            let code = code(&path);
            for word in ["document.", "window.", "localStorage", "indexedDB", "navigator.storage"] {
                assert!(!code.contains(word), "{} names {word}", path.display());
            }
        }
    }
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    let files = modules("src", "rs").into_iter().chain(modules("www", "js")).chain(modules("www", "css"));
    let xtask = modules("xtask/src", "rs");
    for (path, folder) in files.chain(xtask) {
        if folder == "vendor" {
            continue; // generated
        }
        let n_lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(n_lines <= 500, "{} has {n_lines} lines: split it by idea", path.display());
    }
}

/// Every file with `extension` below `root`, with the first part of its path there.
fn modules(root: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
                let module = first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
                found.push((path, module));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// The text of a file without its comments and without its unit tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let is_comment = |line: &&str| ["//", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark));
    text.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n")
}

/// `crate::name` wherever it stands.
fn crate_imports(code: &str) -> Vec<String> {
    code.split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect())
        .collect()
}
