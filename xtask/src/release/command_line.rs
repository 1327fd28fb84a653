//! The command line for the system that this runs on: compiled without the paths of this machine, and packed with its manual, completions
//! and licences.

use super::packed::add_licences;
use super::{Packed, Release};
use crate::archive::Archive;
use crate::process::{Outcome, cargo, command, output, root, run};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

const PROGRAM: &str = if cfg!(windows) { "tagsmith.exe" } else { "tagsmith" };

/// Shells, and the names under which they look for completions.
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "tagsmith.bash"),
    ("elvish", "tagsmith.elv"),
    ("fish", "tagsmith.fish"),
    ("powershell", "_tagsmith.ps1"),
    ("zsh", "_tagsmith"),
];

pub fn pack(release: &Release) -> Outcome<Packed> {
    let target = host(&output(command("rustc").arg("-vV"))?)?;
    let program = compile(&target)?;
    let name = format!("tagsmith-cli-{}-{target}", release.version);
    let content = fs::read(&program).map_err(|error| format!("{} cannot be read: {error}.", program.display()))?;
    let mut archive = Archive::default();
    archive.add_program(&format!("{name}/{PROGRAM}"), content);
    add_manual(&mut archive, &name, &program)?;
    archive.add_file(&format!("{name}/README.md"), &root().join("README.md"))?;
    add_licences(&mut archive, &format!("{name}/"))?;
    Ok(Packed { content: archive.tar_gz(release.time)?, name: format!("{name}.tar.gz") })
}

/// What the program says of itself to `man` and to shells.
fn add_manual(archive: &mut Archive, below: &str, program: &Path) -> Outcome {
    let pages = root().join("target/release-man");
    if pages.is_dir() {
        fs::remove_dir_all(&pages).map_err(|error| format!("{} cannot be deleted: {error}.", pages.display()))?;
    }
    output(command(program).args(["man", "--out"]).arg(&pages))?;
    archive.add_folder(&format!("{below}/man/man1/"), &pages)?;
    for (shell, file) in COMPLETIONS {
        let script = output(command(program).args(["completions", shell]))?;
        archive.add(&format!("{below}/completions/{file}"), script);
    }
    Ok(())
}

/// The system's name for Rust, of what `rustc -vV` says.
fn host(rustc: &str) -> Outcome<String> {
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| format!("rustc does not say for which system it is: {rustc}"))
}

/// Compiles the command line, and returns its path. With `--target`, so that the flags are not those of build scripts too and what an
/// ordinary `cargo build --release` has compiled stays.
fn compile(target: &str) -> Outcome<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "--package=tagsmith-cli", "--target", target]);
    // Names of functions are half of it, and nobody who downloads it has a use for them.
    build.args(["--config", "profile.release.strip=\"symbols\""]);
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(Path::new(&home?).join(".cargo")));
    let compiled = target_directory()?;
    let remapped = flags(&root(), &compiled, cargo_home.as_deref());
    run(build.env("CARGO_ENCODED_RUSTFLAGS", remapped).env("CARGO_INCREMENTAL", "0"))?;
    Ok(compiled.join(target).join("release").join(PROGRAM))
}

/// Paths of this machine stand in messages of panics; here they are the same everywhere. Flags are separated by a character that no path has.
/// `compiled` is the target directory, which need not be in the repository: the last flag that fits counts.
fn flags(repository: &Path, compiled: &Path, cargo_home: Option<&Path>) -> String {
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let mut flags = vec![remap(repository, "tagsmith"), remap(compiled, "tagsmith/target")];
    flags.extend(cargo_home.map(|home| remap(home, "cargo")));
    flags.join("\u{1f}")
}

fn target_directory() -> Outcome<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let json = output(cargo().args(["metadata", "--no-deps", "--format-version=1", "--offline"]))?;
    let metadata: Metadata =
        serde_json::from_str(&json).map_err(|error| format!("`cargo metadata` cannot be read: {error}."))?;
    Ok(metadata.target_directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_compiled_without_the_paths_of_this_machine() {
        let flags = flags(Path::new("/home/ada/my tags"), Path::new("/fast disk"), Some(Path::new("/home/ada/.cargo")));
        let flags: Vec<_> = flags.split('\u{1f}').collect();
        assert_eq!(
            flags,
            [
                "--remap-path-prefix=/home/ada/my tags=tagsmith",
                "--remap-path-prefix=/fast disk=tagsmith/target",
                "--remap-path-prefix=/home/ada/.cargo=cargo",
            ]
        );
        assert_eq!(
            host("rustc 1.91.0\nhost: x86_64-unknown-linux-gnu\nrelease: 1.91.0\n").unwrap(),
            "x86_64-unknown-linux-gnu"
        );
        assert!(host("rustc 1.91.0").is_err());
    }
}
