//! The shells of `dist` as archives, each with the licences of everything inside.

use super::found::ensure_as_said;
use super::{Packed, Release};
use crate::archive::Archive;
use crate::licences::TEXTS;
use crate::process::{Outcome, command, root};
use crate::shells::{BROWSERS, Shell};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;

/// Where `npm pack` puts everything, and `npm install` looks for it.
const NPM_BELOW: &str = "package/";
/// Our own licences; those of everything else are in [`TEXTS`].
const OWN: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Adds the licences of everything inside to an archive, below a folder.
pub fn add_licences(archive: &mut Archive, below: &str) -> Outcome {
    for file in OWN.into_iter().chain([TEXTS]) {
        archive.add_file(&format!("{below}{file}"), &root().join(file))?;
    }
    Ok(())
}

/// What is published of a shell.
pub fn pack(shell: Shell, release: &Release) -> Outcome<Vec<Packed>> {
    let Release { version, time } = release;
    match shell {
        Shell::Page => {
            let mut archive = Archive::default();
            archive.add_folder("page/", &root().join("dist/page"))?;
            archive.add_folder("hosts/", &root().join("dist/hosts"))?;
            archive.add_file("HOSTING.md", &root().join("docs/HOSTING.md"))?;
            ensure_as_said(shell, &archive)?;
            add_licences(&mut archive, "")?;
            let name = format!("tagsmith-page-{version}.zip");
            Ok(vec![Packed { content: checked(&name, archive)?.zip(*time)?, name }])
        }
        Shell::Demo => {
            let file = root().join("dist/tagsmith-demo.html");
            let content = fs::read(&file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
            let name = format!("tagsmith-demo-{version}.html");
            if !holds(&content, br#"data-file="licences.txt""#) {
                return Err(format!("{name} would come without its licences."));
            }
            Ok(vec![Packed { content, name }])
        }
        Shell::Npm => {
            let mut archive = Archive::default();
            archive.add_folder(NPM_BELOW, &root().join("dist/npm"))?;
            // The builder's own list, which is no part of the package.
            archive.remove("package/assets.json");
            ensure_as_said(shell, &archive)?;
            let name = format!("tagsmith-{version}.tgz");
            Ok(vec![Packed { content: checked(&name, archive)?.tar_gz(*time)?, name }])
        }
        Shell::Extension => {
            let mut all = Vec::new();
            for browser in BROWSERS {
                let mut archive = Archive::default();
                archive.add_folder("", &root().join(format!("dist/extension-{browser}")))?;
                ensure_as_said(shell, &archive)?;
                let name = format!("tagsmith-extension-{browser}-{version}.zip");
                all.push(Packed { content: checked(&name, archive)?.zip(*time)?, name });
            }
            Ok(all)
        }
    }
}

fn holds(content: &[u8], wanted: &[u8]) -> bool {
    content.windows(wanted.len()).any(|part| part == wanted)
}

/// An archive that has all licences.
/// # Errors
/// If it lacks one: without their texts others' work must not be passed on.
fn checked(name: &str, archive: Archive) -> Outcome<Archive> {
    for file in OWN.into_iter().chain([TEXTS]) {
        let text = fs::read(root().join(file)).map_err(|error| format!("{file} cannot be read: {error}."))?;
        if !archive.has(&text) {
            return Err(format!("{name} would come without {file}. Its builder in www/tools has to add it."));
        }
    }
    Ok(archive)
}

/// Everything that is committed, as git packs it, with the time of the commit; but not with git's gzip, whose bytes depend on the system's.
pub fn source(release: &Release) -> Outcome<Packed> {
    let version = &release.version;
    let mut git = command("git");
    git.args(["-c", "tar.umask=0022", "archive", "--format=tar", &format!("--prefix=tagsmith-{version}/")]);
    git.arg("HEAD");
    let packed = git.output().map_err(|error| format!("git could not be started: {error}."))?;
    if !packed.status.success() {
        return Err(format!("git archive failed: {}", String::from_utf8_lossy(&packed.stderr).trim()));
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let content = gzip.write_all(&packed.stdout).and_then(|()| gzip.finish());
    let content = content.map_err(|error| format!("The source cannot be packed: {error}."))?;
    Ok(Packed { name: format!("tagsmith-{version}-source.tar.gz"), content })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_without_the_licences_of_others_is_refused() {
        let mut archive = Archive::default();
        archive.add("page/index.html", "<!doctype html>");
        for file in OWN {
            archive.add_file(file, &root().join(file)).unwrap();
        }
        let refused = checked("tagsmith-page-0.1.0.zip", archive).err().unwrap();
        assert!(refused.contains("without THIRD_PARTY_LICENCES.txt"), "{refused}");
        let mut archive = Archive::default();
        add_licences(&mut archive, "tagsmith/").unwrap();
        assert!(checked("tagsmith-page-0.1.0.zip", archive).is_ok());
    }
}
