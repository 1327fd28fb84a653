//! Model import: inspecting ONNX files, and tagging with the cards and vocabularies made for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use tagsmith::ErrorKind;
use tagsmith::Limits;
use tagsmith::TagOptions;
use tagsmith::Tagger;
use tagsmith::model::Vocabulary;
use tagsmith::model::no_companions;
use tagsmith::model::{Activation, Colour, Fit, Layout, ModelCard, Preparation, ResampleFilter, sha256};
use tagsmith::model::{
    Basis, ImportChoices, ModelInspection, NORMALISATION_PRESETS, Neighbour, OutputInspection, PixelValues, draft,
    import_model, inspect, parse_labels,
};
use tagsmith::tagging::Trial;

const RUNNING: [&str; 9] = [
    "float32",
    "float32_sigmoid",
    "dynamic_batch",
    "nhwc_bgr",
    "sigmoid_inside",
    "float16_inside",
    "float16",
    "int8_weights",
    "int8_qdq",
];

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn fixture(name: &str, file: &str) -> Vec<u8> {
    fs::read(root("tests/fixtures/models").join(name).join(file)).unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn scores(inspection: &ModelInspection) -> &OutputInspection {
    inspection.outputs.iter().find(|output| output.name == inspection.scores).expect("the guess is one of the outputs")
}

/// The choices of a person who changes nothing.
fn unchanged(inspection: &ModelInspection) -> ImportChoices {
    ImportChoices {
        name: "A network of mine".into(),
        height: inspection.input.height.unwrap_or(224),
        width: inspection.input.width.unwrap_or(224),
        layout: inspection.input.layout,
        colour: Colour::Rgb,
        mean: inspection.normalisation.mean,
        std: inspection.normalisation.std,
        fit: Fit::Squash {},
        filter: ResampleFilter::Bilinear,
        preparation: Preparation::Guess,
        activation: scores(inspection).activation,
        scores: inspection.scores.clone(),
        threshold: 0.3,
        max_tags: 8,
    }
}

fn labels(count: usize) -> Vec<String> {
    (0..count).map(|class| format!("thing {class}")).collect()
}

#[test]
fn inspecting_every_kind_of_model_finds_input_layout_size_outputs_and_activation() {
    for name in RUNNING {
        let card = ModelCard::parse(&text(fixture(name, "model.json"))).unwrap();
        let inspection = inspect(&fixture(name, "model.onnx")).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(inspection.input.name, card.input.name, "{name}");
        assert_eq!(
            (inspection.input.layout, inspection.input.layout_basis),
            (card.input.layout, Basis::Graph),
            "{name}"
        );
        assert_eq!((inspection.input.height, inspection.input.width), (Some(32), Some(32)), "{name}");
        let names: Vec<&str> = inspection.outputs.iter().map(|output| output.name.as_str()).collect();
        assert_eq!(names, ["logits", "embedding", "feature_map"], "{name}");
        assert_eq!(inspection.scores, "logits", "{name}");
        let output = scores(&inspection);
        assert_eq!(output.n_classes, Some(10), "{name}");
        let batch = if name == "dynamic_batch" { None } else { Some(1) };
        assert_eq!(output.shape, Some(vec![batch, Some(10)]), "{name}");
        let activation = if name == "sigmoid_inside" {
            (Activation::None, Basis::Graph)
        } else {
            (Activation::Softmax, Basis::Usual)
        };
        assert_eq!((output.activation, output.activation_basis), activation, "{name}");
        assert_eq!(inspection.outputs[2].n_classes, None, "{name}: a feature map is not a vector of scores");
        assert!(output.feature_map.is_some(), "{name}");
        assert_eq!(inspection.normalisation.basis, Basis::Guess, "{name}");
        let usual = if card.input.layout == Layout::Nchw { "imagenet" } else { "minus_one_to_one" };
        assert_eq!(inspection.normalisation.preset, usual, "{name}");
    }
    let plain = inspect(&fixture("float32", "model.onnx")).unwrap();
    assert_eq!(scores(&plain).embedding.as_deref(), Some("embedding"));
    assert_eq!(scores(&plain).feature_map.as_deref(), Some("feature_map"));
}

#[test]
fn every_kind_of_imported_model_gives_the_same_scores_as_with_its_original_card() {
    let picture = fs::read(root("tests/fixtures/models/picture.png")).unwrap();
    for name in RUNNING {
        let model = fixture(name, "model.onnx");
        let (own_card, own_vocabulary) = (text(fixture(name, "model.json")), text(fixture(name, "vocabulary.json")));
        let card = ModelCard::parse(&own_card).unwrap();
        let inspection = inspect(&model).unwrap();
        let choices = ImportChoices {
            colour: card.input.colour,
            mean: card.input.mean,
            std: card.input.std,
            fit: card.input.fit,
            filter: card.input.filter,
            activation: card.activation,
            ..unchanged(&inspection)
        };
        let made = import_model(&model, &sha256(&model), &inspection, &labels(10), &choices)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let score = |card: &str, vocabulary: &str| {
            let tagger = Tagger::load(card, vocabulary, &model, &no_companions)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            tagger.tag(&picture, &TagOptions::default()).unwrap().inference
        };
        let (imported, original) = (score(&made.card, &made.vocabulary), score(&own_card, &own_vocabulary));
        assert_eq!(imported.scores, original.scores, "{name}");
        assert_eq!(imported.embedding.expect("an embedding"), original.embedding.expect("an embedding"), "{name}");
    }
}

#[test]
fn the_bundled_model_imported_with_labels_alone_tags_coffee_as_espresso() {
    let model = fs::read(root("models/efficientnet-lite0/model.onnx")).unwrap();
    let vocabulary: Value =
        serde_json::from_slice(&fs::read(root("models/efficientnet-lite0/vocabulary.json")).unwrap()).unwrap();
    let name_of = |id: &Value| {
        let tag = vocabulary["tags"].as_array().unwrap().iter().find(|tag| tag["id"] == *id).unwrap();
        tag["names"]["en"].as_str().unwrap().to_owned()
    };
    let file = vocabulary["classes"].as_array().unwrap().iter().map(name_of).collect::<Vec<_>>().join("\n");

    let inspection = inspect(&model).unwrap();
    assert_eq!((inspection.input.name.as_str(), inspection.input.layout), ("image", Layout::Nchw));
    assert_eq!((inspection.input.height, inspection.input.width), (Some(224), Some(224)));
    let output = scores(&inspection);
    assert_eq!(
        (output.name.as_str(), output.n_classes, output.activation),
        ("logits", Some(1000), Activation::Softmax)
    );
    assert_eq!(output.embedding.as_deref(), Some("embedding"));
    assert_eq!(output.feature_map.as_deref(), Some("feature_map"));

    let labels = parse_labels(&file, "labels.txt", output.n_classes).unwrap();
    let choices = ImportChoices {
        mean: [127.0; 3],
        std: [128.0; 3],
        fit: Fit::CentreCrop { shorter_side: 256 },
        filter: ResampleFilter::Bicubic,
        ..unchanged(&inspection)
    };
    let hash = sha256(&model);
    let made = import_model(&model, &hash, &inspection, &labels, &choices).unwrap();
    let card = ModelCard::parse(&made.card).unwrap();
    assert_eq!(card.id, format!("own-a-network-of-mine-{}", &hash[..8]));
    assert_eq!((card.licence.as_str(), card.provenance.source.as_str()), ("NOASSERTION", "a file of yours"));
    assert_eq!(card.outputs.feature_map.as_deref(), Some("feature_map"));

    let tagger = Tagger::load(&made.card, &made.vocabulary, &model, &no_companions).unwrap();
    let coffee = fs::read(root("tests/cases/coffee/picture.jpg")).unwrap();
    let scored = tagger.tag(&coffee, &TagOptions::default()).unwrap().inference;
    let best = tagger.vocabulary().tag(scored.candidates[0].tag);
    assert_eq!((best.id.as_str(), best.name("sv")), ("espresso", "espresso"));
    assert!(scored.candidates[0].score > 0.9);
    assert_eq!(scored.embedding.map(|embedding| embedding.len()), Some(1280));
}

#[test]
fn the_vocabulary_has_one_tag_per_label_with_synonyms_as_aliases() {
    let model = fixture("float32", "model.onnx");
    let inspection = inspect(&model).unwrap();
    let mut labels = labels(10);
    labels[..3].clone_from_slice(&["crane".into(), "Crane".into(), "tench, Tinca tinca".into()]);
    let made = import_model(&model, &sha256(&model), &inspection, &labels, &unchanged(&inspection)).unwrap();
    let vocabulary = Vocabulary::parse(&made.vocabulary).unwrap();
    let ids: Vec<&str> = vocabulary.tags().iter().map(|tag| tag.id.as_str()).collect();
    assert_eq!(ids[..4], ["crane", "crane-2", "tench", "thing-3"]);
    assert_eq!((vocabulary.tag(1).name("en"), vocabulary.tag(2).name("en")), ("Crane", "tench"));
    assert_eq!(vocabulary.tag(2).aliases["en"], ["Tinca tinca"]);
    assert_eq!(vocabulary.leaf_classes(2), [2]);
}

#[test]
fn files_that_cannot_be_loaded_are_refused_when_inspected() {
    for (name, code) in [
        ("not_an_onnx", "model_invalid"),
        ("empty", "model_invalid"),
        ("truncated", "model_invalid"),
        ("unsupported_standard_operator", "model_operator_unsupported"),
        ("unsupported_custom_operator", "model_operator_unsupported"),
    ] {
        let error = inspect(&fixture(name, "model.onnx")).expect_err(name);
        assert_eq!(error.kind().code(), code, "{name}");
    }
}

#[test]
fn an_output_that_is_not_a_vector_is_not_taken_for_the_scores() {
    let inspection = inspect(&fixture("scores_not_a_vector", "model.onnx")).unwrap();
    assert_eq!(inspection.scores, "embedding", "the only vector there is");
}

#[test]
fn contradictory_choices_are_refused_with_the_reason() {
    let model = fixture("float32", "model.onnx");
    let inspection = inspect(&model).unwrap();
    let usual = unchanged(&inspection);
    let refusal = |labels: &[String], choices: &ImportChoices| {
        let error = import_model(&model, &sha256(&model), &inspection, labels, choices).expect_err("must be refused");
        (error.kind(), error.detail().to_owned())
    };
    for (choices, kind, part) in [
        (ImportChoices { name: " ".into(), ..usual.clone() }, ErrorKind::CardInvalid, "name"),
        (ImportChoices { std: [0.0; 3], ..usual.clone() }, ErrorKind::CardInvalid, "std"),
        (ImportChoices { mean: [f32::NAN; 3], ..usual.clone() }, ErrorKind::CardInvalid, "card"),
        (
            ImportChoices { fit: Fit::CentreCrop { shorter_side: 8 }, ..usual.clone() },
            ErrorKind::CardInvalid,
            "shorter_side",
        ),
        (ImportChoices { threshold: 2.0, ..usual.clone() }, ErrorKind::CardInvalid, "threshold"),
        (ImportChoices { max_tags: 0, ..usual.clone() }, ErrorKind::CardInvalid, "policy"),
        (ImportChoices { scores: "nothing".into(), ..usual.clone() }, ErrorKind::ModelMismatch, "\"logits\""),
        (ImportChoices { scores: "feature_map".into(), ..usual.clone() }, ErrorKind::ModelMismatch, "one vector"),
        (ImportChoices { height: 64, ..usual.clone() }, ErrorKind::ModelMismatch, "32 × 32"),
        (ImportChoices { layout: Layout::Nhwc, ..usual.clone() }, ErrorKind::ModelUnsupported, "cannot be prepared"),
    ] {
        let (found, detail) = refusal(&labels(10), &choices);
        assert_eq!(found, kind, "{detail}");
        assert!(detail.contains(part), "{detail} does not mention {part}");
    }
    for (labels, part) in [
        (labels(9), "9 labels"),
        (labels(11), "11 labels"),
        (vec![], "no labels"),
        (vec!["\u{7}".into(); 10], "U+0007"),
    ] {
        let (kind, detail) = refusal(&labels, &usual);
        assert_eq!(kind, ErrorKind::LabelsInvalid);
        assert!(detail.contains(part), "{detail} does not mention {part}");
    }
}

#[test]
fn presets_have_different_ids_and_give_valid_cards() {
    let model = fixture("float32", "model.onnx");
    let inspection = inspect(&model).unwrap();
    let mut ids: Vec<&str> = NORMALISATION_PRESETS.iter().map(|preset| preset.id).collect();
    for preset in NORMALISATION_PRESETS {
        let choices = ImportChoices { mean: preset.mean, std: preset.std, ..unchanged(&inspection) };
        let made = import_model(&model, &sha256(&model), &inspection, &labels(10), &choices).unwrap();
        let card = ModelCard::parse(&made.card).unwrap();
        assert_eq!((card.input.mean, card.input.std), (preset.mean, preset.std), "exactly");
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), NORMALISATION_PRESETS.len());
}

