//! The programs that this one needs: finds them, installs them, or says how to.

use crate::hash::sha256;
use crate::process::{Outcome, command, output, root, run, say};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The oldest supported version of node.
const OLDEST_NODE: u32 = 20;

/// Names of Chromium, in order of preference.
const CHROMIUMS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Debian's name of Chromium without a window.
const SHELL: &str = "chromium-headless-shell";

/// Checks that node is installed and new enough.
pub fn ensure_node() -> Outcome {
    let remedy = format!("Install node {OLDEST_NODE} or newer: it builds the page and runs its tests.");
    let version = output(command("node").arg("--version")).map_err(|_| format!("node was not found. {remedy}"))?;
    match major(&version) {
        Some(n) if n >= OLDEST_NODE => Ok(()),
        _ => Err(format!("node {} is too old. {remedy}", version.trim())),
    }
}

/// `major("v20.20.2")` is 20.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Installs the page's packages if the lock file has changed.
pub fn ensure_packages() -> Outcome {
    ensure_node()?;
    let www = root().join("www");
    once_for(&www.join("package-lock.json"), &www.join("node_modules/.installed_from"), || {
        say("installing the page's npm packages, which build and test the page");
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        run(command(npm).current_dir(&www).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
    })
}

/// Checks for a Python that can create a virtual environment; the models' tools install the rest into that.
pub fn ensure_python() -> Outcome {
    let probe = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
    let is_there = || output(command("python3").args(["-c", probe])).is_ok();
    if !is_there() && has_apt() {
        apt_install(&["python3", "python3-venv"], "Python makes the model files")?;
    }
    if is_there() {
        return Ok(());
    }
    Err("Python 3.11 or newer with its module venv was not found. Install it: it makes the model files.".into())
}

/// The Python of the models' tools, with their pinned packages.
pub fn ensure_python_of_models() -> Outcome<PathBuf> {
    ensure_python_of("models/tools")
}

/// The Python with the packages that the `pyproject.toml` of a folder pins, and with the models' tools on its path.
pub fn ensure_python_of(folder: &str) -> Outcome<PathBuf> {
    ensure_python()?;
    run(command("python3").args(["models/tools/environment.py", folder]))?;
    let python = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    Ok(root().join(folder).join(".venv").join(python))
}

/// The Chromium for tests: the one that CHROMIUM names, or an installed one, or else Debian's, which is then installed.
pub fn ensure_chromium() -> Outcome<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        let missing = || format!("CHROMIUM names {}, which does not exist. Correct or unset it.", path.display());
        return find(&path.to_string_lossy()).ok_or_else(missing);
    }
    if let Some(path) = CHROMIUMS.iter().find_map(|name| find(name)) {
        return Ok(path);
    }
    if !has_apt() {
        return Err(
            "Chromium was not found. Install Chromium or Chrome, or set CHROMIUM to the path of its program.".into()
        );
    }
    apt_install(&["chromium"], "it runs the page's tests")?;
    find("chromium")
        .ok_or_else(|| "Chromium was installed but is not in PATH. Set CHROMIUM to the path of its program.".into())
}

/// Chromium without a window of its own, which takes a fifth less time for the same page: the one that CHROMIUM_SHELL names, or an installed
/// one, or on Debian that of `chromium`, installed now. Elsewhere, or where CHROMIUM is named, that Chromium.
pub fn chromium_shell(chromium: &Path) -> Outcome<PathBuf> {
    if let Some(shell) = std::env::var_os("CHROMIUM_SHELL") {
        let missing =
            || format!("CHROMIUM_SHELL names {}, which does not exist. Correct or unset it.", shell.to_string_lossy());
        return find(&shell.to_string_lossy()).ok_or_else(missing);
    }
    if std::env::var_os("CHROMIUM").is_some() {
        return Ok(chromium.into());
    }
    if find(SHELL).is_none() && chromium == Path::new("/usr/bin/chromium") && has_apt() {
        // Ubuntu has none.
        if let Err(reason) = apt_install(&[SHELL], "tests of the page take less time in it") {
            say(&reason);
        }
    }
    Ok(find(SHELL).unwrap_or_else(|| chromium.into()))
}

/// Everything that runs the page's tests. Whoever needs one of them asks for it again.
pub fn fetch_browsers() {
    if let Ok(chromium) = ensure_chromium() {
        let _ = chromium_shell(&chromium);
    }
    try_other_browsers();
}

