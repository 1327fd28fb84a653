//! Builds the modules of wasm/. The engine is compiled to WebAssembly once, with relaxed SIMD; a second engine without it is derived from
//! the first ([`plain_simd`]). `target/engine/` has both, the `engine.js` that they share, and the modules for the session,
//! exports, providers and training.
//!
//! `wasm-opt` is not used: it takes minutes and does not make the compressed module smaller.

use crate::hash::sha256;
use crate::plain_simd;
use crate::process::{Outcome, cargo, root, run_with_messages, say};
use crate::unreached;
use crate::wasm_target::{TRIPLE, WasmTarget};
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

/// The files that are built, by their paths in target/engine. The page needs no others.
const FILES: [&str; 18] = [
    "simd128/engine.js",
    "simd128/engine.d.ts",
    "simd128/engine_bg.wasm",
    "relaxed/engine.js",
    "relaxed/engine.d.ts",
    "relaxed/engine_bg.wasm",
    "session/session.js",
    "session/session.d.ts",
    "session/session_bg.wasm",
    "exports/exports.js",
    "exports/exports.d.ts",
    "exports/exports_bg.wasm",
    "providers/providers.js",
    "providers/providers.d.ts",
    "providers/providers_bg.wasm",
    "train/train.js",
    "train/train.d.ts",
    "train/train_bg.wasm",
];

const TARGET_FEATURES: &str = "+simd128,+relaxed-simd";
/// Bytes: what would take more ends its worker, and not the tab.
const MAX_MEMORY: u32 = 1 << 30;

/// A profile of Cargo.toml.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What people download.
    Shipped,
    /// Compiles faster, runs several times slower.
    Dev,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Profile::Shipped => "shipped",
            Profile::Dev => "shipped-dev",
        }
    }
}

/// Whether the build's output is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// With cargo's messages.
    Foreground,
    /// Silent unless it fails.
    Background,
}

/// A module of wasm/, built with the feature of the same name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Module {
    /// Decode, infer, tag: built with and without relaxed SIMD.
    Engine,
    /// Policy, results: small, built only without relaxed SIMD.
    Session,
    /// Files: loaded with the first export, built only without relaxed SIMD.
    Exports,
    /// Other taggers: loaded by the worker that asks them, built only without relaxed SIMD.
    Providers,
    /// Own tags: loaded by the worker that trains, built only without relaxed SIMD.
    Train,
}

/// The engine is built by itself, so that they don't get its dependencies.
const WITHOUT_NETWORKS: [Module; 4] = [Module::Session, Module::Exports, Module::Providers, Module::Train];

impl Module {
    fn name(self) -> &'static str {
        match self {
            Module::Engine => "engine",
            Module::Session => "session",
            Module::Exports => "exports",
            Module::Providers => "providers",
            Module::Train => "train",
        }
    }
}

/// Builds all modules; takes a second if they are up to date.
pub fn build(profile: Profile, mode: Mode) -> Outcome {
    let target = WasmTarget::ensure()?;
    let folder = root().join("target/engine");
    for modules in [&WITHOUT_NETWORKS[..], &[Module::Engine]] {
        let begin = Instant::now();
        compile(modules, profile, mode, &target)?;
        for module in modules {
            if bind(*module, profile, &folder)? {
                let size = FILES.iter().filter(|file| file.ends_with(&format!("{}_bg.wasm", module.name())));
                let size = size.filter_map(|file| fs::metadata(folder.join(file)).ok()).map(|file| file.len()).max();
                let (seconds, megabytes) = (begin.elapsed().as_secs(), size.unwrap_or(0) as f64 / 1e6);
                say(&format!("{}: {megabytes:.1} MB after {seconds} s ({})", module.name(), profile.name()));
            }
        }
    }
    Ok(())
}

/// Compiler flags for the engine. Paths of this machine are removed from panic messages.
fn flags() -> String {
    let mut flags =
        vec![format!("-Ctarget-feature={TARGET_FEATURES}"), format!("-Clink-arg=--max-memory={MAX_MEMORY}")];
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    if let Some(cargo_home) = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home) {
        flags.push(format!("--remap-path-prefix={}=cargo", cargo_home.display()));
    }
    // Encoded flags are separated by this character, so that a path can contain a space.
    flags.join("\u{1f}")
}

