//! Compares the structs that are passed to and from JavaScript with their declarations in wasm/src, field by field.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Serialize;
use tagsmith::model::{ImportedModel, NORMALISATION_PRESETS, OperatingPoints};
use tagsmith::providers::{
    BrowserSetup, Compared, Failure, Found, Note, Setup, Source, SourcePicture, presets, questions,
};
use tagsmith::session::{
    CaptionOptions, Change, Content, EdgePicture, ExportFile, ExportOptions, MappedTag, Naming, PictureSources,
    SourceTag, SourceTags, StoredText, StrictReport, Suggestion, TableOptions, TagCount, TextField, TextSource, Voice,
    Voices,
};
use tagsmith::tags::{
    AddedTag, Corrections, HeadPolicy, ImportedWords, LeftOut, LeftOutReason, Near, NearWords, OtherDecoder,
    PictureFacts, ProviderPolicy, Rule, RuleAction, StrictWord, StrictWords, Timings, Why, WordRule, WordsFormat,
};
use tagsmith::train::{Check, Guideline, Guidelines, Light, ReportWords, TagGuidelines, TrainingReport};
use tagsmith::{ErrorKind, ExportFormat, Limits, Policy, TagRef, model};

fn declarations() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("wasm/src");
    ["types.d.ts", "train_types.d.ts"].map(|file| fs::read_to_string(folder.join(file)).unwrap()).concat()
}

/// The text between the braces of `export type NAME = { ... };`.
fn declared<'a>(declarations: &'a str, name: &str) -> &'a str {
    let begin =
        declarations.find(&format!("export type {name} = {{")).unwrap_or_else(|| panic!("{name} is not declared"));
    let open = begin + declarations[begin..].find('{').unwrap();
    let mut depth = 0;
    let end = declarations[open..].char_indices().find_map(|(at, c)| {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        (depth == 0).then_some(open + at)
    });
    &declarations[open + 1..end.unwrap()]
}

/// Names of the top-level fields.
fn fields(body: &str) -> BTreeSet<String> {
    let mut depth = 0;
    let mut fields = BTreeSet::new();
    let mut word = String::new();
    for c in body.chars() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            ':' if depth == 0 => drop(fields.insert(std::mem::take(&mut word))),
            c if c.is_ascii_alphanumeric() || c == '_' => word.push(c),
            '?' => {} // an optional field
            _ => word.clear(),
        }
    }
    fields
}

fn assert_declared(name: &str, value: &impl Serialize) {
    let text = declarations();
    let value = serde_json::to_value(value).unwrap();
    let found: BTreeSet<String> = value.as_object().unwrap_or_else(|| panic!("{name}")).keys().cloned().collect();
    let declared: BTreeSet<String> = fields(&without_comments(declared(&text, name)));
    assert_eq!(found, declared, "{name}");
}

fn without_comments(body: &str) -> String {
    body.split("/**")
        .enumerate()
        .map(|(idx, piece)| if idx == 0 { piece } else { piece.split_once("*/").unwrap().1 })
        .collect()
}

#[test]
fn what_is_said_of_a_strict_vocabulary_has_the_declared_fields() {
    let tag = TagRef { language: Some("sv".into()), ..TagRef::known("own:a", "a") };
    let word = StrictWord {
        id: "own:a".into(),
        name: "a".into(),
        names: [("sv".into(), "b".into())].into(),
        aliases: vec!["c".into()],
        ids: vec!["d".into()],
        parents: vec!["own:e".into()],
        heading: true,
    };
    assert_declared("StrictWord", &word);
    let rule = WordRule { tag: tag.clone(), into: None };
    assert_declared("WordRule", &rule);
    let (title, language) = ("a".to_owned(), Some("sv".to_owned()));
    let words = StrictWords { schema: 1, title, language, words: vec![word], rules: vec![rule] };
    assert_declared("StrictWords", &words);
    assert_declared("StrictReport", &StrictReport::default());
    assert_declared("MappedTag", &MappedTag { tag: tag.clone(), into: String::new(), why: Why::Hand });
    assert_declared("Suggestion", &Suggestion { tag, pictures: 1 });
    let left_out = LeftOut { text: String::new(), reason: LeftOutReason::Empty };
    assert_declared("LeftOutWord", &left_out);
    assert_declared(
        "ImportedWords",
        &ImportedWords { format: WordsFormat::Skos, words, n_left_out: 0, left_out: vec![] },
    );
    assert_declared("NearWords", &NearWords { one: String::new(), other: String::new(), why: Near::Same });
}

