//! A network and own tags in one ONNX file, for other programs: pictures in, confidences out.
//!
//! The network's bytes stay as they are: its layers after the embedding are left out, and a few of the oldest operators are put behind it,
//! which every runtime has. Confidences are those of [`OwnHead::predict_values`].

mod graph;
mod wire;

use serde_json::json;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{ModelCard, sha256};
use crate::tagging::{MOST_EVIDENCE, OwnHead, OwnTag, Rivalry};
use graph::{Graph, cast_to_float, node, tensor, vector_output};
use wire::{Message, fields};

/// Output with a confidence for each tag, in the order of the labels.
pub const CONFIDENCES: &str = "confidences";
/// Output that is below 0 where a picture looks like none of the examples.
pub const FAMILIARITY: &str = "familiarity";

/// The operators below mean what is wanted from this version of the standard operators on.
const MIN_OPSET: u64 = 8;
/// Before the names of all that is added.
const PREFIX: &str = "own_tags/";

/// Fields of `ModelProto`.
mod model_field {
    pub const PRODUCER_NAME: u32 = 2;
    pub const PRODUCER_VERSION: u32 = 3;
    pub const GRAPH: u32 = 7;
    pub const OPSET_IMPORT: u32 = 8;
    pub const METADATA: u32 = 14;
}

/// The network of `card`, whose file is `model`, with `head` behind its embedding. Names of tags, thresholds and how to prepare a picture are in
/// the file's metadata, where the import of a model finds what it needs.
///
/// # Errors
/// [`ErrorKind::OwnHeadOtherBackbone`] for a head of another network, [`ErrorKind::ModelHashMismatch`] for another file than the card's, and
/// [`ErrorKind::ModelUnsupported`] if the network has no embedding or cannot be continued.
pub fn onnx(model: &[u8], card: &ModelCard, head: &OwnHead) -> Result<Vec<u8>> {
    head.check_backbone(&card.id, &card.version)?;
    if sha256(model) != card.model.sha256 {
        let detail = "The network's file is another than its card says. Download the model again.";
        return Err(Error::new(ErrorKind::ModelHashMismatch, detail));
    }
    let embedding = card.outputs.embedding.as_deref().ok_or_else(|| unsupported("has no embedding"))?;
    let mut file = Message::default();
    let mut graph = None;
    let mut opset = 0;
    for field in fields(model)? {
        match (field.number, field.payload) {
            (model_field::GRAPH, Some(bytes)) => graph = Some(Graph::read(bytes)?),
            (model_field::OPSET_IMPORT, Some(bytes)) => {
                opset = opset.max(standard_opset(bytes)?);
                file.raw(field.raw);
            }
            // Ours come at the end.
            (model_field::METADATA | model_field::PRODUCER_NAME | model_field::PRODUCER_VERSION, _) => {}
            _ => file.raw(field.raw),
        }
    }
    let mut graph = graph.ok_or_else(|| unsupported("is empty"))?;
    if opset < MIN_OPSET {
        return Err(unsupported(&format!("has operators of version {opset}; {MIN_OPSET} or later is needed")));
    }
    graph.keep_what_gives(embedding)?;
    add_head(&mut graph, embedding, head);
    file.text(model_field::PRODUCER_NAME, "tagsmith");
    file.text(model_field::PRODUCER_VERSION, env!("CARGO_PKG_VERSION"));
    for (key, value) in metadata(card, head) {
        let mut entry = Message::default();
        entry.text(1, key);
        entry.text(2, &value);
        file.message(model_field::METADATA, &entry);
    }
    file.message(model_field::GRAPH, &graph.written());
    Ok(file.bytes())
}

/// The version, if these are the standard operators.
fn standard_opset(bytes: &[u8]) -> Result<u64> {
    let (mut domain, mut version) = ("", 0);
    for field in fields(bytes)? {
        match field.number {
            1 => domain = field.text().unwrap_or("?"),
            2 => version = field.varint.unwrap_or_default(),
            _ => {}
        }
    }
    Ok(if matches!(domain, "" | "ai.onnx") { version } else { 0 })
}

