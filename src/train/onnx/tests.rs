use super::*;
use crate::model::BackboneRef;
use crate::tagging::{Familiarity, OwnTag};
use crate::tags::TagRef;

/// Two tags on three features.
fn head() -> OwnHead {
    let tag = |name: &str, slope: f32| OwnTag {
        tag: TagRef { id: format!("own:{name}"), name: name.into(), language: None },
        intercept: 0.25,
        slope,
        offset: -1.0,
        threshold: 0.5,
        is_completely_trained: true,
        n_examples: 30,
        n_rejected: 0,
        companions: vec![0],
    };
    OwnHead {
        id: "shoes".into(),
        name: "Shoes".into(),
        version: 3,
        title: String::new(),
        comment: String::new(),
        made_ms: 0,
        seed: 1,
        backbone: BackboneRef { id: "test-float32".into(), version: "1.0.0".into(), sha256: None },
        n_features: 3,
        tags: vec![tag("hat", 4.0), tag("\"blå\" sko", 2.0)],
        weights: vec![1.0, 0.0, 0.0, 0.0, 2.0, 0.5],
        rivalry: Rivalry { evidence: 1.5, rivals: 0.5, offset: 0.25 },
        familiarity: Some(Familiarity { weights: vec![1.0, 0.0, -1.0], intercept: 0.5, limit: 0.1 }),
    }
}

/// A network of "picture" → Relu → "features" → Neg → "logits", with a constant for each, one of which nothing needs.
fn network(opset: u64, attribute: Option<u32>) -> Vec<u8> {
    let mut graph = Message::default();
    let mut relu = node("Relu", &["picture", "kept"], "features");
    if let Some(number) = attribute {
        let mut one = Message::default();
        one.text(number, "");
        relu.message(5, &one);
    }
    graph.message(1, &relu);
    graph.message(1, &node("Neg", &["features", "dropped"], "logits"));
    graph.text(2, "network");
    graph.message(5, &tensor::floats("kept", &[1], &[1.0]));
    graph.message(5, &tensor::floats("dropped", &[1], &[1.0]));
    for name in ["picture", "kept", "dropped"] {
        graph.message(11, &vector_output(name, 3));
    }
    graph.message(12, &vector_output("logits", 3));
    graph.message(12, &vector_output("features", 3));
    let mut import = Message::default();
    import.text(1, "");
    import.number(2, opset);
    let mut file = Message::default();
    file.number(1, 8);
    file.text(2, "another");
    file.message(7, &graph);
    file.message(8, &import);
    file.bytes()
}

fn card(network: &[u8], embedding: Option<&str>) -> ModelCard {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/float32");
    let mut card = ModelCard::parse(&std::fs::read_to_string(folder.join("model.json")).unwrap()).unwrap();
    card.id = "test-float32".into();
    card.version = "1.0.0".into();
    card.model.sha256 = sha256(network);
    card.outputs.embedding = embedding.map(str::to_owned);
    card
}

/// The messages in the field `number`.
fn all(message: &[u8], number: u32) -> Vec<&[u8]> {
    fields(message)
        .unwrap()
        .into_iter()
        .filter(|field| field.number == number)
        .filter_map(|field| field.payload)
        .collect()
}

fn texts(messages: &[&[u8]], number: u32) -> Vec<String> {
    messages.iter().flat_map(|one| all(one, number)).map(|text| String::from_utf8(text.to_vec()).unwrap()).collect()
}

#[test]
fn what_the_embedding_does_not_need_is_left_out_and_the_head_is_put_behind_it() {
    let network = network(13, None);
    let file = onnx(&network, &card(&network, Some("features")), &head()).unwrap();
    let graph = all(&file, 7)[0];
    let operators = texts(&all(graph, 1), 4);
    assert_eq!(
        operators,
        [
            &[
                "Relu", "Reshape", "Cast", "Mul", "MatMul", "Sqrt", "Max", "Div", "MatMul", "Add", "Max", "Min", "Exp",
                "MatMul"
            ][..],
            &["Add", "Log", "Mul", "Mul", "Sub", "Add", "Sigmoid", "MatMul", "Add"],
        ]
        .concat()
    );
    let constants = texts(&all(graph, 5), 8);
    assert!(constants.contains(&"kept".into()) && !constants.contains(&"dropped".into()), "{constants:?}");
    assert_eq!(texts(&all(graph, 12), 1), [CONFIDENCES, FAMILIARITY]);
    assert_eq!(texts(&all(graph, 11), 1), ["picture", "kept"], "constants were inputs once");
    assert_eq!(texts(&[&file], 2), ["tagsmith"]);
    let names = all(&file, 14).into_iter().find(|entry| texts(&[entry], 1) == ["names"]).unwrap();
    assert_eq!(texts(&[names], 2), [r#"["hat","\"blå\" sko"]"#]);
    let without = OwnHead { familiarity: None, ..head() };
    let file = onnx(&network, &card(&network, Some("features")), &without).unwrap();
    assert_eq!(texts(&all(all(&file, 7)[0], 12), 1), [CONFIDENCES]);
}

#[test]
fn a_network_with_graphs_within_stays_whole() {
    for number in [6, 11] {
        let network = network(13, Some(number));
        let file = onnx(&network, &card(&network, Some("features")), &head()).unwrap();
        assert!(texts(&all(all(&file, 7)[0], 1), 4).contains(&"Neg".into()));
    }
}

#[test]
fn what_cannot_be_exported_says_why() {
    let modern = network(13, None);
    let old = network(7, None);
    let refused = |network: &[u8], card: &ModelCard, kind, reason: &str| {
        let error = onnx(network, card, &head()).unwrap_err();
        assert!(error.kind() == kind && error.detail().contains(reason), "{error}");
    };
    refused(&modern, &card(&modern, None), ErrorKind::ModelUnsupported, "no embedding");
    refused(&modern, &card(&modern, Some("elsewhere")), ErrorKind::ModelUnsupported, "does not give");
    refused(&old, &card(&old, Some("features")), ErrorKind::ModelUnsupported, "version 7");
    refused(&old, &card(&modern, Some("features")), ErrorKind::ModelHashMismatch, "another than its card says");
    let other = ModelCard { version: "2.0.0".into(), ..card(&modern, Some("features")) };
    refused(&modern, &other, ErrorKind::OwnHeadOtherBackbone, "Train them again");
    for broken in [&modern[..modern.len() - 3], &[0xFF; 20], b"no network"] {
        refused(broken, &card(broken, Some("features")), ErrorKind::ModelInvalid, "damaged");
    }
    refused(b"", &card(b"", Some("features")), ErrorKind::ModelUnsupported, "is empty");
}