#[test]
fn structs_have_the_declared_fields() {
    let text = String::new;
    assert_declared("Limits", &Limits::default());
    assert_declared("Timings", &Timings { objects: Some(1.0), ..Timings::default() });
    let decoder = Some(OtherDecoder::Browser);
    let facts = PictureFacts {
        sha256: text(),
        width: 1,
        height: 1,
        format: text(),
        incomplete: true,
        decoder,
        taken_ms: Some(1),
    };
    assert_declared("PictureFacts", &facts);
    assert_declared("OperatingPoints", &OperatingPoints { sure: 0.9, balanced: 0.6, generous: 0.3 });
    let of_provider = ProviderPolicy::default();
    assert_declared("ProviderPolicy", &of_provider);
    let of_head = HeadPolicy::default();
    assert_declared("HeadPolicy", &of_head);
    let (providers, heads) = ([(text(), of_provider)].into(), [(text(), of_head)].into());
    let policy =
        Policy { threshold: 0.5, max_tags: 8, allow: vec![], deny: vec![], language: text(), providers, heads };
    assert_declared("Policy", &policy);
    let stored = StoredText {
        field: TextField::AltText,
        text: text(),
        source: TextSource::Person,
        provider: None,
        run: None,
        language: None,
    };
    assert_declared("PictureText", &stored);
    let voice = Voice { from: text(), confidence: None, score: None, run: None };
    assert_declared("Voice", &voice);
    assert_declared("Voices", &Voices { id: text(), by: vec![voice] });
    let tag = SourceTag { id: text(), name: text() };
    assert_declared("SourceTag", &tag);
    let tags = SourceTags { from: text(), runs: vec![1], tags: vec![tag], above: vec![text()] };
    assert_declared("SourceTags", &tags);
    assert_declared("PictureSources", &PictureSources { own: None, sources: vec![tags] });
    assert_declared("TagCount", &TagCount { id: text(), name: text(), pictures: 1 });
    assert_declared("Change", &Change::default());
    assert_declared("EdgePicture", &EdgePicture { id: 1, tag: text(), name: text(), confidence: 0.5, is_gained: true });
    assert_declared("TagRef", &TagRef { id: text(), name: text(), language: Some(text()) });
    let tag = TagRef { id: text(), name: text(), language: Some(text()) };
    let added = AddedTag { in_bulk: true, ..tag.clone().into() };
    assert_declared("AddedTag", &added);
    assert_declared("Corrections", &Corrections { added: vec![added], rejected: vec![], reviewed: true });
    assert_declared("Rule", &Rule { tag, action: RuleAction::Hide });
    assert_declared("ExportFile", &ExportFile { name: text(), content: Content::Text(text()), picture: None });
    assert_declared("ExportOptions", &ExportOptions::default());
    assert_declared("CaptionOptions", &CaptionOptions::default());
    assert_declared("TableOptions", &TableOptions::default());
    assert_declared("NormalisationPreset", &NORMALISATION_PRESETS[0]);
    assert_declared("ImportedModel", &ImportedModel { card: text(), vocabulary: text() });
}

#[test]
fn inspections_have_the_declared_fields() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/float32/model.onnx");
    let inspection = model::inspect(&fs::read(path).unwrap()).unwrap();
    assert_declared("ModelInspection", &inspection);
    assert_declared("InputInspection", &inspection.input);
    assert_declared("OutputInspection", &inspection.outputs[0]);
    assert_declared("NormalisationGuess", &inspection.normalisation);
}

#[test]
fn what_other_taggers_take_and_say_has_the_declared_fields() {
    let setup: Setup = serde_json::from_str(r#"{"kind": "google"}"#).unwrap();
    assert_declared("PictureNeed", &setup.picture_need());
    assert_declared("ProviderNote", &Note::new("code", []));
    assert_declared("ProviderFailure", &Failure::new(ErrorKind::ProviderOffline, "."));
    assert_declared("FoundInPicture", &Found::default());
    assert_declared("ProviderPreset", &presets()[0]);
    assert_declared("ModelQuestion", &questions(&BrowserSetup::default(), &["cat".into()], "en")[0]);
    let source = |id: &str| Source { id: id.into(), pictures: vec![Some(SourcePicture::default())], n_units: 1 };
    let compared = Compared { sources: vec![source("a"), source("b")], own: vec![None] };
    let comparison = compared.comparison().unwrap();
    assert_declared("SourceRow", &comparison.sources[0]);
    assert_declared("PairRow", &comparison.pairs[0]);
    assert_declared("Comparison", &comparison);
}

#[test]
fn what_training_says_has_the_declared_fields() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/own_tags/report.json");
    let report: TrainingReport = serde_json::from_str(&fs::read_to_string(fixture).unwrap()).unwrap();
    assert_declared("TrainingReport", &report);
    assert_declared("TagReport", &report.tags[0]);
    assert_declared("Figure", &report.accuracy);
    assert_declared("ReportWords", &ReportWords::default());
    let (guideline, light) = (Guideline::Coverage, Light::None);
    let check = Check { guideline, light, n: 0, n_needed: 0, concerned: vec![], kinds: vec![] };
    assert_declared("GuidelineCheck", &check);
    let tag = TagGuidelines { tag: report.tags[0].tag.clone(), light, n_examples: 0, checks: vec![check] };
    assert_declared("Guidelines", &Guidelines { tags: vec![tag], duplicates: vec![] });
}

#[test]
fn import_choices_have_the_declared_fields() {
    let text = declarations();
    let fields = fields(&without_comments(declared(&text, "ImportChoices")));
    // The error of a struct that denies unknown fields lists all its fields.
    let error = serde_json::from_str::<model::ImportChoices>(r#"{"unknown":1}"#).unwrap_err().to_string();
    let known: BTreeSet<String> = error.split('`').skip(3).step_by(2).map(str::to_owned).collect();
    assert_eq!(known, fields, "{error}");
}

#[test]
fn the_declared_export_formats_are_complete() {
    let text = declarations();
    let line = text.lines().find(|line| line.starts_with("export type ExportFormat =")).expect("a union on one line");
    let declared: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
    assert_eq!(declared, ExportFormat::ALL.map(ExportFormat::name));
    let line = text.lines().find(|line| line.starts_with("export type Naming =")).expect("a union on one line");
    let declared: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
    let known = [Naming::Stem, Naming::Full, Naming::StemOrFull].map(|one| serde_json::to_value(one).unwrap());
    assert_eq!(declared, known.iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>());
}
