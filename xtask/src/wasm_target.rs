//! The target wasm32-unknown-unknown: from rustup, or else with a standard library compiled from source.

use crate::process::{Outcome, command, output, run, say};
use crate::tools::{apt_install, has_apt};
use std::path::{Path, PathBuf};
use std::process::Command;

pub const TRIPLE: &str = "wasm32-unknown-unknown";

/// Debian's compiler, the standard library's source and a linker for WebAssembly: the alternative to rustup's target.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "rust-web-src", "lld-19"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-19";

/// The source of the standard library for WebAssembly.
#[derive(Clone)]
pub enum WasmTarget {
    /// Part of the toolchain.
    Installed,
    /// Compiled together with the engine, by the toolchain or by Debian's compiler.
    FromSource { debian: bool },
}

impl WasmTarget {
    /// Finds or installs the target.
    /// # Errors
    /// A sentence with the remedy, if no known way works.
    pub fn ensure() -> Outcome<WasmTarget> {
        let sysroot = PathBuf::from(output(command("rustc").args(["--print", "sysroot"]))?.trim());
        if has_standard_library(&sysroot) {
            return Ok(WasmTarget::Installed);
        }
        say(&format!("installing the Rust target {TRIPLE}, because the engine is WebAssembly"));
        let Err(reason) = run(command("rustup").args(["target", "add", TRIPLE])) else {
            return Ok(WasmTarget::Installed);
        };
        say(&reason);
        if sysroot.join("lib/rustlib/src/rust/library").is_dir() {
            say("compiling the standard library from rust-src instead, which takes a minute more");
            return Ok(WasmTarget::FromSource { debian: false });
        }
        if has_apt() {
            say("compiling the standard library with Debian's Rust instead, which takes a minute more");
            if !Path::new(DEBIAN_RUSTC).exists() || !Path::new(DEBIAN_LINKER).exists() {
                apt_install(&DEBIAN_PACKAGES, "they compile the engine to WebAssembly without rustup's target")?;
            }
            return Ok(WasmTarget::FromSource { debian: true });
        }
        Err(format!(
            "The Rust target {TRIPLE} is missing and could not be installed. Connect to a network and run `rustup target add {TRIPLE}`."
        ))
    }

    /// Makes a cargo command compile for WebAssembly.
    pub fn apply(&self, cargo: &mut Command) {
        cargo.args(["--target", TRIPLE]);
        let WasmTarget::FromSource { debian } = self else { return };
        // Allows unstable features: compiling the standard library is one.
        cargo.arg("-Zbuild-std=std,panic_abort").env("RUSTC_BOOTSTRAP", "1");
        if *debian {
            cargo.env("RUSTC", DEBIAN_RUSTC).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
        }
    }
}

fn has_standard_library(sysroot: &Path) -> bool {
    let Ok(files) = std::fs::read_dir(sysroot.join("lib/rustlib").join(TRIPLE).join("lib")) else { return false };
    files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}
