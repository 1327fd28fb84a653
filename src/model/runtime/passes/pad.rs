//! Writes a `Pad` that takes away (negative pads: a crop) as a `Slice` before a `Pad` that only adds; tract takes negative pads for huge
//! ones.

use tract_onnx::pb::{ModelProto, NodeProto, TensorProto};

use super::build::{Constants, Replacement, attribute, input, int_tensor, ints, node, replace_nodes};
use super::default_opset;
use crate::error::Result;
use crate::model::runtime::tensor::{n_values, whole_numbers};

/// Two for each axis.
const MAX_PADS: usize = 64;

pub fn split_negative_pads(model: &mut ModelProto) -> Result<()> {
    let opset = default_opset(model);
    if let Some(graph) = &mut model.graph {
        replace_nodes(graph, &|node, constants| {
            if node.op_type != "Pad" {
                None
            } else if opset < 11 {
                stated(node, opset)
            } else {
                match constants.get(input(node, 1)?) {
                    Some(pads) => stored(node, pads, constants),
                    None => computed(node),
                }
            }
        });
    }
    Ok(())
}

/// What is taken away before and after on each axis, and what is added, from ONNX's order (all befores, all afters).
struct Parts {
    starts: Vec<i64>,
    ends: Vec<i64>,
    added: Vec<i64>,
}

fn parts(pads: &[i64]) -> Option<Parts> {
    if !pads.len().is_multiple_of(2) || pads.iter().all(|&pad| pad >= 0) {
        return None;
    }
    let (before, after) = pads.split_at(pads.len() / 2);
    Some(Parts {
        starts: before.iter().map(|&pad| pad.min(0).saturating_neg()).collect(),
        ends: after.iter().map(|&pad| if pad < 0 { pad } else { i64::MAX }).collect(),
        added: pads.iter().map(|&pad| pad.max(0)).collect(),
    })
}

/// Pads as an attribute: operator sets before 11. A slice has attributes before 10.
fn stated(pad: &NodeProto, opset: i64) -> Option<Replacement> {
    let Parts { starts, ends, added } = parts(&attribute(pad, "pads")?.ints)?;
    let mut made = Replacement::default();
    let axes: Vec<i64> = (0..starts.len() as i64).collect();
    let output = pad.output.first()?;
    let cropped = format!("{output}/tagsmith.crop");
    let bounds = [("starts", &starts), ("ends", &ends), ("axes", &axes)];
    if opset < 10 {
        let attributes = bounds.map(|(name, values)| ints(name, values));
        made.node("Slice", &[input(pad, 0)?], &cropped, attributes.into());
    } else {
        let [starts, ends, axes] =
            bounds.map(|(name, values)| made.constant(int_tensor(format!("{output}/tagsmith.{name}"), values)));
        made.node("Slice", &[input(pad, 0)?, &starts, &ends, &axes], &cropped, vec![]);
    }
    let mut rest = pad.clone();
    rest.input[0] = cropped;
    rest.attribute
        .iter_mut()
        .filter(|attribute| attribute.name == "pads")
        .for_each(|pads| pads.ints.clone_from(&added));
    made.nodes.push(rest);
    Some(made)
}

/// Pads that are stored in the file.
fn stored(pad: &NodeProto, pads: &TensorProto, constants: &Constants) -> Option<Replacement> {
    let pads = Some(pads).filter(|pads| n_values(pads).is_some_and(|n| n <= MAX_PADS)).and_then(whole_numbers)?;
    let Parts { starts, ends, added } = parts(&pads)?;
    let mut made = Replacement::default();
    let name = |part: &str| Some(format!("{}/tagsmith.{part}", pad.output.first()?));
    let axes = match input(pad, 3) {
        Some(axes) => constants.contains_key(axes).then(|| axes.to_owned())?,
        None => made.constant(int_tensor(name("axes")?, &(0..starts.len() as i64).collect::<Vec<_>>())),
    };
    let starts = made.constant(int_tensor(name("starts")?, &starts));
    let ends = made.constant(int_tensor(name("ends")?, &ends));
    let added = made.constant(int_tensor(name("added")?, &added));
    crop_then_pad(pad, [&starts, &ends, &axes], &added, made)
}

/// Pads that other nodes compute, as PyTorch writes them: `Slice`, `Max` and `Neg` of them are constants to tract.
fn computed(pad: &NodeProto) -> Option<Replacement> {
    let mut made = Replacement::default();
    let name = |part: &str| Some(format!("{}/tagsmith.{part}", pad.output.first()?));
    let (x, pads) = (input(pad, 0)?, input(pad, 1)?);
    let zero = made.constant(TensorProto { dims: vec![], ..int_tensor(name("zero")?, &[0]) });
    let index = |number: i64, part: &str| Some(int_tensor(name(part)?, &[number]));
    let (first, last) = (made.constant(index(0, "first")?), made.constant(index(i64::MAX, "last")?));
    let shape = made.node("Shape", &[x], name("shape")?, vec![]);
    let (shape, axes) = match input(pad, 3) {
        Some(axes) => (made.node("Gather", &[&shape, axes], name("sides")?, vec![]), axes.to_owned()),
        None => {
            let rank = made.node("Size", &[&shape], name("rank")?, vec![]);
            let one = made.constant(TensorProto { dims: vec![], ..int_tensor(name("one")?, &[1]) });
            let axes = made.node("Range", &[&zero, &rank, &one], name("axes")?, vec![]);
            (shape, axes)
        }
    };
    let half = made.node("Shape", &[&shape], name("half")?, vec![]);
    let added = made.node("Max", &[pads, &zero], name("added")?, vec![]);
    let negated = made.node("Neg", &[pads], name("negated")?, vec![]);
    let taken = made.node("Max", &[&negated, &zero], name("taken")?, vec![]);
    let starts = made.node("Slice", &[&taken, &first, &half], name("starts")?, vec![]);
    let after = made.node("Slice", &[&taken, &half, &last], name("after")?, vec![]);
    let ends = made.node("Sub", &[&shape, &after], name("ends")?, vec![]);
    crop_then_pad(pad, [&starts, &ends, &axes], &added, made)
}

fn crop_then_pad(pad: &NodeProto, crop: [&str; 3], added: &str, mut made: Replacement) -> Option<Replacement> {
    let [starts, ends, axes] = crop;
    let cropped = format!("{}/tagsmith.crop", pad.output.first()?);
    made.nodes.push(node("Slice", &[input(pad, 0)?, starts, ends, axes], &cropped, vec![]));
    let mut rest = pad.clone();
    rest.input[0] = cropped;
    rest.input[1] = added.to_owned();
    made.nodes.push(rest);
    Some(made)
}
