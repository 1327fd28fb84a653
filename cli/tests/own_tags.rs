//! Own tags from the command line: trained, evaluated and used, and trained when they are due.

mod bench;
#[path = "../src/library/crc32.rs"]
mod crc32;
#[path = "bench/drawn.rs"]
mod drawn;
#[path = "relay/upstream.rs"]
#[allow(dead_code)] // of the relay's tests
mod upstream;

use std::fs;
use std::path::Path;
use std::process::Output;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::bench::{Bench, lines, stderr};
use crate::drawn::picture;
use crate::upstream::Upstream;

/// Of pictures that are of one colour in the main.
const TAGS: [(&str, [u8; 3]); 3] = [("Brick wall", [20, 30, 200]), ("Lawn", [30, 190, 40]), ("sky", [230, 160, 60])];
const N_EACH: usize = 6;

/// A network that is there at once; what it sees is enough for colours.
fn model() -> String {
    format!("{}/../tests/fixtures/models/float32", env!("CARGO_MANIFEST_DIR"))
}

/// A drawn picture in which a colour prevails.
fn coloured(seed: usize, colour: [u8; 3]) -> Vec<u8> {
    let mut bmp = picture(seed as u32);
    for (at, byte) in bmp[54..].iter_mut().enumerate() {
        *byte = ((u32::from(*byte) + 4 * u32::from(colour[at % 3])) / 5) as u8;
    }
    bmp
}

/// `train` and `val` with a folder a tag.
fn shop(name: &str) -> Bench {
    let bench = Bench::new(name);
    for (at, (tag, colour)) in TAGS.into_iter().enumerate() {
        for n in 0..N_EACH {
            bench.file(&format!("train/{tag}/{n}.bmp"), &coloured(10 * at + n, colour));
        }
        for n in 0..2 {
            bench.file(&format!("val/{tag}/{n}.bmp"), &coloured(100 + 10 * at + n, colour));
        }
    }
    bench
}

fn run(bench: &Bench, args: &[&str]) -> Output {
    bench.tagsmith(&[args, &["--model", &model()]].concat())
}

