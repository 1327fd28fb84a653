//! Activations quantised to 16 bits, which tract cannot hold, stay floats within the same limits: the step is 1 / 65,536 of their range.

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{ModelProto, NodeProto};

use super::build::{Constants, Replacement, float_tensor, input, replace_nodes};
use super::default_opset;
use crate::error::Result;
use crate::model::runtime::tensor::{float_values, integers, n_values};

pub fn keep_as_floats(model: &mut ModelProto) -> Result<()> {
    let opset = default_opset(model);
    if let Some(graph) = &mut model.graph {
        replace_nodes(graph, &|node, constants| replace(node, constants).filter(|_| opset >= 11));
    }
    Ok(())
}

fn replace(node: &NodeProto, constants: &Constants) -> Option<Replacement> {
    let single = |idx: usize| constants.get(input(node, idx)?).filter(|tensor| n_values(tensor) == Some(1));
    let zero = single(2)?;
    let (least, most) = match DataType::try_from(zero.data_type).ok()? {
        DataType::Uint16 => (0.0, f32::from(u16::MAX)),
        DataType::Int16 => (f32::from(i16::MIN), f32::from(i16::MAX)),
        _ => return None,
    };
    let x = input(node, 0).filter(|x| !constants.contains_key(x))?;
    let output = node.output.first()?;
    let mut made = Replacement::default();
    match node.op_type.as_str() {
        "QuantizeLinear" => {
            let (zero, scale) = (integers(zero)?, float_values(single(1)?)?);
            let ([zero], [scale]) = (&zero[..], &scale[..]) else { return None };
            let mut limit = |part: &str, code: f32| {
                made.constant(float_tensor(format!("{output}/tagsmith.{part}"), &[], &[(code - *zero as f32) * scale]))
            };
            let (least, most) = (limit("least", least), limit("most", most));
            made.node("Clip", &[x, &least, &most], output, vec![]);
        }
        "DequantizeLinear" => _ = made.node("Identity", &[x], output, vec![]),
        _ => return None,
    }
    Some(made)
}