fn seeds() -> &'static [Vec<u8>] {
    static SEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SEEDS.get_or_init(|| RUNNING.iter().map(|name| fixture(name, "model.onnx")).collect())
}

#[test]
fn two_labels_for_one_score_are_both_tags_and_one_is_taken_as_before() {
    let model = fixture("sigmoid_inside", "model.onnx");
    let inspection = inspect(&model).unwrap();
    let picture = fs::read(root("tests/fixtures/models/picture.png")).unwrap();
    // The network's ten scores stay as they are: only one score stands for two.
    let choices = ImportChoices { activation: Activation::None, ..unchanged(&inspection) };
    let made = import_model(&model, &sha256(&model), &inspection, &labels(10), &choices).unwrap();
    assert!(!ModelCard::parse(&made.card).unwrap().outputs.complement);
    assert!(!made.card.contains("complement"));
    let tagger = Tagger::load(&made.card, &made.vocabulary, &model, &no_companions).unwrap();
    assert_eq!(tagger.tag(&picture, &TagOptions::default()).unwrap().inference.scores.len(), 10);
    let complement = made.card.replace("\"outputs\": {", "\"outputs\": {\n    \"complement\": true,");
    let error = Tagger::load(&complement, &made.vocabulary, &model, &no_companions).err().expect("ten scores");
    assert!(error.detail().contains("complement"), "{error}");
}

