//! Infers every shape of a network before tract does, with limits.
//!
//! tract evaluates constants while it infers shapes, without asking how large they become: "1,000,000 × 1,000,000 zeros" is a few bytes of
//! a file. Here the rules of each operator are applied first, and it is evaluated only if what comes out is small. tract then finds nothing
//! left to infer.

use std::collections::{BTreeSet, HashMap};

use tract_onnx::ops::logic::If;
use tract_onnx::tract_hir::internal::*;

use super::census::MAX_RANK;
use super::ranks::LeastRanks;
use crate::error::{Error, ErrorKind};

/// Maximum size of one value, in bytes: the largest layers of weights have about 400 MB.
pub const MAX_VALUE_BYTES: i64 = 512 << 20;
/// Maximum size of a value that is computed from constants, in bytes. What is larger is computed when the network runs.
const MAX_CONSTANT_BYTES: i64 = 32 << 20;
/// Maximum size of all of those together, in bytes.
const MAX_CONSTANTS_BYTES: i64 = 256 << 20;
/// Operators that take a number for each axis from an input. tract makes an axis for each number before it compares them with anything.
const BY_AXES: &[&str] = &[
    "Unsqueeze",
    "AddDims",
    "Squeeze",
    "RmDims",
    "Reshape",
    "Tile",
    "MultiBroadcast",
    "Pad",
    "Resize",
    "ConstantOfShape",
    "Reduce",
    "Slice",
];
/// Operators that take sizes from inputs. tract reads them as 32-bit numbers when it infers shapes, and whole when it makes the value.
const BY_SIZE: &[&str] = &[
    "ConstantOfShape",
    "Range",
    "OneHot",
    "Onehot",
    "Reshape",
    "Tile",
    "MultiBroadcast",
    "Pad",
    "Resize",
    "Topk",
    "TopK",
    "Window",
    "Dft",
    "DFT",
    "Stft",
    "STFT",
];
/// Operators that take single numbers from inputs. tract reads the first value of such an input without looking whether there is one.
const BY_NUMBER: &[&str] = &[
    "Clip",
    "Conv",
    "CumSum",
    "Dropout",
    "Gru",
    "GRU",
    "If",
    "Lstm",
    "LSTM",
    "MatMul",
    "Multinomial",
    "NonMaxSuppression",
    "OneHot",
    "Onehot",
    "Pad",
    "QLinear",
    "Quantize",
    "Quantise",
    "Random",
    "Range",
    "Rnn",
    "RNN",
    "Topk",
    "TopK",
    "Trilu",
];
/// Maximum of such a size.
const MAX_SIZE: f64 = (1_u64 << 27) as f64;
/// Maximum number of times that a node is visited, on average: each new fact about a value asks for its neighbours again.
const MAX_VISITS: usize = 20;

/// Infers shapes, types and constants of all values. The shape of the input must be set.
///
/// # Errors
/// Those of tract's rules, and [`ErrorKind::ModelInvalid`] for a value that is too large or a division by 0.
pub fn infer(model: &mut InferenceModel, least_ranks: &LeastRanks) -> TractResult<()> {
    infer_within(model, &HashMap::new(), &mut Limits { least_ranks, constants_left: MAX_CONSTANTS_BYTES })
}

struct Limits<'a> {
    least_ranks: &'a LeastRanks,
    /// Bytes.
    constants_left: i64,
}

/// `outer`: what is known of the values around a branch, by name.
fn infer_within(
    model: &mut InferenceModel,
    outer: &HashMap<String, InferenceFact>,
    limits: &mut Limits,
) -> TractResult<()> {
    take_from_outside(model, outer)?;
    let mut next: BTreeSet<usize> = model.eval_order()?.into_iter().collect();
    let mut visits = MAX_VISITS * (next.len() + 10);
    while let Some(id) = next.pop_first() {
        visits = visits
            .checked_sub(1)
            .ok_or_else(|| too_much("The shapes of this network depend on each other in a circle."))?;
        for outlet in visit(model, id, outer, limits)? {
            if outlet.node != id {
                next.insert(outlet.node);
            }
            let successors = &model.node(outlet.node).outputs[outlet.slot].successors;
            next.extend(successors.iter().map(|inlet| inlet.node).filter(|&node| node != outlet.node));
        }
    }
    Ok(())
}

/// A branch names values around it as if they were its inputs.
fn take_from_outside(model: &mut InferenceModel, outer: &HashMap<String, InferenceFact>) -> TractResult<()> {
    for idx in 0..if outer.is_empty() { 0 } else { model.inputs.len() } {
        let outlet = model.inputs[idx];
        if let Some(fact) = outer.get(&model.node(outlet.node).name) {
            let known = model.outlet_fact(outlet)?.unify(fact)?;
            model.set_outlet_fact(outlet, known)?;
        }
    }
    Ok(())
}

