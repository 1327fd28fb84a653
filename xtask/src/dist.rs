//! `cargo x dist`: builds every shell, as it is shipped, into `dist`.

use crate::archive::Archive;
use crate::commit_time::commit_time;
use crate::engine::{self, Mode, Profile};
use crate::process::{Outcome, command, root, run, say};
use crate::shells::{BROWSERS, Shell, chosen};
use crate::tools::ensure_packages;
use std::fs;
use std::path::Path;

#[derive(clap::Args)]
pub struct Options {
    /// Build this shell only; may be given several times
    #[arg(long, value_enum, value_name = "SHELL")]
    only: Vec<Shell>,
    /// Take the modules in target/engine as they are, without compiling
    #[arg(long)]
    built_engine: bool,
}

/// `cargo x dist`.
pub fn dist(options: &Options) -> Outcome {
    build(&options.only, options.built_engine)
}

/// Builds the chosen shells, or all of them, and says how large each is.
pub fn build(only: &[Shell], has_engine: bool) -> Outcome {
    ensure_packages()?;
    if !has_engine {
        engine::build(Profile::Shipped, Mode::Foreground)?;
    }
    let shells = chosen(only);
    for shell in &shells {
        let recipe = shell.recipe();
        say(&format!("building {}", shell.name()));
        let mut node = command("node");
        node.arg(format!("www/tools/{}", recipe.builder));
        node.args(["--engine", "target/engine", "--models", "models", "--out", recipe.out]).args(recipe.flags);
        run(&mut node)?;
        if *shell == Shell::Extension {
            zip_extensions()?;
        }
    }
    for made in shells.iter().flat_map(|shell| shell.recipe().made) {
        println!("{}", sized(made, &root().join(made))?);
    }
    Ok(())
}

/// The stores take a zip of an extension.
fn zip_extensions() -> Outcome {
    let time = commit_time()?;
    for browser in BROWSERS {
        let file = root().join(format!("dist/extension-{browser}.zip"));
        let mut archive = Archive::default();
        archive.add_folder("", &file.with_extension(""))?;
        let written = fs::write(&file, archive.zip(time)?);
        written.map_err(|error| format!("{} cannot be written: {error}.", file.display()))?;
    }
    Ok(())
}

/// "dist/page                    23.45 MB in 61 files". What lies compressed beside a file counts too.
fn sized(name: &str, path: &Path) -> Outcome<String> {
    let (bytes, n_files) = size(path).map_err(|error| format!("{name} was not built: {error}."))?;
    let files = if path.is_dir() { format!(" in {n_files} files") } else { String::new() };
    Ok(format!("{name:<32} {:>7.2} MB{files}", bytes as f64 / 1e6))
}

/// Bytes and number of files, at any depth.
fn size(path: &Path) -> std::io::Result<(u64, usize)> {
    let about = fs::metadata(path)?;
    if about.is_file() {
        return Ok((about.len(), 1));
    }
    let mut all = (0, 0);
    for entry in fs::read_dir(path)? {
        let (bytes, n_files) = size(&entry?.path())?;
        all = (all.0 + bytes, all.1 + n_files);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_is_printed_with_its_size_and_one_that_is_missing_is_named() {
        let folder = root().join("target/xtask-test-sizes");
        fs::create_dir_all(folder.join("deep")).unwrap();
        fs::write(folder.join("a"), vec![0; 1_500_000]).unwrap();
        fs::write(folder.join("deep/b"), vec![0; 10_000]).unwrap();
        let line = sized("dist/page", &folder).unwrap();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>().join(" "), "dist/page 1.51 MB in 2 files");
        assert!(sized("dist/demo.html", &folder.join("a")).unwrap().ends_with("1.50 MB"));
        assert!(sized("dist/none", &folder.join("none")).unwrap_err().starts_with("dist/none was not built"));
    }

    #[test]
    fn every_shell_has_a_builder_and_all_of_them_are_built_unless_one_is_chosen() {
        let all = chosen(&[]);
        assert!(all.contains(&Shell::Page));
        assert_eq!(chosen(&[Shell::Page]), [Shell::Page]);
        for shell in all {
            let builder = root().join("www/tools").join(shell.recipe().builder);
            assert!(builder.is_file(), "{}", builder.display());
        }
    }
}