#[test]
fn a_draft_is_a_guess_until_a_file_beside_the_model_tells_its_preparation() {
    let inspection = inspect(&fixture("float32", "model.onnx")).unwrap();
    let file = |name: &str, text: &str| Neighbour { name: name.into(), bytes: text.into() };
    let labels = file("labels.txt", &labels(10).join("\n"));
    let alone = draft(&inspection, std::slice::from_ref(&labels));
    assert_eq!((alone.pixels.basis, alone.candidates.len()), (Basis::Guess, 6));
    assert_eq!(alone.candidates[0], alone.pixels.value);
    assert_eq!(alone.choices("x").preparation, Preparation::Guess);
    assert_eq!(alone.labels.unwrap().value.len(), 10);
    let preprocessor = file(
        "preprocessor_config.json",
        r#"{"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5],"size":{"height":256,"width":256},"do_center_crop":true,"crop_size":224,"resample":3}"#,
    );
    for files in [[labels.clone(), preprocessor.clone()], [preprocessor, labels]] {
        let told = draft(&inspection, &files);
        let choices = told.choices("x");
        assert_eq!((choices.mean, choices.preparation), ([127.5; 3], Preparation::Stated));
        assert_eq!((choices.width, choices.filter), (32, ResampleFilter::Bicubic), "the graph's size stands");
        assert_eq!(choices.fit, Fit::SquashCrop { height: 256, width: 256 });
        assert!(told.candidates.is_empty());
        import_model(
            &fixture("float32", "model.onnx"),
            &sha256(b""),
            &inspection,
            &told.labels.unwrap().value,
            &choices,
        )
        .unwrap();
    }
}

