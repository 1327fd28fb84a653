//! Turns networks that quantise activations while they run (onnxruntime's `quantize_dynamic`) into float networks with quantised weights.
//!
//! The value q of `DynamicQuantizeLinear` stands for (q − zero point) · scale ≈ x. With x itself for q, a scale of 1 and a zero point of 0,
//! every operator after it stays as it is, but works on floats: `ConvInteger` becomes `Conv`. Only the rounding of activations is lost,
//! which costs time here and never makes scores better.

use std::collections::{HashMap, HashSet};

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, TensorProto};

use super::build::{Constants, Replacement, attribute, constants, float_tensor, input, int, replace_nodes};
use crate::error::Result;
use crate::model::runtime::tensor::{float_values, integers, n_values};

/// Operators that keep the values of a quantised tensor.
const KEEPING: &[&str] = &["Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"];

pub fn float_activations(model: &mut ModelProto) -> Result<()> {
    let Some(graph) = &mut model.graph else { return Ok(()) };
    let fused = ["DynamicQuantizeMatMul", "MatMulIntegerToFloat"];
    if !graph.node.iter().any(|node| node.op_type == "DynamicQuantizeLinear" || fused.contains(&&*node.op_type)) {
        return Ok(());
    }
    let Some(plan) = Plan::of(graph) else { return Ok(()) };
    replace_nodes(graph, &|node, constants| plan.replace(node, constants));
    Ok(())
}

/// Which multiplications by scales go into the weights.
struct Plan {
    /// The output of an integer product → the name of the scale that is folded into its weights.
    folded: HashMap<String, Option<String>>,
    /// The output of a multiplication by a folded scale → its other input.
    identities: HashMap<String, String>,
}

impl Plan {
    /// `None` if anything depends on a quantised activation that cannot be turned into floats.
    fn of(graph: &GraphProto) -> Option<Self> {
        let constants = constants(graph);
        let mut readers: HashMap<&str, Vec<&NodeProto>> = HashMap::new();
        for node in &graph.node {
            node.input.iter().for_each(|name| readers.entry(name).or_default().push(node));
        }
        let read_by = |name: &str| readers.get(name).map_or(&[][..], Vec::as_slice);
        let producers: HashMap<&str, &NodeProto> =
            graph.node.iter().flat_map(|node| node.output.iter().map(move |name| (name.as_str(), node))).collect();
        let quantizers = || graph.node.iter().filter(|node| node.op_type == "DynamicQuantizeLinear");
        let scales: HashSet<String> = quantizers().filter_map(|node| node.output.get(1)).cloned().collect();

        let mut floats: HashSet<&str> = HashSet::new();
        let mut next: Vec<&str> = quantizers().filter_map(|node| Some(node.output.first()?.as_str())).collect();
        while let Some(name) = next.pop() {
            if floats.insert(name) {
                let keeping = read_by(name).iter().filter(|node| KEEPING.contains(&node.op_type.as_str()));
                next.extend(keeping.flat_map(|node| &node.output).map(String::as_str));
            }
        }
        for name in &floats {
            let is_known = |node: &&NodeProto| is_product(node) || KEEPING.contains(&node.op_type.as_str());
            if !read_by(name).iter().all(is_known) {
                return None;
            }
        }
        let is_operand = |name: &str| floats.contains(name) || constants.contains_key(name);
        // Each product gets scales of its own, also where many share their weights.
        let mut budget = constants.values().filter_map(|tensor| n_values(tensor)).fold(0usize, usize::saturating_add);
        let (mut folded, mut identities) = (HashMap::new(), HashMap::new());
        for product in graph.node.iter().filter(|node| is_product(node)) {
            let [left, right] = [input(product, 0)?, input(product, 1)?];
            if !is_operand(left) || !is_operand(right) || (is_conv(product) && floats.contains(right)) {
                return None;
            }
            let output = product.output.first()?;
            if product.op_type.ends_with("ToFloat") {
                continue;
            }
            let [cast] = read_by(output) else { return None };
            if cast.op_type != "Cast" || attribute(cast, "to")?.i != i64::from(DataType::Float as i32) {
                return None;
            }
            let operands = [(0, left), (1, right)].into_iter().filter(|(_, name)| constants.contains_key(name));
            let mut operands = operands.map(|(idx, _)| idx);
            let weights = operands.next();
            if operands.next().is_some()
                || weights.is_some_and(|idx| quantization(product, idx, None, &constants).is_none())
            {
                return None;
            }
            budget = budget.checked_sub(weights.map_or(1, |idx| most_scales(product, idx, &constants)))?;
            let cast = cast.output.first()?;
            let scale = match (read_by(cast), weights) {
                ([scaling], Some(idx)) if scaling.op_type == "Mul" => {
                    let other = scaling.input.iter().find(|name| *name != cast)?;
                    let scale = constant_factor(other, &scales, &producers, &constants)
                        .filter(|scale| quantization(product, idx, Some(constants[scale]), &constants).is_some());
                    if scale.is_some() {
                        identities.insert(scaling.output.first()?.clone(), cast.clone());
                    }
                    scale.map(str::to_owned)
                }
                _ => None,
            };
            folded.insert(output.clone(), scale);
        }
        Some(Self { folded, identities })
    }

