//! Writes onnxruntime's integer operators (QLinearConv, QGemm …) as `DequantizeLinear`, the float operator, and `QuantizeLinear`.

use tract_onnx::pb::{AttributeProto, ModelProto, NodeProto};

use super::build::{Replacement, attribute, input, int, replace_nodes};
use crate::error::Result;

pub fn write_out_integer_operators(model: &mut ModelProto) -> Result<()> {
    if let Some(graph) = &mut model.graph {
        replace_nodes(graph, &|node, _| replace(node));
    }
    Ok(())
}

fn replace(node: &NodeProto) -> Option<Replacement> {
    let mut writer = Writer { node, made: Replacement::default(), n_values: 0 };
    let attributes = node.attribute.clone();
    match node.op_type.as_str() {
        // (x, scale, zero, w, scale, zero, y scale, y zero, bias); the bias is stored as multiples of both scales.
        "QLinearConv" => {
            let (x, w) = (writer.float(0, 1, 2, 1)?, writer.float(3, 4, 5, 0)?);
            let mut inputs = vec![x, w];
            if let Some(bias) = input(node, 8) {
                inputs.push(writer.bias(bias, 1, 4)?);
            }
            writer.finish("Conv", &inputs, attributes, 6, 7)
        }
        "QLinearMatMul" => {
            let inputs = [writer.float(0, 1, 2, -2)?, writer.float(3, 4, 5, -1)?];
            writer.finish("MatMul", &inputs, vec![], 6, 7)
        }
        // (a, scale, zero, b, scale, zero, c, y scale, y zero)
        "QGemm" => {
            let is_turned = attribute(node, "transB").is_some_and(|turned| turned.i != 0);
            let mut inputs = vec![writer.float(0, 1, 2, 0)?, writer.float(3, 4, 5, i64::from(!is_turned))?];
            if let Some(bias) = input(node, 6) {
                inputs.push(writer.bias(bias, 1, 4)?);
            }
            // alpha stands beside the bias, which was quantised with it: only 1 means the same here.
            if attribute(node, "alpha").is_some_and(|alpha| alpha.f != 1.0) {
                return None;
            }
            writer.finish("Gemm", &inputs, attributes, 7, 8)
        }
        "QLinearAdd" | "QLinearMul" => {
            let inputs = [writer.float(0, 1, 2, 1)?, writer.float(3, 4, 5, 1)?];
            writer.finish(&node.op_type["QLinear".len()..], &inputs, vec![], 6, 7)
        }
        "QLinearSigmoid"
        | "QLinearLeakyRelu"
        | "QLinearSoftmax"
        | "QLinearGlobalAveragePool"
        | "QLinearAveragePool" => {
            if attribute(node, "channels_last").is_some_and(|last| last.i != 0) {
                return None;
            }
            let inputs = [writer.float(0, 1, 2, 1)?];
            let kept =
                attributes.into_iter().filter(|kept| !["channels_last", "opset"].contains(&&*kept.name)).collect();
            writer.finish(&node.op_type["QLinear".len()..], &inputs, kept, 3, 4)
        }
        // (y scale, y zero, then x, scale, zero of each)
        "QLinearConcat" => {
            let inputs: Option<Vec<String>> =
                (2..node.input.len()).step_by(3).map(|at| writer.float(at, at + 1, at + 2, 1)).collect();
            writer.finish("Concat", &inputs?, attributes, 0, 1)
        }
        _ => None,
    }
}

struct Writer<'a> {
    node: &'a NodeProto,
    made: Replacement,
    n_values: usize,
}

impl Writer<'_> {
    fn name(&mut self) -> Option<String> {
        self.n_values += 1;
        Some(format!("{}/tagsmith.float{}", self.node.output.first()?, self.n_values))
    }

    /// The float value of the input at `x`, with its scale, its zero point, and the axis of those if there is one for each channel.
    fn float(&mut self, x: usize, scale: usize, zero: usize, axis: i64) -> Option<String> {
        let (output, node) = (self.name()?, self.node);
        let inputs: Vec<&str> = [input(node, x)?, input(node, scale)?].into_iter().chain(input(node, zero)).collect();
        Some(self.made.node("DequantizeLinear", &inputs, output, vec![int("axis", axis)]))
    }

    /// The float value of an int32 bias.
    fn bias(&mut self, bias: &str, left: usize, right: usize) -> Option<String> {
        let (scale, output, node) = (self.name()?, self.name()?, self.node);
        let scale = self.made.node("Mul", &[input(node, left)?, input(node, right)?], scale, vec![]);
        let float = self.name()?;
        let float = self.made.node("Cast", &[bias], float, vec![int("to", 1)]);
        Some(self.made.node("Mul", &[&float, &scale], output, vec![]))
    }

    fn finish(
        mut self,
        operator: &str,
        inputs: &[String],
        attributes: Vec<AttributeProto>,
        scale: usize,
        zero: usize,
    ) -> Option<Replacement> {
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let (float, node) = (self.name()?, self.node);
        let float = self.made.node(operator, &inputs, float, attributes);
        let output = node.output.first()?;
        match input(node, scale) {
            Some(scale) => {
                let inputs: Vec<&str> = [float.as_str(), scale].into_iter().chain(input(node, zero)).collect();
                self.made.node("QuantizeLinear", &inputs, output, vec![]);
            }
            // QGemm without the scale of its result gives floats.
            None => _ = self.made.node("Identity", &[&float], output, vec![]),
        }
        Some(self.made)
    }
}
