//! `cargo x release`: an archive of every shell and of the command line, whose bytes depend on the commit and the toolchain alone.

mod command_line;
mod found;
mod packed;

use crate::commit_time::commit_time;
use crate::dist;
use crate::hash::sha256;
use crate::process::{Outcome, command, output, root, say};
use crate::sbom::{self, Known, Of};
use crate::shells::{Shell, chosen};
use crate::tools::ensure_packages;
use crate::workspace::Workspace;
use jiff::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Options {
    /// Pack this shell only; may be given several times
    #[arg(long, value_enum, value_name = "SHELL", conflicts_with = "only_cli")]
    only: Vec<Shell>,
    /// Pack the command line only, for this system
    #[arg(long)]
    only_cli: bool,
    /// Take the modules in target/engine as they are, without compiling
    #[arg(long)]
    built_engine: bool,
    /// Pack what is not committed too: to try, not to publish
    #[arg(long)]
    uncommitted: bool,
    /// The folder to write to; what lies in it is deleted
    #[arg(long, value_name = "DIR", default_value = "dist/release")]
    out: PathBuf,
    /// Write only the bill of materials, to this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only_cli", "out"])]
    sbom: Option<PathBuf>,
}

/// The list of hashes.
const SUMS: &str = "SHA256SUMS";

/// What all archives of a release share.
pub struct Release {
    pub version: String,
    /// Of every file in them: SOURCE_DATE_EPOCH, or when the commit was made.
    pub time: Timestamp,
}

/// A file of a release, by its name.
pub struct Packed {
    pub name: String,
    pub content: Vec<u8>,
}

/// `cargo x release`.
pub fn release(options: &Options) -> Outcome {
    let release = Release::of_this_commit()?;
    let shells = if options.only_cli { Vec::new() } else { chosen(&options.only) };
    let has_cli = options.only.is_empty();
    if let Some(file) = &options.sbom {
        return write(file, bill(&release, &shells, has_cli)?.as_bytes());
    }
    if !options.uncommitted {
        ensure_everything_is_committed()?;
    }
    let mut files = Vec::new();
    if shells.is_empty() {
        ensure_packages()?;
    } else {
        dist::build(&shells, options.built_engine)?;
    }
    for shell in &shells {
        files.extend(packed::pack(*shell, &release)?);
    }
    if has_cli {
        files.push(command_line::pack(&release)?);
    }
    if options.only.is_empty() && !options.only_cli {
        files.push(packed::source(&release)?);
    }
    files.push(Packed {
        name: format!("tagsmith-{}.cdx.json", release.version),
        content: bill(&release, &shells, has_cli)?.into_bytes(),
    });
    let sums = sums(&mut files);
    files.push(Packed { name: SUMS.into(), content: sums.into_bytes() });
    write_all(&root().join(&options.out), &files)
}

impl Release {
    fn of_this_commit() -> Outcome<Self> {
        let version = Workspace::read()?.packages.swap_remove(0).version;
        Ok(Self { version, time: commit_time()? })
    }
}

fn ensure_everything_is_committed() -> Outcome {
    let changed = output(command("git").args(["status", "--porcelain"]))?;
    if changed.trim().is_empty() {
        return Ok(());
    }
    Err(format!(
        "A release is made of a commit, but this is not committed:\n{}\nCommit it, or try with --uncommitted.",
        changed.trim_end()
    ))
}

fn bill(release: &Release, shells: &[Shell], has_cli: bool) -> Outcome<String> {
    let known = Known::read()?;
    let mut products = Vec::new();
    for shell in shells {
        products.push(sbom::inside(&format!("tagsmith-{}", shell.name()), &Of::Shell(shell.inside()), &known)?);
    }
    if has_cli {
        products.push(sbom::inside("tagsmith-cli", &Of::CommandLine, &known)?);
    }
    Ok(sbom::bill(&products, &release.version, release.time))
}

/// Sorts the files, and says their hashes as `sha256sum --check` reads them.
fn sums(files: &mut [Packed]) -> String {
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files.iter().map(|file| format!("{}  {}\n", sha256([&file.content[..]]), file.name)).collect()
}

/// Into a folder with nothing else: what an earlier version left is no part of this one.
fn write_all(folder: &Path, files: &[Packed]) -> Outcome {
    let unwritable = |error| format!("{} cannot be written to: {error}.", folder.display());
    // Others have files of that name, too: only what it names and was ours goes.
    if let Ok(sums) = fs::read_to_string(folder.join(SUMS)) {
        let names = sums.lines().filter_map(|line| line.split_once("  ")).map(|(_, name)| name);
        for name in names.filter(|name| name.starts_with("tagsmith-") && !name.contains(['/', '\\'])) {
            let _ = fs::remove_file(folder.join(name));
        }
        let is_empty = fs::read_dir(folder).map_err(unwritable)?.count() == 1;
        if is_empty {
            fs::remove_file(folder.join(SUMS)).map_err(unwritable)?;
        }
    }
    fs::create_dir_all(folder).map_err(unwritable)?;
    if fs::read_dir(folder).map_err(unwritable)?.next().is_some() {
        return Err(format!("{} has files that are no release. Choose another folder with --out.", folder.display()));
    }
    for file in files {
        write(&folder.join(&file.name), &file.content)?;
        println!("{:<44} {:>7.2} MB", file.name, file.content.len() as f64 / 1e6);
    }
    say(&format!("a release is in {}", folder.display()));
    Ok(())
}

fn write(file: &Path, content: &[u8]) -> Outcome {
    fs::write(file, content).map_err(|error| format!("{} cannot be written: {error}.", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_sha256sum_and_sorted() {
        let packed = |name: &str, content: &str| Packed { name: name.into(), content: content.into() };
        let mut files = [packed("b", "abc"), packed("a", "")];
        let lines = sums(&mut files);
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(lines, format!("{empty}  a\n{abc}  b\n"));
    }

    #[test]
    fn a_folder_with_other_files_is_left_alone_and_an_earlier_release_is_replaced() {
        let folder = root().join("target/xtask-test-release");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("letter.txt"), "mine").unwrap();
        let file = |name: &str| Packed { name: name.into(), content: b"x".to_vec() };
        assert!(write_all(&folder, &[file("a")]).unwrap_err().contains("has files that are no release"));
        assert!(folder.join("letter.txt").is_file());
        fs::remove_file(folder.join("letter.txt")).unwrap();
        let release = |name: &str| {
            let mut files = vec![file(name)];
            let sums = sums(&mut files);
            files.push(Packed { name: SUMS.into(), content: sums.into_bytes() });
            files
        };
        write_all(&folder, &release("tagsmith-a")).unwrap();
        write_all(&folder, &release("tagsmith-b")).unwrap();
        assert!(folder.join("tagsmith-b").is_file() && !folder.join("tagsmith-a").exists());
        fs::write(folder.join("disc.iso"), "mine").unwrap();
        assert!(write_all(&folder, &release("tagsmith-c")).is_err());
        assert!(folder.join("disc.iso").is_file() && folder.join(SUMS).is_file());
    }
}
