//! Whether a built shell has inside what shells.rs says, by which the bill of materials is written.

use crate::archive::Archive;
use crate::process::{Outcome, root};
use crate::shells::Shell;
use std::collections::BTreeSet;
use std::fs;

/// The modules of wasm/, by what is built of them.
const MODULES: [(&str, &[&str]); 5] = [
    ("engine", &["relaxed/engine_bg.wasm", "simd128/engine_bg.wasm"]),
    ("exports", &["exports/exports_bg.wasm"]),
    ("providers", &["providers/providers_bg.wasm"]),
    ("session", &["session/session_bg.wasm"]),
    ("train", &["train/train_bg.wasm"]),
];

/// What stands in every packed script that has the package, and in no other: names that are part of its working, and ZIP's signature.
const PACKAGES: [(&str, &str); 4] = [
    ("@preact/signals-core", "preact-signals"),
    ("@sqlite.org/sqlite-wasm", "sqlite3_"),
    ("client-zip", "1347093252"),
    ("lit-html", "lit$"),
];

/// # Errors
/// A sentence with both, if a folder of files has other modules or packages inside than its shell is said to have.
pub fn ensure_as_said(shell: Shell, files: &Archive) -> Outcome {
    let mut modules = BTreeSet::new();
    for (module, built) in MODULES {
        for file in built {
            let path = root().join("target/engine").join(file);
            let content = fs::read(&path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
            if files.has(&content) {
                modules.insert(module);
            }
        }
    }
    let packages = PACKAGES.into_iter().filter(|(_, mark)| files.mentions(".js", mark)).map(|(name, _)| name);
    let said = shell.inside();
    compared(shell, "modules", said.modules, &modules).and(compared(
        shell,
        "packages",
        said.packages,
        &packages.collect(),
    ))
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
        let mut files = Archive::default();
        files.add("element.js", "const mark=`lit$${1}`");
        files.add("README.md", "preact-signals");
        let found: Vec<_> = PACKAGES.into_iter().filter(|(_, mark)| files.mentions(".js", mark)).collect();
        assert_eq!(found, [("lit-html", "lit$")]);
    }
}
