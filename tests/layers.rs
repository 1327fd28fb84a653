//! Imports follow the layers of docs/ARCHITECTURE.md, without cycles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Folder of `src` → the folders and files of `src` that it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("memory", &[]),
    ("printable", &[]),
    ("spreadsheet", &[]),
    ("error", &["printable"]),
    ("metadata", &["error"]),
    ("model", &["error"]),
    ("picture", &["error", "memory", "model"]),
    ("tags", &["error", "model"]),
    ("tagging", &["error", "model", "picture", "tags"]),
    ("train", &["error", "metadata", "model", "printable", "spreadsheet", "tagging", "tags"]),
    ("providers", &["error", "model", "picture", "printable", "tags"]),
    ("session", &["error", "metadata", "model", "printable", "spreadsheet", "tags"]),
];

/// Folder of `www` → the folders that it may import. `shells` may import everything.
const WWW_MAY_IMPORT: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("db", &["core"]),
    ("i18n", &[]),
    ("vendor", &[]),
    ("platform", &["core", "i18n"]),
    ("app", &["core", "db", "i18n", "vendor", "platform"]),
    ("views", &["app", "i18n", "vendor"]),
];

#[test]
fn rust_folders_import_only_lower_layers() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let (mut wrong, mut n_imports) = (Vec::new(), 0);
    for (path, folder) in modules("src", "rs") {
        if folder == "lib" {
            continue;
        }
        let allowed =
            allowed.get(folder.as_str()).unwrap_or_else(|| panic!("src/{folder} is not in the table of layers"));
        for imported in crate_imports(&code(&path)) {
            n_imports += 1;
            if imported != folder && !allowed.contains(&imported.as_str()) {
                wrong.push(format!("{} imports crate::{imported}", path.display()));
            }
        }
    }
    assert!(n_imports > 100, "the imports were not found: this test would see nothing");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_outer_modules_use_tract_and_javascript() {
    let mut wrong = Vec::new();
    for (path, _) in modules("src", "rs").into_iter().chain(modules("cli/src", "rs")) {
        let code = code(&path);
        let is_runtime =
            path.components().any(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs") == "runtime");
        for word in ["tract_", "JsValue", "wasm_bindgen", "js_sys", "web_sys"] {
            if code.contains(word) && !(word == "tract_" && is_runtime) {
                wrong.push(format!("{} names {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn page_modules_import_only_lower_layers() {
    let allowed: BTreeMap<&str, &[&str]> = WWW_MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut n_imports = 0;
    for (path, folder) in modules("www", "js") {
        let Some(allowed) = allowed.get(folder.as_str()) else { continue };
        for target in js_imports(&code(&path)) {
            let Some(imported) = resolve(&path, &target).and_then(|path| first_folder(&path)) else { continue };
            n_imports += 1;
            if imported != folder && !allowed.contains(&imported.as_str()) {
                wrong.push(format!("{} imports {target}", path.display()));
            }
        }
    }
    assert!(n_imports > 100, "the page's imports were not found: this test would see nothing");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn page_modules_have_no_import_cycles() {
    let files: Vec<PathBuf> = modules("www", "js").into_iter().map(|(path, _)| path).collect();
    let imports = |path: &PathBuf| -> Vec<PathBuf> {
        js_imports(&code(path)).iter().filter_map(|target| resolve(path, target)).collect()
    };
    let graph: BTreeMap<PathBuf, Vec<PathBuf>> = files.iter().map(|path| (path.clone(), imports(path))).collect();
    assert_eq!(circle(&graph), None);
}

/// The files of one cycle of imports, if there is one.
fn circle(graph: &BTreeMap<PathBuf, Vec<PathBuf>>) -> Option<Vec<PathBuf>> {
    fn visit(
        file: &PathBuf,
        graph: &BTreeMap<PathBuf, Vec<PathBuf>>,
        way: &mut Vec<PathBuf>,
        done: &mut BTreeSet<PathBuf>,
    ) -> Option<Vec<PathBuf>> {
        if let Some(begin) = way.iter().position(|one| one == file) {
            return Some(way[begin..].to_vec());
        }
        if !done.insert(file.clone()) {
            return None;
        }
        way.push(file.clone());
        let found = graph.get(file).into_iter().flatten().find_map(|next| visit(next, graph, way, done));
        way.pop();
        found
    }
    let mut done = BTreeSet::new();
    graph.keys().find_map(|file| visit(file, graph, &mut Vec::new(), &mut done))
}

#[test]
fn cycles_through_dynamic_imports_are_found() {
    let imports =
        js_imports("import { a } from \"./b.js\";\nconst c = await import(\"./c.js\");\nexport * from './d.js';");
    assert_eq!(imports, ["./b.js", "./d.js", "./c.js"]);
    let graph = |edges: &[(&str, &str)]| {
        let mut graph: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
        edges.iter().for_each(|(from, to)| graph.entry((*from).into()).or_default().push((*to).into()));
        graph
    };
    assert_eq!(circle(&graph(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    let found = circle(&graph(&[("a", "b"), ("b", "c"), ("c", "b")])).unwrap();
    assert_eq!(found, [PathBuf::from("b"), PathBuf::from("c")]);
}

#[test]
fn only_actions_and_the_shells_write_the_state() {
    let mut wrong = Vec::new();
    for (path, folder) in modules("www", "js") {
        let is_writer = path.components().any(|part| part == Component::Normal("actions".as_ref()));
        if is_writer || folder == "core" || folder == "shells" || path.ends_with("app/state.js") {
            continue;
        }
        let code = code(&path);
        let signals = state_names(&code);
        let writes = |line: &str| {
            let written = line.split(".value = ").next().filter(|before| before.len() < line.len());
            let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
            let name = written.and_then(|before| before.rsplit(|c: char| !is_part(c)).next());
            name.is_some_and(|name| name.starts_with("state.") || signals.contains(&name.to_owned()))
        };
        wrong.extend(code.lines().filter(|line| writes(line)).map(|line| format!("{}: {line}", path.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The names that a module imports from the state.
fn state_names(code: &str) -> Vec<String> {
    let imports = code.match_indices("state.js\"").filter_map(|(end, _)| code[..end].rsplit_once("import {"));
    let lists = imports.map(|(_, list)| list);
    let names = lists.flat_map(|list| list.split(['{', '}', ',', ' ', '\n'])).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

#[test]
fn names_imported_from_the_state_are_found() {
    let names = state_names(
        "import { a } from \"./b.js\";\nimport {\n    total,\n    said,\n} from \"../app/state.js\";\nlocal.value = 1;",
    );
    assert!(["total", "said"].iter().all(|name| names.contains(&(*name).to_owned())), "{names:?}");
    assert!(!["a", "local.value"].iter().any(|name| names.contains(&(*name).to_owned())), "{names:?}");
}

#[test]
fn imports_are_resolved_from_any_depth() {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/app/actions/notices.js");
    for (target, folder) in [("../../i18n/en.js", "i18n"), ("../state.js", "app"), ("./grid.js", "app")] {
        assert_eq!(resolve(&from, target).and_then(|path| first_folder(&path)).as_deref(), Some(folder));
    }
    assert_eq!(resolve(&from, "tagsmith-engine"), None);
}

#[test]
fn the_pages_core_uses_neither_document_nor_storage() {
    for (path, folder) in modules("www", "js") {
        if folder == "core" {
            let code = code(&path);
            for word in ["document.", "window.", "localStorage", "indexedDB", "navigator.storage"] {
                assert!(!code.contains(word), "{} names {word}", path.display());
            }
        }
    }
}

/// The file that a relative import leads to.
fn resolve(from: &Path, target: &str) -> Option<PathBuf> {
    if !target.starts_with('.') {
        return None;
    }
    let mut path = from.parent()?.to_owned();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(path.pop()),
            part => path.push(part),
        }
    }
    Some(path)
}

/// The top-level folder of `www` that contains a file.
fn first_folder(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("www")).ok()?;
    Some(inside.components().next()?.as_os_str().to_string_lossy().into_owned())
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

/// The text of a file without comments and unit tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let is_comment = |line: &&str| ["//", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark));
    text.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n")
}

/// Every `name` in `crate::name`.
fn crate_imports(code: &str) -> Vec<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let begins = |at: usize| !code[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    code.match_indices("crate::")
        .filter(|(at, _)| begins(*at))
        .map(|(at, mark)| name(&code[at + mark.len()..]))
        .collect()
}

/// The targets of static imports and of `import()`.
fn js_imports(code: &str) -> Vec<String> {
    let quoted = |rest: &str| {
        let quote = rest.chars().next().filter(|first| ['"', '\''].contains(first))?;
        rest[1..].split_once(quote).map(|(target, _)| target.to_owned())
    };
    let after = |mark: &str| code.split(mark).skip(1).filter_map(quoted).collect::<Vec<_>>();
    [after(" from "), after("import(")].concat()
}
