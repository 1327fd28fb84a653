//! A network like MobileNetV2 whose convolutions are quantised as onnxruntime's `quantize_dynamic` does it, next to the same network in
//! float. Prints two lines, "float MS" and "quantized MS": medians of rounds in which both take turns.
//!
//!     cargo bench -p tagsmith --bench quantized

use std::time::{Duration, Instant};

use prost::Message;
use serde_json::json;
use tagsmith::model::{ModelCard, Runtime, TractRuntime, WantedOutputs, sha256};
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension::Value::DimValue};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto, TypeProto,
    ValueInfoProto, type_proto,
};

const SIDE: usize = 224;
const ROUNDS: usize = 21;
/// Expansion, channels, repetitions and first stride of each stage, as in the paper (arXiv:1801.04381, table 2).
const STAGES: [[usize; 4]; 7] =
    [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]];

fn main() {
    let runtimes = [false, true].map(|is_quantized| Network::build(is_quantized).load());
    let pixels: Vec<f32> = (0..3 * SIDE * SIDE).map(|idx| (idx * 37 % 255) as f32 / 127.5 - 1.0).collect();
    let mut times = [vec![], vec![]];
    for round in 0..ROUNDS + 3 {
        for side in [round % 2, 1 - round % 2] {
            let start = Instant::now();
            runtimes[side].run(&pixels, WantedOutputs::Tags).expect("the network runs");
            if round >= 3 {
                times[side].push(start.elapsed());
            }
        }
    }
    let [float, quantized] = times.map(|mut times: Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1000.0
    });
    println!("float {float:.2}\nquantized {quantized:.2}");
}

#[derive(Default)]
struct Network {
    graph: GraphProto,
    is_quantized: bool,
    n_values: usize,
    state: u32,
}

