//! Runs the command line and checks its output and exit codes.

mod bench;

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bench::{Bench, lines, stderr};

#[test]
fn a_report_line_has_every_documented_field() {
    let bench = Bench::new("report_line");
    bench.golden("coffee/picture.jpg", "coffee.jpg");
    let output = bench.tagsmith(&["tag", "coffee.jpg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let [report] = &lines(&output)[..] else { panic!("one line a picture") };
    let bytes = fs::read(bench.dir.join("coffee.jpg")).unwrap();
    assert_eq!(report["path"], "coffee.jpg");
    assert_eq!(report["sha256"], tagsmith::sha256(&bytes));
    assert_eq!(report["format"], "jpeg");
    assert_eq!(report["model"]["id"], "efficientnet-lite0");
    assert!(report["model"]["version"].is_string());
    assert_eq!(report["pipeline"], 1);
    for stage in ["decode", "resize", "infer", "tags"] {
        assert!(report["timings_ms"][stage].is_number(), "{stage}");
    }
    let tag = &report["tags"][0];
    assert_eq!(tag["id"], "espresso");
    assert_eq!(tag["source"], "auto");
    assert_eq!(tag["from"], "classes");
    assert_eq!(tag["parents"], serde_json::json!(["drink", "food"]));
    assert!(tag["confidence"].as_f64().unwrap() > 0.9);
    assert_ne!(tag["confidence"], tag["score"], "a confidence is what a score is worth");
    assert!(["scores", "embedding", "candidates"].iter().all(|key| report.get(key).is_none()));
}

#[test]
fn policies_are_the_cards_operating_points_and_candidates_include_all_shown_tags() {
    let bench = Bench::new("policies");
    bench.golden("rocket_progressive/picture.jpg", "rocket.jpg");
    let report = |args: &[&str]| {
        let output = bench.tagsmith(&[&["tag", "rocket.jpg", "--no-objects"], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        lines(&output).remove(0)
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/efficientnet-lite0/model.json");
    let card: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    for policy in ["sure", "balanced", "generous"] {
        let threshold = card["policy"]["settings"][policy].to_string();
        assert_eq!(report(&["--policy", policy])["tags"], report(&["--threshold", &threshold])["tags"], "{policy}");
    }
    assert_eq!(report(&[])["tags"], report(&["--policy", "balanced"])["tags"], "balanced is the default");
    let all = report(&["--candidates"])["candidates"].as_array().unwrap().clone();
    assert!(all.len() > 10);
    let sure: Vec<f64> = all.iter().map(|one| one["confidence"].as_f64().unwrap()).collect();
    assert!(sure.is_sorted_by(|a, b| a >= b), "the surest first");
    for component in ["classes", "head:general"] {
        assert!(all.iter().any(|one| one["from"] == component), "{component}");
    }
    let parent = all.iter().find(|one| one["id"] == "vehicle").expect("parents too");
    assert!(
        parent["confidence"].as_f64() >= all.iter().find(|one| one["id"] == "rocket").unwrap()["confidence"].as_f64()
    );
    let both = bench.tagsmith(&["tag", "rocket.jpg", "--policy", "sure", "--threshold", "0.5"]);
    assert_eq!(both.status.code(), Some(2), "--policy conflicts with --threshold");
}

#[test]
fn a_bad_file_gets_a_line_with_the_reason_and_the_run_continues() {
    let bench = Bench::new("bad_files");
    bench
        .golden("coffee/picture.jpg", "folder/a/coffee.jpg")
        .golden("chelsea_small_png/picture.png", "folder/b.png")
        .file("folder/empty.jpg", b"")
        .file("folder/text.jpg", b"this is no picture")
        .file("folder/notes.txt", b"neither a picture nor called one");
    let output = bench.tagsmith(&["tag", "folder", "missing.jpg"]);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    let outcome =
        |path: &str| lines.iter().find(|line| line["path"] == path).unwrap_or_else(|| panic!("no line for {path}"));
    assert_eq!(lines.len(), 5, "the text file is skipped");
    assert!(outcome("folder/a/coffee.jpg")["tags"].is_array());
    assert!(outcome("folder/b.png")["tags"].is_array());
    for (path, code) in [
        ("folder/empty.jpg", "picture_empty"),
        ("folder/text.jpg", "picture_format_unknown"),
        ("missing.jpg", "file_unreadable"),
    ] {
        let error = &outcome(path)["error"];
        assert_eq!(error["code"], code);
        assert!(error["detail"].as_str().unwrap().len() > 20);
    }
    assert!(stderr(&output).contains("skipped 1 file that is not a picture"), "{}", stderr(&output));
    assert!(stderr(&output).contains("3 of 5 pictures could not be tagged"), "{}", stderr(&output));
}

#[test]
fn threshold_limit_language_and_lists_take_effect() {
    let bench = Bench::new("policy");
    bench.golden("coffee/picture.jpg", "coffee.jpg").golden("chelsea/picture.jpg", "chelsea.jpg");
    let tags = |args: &[&str]| {
        let output = bench.tagsmith(&[&["tag", "chelsea.jpg", "--no-objects"], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let tags = lines(&output)[0]["tags"].as_array().unwrap().clone();
        tags.iter().map(|tag| tag["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(tags(&["--threshold", "1"]).is_empty());
    let many = tags(&["--threshold", "0.001", "--max-tags", "100"]);
    assert!(many.len() > 3);
    assert_eq!(tags(&["--threshold", "0.001", "--max-tags", "2"]), many[..2]);
    assert_eq!(tags(&["--threshold", "0.001", "--deny", &many[0]])[0], many[1]);
    assert_eq!(tags(&["--threshold", "0.001", "--allow", &many[1]]), [many[1].clone()]);
    let swedish = bench.tagsmith(&["tag", "coffee.jpg", "--lang", "sv", "--threshold", "0.005", "--max-tags", "50"]);
    let english = bench.tagsmith(&["tag", "coffee.jpg", "--threshold", "0.005", "--max-tags", "50"]);
    assert_ne!(lines(&swedish)[0]["tags"][1]["name"], lines(&english)[0]["tags"][1]["name"]);
    assert_eq!(lines(&swedish)[0]["tags"][1]["id"], lines(&english)[0]["tags"][1]["id"]);
}

#[test]
fn all_scores_and_embedding_come_on_request() {
    let bench = Bench::new("all_scores");
    bench.golden("coffee/picture.jpg", "coffee.jpg");
    let output = bench.tagsmith(&["tag", "coffee.jpg", "--all-scores", "--embedding"]);
    let report = &lines(&output)[0];
    let scores: Vec<f64> = report["scores"].as_array().unwrap().iter().map(|score| score.as_f64().unwrap()).collect();
    assert_eq!(scores.len(), 1000);
    assert!((scores.iter().sum::<f64>() - 1.0).abs() < 1e-3);
    assert_eq!(report["embedding"].as_array().unwrap().len(), 1280);
}

#[test]
fn csv_has_the_same_tags_and_can_be_read_back() {
    let bench = Bench::new("csv");
    bench.golden("coffee/picture.jpg", "=cmd,\"x\".jpg").file("bad.png", b"");
    let output = bench.tagsmith(&["tag", ".", "--format", "csv"]);
    assert_eq!(output.status.code(), Some(1));
    let mut reader = csv::Reader::from_reader(&output.stdout[..]);
    let header = reader.headers().unwrap().clone();
    assert_eq!(&header[0], "path");
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert!(rows.iter().any(|row| row[0].ends_with("=cmd,\"x\".jpg") && &row[1] == "espresso"));
    assert!(rows.iter().any(|row| row[0].ends_with("bad.png") && row[13].starts_with("picture_empty")));
}

#[test]
fn json_is_a_list_of_the_same_objects_as_jsonl() {
    let bench = Bench::new("json");
    bench.golden("coffee/picture.jpg", "a \"quoted\" cup.jpg").file("bad.png", b"");
    let without_timings = |mut reports: Vec<Value>| {
        reports.iter_mut().filter_map(Value::as_object_mut).for_each(|report| drop(report.remove("timings_ms")));
        reports
    };
    let output = bench.tagsmith(&["tag", ".", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let list: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.stdout.starts_with(b"[\n  {\n    \"path\": \"./a"), "indented");
    assert_eq!(list[0]["tags"][0]["id"], "espresso");
    assert_eq!(without_timings(list), without_timings(lines(&bench.tagsmith(&["tag", "."]))));
    fs::create_dir(bench.dir.join("empty")).unwrap();
    assert_eq!(bench.tagsmith(&["tag", "empty", "--format", "json"]).stdout, b"[]\n");
}

#[test]
fn reports_are_in_the_order_of_the_paths_with_any_number_of_threads() {
    let bench = Bench::new("order");
    for n in 0..12 {
        bench.golden("chelsea_small_png/picture.png", &format!("{n:02}.png"));
    }
    let paths = |threads: &str| {
        let output = bench.tagsmith(&["tag", ".", "--no-objects", "--threads", threads]);
        lines(&output).iter().map(|line| line["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let one = paths("1");
    assert!(one.is_sorted() && one.len() == 12);
    assert_eq!(one, paths("4"));
}

#[test]
fn invalid_arguments_and_models_exit_with_code_2_and_a_message() {
    let bench = Bench::new("cannot_begin");
    bench.golden("coffee/picture.jpg", "coffee.jpg").file("model/model.json", b"{}");
    for (args, part) in [
        (&["tag", "coffee.jpg", "--threshold", "7"][..], "threshold 7"),
        (&["tag", "coffee.jpg", "--deny", "unicorn"], "unicorn"),
        (&["tag", "coffee.jpg", "--model", "nowhere"], "nowhere"),
        (&["tag", "coffee.jpg", "--model", "model"], "not a valid model card"),
    ] {
        let output = bench.tagsmith(args);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn captions_and_sidecars_are_one_file_per_picture_in_the_output_folder() {
    let bench = Bench::new("per_picture");
    bench.golden("coffee/picture.jpg", "in/a/coffee.jpg").golden("chelsea_small_png/picture.png", "in/b.png");
    bench.file("in/bad.png", b"");
    let names = |folder: &str| {
        let mut names: Vec<String> = walkdir::WalkDir::new(bench.dir.join(folder))
            .into_iter()
            .filter_map(|entry| Some(entry.ok()?.into_path()).filter(|path| path.is_file()))
            .map(|path| path.strip_prefix(bench.dir.join(folder)).unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    for (format, wanted) in [
        ("captions", ["in/a/coffee.txt", "in/b.txt"]),
        ("xmp", ["in/a/coffee.jpg.xmp", "in/b.png.xmp"]),
        ("keywords", ["in/a/coffee.jpg", "in/b.png"]),
    ] {
        let output = bench.tagsmith(&["tag", "in", "--format", format, "--output", format]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
        assert!(stderr(&output).contains("in/bad.png: "), "{}", stderr(&output));
        assert_eq!(names(format), wanted);
    }
    let caption = fs::read_to_string(bench.dir.join("captions/in/a/coffee.txt")).unwrap();
    assert!(caption.starts_with("espresso"), "{caption}");
    let without_folder = bench.tagsmith(&["tag", "in", "--format", "xmp"]);
    assert_eq!(without_folder.status.code(), Some(2));
    assert!(stderr(&without_folder).contains("--output"), "{}", stderr(&without_folder));
}

#[test]
fn every_export_format_can_be_written() {
    let bench = Bench::new("formats");
    bench.golden("coffee/picture.jpg", "coffee.jpg");
    for format in tagsmith::ExportFormat::ALL {
        let to = format!("to_{}", format.name());
        let output = bench.tagsmith(&["tag", "coffee.jpg", "--no-objects", "--format", format.name(), "--output", &to]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(bench.dir.join(to).is_dir(), format.picture_files().is_some(), "{}", format.name());
    }
}

#[test]
fn pictures_of_one_base_name_are_told_before_anything_is_written() {
    let bench = Bench::new("one_base_name");
    bench.golden("coffee/picture.jpg", "in/same.jpg").golden("chelsea_small_png/picture.png", "in/same.png");
    let output = bench.tagsmith(&["tag", "in", "--format", "captions", "--output", "out"]);
    assert_eq!(output.status.code(), Some(2));
    for part in ["in/same.jpg", "in/same.png", "in/same.txt", "--names full"] {
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
    assert!(!bench.dir.join("out").exists());
    let output = bench.tagsmith(&["tag", "in", "--format", "captions", "--output", "out", "--names", "full"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(bench.dir.join("out/in/same.jpg.txt").is_file() && bench.dir.join("out/in/same.png.txt").is_file());
}

#[test]
fn a_sidecar_that_is_there_gets_the_keywords_it_lacks_and_keeps_the_rest() {
    let bench = Bench::new("sidecar_there");
    let keywords = |words: &[&str]| {
        let mut keywords = tagsmith::Keywords::default();
        words.iter().for_each(|word| keywords.add(word, &[], &[]));
        keywords
    };
    let theirs = tagsmith::sidecar(&keywords(&["Crete"])).replace("rdf:about=\"\"", "rdf:about=\"\" note=\"mine\"");
    bench
        .golden("coffee/picture.jpg", "a.jpg")
        .golden("coffee/picture.jpg", "b.jpg")
        .golden("coffee/picture.jpg", "c.jpg");
    bench.file("a.jpg.xmp", theirs.as_bytes()).file("b.jpg.xmp", b"mine");
    let tag = || bench.tagsmith(&["tag", "a.jpg", "b.jpg", "c.jpg", "--format", "xmp", "--output", "."]);
    let output = tag();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("b.jpg.xmp: ") && stderr(&output).contains("xmp_invalid"), "{}", stderr(&output));
    assert_eq!(fs::read(bench.dir.join("b.jpg.xmp")).unwrap(), b"mine", "what cannot be read is left as it is");
    let merged = fs::read_to_string(bench.dir.join("a.jpg.xmp")).unwrap();
    for part in ["note=\"mine\"", "<rdf:li>Crete</rdf:li>", "<rdf:li>espresso</rdf:li>"] {
        assert!(merged.contains(part), "{merged}");
    }
    assert!(fs::read_to_string(bench.dir.join("c.jpg.xmp")).unwrap().contains("<rdf:li>espresso</rdf:li>"));
    tag();
    assert_eq!(fs::read_to_string(bench.dir.join("a.jpg.xmp")).unwrap(), merged, "nothing is there twice");
    bench.file("a.xmp", theirs.as_bytes());
    bench.tagsmith(&["tag", "a.jpg", "--no-objects", "--format", "xmp", "--names", "stem", "--output", "."]);
    let merged = fs::read_to_string(bench.dir.join("a.xmp")).unwrap();
    assert!(
        merged.contains("note=\"mine\"") && merged.contains("<rdf:li>espresso</rdf:li>"),
        "the other habit: {merged}"
    );
}

#[test]
fn copies_have_the_keywords_inside_and_a_picture_that_cannot_hold_them_is_told() {
    let bench = Bench::new("keywords");
    bench.golden("coffee/picture.jpg", "in/coffee.jpg").golden("drawn_balloons_gif/picture.gif", "in/balloons.gif");
    // So low that the balloons have tags, and something to write, too.
    let often = ["--threshold", "0.05", "--names", "stem"];
    let tag = |folder: &str| {
        bench.tagsmith(&[&["tag", "in", "--format", "keywords", "--output", folder][..], &often].concat())
    };
    let output = tag("out");
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert!(told.contains("in/balloons.gif: ") && told.contains("keywords_not_writable"), "{told}");
    assert!(!bench.dir.join("out/in/balloons.gif").exists());
    let read = |path: &str| fs::read(bench.dir.join(path)).unwrap();
    let (original, copy) = (read("in/coffee.jpg"), read("out/in/coffee.jpg"));
    assert!(copy.len() > original.len());
    let scan = original.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    assert!(copy.ends_with(&original[scan..]), "the picture itself is as it was");
    assert!(String::from_utf8_lossy(&copy).contains("<rdf:li>espresso</rdf:li>"));
    let output = tag(".");
    assert!(stderr(&output).contains("in/coffee.jpg is there already"), "{}", stderr(&output));
    assert_eq!((output.status.code(), read("in/coffee.jpg")), (Some(1), original), "an original is never replaced");
}

#[test]
fn every_choice_about_captions_can_be_made() {
    let bench = Bench::new("caption_choices");
    bench.golden("coffee/picture.jpg", "coffee.jpg").golden("chelsea_small_png/picture.png", "cat.png");
    let caption = |args: &[&str]| {
        let base = ["tag", "coffee.jpg", "--no-objects", "--format", "captions", "--output", "out"];
        let output = bench.tagsmith(&[&base[..], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        fs::read_to_string(bench.dir.join("out/coffee.txt")).unwrap()
    };
    assert_eq!(caption(&["--max-tags", "1"]), "espresso\n");
    assert_eq!(caption(&["--max-tags", "1", "--caption-prefix", "sks Cup"]), "sks Cup, espresso\n");
    let parents = ["--max-tags", "1", "--caption-parents"];
    assert_eq!(caption(&parents), "espresso, drink, food\n");
    assert_eq!(caption(&[&parents[..], &["--caption-order", "name"]].concat()), "drink, espresso, food\n");
    assert_eq!(caption(&[&parents[..], &["--caption-separator", " | "]].concat()), "espresso | drink | food\n");
    let never = ["--caption-never", "DRINK", "--caption-never", "food"];
    assert_eq!(caption(&[&parents[..], &never].concat()), "espresso\n");
    let many = ["--threshold", "0.001", "--max-tags", "40"];
    let plain = caption(&many);
    assert!(plain.contains(' '));
    let underscored = caption(&[&many[..], &["--caption-underscores", "--caption-separator", ","]].concat());
    assert!(underscored.contains('_') && !underscored.contains(' '), "{underscored}");
    assert_eq!(caption(&[&many[..], &["--caption-lower-case"]].concat()), plain.to_lowercase());
    let refused = bench.tagsmith(&["tag", ".", "--format", "captions", "--output", "no", "--caption-separator", "x"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("separator") && !bench.dir.join("no").exists(), "{}", stderr(&refused));
}

#[test]
fn a_table_for_people_has_one_row_per_picture_in_the_language() {
    let bench = Bench::new("table");
    bench.golden("coffee/picture.jpg", "in/coffee.jpg").file("in/bad.png", b"");
    let output = bench.tagsmith(&["tag", "in", "--format", "csv-excel", "--lang", "sv", "--decimal-comma"]);
    assert_eq!(output.status.code(), Some(1));
    let text = str::from_utf8(&output.stdout).unwrap().strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    assert_eq!(&reader.headers().unwrap()[0], "Fil");
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!((&rows[0][0], &rows[0][10]), ("bad.png", "The file is empty. Copy or download it again."));
    assert_eq!((&rows[1][0], &rows[1][1]), ("coffee.jpg", "in"));
    assert!(rows[1][5].starts_with("Bild: "), "{}", &rows[1][5]);
    let output = bench.tagsmith(&["tag", "in", "--format", "xlsx", "--output", "table.xlsx"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(fs::read(bench.dir.join("table.xlsx")).unwrap().starts_with(b"PK"));
}