/// The formula of `tagging/own_head.rs`, by operators without versions of their own: x = embedding / |embedding|; l = x · W + b, with slopes and
/// offsets within; R = ln(1 + e^l · M), where M has a 1 for each rival of each tag; σ(evidence · l − rivals · R + offset).
fn add_head(graph: &mut Graph, embedding: &str, head: &OwnHead) {
    let (n, n_tags) = (head.n_features, head.tags.len());
    let mut columns = vec![0.0; n * n_tags];
    let mut offsets = Vec::with_capacity(n_tags);
    let mut rivals = vec![1_u8; n_tags * n_tags];
    for (tag, (one, row)) in head.tags.iter().zip(head.weights.chunks_exact(n)).enumerate() {
        for (feature, weight) in row.iter().enumerate() {
            columns[feature * n_tags + tag] = weight * one.slope;
        }
        offsets.push(one.intercept * one.slope + one.offset);
        for other in one.companions.iter().map(|other| usize::from(*other)).chain([tag]) {
            rivals[other * n_tags + tag] = 0;
        }
    }
    let Rivalry { evidence, rivals: share, offset } = head.rivalry;
    let own = |part: &str| format!("{PREFIX}{part}");
    graph.constant(&tensor::whole_numbers(&own("shape"), &[-1, n as i64]));
    graph.constant(&tensor::floats(&own("ones"), &[n, 1], &vec![1.0; n]));
    graph.constant(&tensor::floats(&own("weights"), &[n, n_tags], &columns));
    graph.constant(&tensor::floats(&own("offsets"), &[n_tags], &offsets));
    graph.constant(&tensor::bytes(&own("rivals"), &[n_tags, n_tags], &rivals));
    for (name, value) in [
        ("least_length", f32::MIN_POSITIVE),
        ("least", -MOST_EVIDENCE),
        ("most", MOST_EVIDENCE),
        ("one", 1.0),
        ("evidence", evidence),
        ("share", share),
        ("offset", offset),
    ] {
        graph.constant(&tensor::floats(&own(name), &[1], &[value]));
    }
    graph.node(&node("Reshape", &[embedding, own("shape").as_str()], &own("embedding")));
    graph.node(&cast_to_float(&own("rivals"), &own("rival")));
    for (operator, inputs, output) in [
        // A length by a product with ones: sums along an axis are written otherwise in each version of the operators.
        ("Mul", &["embedding", "embedding"][..], "squares"),
        ("MatMul", &["squares", "ones"], "sum"),
        ("Sqrt", &["sum"], "root"),
        ("Max", &["root", "least_length"], "length"),
        ("Div", &["embedding", "length"], "unit"),
        ("MatMul", &["unit", "weights"], "products"),
        ("Add", &["products", "offsets"], "alone"),
        ("Max", &["alone", "least"], "floored"),
        ("Min", &["floored", "most"], "clamped"),
        ("Exp", &["clamped"], "odds"),
        ("MatMul", &["odds", "rival"], "odds_of_rivals"),
        ("Add", &["odds_of_rivals", "one"], "all_odds"),
        ("Log", &["all_odds"], "against"),
        ("Mul", &["alone", "evidence"], "weighed"),
        ("Mul", &["against", "share"], "weighed_against"),
        ("Sub", &["weighed", "weighed_against"], "difference"),
        ("Add", &["difference", "offset"], "logits"),
    ] {
        let inputs: Vec<String> = inputs.iter().map(|input| own(input)).collect();
        graph.node(&node(operator, &inputs, &own(output)));
    }
    graph.node(&node("Sigmoid", &[own("logits")], CONFIDENCES));
    graph.output(&vector_output(CONFIDENCES, n_tags));
    if let Some(row) = &head.familiarity {
        graph.constant(&tensor::floats(&own("familiar"), &[n, 1], &row.weights));
        graph.constant(&tensor::floats(&own("limit"), &[1], &[row.intercept - row.limit]));
        graph.node(&node("MatMul", &[own("unit"), own("familiar")], &own("likeness")));
        graph.node(&node("Add", &[own("likeness"), own("limit")], FAMILIARITY));
        graph.output(&vector_output(FAMILIARITY, 1));
    }
}

/// What a program has to know besides. `names` and `imgsz` are what exporters of other trainers write, too.
fn metadata(card: &ModelCard, head: &OwnHead) -> Vec<(&'static str, String)> {
    let of_tags = |value: &dyn Fn(&OwnTag) -> serde_json::Value| {
        serde_json::Value::from(head.tags.iter().map(value).collect::<Vec<_>>()).to_string()
    };
    vec![
        ("names", of_tags(&|one| json!(one.tag.name))),
        ("imgsz", json!([card.input.height, card.input.width]).to_string()),
        ("tagsmith.ids", of_tags(&|one| json!(one.tag.id))),
        ("tagsmith.thresholds", of_tags(&|one| json!(one.threshold))),
        ("tagsmith.input", json!(card.input).to_string()),
        ("tagsmith.backbone", json!(head.backbone).to_string()),
        (
            "tagsmith.head",
            json!({"id": head.id, "name": head.name, "version": head.version, "title": head.title}).to_string(),
        ),
    ]
}

/// `what` goes on with "The network ".
fn unsupported(what: &str) -> Error {
    let detail =
        format!("The network {what}, so own tags cannot be put behind it. Export the tagger's own file instead.");
    Error::new(ErrorKind::ModelUnsupported, detail)
}

#[cfg(test)]
mod tests;