impl Network {
    fn build(is_quantized: bool) -> Self {
        let mut network = Self { is_quantized, state: 1, ..Self::default() };
        let mut x = network.conv("image", [32, 3, 3], 1, 2);
        x = network.clip(&x);
        let mut channels = 32;
        for [expansion, width, repetitions, first_stride] in STAGES {
            for repetition in 0..repetitions {
                let stride = if repetition == 0 { first_stride } else { 1 };
                let (start, inner) = (x.clone(), channels * expansion);
                if expansion > 1 {
                    x = network.conv(&x, [inner, channels, 1], 1, 1);
                    x = network.clip(&x);
                }
                x = network.conv(&x, [inner, 1, 3], inner, stride);
                x = network.clip(&x);
                x = network.conv(&x, [width, inner, 1], 1, 1);
                if repetition > 0 {
                    x = network.node("Add", &[&start, &x], vec![]);
                }
                channels = width;
            }
        }
        x = network.conv(&x, [1280, channels, 1], 1, 1);
        x = network.clip(&x);
        x = network.node("GlobalAveragePool", &[&x], vec![]);
        x = network.node("Flatten", &[&x], vec![]);
        let weights = network.floats(&[1280, 1000]);
        x = network.node("MatMul", &[&x, &weights], vec![]);
        network.graph.output = vec![ValueInfoProto { name: x, ..Default::default() }];
        let dim = [1, 3, SIDE as i64, SIDE as i64]
            .map(|side| Dimension { value: Some(DimValue(side)), ..Default::default() });
        let shape = Some(TensorShapeProto { dim: dim.into() });
        let tensor = type_proto::Tensor { elem_type: DataType::Float as i32, shape };
        let r#type = Some(TypeProto { value: Some(type_proto::Value::TensorType(tensor)), ..Default::default() });
        network.graph.input = vec![ValueInfoProto { name: "image".into(), r#type, ..Default::default() }];
        network
    }

    fn load(self) -> TractRuntime {
        let scores = self.graph.output[0].name.clone();
        let opset_import = vec![OperatorSetIdProto { version: 13, ..Default::default() }];
        let model = ModelProto { ir_version: 8, opset_import, graph: Some(self.graph), ..Default::default() };
        let model = model.encode_to_vec();
        let card = json!({
            "schema": 1, "id": "bench", "version": "1.0.0", "name": "bench", "kind": "classifier", "licence": "MIT",
            "provenance": {"source": "bench", "sha256": sha256(&model), "data": "none", "conversion": "none"},
            "model": {"file": "model.onnx", "bytes": model.len(), "sha256": sha256(&model)},
            "vocabulary": {"file": "vocabulary.json", "sha256": sha256(b"")},
            "input": {"name": "image", "height": SIDE, "width": SIDE, "layout": "nchw", "colour": "rgb", "mean": [127.5, 127.5, 127.5],
                "std": [127.5, 127.5, 127.5], "fit": {"kind": "squash"}, "filter": "bilinear"},
            "outputs": {"scores": scores, "embedding": null, "feature_map": null},
            "activation": "softmax", "policy": {"threshold": 0.01, "max_tags": 5}, "figures": [],
        });
        let card = ModelCard::parse(&card.to_string()).expect("a valid card");
        TractRuntime::load(&model, &card).expect("the network loads")
    }

    /// A convolution with "same" padding and a bias; `shape`: output channels, input channels of a group, side of the kernel.
    fn conv(&mut self, x: &str, shape: [usize; 3], group: usize, stride: usize) -> String {
        let [n_out, n_in, side] = shape;
        let pad = (side / 2) as i64;
        let attributes =
            vec![ints("pads", &[pad; 4]), ints("strides", &[stride as i64; 2]), int("group", group as i64)];
        let bias = self.floats(&[1, n_out, 1, 1]);
        let dims = [n_out, n_in, side, side];
        let x = if self.is_quantized {
            let [quantized, scale, zero] = self.dynamic(x);
            let weights = self.bytes(&dims);
            let weight_zero = self.tensor(&[], DataType::Uint8, vec![128]);
            let weight_scale = self.tensor(&[], DataType::Float, 0.001_f32.to_le_bytes().to_vec());
            let product = self.node("ConvInteger", &[&quantized, &weights, &zero, &weight_zero], attributes);
            let product = self.node("Cast", &[&product], vec![int("to", 1)]);
            let scale = self.node("Mul", &[&scale, &weight_scale], vec![]);
            self.node("Mul", &[&product, &scale], vec![])
        } else {
            let weights = self.floats(&dims);
            self.node("Conv", &[x, &weights], attributes)
        };
        self.node("Add", &[&x, &bias], vec![])
    }

    fn clip(&mut self, x: &str) -> String {
        let limit = |network: &mut Self, limit: f32| network.tensor(&[], DataType::Float, limit.to_le_bytes().to_vec());
        let (least, most) = (limit(self, 0.0), limit(self, 6.0));
        self.node("Clip", &[x, &least, &most], vec![])
    }

    fn dynamic(&mut self, x: &str) -> [String; 3] {
        let outputs = [(); 3].map(|()| self.name());
        self.graph.node.push(NodeProto {
            op_type: "DynamicQuantizeLinear".into(),
            input: vec![x.into()],
            output: outputs.to_vec(),
            ..Default::default()
        });
        outputs
    }

    fn node(&mut self, operator: &str, inputs: &[&str], attribute: Vec<AttributeProto>) -> String {
        let output = self.name();
        self.graph.node.push(NodeProto {
            op_type: operator.into(),
            input: inputs.iter().map(|&input| input.into()).collect(),
            output: vec![output.clone()],
            attribute,
            ..Default::default()
        });
        output
    }

    fn name(&mut self) -> String {
        self.n_values += 1;
        format!("v{}", self.n_values)
    }

    fn random(&mut self) -> u8 {
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.state >> 24) as u8
    }

    fn floats(&mut self, dims: &[usize]) -> String {
        let n: usize = dims.iter().product();
        let raw = (0..n).flat_map(|_| ((f32::from(self.random()) - 128.0) * 0.001).to_le_bytes()).collect();
        self.tensor(dims, DataType::Float, raw)
    }

    fn bytes(&mut self, dims: &[usize]) -> String {
        let raw = (0..dims.iter().product()).map(|_| self.random()).collect();
        self.tensor(dims, DataType::Uint8, raw)
    }

    fn tensor(&mut self, dims: &[usize], data_type: DataType, raw_data: Vec<u8>) -> String {
        let name = self.name();
        self.graph.initializer.push(TensorProto {
            name: name.clone(),
            dims: dims.iter().map(|&dim| dim as i64).collect(),
            data_type: data_type as i32,
            raw_data,
            ..Default::default()
        });
        name
    }
}

fn int(name: &str, i: i64) -> AttributeProto {
    AttributeProto { name: name.into(), r#type: 2, i, ..Default::default() }
}

fn ints(name: &str, ints: &[i64]) -> AttributeProto {
    AttributeProto { name: name.into(), r#type: 7, ints: ints.into(), ..Default::default() }
}
