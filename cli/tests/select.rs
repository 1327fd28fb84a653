//! `tagsmith select` shows the same tags as `tagsmith tag` at the same threshold.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const PICTURES: [&str; 4] =
    ["chelsea/picture.jpg", "coffee/picture.jpg", "hubble_full_chroma/picture.jpg", "drawn_tiny_clock_bmp/picture.bmp"];
const THRESHOLDS: [&str; 5] = ["0.01", "0.3", "0.45", "0.61", "0.9"];

fn tagsmith(args: &[&str], input: &[u8]) -> Output {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagsmith"));
    command.args(args).current_dir(cases).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its arguments exits before reading.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ids(tags: &Value) -> Vec<&str> {
    tags.as_array().unwrap().iter().map(|tag| tag["id"].as_str().unwrap()).collect()
}

#[test]
fn select_shows_the_same_tags_as_tagging_again() {
    let with_candidates: Vec<&str> = ["tag", "--candidates", "no-such-file.jpg"].into_iter().chain(PICTURES).collect();
    let candidates = tagsmith(&with_candidates, b"");
    let selected = tagsmith(&["select", "--threshold", &THRESHOLDS.join(",")], &candidates.stdout);
    assert!(selected.status.success(), "{}", String::from_utf8_lossy(&selected.stderr));
    let selected = lines(&selected);
    assert_eq!(selected[0], lines(&candidates)[0], "a failed picture's line is unchanged");
    let mut n_shown = 0;
    for (at, threshold) in THRESHOLDS.iter().enumerate() {
        let again: Vec<&str> = ["tag", "--threshold", threshold].into_iter().chain(PICTURES).collect();
        for (tagged, selected) in lines(&tagsmith(&again, b"")).iter().zip(&selected[1..]) {
            assert_eq!(tagged["path"], selected["path"]);
            let shown: Vec<&str> =
                selected["shown"][at].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
            assert_eq!(shown, ids(&tagged["tags"]), "{} at {threshold}", tagged["path"]);
            n_shown += shown.len();
        }
    }
    assert!(n_shown > 20, "only {n_shown} tags were compared");
}

#[test]
fn invalid_lines_are_refused_with_their_number() {
    let candidate = |id: &str, confidence: f32, from: &str| {
        format!(r#"{{"candidates":[{{"id":"{id}","confidence":{confidence},"from":"{from}"}}]}}"#)
    };
    let good = candidate("pug", 0.9, "classes");
    for (bad, reason) in [
        ("{".to_owned(), "EOF"),
        (r#"{"path":"a.jpg"}"#.to_owned(), "--candidates"),
        (candidate("unicorn", 0.9, "classes"), "unicorn"),
        (candidate("pug", 0.9, "head:other"), "head:other"),
        (candidate("pug", 1.5, "classes"), "1.5"),
    ] {
        let output = tagsmith(&["select", "--threshold", "0.5"], format!("{good}\n{bad}\n").as_bytes());
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{bad}");
        assert!(errors.contains("line 2") && errors.contains(reason), "{errors}");
    }
    assert_eq!(tagsmith(&["select", "--threshold", "0.5,2"], b"").status.code(), Some(2));
    assert_eq!(tagsmith(&["select"], b"").status.code(), Some(2));
}
