use std::io::Cursor;
use std::ops::ControlFlow;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};

use super::*;
use crate::train::made::{clouds, example};
use crate::train::matrix::tests::noise;
use crate::train::{TrainOptions, train};

fn options() -> TrainOptions {
    TrainOptions {
        seed: (1 << 53) - 1,
        title: "=Spring".into(),
        comment: "New, and\nbetter".into(),
        id: "shoes".into(),
        name: "Shoes".into(),
        version: 3,
        made_ms: 1_790_000_000_000,
    }
}

fn trained(set: &TrainingSet) -> Trained {
    train(set, None, &options(), &mut |_| ControlFlow::Continue(())).unwrap()
}

/// Three tags of 32 pictures, one of 9, one of 3 and one of none.
fn mixed() -> TrainingSet {
    let mut set = clouds(4, 32, 0.4, 1);
    let mut n_fourth = 0;
    set.examples.retain(|example| {
        n_fourth += usize::from(example.tags == [3]);
        example.tags != [3] || n_fourth <= 9
    });
    for (id, name) in [("own:rare", "rare"), ("own:none", "none")] {
        set.tags.push(TagRef::known(id, name));
    }
    set.examples.extend((0..3).map(|at| example(900 + at, &noise(32, 800 + at), &[4])));
    set
}

#[test]
fn each_tag_has_its_status_and_what_is_missing() {
    let set = mixed();
    let report = report(&set, &trained(&set));
    let found: Vec<_> = report.tags.iter().map(|tag| (tag.status, &tag.reasons[..], tag.n_examples)).collect();
    let reason = |code, n| [Reason { code, n }];
    let [more, few, none] =
        [reason(ReasonCode::MoreExamples, 21), reason(ReasonCode::TooFew, 2), reason(ReasonCode::NoneHere, 5)];
    assert_eq!(found[0], (TagStatus::Trained, &[][..], 32));
    assert_eq!(
        found[3..],
        [(TagStatus::Incomplete, &more[..], 9), (TagStatus::LeftOut, &few[..], 3), (TagStatus::LeftOut, &none[..], 0)]
    );
    let [first, rare] = [&report.tags[0], &report.tags[4]];
    assert!(first.recall.unwrap().value > 0.9 && first.recall.unwrap().low < first.recall.unwrap().value, "{first:?}");
    assert_eq!((first.best.len(), first.worst.len(), first.curve.len()), (6, 6, 19));
    assert_eq!((rare.threshold, rare.recall, rare.ap, rare.curve.len()), (None, None, None, 0));
    assert!(report.accuracy.unwrap().value > 0.9 && report.map.unwrap().value > 0.9, "{report:?}");
    assert_eq!(report.of_tag(&set.tags[3]).unwrap().n_examples, 9);
    assert!(report.of_tag(&TagRef::known("own:other", "other")).is_none());
}

#[test]
fn copies_make_no_figure_surer() {
    let mut set = clouds(2, 30, 0.4, 1);
    let plain = report(&set, &trained(&set));
    for at in 0..30 {
        let mut copy = set.examples[2 * at % 20].clone();
        copy.id = 500 + at as u32;
        set.examples.push(copy);
    }
    let copied = report(&set, &trained(&set));
    let [plain_tag, copied_tag] = [&plain.tags[0], &copied.tags[0]];
    assert_eq!((copied_tag.n_examples, copied_tag.n_distinct), (60, plain_tag.n_distinct));
    assert_eq!(copied.n_distinct, plain.n_distinct);
    let width = |tag: &TagReport| tag.recall.map(|recall| recall.value - recall.low).unwrap();
    assert!(width(copied_tag) > 0.9 * width(plain_tag), "{copied_tag:?} {plain_tag:?}");
    set.examples.retain(|example| example.tags != [0] || example.id < 40 || example.id >= 500);
    let few = report(&set, &trained(&set));
    assert!(few.tags[0].n_examples >= 30);
    assert_eq!(few.tags[0].reasons[0].code, ReasonCode::MoreDistinct);
}