/// Firefox and WebKitGTK, in which the whole job is tested too; on Debian what is missing is installed. Without them that test is skipped
/// and says so, hence no error.
pub fn try_other_browsers() {
    let is_named = |variable| std::env::var_os(variable).is_some();
    let mut missing = Vec::new();
    if !is_named("FIREFOX") && find("firefox-esr").is_none() {
        missing.push("firefox-esr");
    }
    if find("WebKitWebDriver").is_none() {
        missing.push("webkit2gtk-driver");
    }
    if !is_named("DISPLAY") && find("Xvfb").is_none() {
        missing.push("xvfb");
    }
    if !cfg!(target_os = "linux") || !has_apt() {
        return;
    }
    // One by one: Ubuntu has no firefox-esr.
    for package in missing {
        if let Err(reason) = apt_install(&[package], "the whole job is tested in Firefox and WebKitGTK too") {
            say(&reason);
        }
    }
}

/// Checks for exiftool, which reads what is written into pictures; on Debian it is installed.
pub fn ensure_exiftool() -> Outcome {
    let name = if cfg!(windows) { "exiftool.exe" } else { "exiftool" };
    if find(name).is_none() && has_apt() {
        apt_install(&["libimage-exiftool-perl"], "exiftool reads the keywords that are written into pictures")?;
    }
    let missing = "exiftool was not found. Install it: it reads the keywords that are written into pictures.";
    find(name).map(drop).ok_or_else(|| missing.into())
}

/// Whether this is Debian or a derivative.
pub fn has_apt() -> bool {
    find("apt-get").is_some()
}

/// Whether to install Debian packages even if this is not root.
static MAY_INSTALL: AtomicBool = AtomicBool::new(false);

/// Handles `--install`.
pub fn allow_installing() {
    MAY_INSTALL.store(true, Ordering::Relaxed);
}

/// Installs Debian packages if this is root or `--install` was given; otherwise the error has the command.
pub fn apt_install(packages: &[&str], why: &str) -> Outcome {
    let packages_line = packages.join(" ");
    let by_hand = format!("Install by hand, as root: apt-get install {packages_line}");
    let is_root = || output(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !MAY_INSTALL.load(Ordering::Relaxed) && !is_root() {
        return Err(format!("{packages_line} is missing: {why}. {by_hand}"));
    }
    // apt-get refuses to run twice at a time.
    static RUNNING: Mutex<()> = Mutex::new(());
    let _alone = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    say(&format!("installing {packages_line} with apt-get: {why}"));
    let apt = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(apt().args(["update", "--quiet", "--quiet"]))
        .and_then(|()| {
            run(apt().args(["install", "--yes", "--quiet", "--quiet", "--no-install-recommends"]).args(packages))
        })
        .map_err(|reason| format!("{reason}\n{by_hand}"))
}

/// Finds a program in PATH; a path is returned unchanged.
fn find(program: &str) -> Option<PathBuf> {
    if Path::new(program).components().count() > 1 {
        return Path::new(program).is_file().then(|| program.into());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

/// Calls `act` unless it was done for the same content of `file` before, as recorded in `stamp`.
fn once_for(file: &Path, stamp: &Path, act: impl FnOnce() -> Outcome) -> Outcome {
    let content = std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
    let hash = sha256([&content[..]]);
    if std::fs::read_to_string(stamp).is_ok_and(|done| done == hash) {
        return Ok(());
    }
    act()?;
    std::fs::write(stamp, hash).map_err(|error| format!("{} cannot be written: {error}.", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version_of_node() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("node"), None);
    }

    #[test]
    fn acts_once_for_the_same_content_and_again_after_a_failure() {
        let folder = root().join("target/xtask-test-once");
        std::fs::create_dir_all(&folder).unwrap();
        let (file, stamp) = (folder.join("lock"), folder.join("stamp"));
        let _ = std::fs::remove_file(&stamp);
        let mut acts = 0;
        let mut once = |content: &str, outcome: Outcome| {
            std::fs::write(&file, content).unwrap();
            let _ = once_for(&file, &stamp, || {
                acts += 1;
                outcome
            });
            acts
        };
        assert_eq!(once("a", Err("no network".into())), 1);
        assert_eq!(once("a", Ok(())), 2);
        assert_eq!(once("a", Ok(())), 2);
        assert_eq!(once("b", Ok(())), 3);
    }

    #[test]
    fn finds_programs_by_name_and_by_path() {
        assert!(find("no-such-program").is_none());
        assert!(find("/no/such/program").is_none());
        let here = std::env::current_exe().unwrap();
        assert_eq!(find(&here.to_string_lossy()), Some(here));
    }
}
