//! Whether a built shell has inside what shells.rs says, by which the bill of materials is written.

use crate::archive::Archive;
use crate::process::Outcome;
use crate::shells::Shell;
use std::collections::BTreeSet;

/// The modules of wasm/: files are named after them, as `session.wasm`, `engine-relaxed.HASH.wasm` or `exports.wasm.br`.
const MODULES: [&str; 5] = ["engine", "exports", "providers", "session", "train"];

/// What stands in every packed script that has the package, and in no other: names that are part of its working, and ZIP's signature.
const PACKAGES: [(&str, &str); 6] = [
    ("@preact/signals-core", "preact-signals"),
    ("@sqlite.org/sqlite-wasm", "sqlite3_"),
    ("base64-js", "Invalid string. Length must be a multiple of 4"),
    ("brotli", "[ReadHuffmanCode]"),
    ("client-zip", "1347093252"),
    ("lit-html", "lit$"),
];

/// # Errors
/// A sentence with both, if a folder of files has other modules or packages inside than its shell is said to have.
pub fn ensure_as_said(shell: Shell, files: &Archive) -> Outcome {
    let modules = MODULES.into_iter().filter(|module| files.paths().any(|path| is_of(path, module))).collect();
    let packages = PACKAGES.into_iter().filter(|(_, mark)| files.mentions(".js", mark)).map(|(name, _)| name);
    let said = shell.inside();
    compared(shell, "modules", said.modules, &modules).and(compared(
        shell,
        "packages",
        said.packages,
        &packages.collect(),
    ))
}

fn is_of(path: &str, module: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.contains(".wasm") && name.strip_prefix(module).is_some_and(|rest| rest.starts_with(['.', '-']))
}

fn compared(shell: Shell, what: &str, said: &[&str], found: &BTreeSet<&str>) -> Outcome {
    let said: BTreeSet<&str> = said.iter().copied().collect();
    if said == *found {
        return Ok(());
    }
    let name = shell.name();
    Err(format!("{name} has the {what} {found:?}, but xtask/src/shells.rs says {said:?}. Correct what is wrong."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_a_shell_is_not_said_to_have_is_named() {
        assert_eq!(
            compared(Shell::Page, "modules", &["session", "engine"], &BTreeSet::from(["engine", "session"])),
            Ok(())
        );
        let refused = compared(Shell::Page, "packages", &["lit-html"], &BTreeSet::from(["client-zip", "lit-html"]));
        let reason = refused.unwrap_err();
        assert!(reason.starts_with(r#"page has the packages {"client-zip", "lit-html"}, but"#), "{reason}");
        for (path, is_engine) in [
            ("page/engine-relaxed.0123456789.wasm", true),
            ("engine.wasm.br", true),
            ("engine.js", false),
            ("engines.wasm", false),
        ] {
            assert_eq!(is_of(path, "engine"), is_engine, "{path}");
        }
        let mut files = Archive::default();
        files.add("element.js", "const mark=`lit$${1}`");
        files.add("README.md", "preact-signals");
        let found: Vec<_> = PACKAGES.into_iter().filter(|(_, mark)| files.mentions(".js", mark)).collect();
        assert_eq!(found, [("lit-html", "lit$")]);
    }
}
