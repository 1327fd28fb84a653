//! Writes onnxruntime's fused operators (FusedConv, FusedGemm) as the operator and its activation.

use tract_onnx::pb::{AttributeProto, ModelProto, NodeProto};

use super::build::{Replacement, attribute, float, float_tensor, input, replace_nodes};
use crate::error::Result;

pub fn write_out_fused_operators(model: &mut ModelProto) -> Result<()> {
    if let Some(graph) = &mut model.graph {
        replace_nodes(graph, &|node, _| match node.op_type.as_str() {
            "FusedConv" => replace(node, "Conv"),
            "FusedGemm" => replace(node, "Gemm"),
            _ => None,
        });
    }
    Ok(())
}

fn replace(node: &NodeProto, operator: &str) -> Option<Replacement> {
    let mut made = Replacement::default();
    let output = node.output.first()?;
    let part = |part: &str| format!("{output}/tagsmith.{part}");
    let text = attribute(node, "activation").map_or(&b""[..], |activation| &activation.s);
    let activation = std::str::from_utf8(text).ok()?;
    let numbers = parameters(node);
    let plain: Vec<AttributeProto> =
        node.attribute.iter().filter(|attribute| !attribute.name.starts_with("activation")).cloned().collect();
    let inputs: Vec<&str> = (0..3).map_while(|idx| input(node, idx)).collect();
    let mut value = made.node(operator, &inputs, part("linear"), plain);
    // FusedConv adds its fourth input before the activation.
    if let Some(added) = input(node, 3).filter(|_| operator == "Conv") {
        value = made.node("Add", &[&value, added], part("sum"), vec![]);
    }
    let number = |idx: usize, absent: f32| numbers.get(idx).copied().unwrap_or(absent);
    match activation {
        "" => _ = made.node("Identity", &[&value], output, vec![]),
        "Relu" | "Sigmoid" | "Tanh" => _ = made.node(activation, &[&value], output, vec![]),
        "LeakyRelu" => _ = made.node(activation, &[&value], output, vec![float("alpha", number(0, 0.01))]),
        "HardSigmoid" => {
            let attributes = vec![float("alpha", number(0, 0.2)), float("beta", number(1, 0.5))];
            made.node(activation, &[&value], output, attributes);
        }
        "Clip" => {
            let least = made.constant(float_tensor(part("least"), &[], &[number(0, f32::MIN)]));
            let most = made.constant(float_tensor(part("most"), &[], &[number(1, f32::MAX)]));
            made.node("Clip", &[&value, &least, &most], output, vec![]);
        }
        _ => return None,
    }
    Some(made)
}

/// FusedConv has a list, FusedGemm one attribute a number.
fn parameters(node: &NodeProto) -> Vec<f32> {
    match attribute(node, "activation_params") {
        Some(list) => list.floats.clone(),
        None => ["activation_alpha", "activation_beta"]
            .into_iter()
            .map_while(|name| Some(attribute(node, name)?.f))
            .collect(),
    }
}