/// Compiles modules in one call: the library is compiled once, with the features of all of them.
fn compile(modules: &[Module], profile: Profile, mode: Mode, target: &WasmTarget) -> Outcome {
    let mut command = cargo();
    command.args(["build", "--profile", profile.name()]);
    command.args(modules.iter().map(|module| format!("--package=tagsmith-{}", module.name())));
    command.env("CARGO_ENCODED_RUSTFLAGS", flags());
    target.apply(&mut command);
    if mode == Mode::Foreground && std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut kept = String::new();
    let built = run_with_messages(&mut command, |line| match mode {
        Mode::Foreground => eprintln!("{line}"),
        Mode::Background => {
            kept.push_str(line);
            kept.push('\n');
        }
    });
    if built.is_err() {
        eprint!("{kept}");
    }
    built
}

/// Writes a compiled module with its bindings. Returns false if it is up to date.
fn bind(module: Module, profile: Profile, folder: &Path) -> Outcome<bool> {
    let name = module.name();
    let wasm = root().join("target").join(TRIPLE).join(profile.name()).join(format!("tagsmith_{name}.wasm"));
    let bytes = fs::read(&wasm).map_err(|error| format!("{} cannot be read: {error}.", wasm.display()))?;
    let hash = sha256([include_str!("plain_simd.rs").as_bytes(), include_str!("unreached.rs").as_bytes(), &bytes]);
    let stamp = folder.join(format!("{name}_made_from"));
    let is_there =
        FILES.iter().filter(|file| file.contains(&format!("/{name}"))).all(|file| folder.join(file).is_file());
    if is_there && fs::read_to_string(&stamp).is_ok_and(|from| from == hash) {
        return Ok(false);
    }
    let unwritable = |error: std::io::Error| format!("The {name} cannot be written to {}: {error}.", folder.display());
    fs::create_dir_all(folder).map_err(unwritable)?;
    let _ = fs::remove_file(&stamp);
    generate(module, &wasm, folder).map_err(|error| format!("wasm-bindgen refused the {name}: {error}"))?;
    fs::write(&stamp, hash).map_err(unwritable)?;
    Ok(true)
}

/// Both engines are made from one output of wasm-bindgen, so they share their bindings.
fn generate(module: Module, wasm: &Path, folder: &Path) -> Outcome {
    let shown = |error| format!("{error:#}");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(module.name()).typescript(true).omit_default_module_path(true);
    // Function names are a tenth of the module, and the page does not need them.
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut output = bindgen.web(true).and_then(Bindgen::generate_output).map_err(shown)?;
    if output.js().contains("snippets/") {
        return Err(format!("it loads other JS files, but the page ships only {}.js.", module.name()));
    }
    let plain = match module {
        Module::Session | Module::Exports | Module::Providers | Module::Train => folder.join(module.name()),
        Module::Engine => {
            unreached::take_out(output.wasm_mut())?;
            let compiled = output.wasm_mut().emit_wasm();
            plain_simd::keep_relaxed(output.wasm_mut())?;
            output.emit(folder.join("relaxed")).map_err(shown)?;
            *output.wasm_mut() = walrus::Module::from_buffer(&compiled).map_err(shown)?;
            folder.join("simd128")
        }
    };
    plain_simd::derive(output.wasm_mut())?;
    output.emit(plain).map_err(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_compiled_with_its_features_and_without_the_paths_of_this_machine() {
        let flags = flags();
        assert!(flags.starts_with("-Ctarget-feature=+simd128,+relaxed-simd"), "{flags}");
        assert!(flags.contains("\u{1f}-Clink-arg=--max-memory=1073741824"), "{flags}");
        assert!(flags.split('\u{1f}').skip(2).all(|flag| flag.starts_with("--remap-path-prefix=")), "{flags}");
    }
}
