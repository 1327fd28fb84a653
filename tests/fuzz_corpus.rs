//! The corpus of the fuzz targets, run through the same functions: it is there, most of it gets past parsing, and nothing of it is a finding.

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

#[test]
fn the_corpus_of_every_fuzz_target_gets_past_parsing_and_finds_nothing() {
    for (name, target) in targets::TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        let (mut n, mut n_parsed) = (0, 0);
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            n_parsed += usize::from(target(&bytes));
            n += 1;
        }
        assert!(n >= 3 && n_parsed * 2 >= n, "{name}: {n_parsed} of {n} get past parsing");
    }
}