    fn replace(&self, node: &NodeProto, constants: &Constants) -> Option<Replacement> {
        let mut made = Replacement::default();
        let output = node.output.first()?;
        match node.op_type.as_str() {
            "DynamicQuantizeLinear" => {
                made.node("Identity", &[input(node, 0)?], output, vec![]);
                if let Some(scale) = node.output.get(1).filter(|name| !name.is_empty()) {
                    made.constant(float_tensor(scale, &[], &[1.0]));
                }
            }
            "ConvInteger" | "MatMulInteger" => {
                let scale = self.folded.get(output)?.as_deref().and_then(|scale| constants.get(scale)).copied();
                let mut operand = |idx: usize| {
                    let name = input(node, idx)?;
                    let is_constant = constants.contains_key(name);
                    if is_constant {
                        dequantized(&mut made, node, idx, scale, constants)
                    } else {
                        Some(name.to_owned())
                    }
                };
                let (left, right) = (operand(0)?, operand(1)?);
                let operator = node.op_type.trim_end_matches("Integer");
                made.node(operator, &[&left, &right], output, node.attribute.clone());
            }
            "MatMulIntegerToFloat" | "DynamicQuantizeMatMul" => {
                // (a, b, scale of a, scale of b, zero points of a and b, bias); the other has no scale and zero point of a.
                let (scale, zero, bias) = if node.op_type.ends_with("ToFloat") { (3, 5, 6) } else { (2, 3, 4) };
                let weights = format!("{output}/tagsmith.weights");
                let inputs = [input(node, 1)?, input(node, scale)?, input(node, zero).unwrap_or_default()];
                let n_inputs = if inputs[2].is_empty() { 2 } else { 3 };
                let weights = made.node("DequantizeLinear", &inputs[..n_inputs], weights, vec![int("axis", -1)]);
                let product = match input(node, bias) {
                    Some(_) => format!("{output}/tagsmith.product"),
                    None => output.clone(),
                };
                let product = made.node("MatMul", &[input(node, 0)?, &weights], product, vec![]);
                if let Some(bias) = input(node, bias) {
                    made.node("Add", &[&product, bias], output, vec![]);
                }
            }
            "Mul" => _ = made.node("Identity", &[self.identities.get(output)?], output, vec![]),
            _ => return None,
        }
        Some(made)
    }
}

fn is_product(node: &NodeProto) -> bool {
    matches!(node.op_type.as_str(), "ConvInteger" | "MatMulInteger" | "MatMulIntegerToFloat")
}

