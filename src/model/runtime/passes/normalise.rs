//! Operators that tract computes otherwise than ONNX defines them, written with operators that it computes right.

use tract_onnx::pb::{ModelProto, NodeProto};

use super::build::{Replacement, attribute, float_tensor, input, int, int_tensor, ints, replace_nodes};
use super::default_opset;
use crate::error::Result;

pub fn correct_operators(model: &mut ModelProto) -> Result<()> {
    let opset = default_opset(model);
    if let Some(graph) = &mut model.graph {
        replace_nodes(graph, &|node, _| match node.op_type.as_str() {
            "GlobalLpPool" => global_lp_pool(node, opset),
            "BatchNormalization" => training_batch_normalization(node),
            _ => None,
        });
    }
    Ok(())
}

/// tract 0.23.9 divides by the number of cells before it takes the root: (Σ xᵖ / n)^(1/p) for (Σ |x|ᵖ)^(1/p). Of a map (n, c, h, w).
fn global_lp_pool(pool: &NodeProto, opset: i64) -> Option<Replacement> {
    let mut made = Replacement::default();
    let (x, output) = (input(pool, 0)?, pool.output.first()?.clone());
    let part = |part: &str| format!("{output}/tagsmith.{part}");
    match attribute(pool, "p").map_or(2, |p| p.i) {
        1 => _ = reduce(&mut made, "ReduceL1", x, &output, opset >= 18),
        2 => _ = reduce(&mut made, "ReduceL2", x, &output, opset >= 18),
        p => {
            let size = made.node("Abs", &[x], part("size"), vec![]);
            let exponent = made.constant(float_tensor(part("p"), &[], &[p as f32]));
            let power = made.node("Pow", &[&size, &exponent], part("power"), vec![]);
            let sum = reduce(&mut made, "ReduceSum", &power, &part("sum"), opset >= 13);
            let root = made.constant(float_tensor(part("root"), &[], &[1.0 / p as f32]));
            made.node("Pow", &[&sum, &root], output.clone(), vec![]);
        }
    }
    Some(made)
}

/// Reduces height and width to 1.
fn reduce(made: &mut Replacement, operator: &str, x: &str, output: &str, axes_are_input: bool) -> String {
    let keep = int("keepdims", 1);
    if axes_are_input {
        let axes = made.constant(int_tensor(format!("{output}/tagsmith.axes"), &[2, 3]));
        made.node(operator, &[x, &axes], output, vec![keep])
    } else {
        made.node(operator, &[x], output, vec![ints("axes", &[2, 3]), keep])
    }
}

/// Batch normalisation with the statistics of its own input (training mode: standardised weights of BiT, networks exported without
/// `eval()`), which for a batch of 1 is normalisation of each channel.
fn training_batch_normalization(node: &NodeProto) -> Option<Replacement> {
    let is_training = attribute(node, "training_mode").is_some_and(|mode| mode.i != 0);
    if !is_training {
        return None;
    }
    let mut made = Replacement::default();
    let epsilon = attribute(node, "epsilon").cloned();
    let inputs = [input(node, 0)?, input(node, 1)?, input(node, 2)?];
    made.node("InstanceNormalization", &inputs, node.output.first()?, epsilon.into_iter().collect());
    Some(made)
}
