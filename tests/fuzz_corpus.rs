//! The fuzz targets without a fuzzer: their corpus, and networks of it with a few changes, loaded and run.
//!
//! `TAGSMITH_LONG=1` changes many more.

#[path = "../fuzz/targets.rs"]
mod targets;

use std::cell::Cell;
use std::env;
use std::fs;
use std::panic;
use std::path::Path;
use std::sync::Mutex;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The files of a target's corpus, in the order of their names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn the_corpus_of_every_fuzz_target_gets_past_parsing_and_finds_nothing() {
    for (name, target) in targets::TARGETS {
        let all = corpus(name);
        let n_parsed = all.iter().filter(|bytes| target(bytes)).count();
        assert!(all.len() >= 3 && n_parsed == all.len(), "{name}: {n_parsed} of {} get past parsing", all.len());
    }
}

/// Panics inside tract become errors; of our own code, they would be hidden by that.
static OWN_PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[test]
fn networks_with_a_few_changes_are_loaded_and_run_without_a_panic_of_ours() {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let is_ours = panic.location().is_some_and(|place| place.file().starts_with("src/"));
        if is_ours {
            OWN_PANICS.lock().unwrap().push(panic.to_string());
        }
        if is_ours || !tagsmith::model::catches_panics() {
            hook(panic);
        }
    }));
    let seeds = corpus("onnx_load");
    let n_cases = if env::var_os("TAGSMITH_LONG").is_some() { 20_000 } else { 300 };
    let config = Config { cases: n_cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let changes = (any::<Index>(), prop::collection::vec((any::<Index>(), 1..=255u8), 1..4));
    let n_parsed = Cell::new(0);
    let run = runner.run(&changes, |(seed, flips)| {
        let mut model = seeds[seed.index(seeds.len())].clone();
        for (at, bits) in flips {
            let at = at.index(model.len());
            model[at] ^= bits;
        }
        n_parsed.set(n_parsed.get() + u32::from(targets::onnx_load(&model)));
        Ok(())
    });
    run.unwrap();
    let n_parsed = n_parsed.get();
    assert!(n_parsed * 10 >= n_cases, "only {n_parsed} of {n_cases} got past parsing");
    assert!(OWN_PANICS.lock().unwrap().is_empty(), "{:?}", OWN_PANICS.lock().unwrap());
}