#[test]
fn a_tag_of_copies_of_one_picture_has_no_figure_and_says_why() {
    let mut set = clouds(3, 8, 0.4, 1);
    let one = set.examples[0].views.clone();
    set.examples.iter_mut().filter(|example| example.tags == [0]).for_each(|example| example.views = one.clone());
    let tag = &report(&set, &trained(&set)).tags[0];
    assert_eq!((tag.precision, tag.recall, tag.ap), (None, None, None));
    assert_eq!((tag.status, tag.reasons.len()), (TagStatus::Incomplete, 1));
    assert_eq!(tag.reasons[0].code, ReasonCode::MoreDistinct);
}

#[test]
fn a_mislabelled_example_is_suspected_and_its_pair_is_confused() {
    let mut set = clouds(3, 30, 0.4, 1);
    set.examples[0].tags = vec![1];
    set.examples[4].tags = vec![2];
    let report = report(&set, &trained(&set));
    let mut found: Vec<_> = report.suspects.iter().map(|one| (one.id, one.kind, one.tag, one.like)).collect();
    found.sort_by_key(|one| one.0);
    assert_eq!(found, [(0, SuspectKind::Wrong, 1, Some(0)), (4, SuspectKind::Wrong, 2, Some(1))]);
    let pair = report.pairs.iter().find(|pair| (pair.tag, pair.taken_for) == (1, 0)).unwrap();
    assert_eq!((pair.n, &pair.ids[..]), (1, &[0][..]));
    assert!((pair.share - 1.0 / 30.0).abs() < 1e-6);
    assert_eq!(report.tags[1].worst[0], 0);
}

#[test]
fn a_tag_that_goes_along_is_missed() {
    let mut set = clouds(2, 30, 0.4, 1);
    set.tags.push(TagRef::known("own:also", "also"));
    for example in set.examples.iter_mut().filter(|example| example.tags == [0] && example.id != 10) {
        example.tags.push(2);
    }
    let report = report(&set, &trained(&set));
    let found: Vec<_> = report.suspects.iter().map(|one| (one.id, one.kind, one.tag, one.like)).collect();
    assert_eq!(found, [(10, SuspectKind::Missing, 2, None)]);
}

#[test]
fn bins_and_curves_count_what_is_shown() {
    let set = clouds(3, 20, 1.2, 1);
    let trained = trained(&set);
    let report = report(&set, &trained);
    let n: usize = report.reliability.iter().map(|bin| bin.n).sum();
    assert_eq!(n, trained.validated.confidences.iter().filter(|confidence| **confidence >= 0.05).count());
    assert!(report.ece.unwrap() < 0.2, "{report:?}");
    for tag in &report.tags {
        assert!(tag.curve.windows(2).all(|pair| pair[0].recall >= pair[1].recall), "{:?}", tag.curve);
        let near = tag.curve.iter().rfind(|point| Some(point.threshold) <= tag.threshold).unwrap();
        assert!(near.recall >= tag.recall.unwrap().value, "{near:?} {tag:?}");
    }
}

#[test]
fn a_report_comes_back_from_json() {
    let set = mixed();
    let report = report(&set, &trained(&set));
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(TrainingReport::parse(&json).unwrap(), report);
}

#[test]
fn a_report_that_contradicts_itself_is_refused() {
    let json =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/own_tags/report.json")).unwrap();
    let long = " ".repeat(65 << 20);
    assert!(TrainingReport::parse(&long).unwrap_err().detail().contains("the most is"));
    assert!(TrainingReport::parse(&json).is_ok());
    for (from, to) in [
        ("\"schema\": 1", "\"schema\": 2"),
        ("\"like\": 0", "\"like\": 3"),
        ("\"taken_for\": 0", "\"taken_for\": 65535"),
        ("\"tag\": 1", "\"tag\": -1"),
        ("\"title\"", "\"heading\""),
        ("\"value\": 0.9375", "\"value\": NaN"),
        ("{", "["),
    ] {
        assert!(json.contains(from), "{from}");
        let error = TrainingReport::parse(&json.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OwnHeadInvalid, "{to}");
    }
}