/// Infers what a node says about its inputs and outputs. Returns those of which more is known than before.
fn visit(
    model: &mut InferenceModel,
    id: usize,
    outer: &HashMap<String, InferenceFact>,
    limits: &mut Limits,
) -> TractResult<Vec<OutletId>> {
    infer_branches(model, id, outer, limits)?;
    let (inputs, outputs) = model.node_facts(id)?;
    let owned = |facts: TVec<&InferenceFact>| -> TVec<InferenceFact> { facts.into_iter().cloned().collect() };
    let (inputs, outputs) = (owned(inputs), owned(outputs));
    let observed = model.node(id).op.observe_outlets(model, model.node(id))?;
    let observed_facts: TVec<InferenceFact> =
        observed.iter().map(|&outlet| model.outlet_fact(outlet).cloned()).collect::<TractResult<_>>()?;
    let (known_inputs, known_outputs) = (inputs.iter().collect(), outputs.iter().collect());
    let node = model.node_mut(id);
    if node.op.nboutputs()? != outputs.len() {
        bail!("the node {:?} has {} outputs, but its operator has {}", node.name, outputs.len(), node.op.nboutputs()?);
    }
    check_rank(node, &inputs, limits.least_ranks)?;
    check_axes(node, &inputs)?;
    check_sizes(node, &inputs)?;
    check_numbers(node, &inputs)?;
    let mut inferred = node.op.infer_facts(known_inputs, known_outputs, observed_facts.iter().collect())?;
    check_divisor(node, &inferred.0)?;
    let size =
        inferred.1.iter().try_fold(0, |sum, fact| Ok::<_, TractError>(sum + bytes(&node.name, fact)?.unwrap_or(0)))?;
    let is_constant = !inferred.0.is_empty() && inferred.0.iter().all(|fact| fact.value.is_concrete());
    if is_constant && inferred.1.iter().any(|fact| !fact.value.is_concrete()) {
        limits.constants_left -= size;
        if size > MAX_CONSTANT_BYTES || limits.constants_left < 0 {
            return Err(too_much(&format!(
                "The node {:?} computes {} MB from constants; the most is {} MB for one, and {} MB for all.",
                node.name,
                size >> 20,
                MAX_CONSTANT_BYTES >> 20,
                MAX_CONSTANTS_BYTES >> 20
            )));
        }
        let (known_inputs, known_outputs) = (inferred.0.iter().collect(), inferred.1.iter().collect());
        inferred = node.op.infer(known_inputs, known_outputs, inferred.2.iter().collect())?;
        for fact in &inferred.1 {
            bytes(&node.name, fact)?;
        }
    }

    let outlets = model.node(id).inputs.iter().copied().chain((0..outputs.len()).map(|slot| OutletId::new(id, slot)));
    let outlets: Vec<OutletId> = outlets.chain(observed).collect();
    let facts = inferred.0.into_iter().chain(inferred.1).chain(inferred.2);
    let mut changed = Vec::new();
    for (outlet, fact) in outlets.into_iter().zip(facts) {
        let old = model.outlet_fact(outlet)?;
        let new = old.unify(&fact)?;
        if new != *old {
            model.set_outlet_fact(outlet, new)?;
            changed.push(outlet);
        }
    }
    Ok(changed)
}

/// tract infers the shapes of both branches when it infers those of an `If`; here that is done before, with limits.
fn infer_branches(
    model: &mut InferenceModel,
    id: usize,
    outer: &HashMap<String, InferenceFact>,
    limits: &mut Limits,
) -> TractResult<()> {
    if !model.node(id).op_is::<If>() {
        return Ok(());
    }
    let mut known = outer.clone();
    for node in model.nodes() {
        for (slot, output) in node.outputs.iter().enumerate() {
            let name = model.outlet_label(OutletId::new(node.id, slot)).unwrap_or(&node.name);
            known.insert(name.to_owned(), output.fact.clone());
        }
    }
    let branches = model.node_mut(id).op_as_mut::<If>().expect("it is one");
    for branch in [&mut branches.then_body, &mut branches.else_body] {
        infer_within(branch, &known, limits)?;
    }
    Ok(())
}

/// Refuses an axis, counted from the last, that the input does not have.
fn check_rank(node: &InferenceNode, inputs: &[InferenceFact], least_ranks: &LeastRanks) -> TractResult<()> {
    let (Some(&least), Some(input)) = (least_ranks.get(&node.name), inputs.first()) else { return Ok(()) };
    match input.shape.rank().concretize() {
        Some(rank) if rank < least => Err(too_much(&format!(
            "The node {:?} names an axis of its input that is not there: it has {rank} axes, and needs {least}.",
            start(&node.name)
        ))),
        _ => Ok(()),
    }
}

