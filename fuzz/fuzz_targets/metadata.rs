#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsmith::{Keywords, merge_sidecar, write_keywords};

fuzz_target!(|bytes: &[u8]| {
    let mut keywords = Keywords::default();
    keywords.add("räv", &["animal".to_owned()], &["animal".to_owned()]);
    for write in [write_keywords, merge_sidecar] {
        if let Ok(written) = write(bytes, &keywords) {
            // What was written can be read, and nothing is added twice.
            assert!(write(&written, &keywords).expect("it was just written") == written);
        }
    }
});