fn sheets(report: &TrainingReport, words: &ReportWords) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(report.xlsx(words).unwrap())).unwrap();
    for name in book.sheet_names() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "text is never a formula");
    }
    let rows = |range: calamine::Range<Data>| range.rows().map(<[Data]>::to_vec).collect();
    book.worksheets().into_iter().map(|(name, range)| (name, rows(range))).collect()
}

#[test]
fn a_spreadsheet_has_every_tag_and_names_pictures() {
    let mut set = mixed();
    set.tags[0].name = "=1+1".into();
    set.examples[0].tags = vec![1];
    let report = report(&set, &trained(&set));
    let words =
        ReportWords { language: "sv".into(), pictures: [(0, "=sko.jpg".to_owned())].into(), utc_offset_min: 120 };
    let sheets = sheets(&report, &words);
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Taggar", "Träning", "Förväxlade", "Misstänkta"]);
    let text = |text: &str| Data::String(text.to_owned());
    let tags = &sheets[0].1;
    assert_eq!(tags.len(), 1 + 6);
    assert_eq!((&tags[1][0], &tags[1][1]), (&text("=1+1"), &text("Tränad")));
    assert_eq!((&tags[4][2], &tags[4][3]), (&text("21 bilder till"), &Data::Float(9.0)));
    assert_eq!((&tags[5][1], &tags[5][6]), (&text("Inte med i denna träning"), &Data::Empty));
    let training = &sheets[1].1;
    assert_eq!(training[0][1], text("=Spring"));
    assert_eq!(training[6][1], text("9007199254740991"));
    let Data::DateTime(moment) = &training[4][1] else { panic!("{:?}", training[4]) };
    // 1790000000000 ms is 2026-09-21 14:13:20 UTC.
    assert!((moment.as_f64() - 46_286.0 - (16.0 * 60.0 + 13.0 + 1.0 / 3.0) / 1_440.0).abs() < 1e-6, "{moment:?}");
    assert!(sheets[3].1.iter().any(|row| row[0] == text("=sko.jpg")), "{:?}", sheets[3]);
}

/// What openpyxl reads back (`models/tools/eval/test_training_report.py`). `TAGSMITH_WRITE_FIXTURES=1` writes it anew.
#[test]
fn the_spreadsheet_that_another_program_reads_is_still_ours() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/own_tags");
    let report = TrainingReport::parse(&std::fs::read_to_string(format!("{folder}/report.json")).unwrap()).unwrap();
    let pictures = [(0, "=shoe.jpg".to_owned()), (4, "best.jpg".to_owned())];
    let bytes =
        report.xlsx(&ReportWords { language: "en".into(), pictures: pictures.into(), utc_offset_min: 120 }).unwrap();
    let path = format!("{folder}/report.xlsx");
    if std::env::var_os("TAGSMITH_WRITE_FIXTURES").is_some() {
        std::fs::write(&path, &bytes).unwrap();
    }
    assert!(std::fs::read(path).unwrap() == bytes, "write it anew, and run the test of the models' tools");
}

#[test]
fn csv_has_a_row_per_tag_and_no_formula() {
    let mut set = mixed();
    set.tags[3].name = "=1+1".into();
    let report = report(&set, &trained(&set));
    let text = report.csv();
    let rows: Vec<::csv::StringRecord> =
        ::csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 6);
    let fourth: Vec<&str> = rows[3].iter().collect();
    assert_eq!(fourth[..6], ["own:tag 3", "'=1+1", "incomplete", "more_examples 21", "9", "9"]);
    assert_eq!(fourth[17], "'=Spring");
    assert_eq!((&rows[0][3], &rows[4][2], &rows[4][7]), ("", "left_out", ""));
    assert!(rows[0][7].parse::<f32>().is_ok());
}