/// As many scales as the weights at input `idx` can have at most: one a channel.
fn most_scales(product: &NodeProto, idx: usize, constants: &Constants) -> usize {
    let weights = input(product, idx).and_then(|name| constants.get(name));
    let sides = weights.map_or(&[][..], |weights| &weights.dims);
    let n_channels = if is_conv(product) { sides.first() } else { sides.last() };
    n_channels.and_then(|&side| usize::try_from(side).ok()).unwrap_or(1).max(1)
}

fn is_conv(node: &NodeProto) -> bool {
    node.op_type == "ConvInteger"
}

/// The stored factor of `name`, which is stored itself or the product of a scale of activations (1 from now on) and a stored one.
fn constant_factor<'a>(
    name: &'a str,
    scales: &HashSet<String>,
    producers: &HashMap<&str, &'a NodeProto>,
    constants: &Constants,
) -> Option<&'a str> {
    if constants.contains_key(name) {
        return Some(name);
    }
    let [left, right] = &producers.get(name).filter(|node| node.op_type == "Mul")?.input[..] else { return None };
    [(left, right), (right, left)]
        .into_iter()
        .find(|(scale, factor)| scales.contains(*scale) && constants.contains_key(factor.as_str()))
        .map(|(_, factor)| factor.as_str())
}

/// One scale and one zero point for all weights at input `idx` of `product`, or one for each channel of the result.
struct Quantization {
    axis: i64,
    scales: Vec<f32>,
    /// As stored: the type, and the values.
    zero: Option<(i32, Vec<i32>)>,
}

/// `None` for other forms.
fn quantization(
    product: &NodeProto,
    idx: usize,
    scale: Option<&TensorProto>,
    constants: &Constants,
) -> Option<Quantization> {
    let weights = constants.get(input(product, idx)?)?;
    let sides = &weights.dims[..];
    let (axis, n_channels) = if is_conv(product) { (0, *sides.first()?) } else { (-1, *sides.last()?) };
    let fits = |n: usize| n == 1 || (idx == 1 && n as i64 == n_channels);
    let scales = match scale {
        None => vec![1.0],
        Some(scale) => {
            let values = Some(scale).filter(|scale| n_values(scale).is_some_and(fits)).and_then(float_values)?;
            let is_channel = |(place, &side): (usize, &i64)| {
                let from_end = scale.dims.len() - place;
                side == 1 || (side == n_channels && from_end == if is_conv(product) { 3 } else { 1 })
            };
            scale.dims.iter().enumerate().all(is_channel).then_some(values)?
        }
    };
    let zero = match input(product, idx + 2) {
        None => None,
        Some(zero) => {
            let zero = constants.get(zero).filter(|zero| n_values(zero).is_some_and(fits))?;
            Some((zero.data_type, integers(zero)?))
        }
    };
    Some(Quantization { axis, scales, zero })
}

/// The weights at input `idx` as floats.
fn dequantized(
    made: &mut Replacement,
    product: &NodeProto,
    idx: usize,
    scale: Option<&TensorProto>,
    constants: &Constants,
) -> Option<String> {
    let Quantization { axis, scales, zero } = quantization(product, idx, scale, constants)?;
    let part = |part: &str| Some(format!("{}/tagsmith.{part}{idx}", product.output.first()?));
    let n = scales.len().max(zero.as_ref().map_or(1, |(_, values)| values.len()));
    let dims: Vec<i64> = if n == 1 { vec![] } else { vec![n as i64] };
    let scales: Vec<f32> = scales.into_iter().cycle().take(n).collect();
    let scale = made.constant(float_tensor(part("scale")?, &dims, &scales));
    let mut inputs = vec![input(product, idx)?.to_owned(), scale];
    if let Some((data_type, values)) = zero {
        let raw_data = values.into_iter().cycle().take(n).map(|value| value as u8).collect();
        inputs.push(made.constant(TensorProto {
            name: part("zero")?,
            dims,
            data_type,
            raw_data,
            ..Default::default()
        }));
    }
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    Some(made.node("DequantizeLinear", &inputs, part("weights")?, vec![int("axis", axis)]))
}
