//! The service as a provider: the ready-made set-ups that speak to it, asked by the same code as the page's.

use tagsmith::providers::presets;

use crate::bench::{Bench, lines, stderr};
use crate::tagging::started;

#[test]
fn the_ready_made_set_ups_ask_it_and_take_its_tags() {
    let bench = Bench::new("serve_provider");
    bench.golden("chelsea_small_png/picture.png", "cat.png");
    let server = started(&bench, &["--threads", "1", "--no-objects"]);
    for (id, at, language) in [("tagsmith_serve", "localhost:8750", "sv"), ("photoprism", "localhost:2342", "en")] {
        let preset = presets().into_iter().find(|one| one.id == id).unwrap();
        let set_up = serde_json::to_string(&preset.setup).unwrap().replace(at, &server.address);
        assert!(set_up.contains(&server.address), "{set_up}");
        bench.file("set_up.json", set_up.as_bytes());
        let asked = ["--provider", "own", "--provider-setup", "set_up.json", "--no-objects", "--lang", language];
        let output = bench.tagsmith(&[&["tag", "cat.png"], &asked[..]].concat());
        assert_eq!(output.status.code(), Some(0), "{id}: {}", stderr(&output));
        let report = &lines(&output)[0];
        let tags = report["tags"].as_array().unwrap();
        // Both are one model's, so what one says the other says too.
        assert!(!tags.is_empty() && tags.iter().all(|tag| tag["also_from"][0] == "provider:own"), "{id}: {report}");
    }
}
