//! The engine: src/ compiled to WebAssembly in two variants, each with its bindings, in `target/engine/<variant>/`.
//!
//! Both variants share one `engine.js`. `wasm-opt` is left out on purpose: it takes minutes and makes what is downloaded,
//! the compressed module, no smaller.

use crate::process::{Outcome, cargo, root, run_with_messages, say};
use crate::wasm_target::{TRIPLE, WasmTarget};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

/// What a variant consists of; nothing else may be needed.
const FILES: [&str; 3] = ["engine.js", "engine.d.ts", "engine_bg.wasm"];

/// How much the compiler does, as profiles of Cargo.toml.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What people download.
    Shipped,
    /// Ready sooner, several times slower.
    Dev,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Profile::Shipped => "engine",
            Profile::Dev => "engine-dev",
        }
    }
}

/// Whether somebody watches the build, or something else is on the screen meanwhile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Both variants at once, with cargo's messages.
    Foreground,
    /// One variant after the other, silent unless it fails.
    Background,
}

struct Variant {
    name: &'static str,
    features: &'static str,
}

const VARIANTS: [Variant; 2] = [
    Variant { name: "simd128", features: "+simd128" },
    Variant { name: "relaxed", features: "+simd128,+relaxed-simd" },
];

/// Builds both variants; what is up to date already takes a second.
pub fn build(profile: Profile, mode: Mode) -> Outcome {
    let target = WasmTarget::ensure()?;
    match mode {
        Mode::Foreground => std::thread::scope(|scope| {
            let builds = VARIANTS.each_ref().map(|variant| scope.spawn(|| variant.build(profile, mode, &target)));
            builds.into_iter().try_for_each(|build| build.join().expect("a build fails with a reason"))
        })?,
        Mode::Background => VARIANTS.iter().try_for_each(|variant| variant.build(profile, mode, &target))?,
    }
    check_that_bindings_agree()
}

/// Flags that a variant is compiled with. What the engine says when it panics names no folder of the machine it was built on.
fn flags(features: &str) -> String {
    let mut flags = vec![format!("-Ctarget-feature={features}")];
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    if let Some(cargo_home) = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home) {
        flags.push(format!("--remap-path-prefix={}=cargo", cargo_home.display()));
    }
    // Encoded flags are separated by this character, so that a path may hold a space.
    flags.join("\u{1f}")
}

/// Makes a cargo command compile as the variant that every browser can run is compiled.
pub fn apply_flags(cargo: &mut std::process::Command) {
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(VARIANTS[0].features));
}

impl Variant {
    fn folder(&self) -> PathBuf {
        root().join("target/engine").join(self.name)
    }

    fn build(&self, profile: Profile, mode: Mode, target: &WasmTarget) -> Outcome {
        let begin = Instant::now();
        let wasm = self.compile(profile, mode, target)?;
        if self.bind(&wasm)? || begin.elapsed().as_secs() > 0 {
            let size = fs::metadata(self.folder().join("engine_bg.wasm")).map_or(0, |file| file.len());
            let (name, seconds, megabytes) = (self.name, begin.elapsed().as_secs(), size as f64 / 1e6);
            say(&format!("engine {name}: {megabytes:.1} MB after {seconds} s ({})", profile.name()));
        }
        Ok(())
    }

    /// Returns the module as the compiler left it.
    fn compile(&self, profile: Profile, mode: Mode, target: &WasmTarget) -> Outcome<PathBuf> {
        let folder = root().join("target/wasm").join(self.name);
        let mut command = cargo();
        command
            .args(["build", "--package", "tagsmith", "--lib", "--profile", profile.name(), "--target-dir"])
            .arg(&folder);
        command.env("CARGO_ENCODED_RUSTFLAGS", flags(self.features));
        target.apply(&mut command);
        if mode == Mode::Foreground && std::io::stderr().is_terminal() {
            command.env("CARGO_TERM_COLOR", "always");
        }
        let mut kept = String::new();
        let built = run_with_messages(&mut command, |line| match mode {
            Mode::Foreground => eprintln!("{:>8} | {line}", self.name),
            Mode::Background => {
                kept.push_str(line);
                kept.push('\n');
            }
        });
        if built.is_err() {
            eprint!("{kept}");
        }
        built?;
        Ok(folder.join(TRIPLE).join(profile.name()).join("tagsmith.wasm"))
    }

    /// Adds the bindings; false if those that are there were made from this very module.
    fn bind(&self, wasm: &Path) -> Outcome<bool> {
        let folder = self.folder();
        let new = root().join("target/wasm").join(self.name).join("bound");
        let module = fs::read(wasm).map_err(|error| format!("{} cannot be read: {error}.", wasm.display()))?;
        let hash = format!("{:x}", Sha256::digest(module));
        let stamp = new.with_extension("from");
        let is_there = FILES.iter().all(|file| folder.join(file).is_file());
        if is_there && fs::read_to_string(&stamp).is_ok_and(|from| from == hash) {
            return Ok(false);
        }
        self.generate(wasm, &new)
            .map_err(|error| format!("wasm-bindgen refused the engine ({}): {error}", self.name))?;
        let put = || {
            let _ = fs::remove_file(&stamp);
            fs::create_dir_all(&folder)?;
            FILES.iter().try_for_each(|file| fs::rename(new.join(file), folder.join(file)))?;
            fs::write(&stamp, hash)
        };
        put().map_err(|error| format!("The engine cannot be put into {}: {error}.", folder.display()))?;
        Ok(true)
    }

    fn generate(&self, wasm: &Path, out: &Path) -> Outcome {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(wasm).out_name("engine").typescript(true).omit_default_module_path(true);
        // Names of functions are a tenth of the module and serve nobody who uses the page.
        bindgen.remove_name_section(true).remove_producers_section(true);
        let generate = |bindgen: &mut Bindgen| bindgen.web(true)?.generate_output();
        let mut output = generate(&mut bindgen).map_err(|error| format!("{error:#}"))?;
        if output.js().contains("snippets/") {
            return Err("it loads JS files of its own, but the page ships engine.js alone.".into());
        }
        output.emit(out).map_err(|error| format!("{error:#}"))
    }
}

/// The page loads one `engine.js` for whichever module the browser can run.
fn check_that_bindings_agree() -> Outcome {
    let [one, other] = VARIANTS.each_ref().map(|variant| variant.folder().join("engine.js"));
    let read =
        |file: &Path| fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()));
    match first_difference(&read(&one)?, &read(&other)?) {
        None => Ok(()),
        Some(line) => Err(format!(
            "{} and {} differ from line {line} on, but the page loads one of them for both variants. What src/wasm_api.rs \
             exports must not depend on target features.",
            one.display(),
            other.display()
        )),
    }
}

/// Number of the first line in which two texts differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one.lines().zip(other.lines()).take_while(|(a, b)| a == b).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_line_that_differs() {
        assert_eq!(first_difference("a\nb\nc\n", "a\nb\nc\n"), None);
        assert_eq!(first_difference("a\nb\nc\n", "a\nx\nc\n"), Some(2));
        assert_eq!(first_difference("a\nb\n", "a\nb\nc\n"), Some(3));
        assert_eq!(first_difference("a\nb", "a\nb\n"), Some(3));
    }

    #[test]
    fn a_variant_is_compiled_with_its_features_and_without_the_paths_of_this_machine() {
        let flags = flags("+simd128");
        assert!(flags.starts_with("-Ctarget-feature=+simd128"), "{flags}");
        assert!(flags.split('\u{1f}').skip(1).all(|flag| flag.starts_with("--remap-path-prefix=")), "{flags}");
    }
}