#[test]
fn one_network_is_tried_with_every_preparation() {
    let model = fixture("float32", "model.onnx");
    let inspection = inspect(&model).unwrap();
    let drafted = draft(&inspection, &[]);
    let choices = drafted.choices("x");
    let trial = Trial::load(&model, &inspection, &choices).unwrap();
    assert!(trial.fits(&choices) && !trial.fits(&ImportChoices { layout: Layout::Nhwc, ..choices.clone() }));
    let picture =
        Trial::decode(&fs::read(root("tests/fixtures/models/picture.png")).unwrap(), &Limits::default()).unwrap();
    let best = |choices: &ImportChoices| trial.best(&picture, choices, 10, 5).unwrap();
    let PixelValues { colour, mean, std } = drafted.candidates[3];
    let other = best(&ImportChoices { colour, mean, std, ..choices.clone() });
    assert!(best(&choices).len() == 5 && best(&choices) != other);
    // The same as with a card.
    let made = import_model(&model, &sha256(&model), &inspection, &labels(10), &choices).unwrap();
    let tagger = Tagger::load(&made.card, &made.vocabulary, &model, &no_companions).unwrap();
    let scores = tagger.infer(&picture, String::new(), "png").unwrap().scores;
    assert_eq!(best(&choices)[0].1, scores.iter().copied().fold(0.0, f32::max));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_model_never_crashes(
        seed in any::<Index>(),
        flips in prop::collection::vec((any::<Index>(), 1..=255u8), 1..12),
        copy in prop::option::of((any::<Index>(), any::<Index>(), 1..40usize)),
    ) {
        let mut model = seeds()[seed.index(seeds().len())].clone();
        let len = model.len();
        // Copying names onto others makes cycles, which random bytes hardly ever do.
        if let Some((from, to, count)) = copy {
            let (from, to) = (from.index(len - count), to.index(len - count));
            model.copy_within(from..from + count, to);
        }
        for (at, bits) in flips {
            model[at.index(len)] ^= bits;
        }
        if let Ok(inspection) = inspect(&model) {
            prop_assert!(inspection.outputs.iter().any(|output| output.name == inspection.scores));
        }
    }
}