/// The size of a value; `None` if its shape or type is not known.
fn bytes(name: &str, fact: &InferenceFact) -> TractResult<Option<i64>> {
    if fact.shape.rank().concretize().is_some_and(|rank| rank > MAX_RANK as i64) {
        return Err(too_much(&format!("The node {:?} makes a value of more than {MAX_RANK} axes.", start(name))));
    }
    let known = (fact.shape.concretize(), fact.datum_type.concretize());
    if let Some(dim) = fact
        .shape
        .dims()
        .filter_map(|dim| dim.concretize()?.to_i64().ok())
        .find(|dim| !(0..=MAX_VALUE_BYTES).contains(dim))
    {
        return Err(too_large(name, &[dim.to_string()]));
    }
    let (Some(shape), Some(data_type)) = known else { return Ok(None) };
    let mut size = data_type.size_of().max(1) as i64;
    for dim in shape.iter().filter_map(|dim| dim.to_i64().ok()) {
        size = size.checked_mul(dim).filter(|_| dim >= 0).unwrap_or(i64::MAX);
    }
    if size > MAX_VALUE_BYTES {
        return Err(too_large(name, &shape.iter().map(TDim::to_string).collect::<Vec<_>>()));
    }
    Ok(Some(size))
}

/// Refuses a value of this shape.
pub fn too_large(name: &str, shape: &[String]) -> TractError {
    let shape = shape.iter().take(8).map(String::as_str).collect::<Vec<_>>().join(" × ");
    let most = MAX_VALUE_BYTES >> 20;
    too_much(&format!("The node {:?} makes a value of {shape}; one may have {most} MB.", start(name)))
}

/// As many numbers as there are axes, twice for beginnings and ends.
fn check_axes(node: &InferenceNode, inputs: &[InferenceFact]) -> TractResult<()> {
    let operator = node.op.name();
    if !BY_AXES.iter().any(|name| operator.contains(name)) {
        return Ok(());
    }
    let of_axes = if operator.contains("ConstantOfShape") { inputs } else { inputs.get(1..).unwrap_or_default() };
    let is_long = |fact: &InferenceFact| {
        fact.value.concretize().is_some_and(|value| value.rank() <= 1 && value.volume() > 2 * MAX_RANK)
    };
    if of_axes.iter().any(is_long) {
        return Err(too_much(&format!("The node {:?} has more than {MAX_RANK} axes.", start(&node.name))));
    }
    Ok(())
}

fn check_sizes(node: &InferenceNode, inputs: &[InferenceFact]) -> TractResult<()> {
    let operator = node.op.name();
    if !BY_SIZE.iter().any(|name| operator.contains(name)) {
        return Ok(());
    }
    let takes_floats = operator.contains("Range") || operator.contains("Resize");
    for value in inputs.iter().filter_map(|fact| fact.value.concretize()).filter(|value| value.volume() <= 2 * MAX_RANK)
    {
        let is_whole = value.datum_type().is_integer() || value.datum_type().is_tdim();
        let numbers: Vec<f64> = match () {
            () if is_whole => {
                value.cast_to::<i64>()?.try_as_plain_ram()?.as_slice::<i64>()?.iter().map(|&n| n as f64).collect()
            }
            () if takes_floats && value.datum_type().is_float() => {
                value.cast_to::<f64>()?.try_as_plain_ram()?.as_slice::<f64>()?.to_vec()
            }
            () => continue,
        };
        if let Some(number) = numbers.iter().find(|number| number.is_nan() || number.abs() > MAX_SIZE) {
            return Err(too_much(&format!("The node {:?} ({operator}) has the number {number}.", start(&node.name))));
        }
    }
    Ok(())
}

fn check_numbers(node: &InferenceNode, inputs: &[InferenceFact]) -> TractResult<()> {
    let operator = node.op.name();
    let is_empty = |fact: &InferenceFact| fact.shape.dims().any(|dim| dim.concretize() == Some(TDim::Val(0)));
    if BY_NUMBER.iter().any(|name| operator.contains(name)) && inputs.iter().any(is_empty) {
        let node = start(&node.name);
        return Err(too_much(&format!("An input of the node {node:?} ({operator}) has no values.")));
    }
    Ok(())
}

/// A whole number divided by 0 stops the program.
fn check_divisor(node: &InferenceNode, inputs: &[InferenceFact]) -> TractResult<()> {
    if !matches!(&*node.op.name(), "Div" | "Rem" | "Remint") {
        return Ok(());
    }
    let Some(divisor) = inputs.get(1).and_then(|fact| fact.value.concretize()) else { return Ok(()) };
    let is_whole = divisor.datum_type().is_integer() || divisor.datum_type().is_tdim();
    if is_whole
        && divisor.volume() < 1 << 20
        && divisor.cast_to::<i64>()?.try_as_plain_ram()?.as_slice::<i64>()?.contains(&0)
    {
        return Err(too_much(&format!("The node {:?} divides whole numbers by 0.", start(&node.name))));
    }
    Ok(())
}

/// The start of a name, for a sentence.
fn start(name: &str) -> String {
    name.chars().take(60).collect()
}

fn too_much(reason: &str) -> TractError {
    Error::new(ErrorKind::ModelInvalid, format!("{reason} No picture classifier needs that; export the model again."))
        .into()
}