fn trained(bench: &Bench, args: &[&str]) -> Value {
    let output = run(bench, &[&["train"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let out = args.iter().position(|arg| *arg == "--out").unwrap() + 1;
    head(bench, args[out])
}

fn head(bench: &Bench, tagger: &str) -> Value {
    let file: Value = serde_json::from_slice(&fs::read(bench.dir.join(tagger)).unwrap()).unwrap();
    file["head"].clone()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// By the bundled model: the small one takes pictures of one colour for one picture, and no check is left.
#[test]
fn a_folder_a_tag_becomes_a_tagger_that_is_measured_and_tags() {
    let bench = shop("own_tags_whole");
    let output = bench.tagsmith(&[
        "train",
        "train",
        "--out",
        "shop.json",
        "--title",
        "Spring",
        "--comment",
        "With new ones",
        "--report",
        "shop.xlsx",
        "--onnx",
        "shop.onnx",
        "--seed",
        "3",
        "--embeddings",
    ]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
    assert!(stdout(&output).contains("18 pictures; surest tag right: "), "{}", stdout(&output));
    let head = head(&bench, "shop.json");
    assert_eq!(
        (&head["name"], &head["title"], &head["comment"]),
        (&"train".into(), &"Spring".into(), &"With new ones".into())
    );
    assert_eq!((&head["version"], &head["seed"]), (&1.into(), &3.into()));
    let ids: Vec<&str> =
        head["tags"].as_array().unwrap().iter().map(|tag| tag["tag"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["own:brick wall", "own:lawn", "sky"], "the vocabulary's where it has the very word");
    assert!(fs::read(bench.dir.join("shop.xlsx")).unwrap().starts_with(b"PK"));
    assert!(fs::read(bench.dir.join("shop.onnx")).unwrap().len() > 1_000_000);

    let output = bench.tagsmith(&["evaluate", "shop.json", "val", "--json"]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
    let [figures] = &lines(&output)[..] else { panic!("one line") };
    assert_eq!((&figures["accuracy"], &figures["map"]), (&1.0.into(), &1.0.into()), "{figures}");
    let tags = figures["tags"].as_array().unwrap();
    let lawn = tags.iter().find(|tag| tag["name"] == "Lawn").expect("the name of the folder");
    assert_eq!(lawn["ap"], 1.0);
    assert!(lawn["precision"].is_number() && lawn["recall"].is_number(), "{lawn}");

    // Under another tag than it was taught as, so that only without it all are right.
    bench.file("val/Brick wall/again.bmp", &fs::read(bench.dir.join("train/Lawn/0.bmp")).unwrap());
    let output = bench.tagsmith(&["evaluate", "shop.json", "val"]);
    let said =
        "1 of 7 pictures are examples of this tagger, or nearly the same. Without them: surest tag right: 100.0 %";
    assert!(stderr(&output).contains(said), "{}", stderr(&output));

    let output =
        bench.tagsmith(&["tag", "val/Brick wall/0.bmp", "--no-objects", "--custom", "shop.json", "--embedding"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report = lines(&output).remove(0);
    let own: Vec<&Value> = report["tags"].as_array().unwrap().iter().filter(|tag| tag["source"] == "custom").collect();
    assert_eq!(own.len(), 1, "{}", report["tags"]);
    let from = format!("head:{}", head["id"].as_str().unwrap());
    assert_eq!((&own[0]["name"], &own[0]["from"]), (&"Brick wall".into(), &from.into()));
    assert!(report["embedding"].is_array(), "what else was asked for is still there");
    let threshold = head["tags"][0]["threshold"].as_f64().unwrap();
    assert!(own[0]["confidence"].as_f64().unwrap() >= threshold);
}

#[test]
fn a_seed_decides_all_of_a_tagger_and_a_file_that_is_there_becomes_its_next_version() {
    let bench = shop("own_tags_again");
    let without_time = |mut head: Value| {
        head.as_object_mut().unwrap().remove("made_ms");
        head
    };
    let first = without_time(trained(&bench, &["train", "--out", "one.json", "--seed", "7"]));
    let other = without_time(trained(&bench, &["train", "--out", "other.json", "--seed", "7", "--threads", "3"]));
    assert_eq!(first, other);
    let next = trained(&bench, &["train", "--out", "one.json", "--seed", "7", "--embeddings"]);
    assert_eq!((&next["id"], &next["version"]), (&first["id"], &2.into()));
    let file: Value = serde_json::from_slice(&fs::read(bench.dir.join("one.json")).unwrap()).unwrap();
    assert_eq!(file["set"]["examples"].as_array().unwrap().len(), TAGS.len() * N_EACH);
    let two = run(&bench, &["tag", "val", "--custom", "one.json", "--custom", "other.json"]);
    assert_eq!(two.status.code(), Some(2));
    assert!(stderr(&two).contains("Name each tagger once"), "{}", stderr(&two));
}

/// Tags of one source, with who says them.
fn tags_of(report: &Value, source: &str) -> Vec<(String, Value, Value)> {
    let tags = report["tags"].as_array().unwrap().iter().filter(|tag| tag["source"] == source);
    tags.map(|tag| (tag["name"].as_str().unwrap().to_owned(), tag["from"].clone(), tag["confidence"].clone())).collect()
}

#[test]
fn an_own_tagger_says_the_same_beside_a_library_a_provider_and_a_list_of_words() {
    let bench = shop("own_tags_beside");
    let output = bench.tagsmith(&["train", ".", "--out", "shop.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("taken together: train, val. Name one of these folders"), "{}", stderr(&output));
    let tagged = |args: &[&str]| {
        let output = bench.tagsmith(&[&["tag", "val", "--no-objects", "--custom", "shop.json"], args].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        lines(&output)
    };
    let own = |reports: &[Value]| reports.iter().map(|report| tags_of(report, "custom")).collect::<Vec<_>>();
    let plain = own(&tagged(&[]));
    let names: Vec<&str> = plain.iter().map(|tags| tags[0].0.as_str()).collect();
    assert_eq!(names, ["Brick wall", "Brick wall", "Lawn", "Lawn", "sky", "sky"]);

    let first = tagged(&["--resume", "kept.tagsmith"]);
    assert_eq!(own(&first), plain);
    assert_eq!(tagged(&["--resume", "kept.tagsmith"]), first, "from the library, with the times that it took");
    let library = Connection::open(bench.dir.join("kept.tagsmith")).unwrap();
    crc32::add_to(&library).unwrap();
    assert_eq!(library.execute("DELETE FROM embedding", ()).unwrap(), 6);
    drop(library);
    assert_eq!(tagged(&["--resume", "kept.tagsmith"]), first, "from the files, where no embedding is kept");

    let service = Upstream::start(|asked| {
        let is_right = asked.line == "POST /tag"
            && asked.header("content-type") == Some("application/octet-stream")
            && asked.body.starts_with(b"\xFF\xD8\xFF");
        upstream::json(if is_right { "200 OK" } else { "400 Bad Request" }, r#"{"tags":["Brick wall","moss"]}"#)
    });
    let set_up = json!({"kind": "http", "url": format!("{}/tag", service.url), "body": "bytes", "names": "/tags/*"});
    bench.file("set_up.json", set_up.to_string().as_bytes());
    let both = tagged(&["--provider", "next-door", "--provider-setup", "set_up.json", "--yes"]);
    assert_eq!(own(&both), plain);
    assert!(both.iter().all(|report| tags_of(report, "cloud").iter().any(|tag| tag.0 == "moss")), "{}", both[0]);
    assert_eq!(service.asked_at("/tag").len(), both.len());

    bench.file("words.txt", b"Mur\n\t{Brick wall}\nHimmel\n\t{sky}\n");
    let words = tagged(&["--only-words", "words.txt"]);
    for (report, plain) in words.iter().zip(&plain) {
        let wanted = plain.iter().filter_map(|(name, from, confidence)| {
            let word = match name.as_str() {
                "Brick wall" => "Mur",
                "sky" => "Himmel",
                _ => return None,
            };
            Some((word.to_owned(), from.clone(), confidence.clone()))
        });
        assert_eq!(tags_of(report, "custom"), wanted.collect::<Vec<_>>());
        let all = report["tags"].as_array().unwrap();
        assert!(all.iter().all(|tag| tag["name"] == "Mur" || tag["name"] == "Himmel"), "{report}");
    }
}

#[test]
fn a_table_and_an_unreadable_picture() {
    let bench = shop("own_tags_table");
    let mut table = "file;tags\n".to_owned();
    for (tag, _) in TAGS {
        (0..N_EACH).for_each(|n| table += &format!("train/{tag}/{n}.bmp;{tag}\n"));
    }
    table += "train/broken.jpg;sky\n";
    bench.file("list.csv", table.as_bytes()).file("train/broken.jpg", b"this is no picture");
    let output = run(&bench, &["train", "list.csv", "--out", "list.json", "--report", "list.csv.json"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("train/broken.jpg: ") && stderr(&output).contains("1 of 19 pictures"),
        "{}",
        stderr(&output)
    );
    let report: Value = serde_json::from_slice(&fs::read(bench.dir.join("list.csv.json")).unwrap()).unwrap();
    assert_eq!((&report["tagger"]["name"], &report["n_examples"]), (&"list".into(), &18.into()));
}

#[test]
fn what_cannot_be_done_is_said_before_anything_is_written() {
    let bench = shop("own_tags_refused");
    bench.file("mine.txt", b"a letter").golden("coffee/picture.jpg", "flat/a.jpg").file("no_text.json", b"\xFF\xFE");
    trained(&bench, &["train", "--out", "shop.json"]);
    for (args, said) in [
        (&["train", "train", "--out", "mine.txt"][..], "It is not overwritten"),
        (&["train", "train", "--out", "x.json", "--report", "x.pdf"], ".xlsx, .csv and .json"),
        (&["train", "train", "--out", "x.json", "--report", "./x.json"], "--report ./x.json would overwrite --out"),
        (&["train", "list.csv", "--out", "x.json", "--report", "list.csv"], "would overwrite the pictures"),
        (&["train", "train", "--out", "x.json", "--onnx", "flat"], "is a folder"),
        (&["train", "train", "--out", "x.json", "--title", "x".repeat(201).as_str()], "the title can have 200"),
        (&["train", "train", "--out", "x.json", "--name", ""], "the tagger's name"),
        (&["train", "flat", "--out", "x.json"], "no picture in it has a tag"),
        (&["train", "nowhere", "--out", "x.json"], "nowhere cannot be read"),
        (&["evaluate", "mine.txt", "val"], "mine.txt"),
        (&["evaluate", "no_text.json", "val"], "is no text"),
        (&["evaluate", "shop.json", "train/Lawn/0.bmp"], "ZIP"),
        (&["tag", "val", "--custom", "gone.json"], "gone.json cannot be read"),
        (&["train", "--due", "gone.tagsmith"], "There is no library"),
    ] {
        let output = run(&bench, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    assert_eq!(fs::read(bench.dir.join("mine.txt")).unwrap(), b"a letter");
    assert!(!bench.dir.join("x.json").exists());
    let output = bench.tagsmith(&["tag", "val", "--custom", "shop.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("float32") && stderr(&output).contains("own_head_other_backbone"),
        "{}",
        stderr(&output)
    );
}

/// Saturdays at 00:30.
fn scheduled(bench: &Bench, library: &str, settings: Value) {
    let library = Connection::open(bench.dir.join(library)).unwrap();
    crc32::add_to(&library).unwrap();
    let insert = "INSERT INTO own_tagger (id, name, settings, made_ms) VALUES ('shop', 'Shop', ?1, 1700000000000)";
    library.execute(insert, [settings.to_string()]).unwrap();
    library.execute("INSERT INTO setting (name, value) VALUES ('smart_tags 1', 'true')", ()).unwrap();
    for (tag, _) in TAGS {
        let id = format!("own:{}", tag.to_lowercase());
        library.execute("INSERT INTO tag (ref, name) VALUES (?1, ?2)", [&id, tag]).unwrap();
        let given = "INSERT INTO correction (file, tag, kind, is_in_bulk, position, said_ms)
            SELECT f.id, t.id, 'add', 0, 0, 1700000000000 FROM file AS f, tag AS t WHERE t.ref = ?1 AND f.path LIKE '%/' || ?2 || '/%'";
        assert_eq!(library.execute(given, [&id, tag]).unwrap(), N_EACH);
    }
}

fn one<T: rusqlite::types::FromSql>(library: &Path, query: &str) -> T {
    Connection::open(library).unwrap().query_one(query, (), |row| row.get(0)).unwrap()
}

/// A lawn that no file of the library is, as the page keeps what comes with a file.
fn moved(library: &Path) -> String {
    let embedding =
        "SELECT e.backbone, e.vector FROM embedding AS e JOIN file AS f USING (asset) WHERE f.path LIKE '%/Lawn/%'";
    let of_lawn = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
    let (backbone, vector) =
        Connection::open(library).unwrap().query_one(&format!("{embedding} LIMIT 1"), (), of_lawn).unwrap();
    let text = |bytes: &[u8]| STANDARD.encode(bytes);
    json!({"backbone": backbone, "n_features": vector.len(), "n": 1, "tags": [{"id": "own:lawn", "name": "Lawn"}], "columns": {
        "sha256s": text(&[7; 32]), "sides": text(&[0, 4, 0, 0]), "n_views": text(&[1]), "n_given": text(&[1, 0]),
        "given": text(&[0, 0]), "n_rejected": text(&[0, 0]), "rejected": "", "scales": text(&0.01_f32.to_le_bytes()),
        "vectors": text(&vector)}})
    .to_string()
}

#[test]
fn what_is_due_in_a_library_is_trained_once_and_in_use_from_then_on() {
    let bench = shop("own_tags_due");
    let output = run(&bench, &["tag", "train", "--resume", "kept.tagsmith"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let weekly =
        json!({"collections": [1], "weekly": {"day": 6, "minute": 30}, "weekly_set_ms": 1_700_000_000_000_i64});
    scheduled(&bench, "kept.tagsmith", weekly);
    let due = |zone: &str| {
        let mut command = bench.command(&["train", "--due", "kept.tagsmith", "--model", &model()]);
        command.env("TZ", zone).output().unwrap()
    };
    let first = due("Europe/Stockholm");
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    assert!(stdout(&first).starts_with("Shop: version 1, 18 pictures, mean average precision"), "{}", stdout(&first));
    assert!(stdout(&first).trim_end().ends_with("00:30"), "{}", stdout(&first));
    let kept = bench.dir.join("kept.tagsmith");
    assert_eq!(one::<i64>(&kept, "SELECT is_in_use FROM head WHERE number = 1"), 1);
    assert_eq!(one::<String>(&kept, "SELECT reason FROM training WHERE ended_ms IS NOT NULL"), "weekly");
    assert_eq!(one::<i64>(&kept, "SELECT count(*) FROM view"), 18, "each picture's mirror image");
    assert_eq!(one::<i64>(&kept, "SELECT count(*) FROM square"), 18);
    let report: Value = serde_json::from_str(&one::<String>(&kept, "SELECT report FROM head")).unwrap();
    assert_eq!(report["n_examples"], 18);
    bench.file("shop.json", one::<String>(&kept, "SELECT file FROM head").as_bytes());
    let measured = run(&bench, &["evaluate", "shop.json", "val"]);
    assert_eq!((measured.status.code(), stderr(&measured)), (Some(0), String::new()));

    let again = due("Pacific/Auckland");
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert!(stdout(&again).starts_with("Shop: not due; next "), "{}", stdout(&again));
    assert_eq!(one::<i64>(&kept, "SELECT count(*) FROM training"), 1);

    // One that was killed is open: the next run goes on with it, whatever is due.
    let killed = "INSERT INTO training (id, own_tagger, number, begun_ms, reason, title, comment)
        SELECT id + 1, own_tagger, 2, begun_ms + 1, 'weekly', 'Killed', '' FROM training";
    let library = Connection::open(&kept).unwrap();
    crc32::add_to(&library).unwrap();
    library.execute(killed, ()).unwrap();
    // It learns from what came with a file of the tagger, too.
    library
        .execute("UPDATE own_tagger SET settings = json_set(settings, '$.moved', json(?1))", [moved(&kept)])
        .unwrap();
    drop(library);
    let after = due("Europe/Stockholm");
    assert!(stdout(&after).starts_with("Shop: version 2, 19 pictures, "), "{}{}", stdout(&after), stderr(&after));
    assert_eq!(one::<String>(&kept, "SELECT title FROM head WHERE is_in_use"), "Killed");
    assert_eq!(one::<i64>(&kept, "SELECT count(*) FROM training WHERE ended_ms IS NULL"), 0);
}

#[test]
fn a_training_at_a_set_moment_that_fails_is_kept_with_its_reason_and_not_tried_again() {
    let bench = shop("own_tags_due_fails");
    run(&bench, &["tag", "train", "--resume", "kept.tagsmith"]);
    // Without a tag to learn nothing is newly tagged: the week says nothing, and only the moment that a person has set is due.
    let weekly = json!({"day": 3, "minute": 0});
    let settings = json!({"collections": [1], "tags": [], "weekly": weekly, "weekly_set_ms": 1_700_000_000_000_i64});
    scheduled(&bench, "kept.tagsmith", settings);
    let due = || run(&bench, &["train", "--due", "kept.tagsmith"]);
    let nothing = due();
    assert!(stdout(&nothing).starts_with("Shop: not due; next "), "{}{}", stdout(&nothing), stderr(&nothing));
    let set = |sql: &str| {
        let library = Connection::open(bench.dir.join("kept.tagsmith")).unwrap();
        crc32::add_to(&library).unwrap();
        library.execute_batch(sql).unwrap();
    };
    set("UPDATE own_tagger SET settings = json_set(settings, '$.once_ms', 1);
        UPDATE setting SET value = 'false' WHERE name = 'smart_tags 1'");
    let failed = due();
    assert_eq!(failed.status.code(), Some(1), "{}", stderr(&failed));
    assert!(stderr(&failed).contains("Shop: Nothing can be learnt"), "{}", stderr(&failed));
    let kept = bench.dir.join("kept.tagsmith");
    assert_eq!(one::<String>(&kept, "SELECT failure_code FROM training"), "training_set_invalid");
    assert_eq!(one::<String>(&kept, "SELECT reason FROM training"), "person");
    let again = due();
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert_eq!(stdout(&again), "Shop: not due\n");
    set("UPDATE own_tagger SET settings = json_set(settings, '$.once_ms', 4102444800000)");
    let to_come = due();
    assert!(stdout(&to_come).starts_with("Shop: not due; next "), "{}", stdout(&to_come));

    set("UPDATE own_tagger SET settings = json_remove(settings, '$.once_ms')");
    let off = due();
    assert_eq!(
        (off.status.code(), stdout(&off)),
        (Some(0), "Shop: only on demand\n".into()),
        "no collection has smart tags on"
    );
}
