//! Inspects the outputs: which one holds the scores, the activation already applied, and the input of the last layer.

use tract_onnx::pb::{NodeProto, ValueInfoProto};

use super::{NetworkOutput, shape, spelt};
use crate::error::{Error, ErrorKind, Result};
use crate::model::card::Activation;
use crate::model::runtime::graph::{Graph, int, ints, is_pass_through};

/// Common words in the names of score outputs, to choose between similar outputs.
const NAMES_OF_SCORES: &[&str] = &["logit", "score", "prob", "softmax", "class", "pred", "label"];

pub fn inspect_output(graph: &Graph, output: &ValueInfoProto) -> NetworkOutput {
    let shape = shape(output);
    let head = trace_scoring(graph, &output.name);
    let n_classes = match shape.as_deref().map(vector) {
        Some(Vector::Of(length)) => Some(length),
        Some(Vector::Not) => None,
        Some(Vector::Unknown) | None => head.n_classes,
    };
    NetworkOutput {
        activation: last_activation(graph, &output.name),
        name: output.name.clone(),
        shape,
        n_classes,
        embedding: head.embedding,
        feature_map: head.feature_map,
    }
}

enum Vector {
    Of(usize),
    Unknown,
    Not,
}

/// Whether a shape is (n), (batch, n) or (batch, n, 1, 1).
fn vector(shape: &[Option<u32>]) -> Vector {
    let sides = if shape.len() > 1 { &shape[1..] } else { shape };
    let mut long = sides.iter().filter(|side| **side != Some(1));
    match (sides, long.next(), long.next()) {
        ([], ..) | (_, Some(None), _) | (_, _, Some(None)) => Vector::Unknown,
        (_, None, _) => Vector::Of(1),
        (_, Some(&Some(length)), None) if length > 0 => Vector::Of(length as usize),
        _ => Vector::Not,
    }
}

/// The activation that remains to be applied after the output's last operator.
fn last_activation(graph: &Graph, output: &str) -> Option<Activation> {
    let node = graph.producer(graph.origin(output))?;
    match node.op_type.as_str() {
        "Softmax" | "Sigmoid" | "HardSigmoid" => Some(Activation::None),
        // The softmax of log-probabilities is the probabilities.
        "LogSoftmax" => Some(Activation::Softmax),
        "Div" => written_out_softmax(graph, node).map(|_| Activation::None),
        _ => None,
    }
}

/// The input (x or x − max) of a softmax that an old exporter wrote as exp(x − max) / sum.
fn written_out_softmax<'a>(graph: &Graph<'a>, division: &'a NodeProto) -> Option<&'a str> {
    let [above, below] = &division.input[..] else { return None };
    let exponential = graph.producer(above).filter(|node| node.op_type == "Exp")?;
    graph.producer(below).filter(|node| node.op_type == "ReduceSum" && node.input.first() == Some(above))?;
    exponential.input.first().map(String::as_str)
}

#[derive(Default)]
struct ScoringTrace {
    n_classes: Option<usize>,
    embedding: Option<String>,
    feature_map: Option<String>,
}

/// Traces an output back to the last layer with weights.
fn trace_scoring(graph: &Graph, output: &str) -> ScoringTrace {
    let (mut value, mut is_mean) = (output, false);
    for _ in 0..graph.proto.node.len() {
        let Some(node) = graph.producer(value) else { break };
        let weights = |idx: usize| graph.weight_shape(node.input.get(idx)?);
        let next = match node.op_type.as_str() {
            "Gemm" => {
                let side = usize::from(int(node, "transB") == 0);
                return linear(graph, node, weights(1).and_then(|shape| shape.get(side).copied()));
            }
            "MatMul" | "MatMulInteger" => {
                return linear(graph, node, weights(1).and_then(|shape| shape.last().copied()));
            }
            "QLinearMatMul" => return linear(graph, node, weights(3).and_then(|shape| shape.last().copied())),
            "Conv" | "ConvInteger" | "QLinearConv" => {
                let idx = if node.op_type == "QLinearConv" { 3 } else { 1 };
                let n_classes = weights(idx).and_then(|shape| shape.first().copied());
                // After the mean, a convolution is a linear layer. Before it, the scores are the mean of maps, and there is no embedding.
                let head = linear(graph, node, n_classes);
                let is_linear = !is_mean && head.feature_map.is_some();
                return if is_linear { head } else { ScoringTrace { n_classes, ..ScoringTrace::default() } };
            }
            "GlobalAveragePool" | "GlobalMaxPool" | "ReduceMean" | "AveragePool" => {
                is_mean = true;
                node.input.first().map(String::as_str)
            }
            "Div" => written_out_softmax(graph, node).or_else(|| data_side(graph, node)),
            "Softmax" | "LogSoftmax" | "Sigmoid" | "HardSigmoid" | "Relu" | "Clip" => {
                node.input.first().map(String::as_str)
            }
            "Add" | "Sub" | "Mul" | "Sum" => data_side(graph, node),
            _ if is_pass_through(node) => node.input.first().map(String::as_str),
            _ => None,
        };
        let Some(next) = next else { break };
        value = next;
    }
    ScoringTrace::default()
}

/// The data input of a binary operator: the one that is not constant, not the maximum that softmax subtracts, or the integer product that
/// is converted back to floats.
fn data_side<'a>(graph: &Graph<'a>, node: &'a NodeProto) -> Option<&'a str> {
    let is_made_by = |value: &'a str, operators: &[&str]| {
        graph.producer(graph.origin(value)).is_some_and(|node| operators.contains(&node.op_type.as_str()))
    };
    let inputs = || node.input.iter().map(String::as_str);
    graph
        .data_input(node)
        .or_else(|| inputs().find(|input| is_made_by(input, &["MatMulInteger", "ConvInteger"])))
        .or_else(|| inputs().nth(1).filter(|input| is_made_by(input, &["ReduceMax"])).and_then(|_| inputs().next()))
}

/// A linear layer. Its input is the embedding, unless that holds integers.
fn linear(graph: &Graph, node: &NodeProto, n_classes: Option<usize>) -> ScoringTrace {
    let Some(input) = node.input.first().map(String::as_str).filter(|input| !graph.is_constant(input)) else {
        return ScoringTrace { n_classes, ..ScoringTrace::default() };
    };
    let quantizer = graph.producer(input).filter(|node| node.op_type.ends_with("QuantizeLinear"));
    let embedding = match (quantizer, node.op_type.as_str()) {
        (Some(quantizer), _) => quantizer.input.first().map(String::as_str),
        (None, "QLinearMatMul" | "QLinearConv" | "MatMulInteger" | "ConvInteger") => None,
        (None, _) => Some(input),
    };
    let pooled = graph.producer(graph.origin(input)).filter(|node| is_mean_over_picture(graph, node));
    ScoringTrace {
        n_classes,
        embedding: embedding.map(str::to_owned),
        feature_map: pooled.and_then(|node| node.input.first().cloned()),
    }
}

/// Whether a node takes the mean over height and width of (1, channels, height, width).
fn is_mean_over_picture(graph: &Graph, node: &NodeProto) -> bool {
    match node.op_type.as_str() {
        "GlobalAveragePool" => true,
        "ReduceMean" => {
            let stated = node.input.get(1).and_then(|axes| graph.whole_numbers(axes));
            let mut axes = ints(node, "axes").map(<[i64]>::to_vec).or(stated).unwrap_or_default();
            axes.sort_unstable();
            axes == [2, 3] || axes == [-2, -1]
        }
        _ => false,
    }
}

/// The output that most likely holds the scores: a vector from which no other vector is computed; if there are several, by name.
pub fn guess_scores(graph: &Graph, outputs: &[NetworkOutput]) -> Result<String> {
    let vectors: Vec<&NetworkOutput> = outputs.iter().filter(|output| output.n_classes.is_some()).collect();
    let unknown = || outputs.iter().filter(|output| output.shape.is_none());
    let vectors = if vectors.is_empty() { unknown().collect() } else { vectors };
    let lineages: Vec<_> = vectors.iter().map(|output| graph.ancestors(&output.name)).collect();
    let is_last = |idx: usize| {
        let origin = graph.origin(&vectors[idx].name);
        let leads_to = |other: usize| origin != graph.origin(&vectors[other].name) && lineages[other].contains(origin);
        !(0..vectors.len()).any(|other| other != idx && leads_to(other))
    };
    let last: Vec<&NetworkOutput> = (0..vectors.len()).filter(|&idx| is_last(idx)).map(|idx| vectors[idx]).collect();
    let is_named_so = |output: &&&NetworkOutput| {
        let name = output.name.to_lowercase();
        NAMES_OF_SCORES.iter().any(|word| name.contains(word))
    };
    let guess = last.iter().find(is_named_so).or(last.first()).or(vectors.first());
    guess.map(|output| output.name.clone()).ok_or_else(|| {
        let found = outputs.iter().map(|output| {
            let shape = output.shape.as_deref().map_or("no fixed shape".to_owned(), spelt);
            format!("{:?} {shape}", output.name)
        });
        let found = found.collect::<Vec<_>>().join(", ");
        let detail = if found.is_empty() {
            "The network has no float output. Export a classifier whose output is its scores.".to_owned()
        } else {
            format!("None of the network's outputs is a vector of scores: {found}. Export a classifier whose output is its scores.")
        };
        Error::new(ErrorKind::ModelMismatch, detail)
    })
}

#[cfg(test)]
mod tests {
    use super::super::inspect_graph;
    use super::super::test_graph::{constant, nodes, normalising, value, with_ints};
    use super::*;
    use tract_onnx::pb::TensorProto;
    use tract_onnx::pb::tensor_proto::DataType;

    #[test]
    fn the_scores_are_the_last_vector_of_the_graph() {
        let with_outputs = |outputs: &[(&str, &[i64])], more: &[&str]| {
            let mut graph = normalising(&[1, 3, 8, 8], &[], &["Identity x > y"]);
            graph.output = outputs.iter().map(|(name, sides)| value(name, sides)).collect();
            graph.node.extend(nodes(more));
            inspect_graph(&graph)
        };
        let scores = |outputs: &[(&str, &[i64])], more: &[&str]| with_outputs(outputs, more).unwrap().scores;
        let map: (&str, &[i64]) = ("map", &[1, 8, 8, 8]);
        let flat: (&str, &[i64]) = ("flat", &[1, 8]);
        assert_eq!(scores(&[map, flat, ("scores", &[1, 5])], &[]), "scores");
        let softmax = ["Softmax scores > p", "Identity flat > e"];
        assert_eq!(scores(&[("scores", &[1, 5]), ("e", &[1, 8]), ("p", &[1, 5])], &softmax), "p");
        assert_eq!(
            scores(&[("other", &[1, 4]), ("prob", &[1, 5])], &["Relu flat > other", "Softmax scores > prob"]),
            "prob"
        );
        let error = with_outputs(&[map], &[]).expect_err("no vector");
        assert!(error.detail().contains("\"map\" (1, 8, 8, 8)"), "{error}");
        let error = with_outputs(&[], &[]).expect_err("no output");
        assert!(error.detail().contains("no float output"), "{error}");
    }

    #[test]
    fn the_last_layer_gives_classes_embedding_and_feature_map_in_every_form() {
        let found = |last: &[&str], more: Vec<TensorProto>| {
            let mut graph = normalising(&[1, 3, 8, 8], &[], &["Identity x > y"]);
            graph.node.pop();
            graph.node.extend(nodes(last));
            graph.initializer.extend(more);
            // The file does not state the shape.
            graph.output = vec![ValueInfoProto { name: "out".into(), ..Default::default() }];
            inspect_graph(&graph).unwrap().outputs.remove(0)
        };
        let bias = || constant("bias", &[5], &[0.5; 5]);
        let turned = || constant("turned", &[5, 8], &[0.5; 40]);
        let one_by_one = || constant("1x1", &[5, 8, 1, 1], &[0.5; 40]);
        let whole = Some(("flat".to_owned(), "map".to_owned()));
        for (lines, more, activation, expected) in [
            (&["MatMul flat weight > a", "Add bias a > out"][..], vec![bias()], None, whole.clone()),
            (&["Gemm flat weight bias > a", "Softmax a > out"], vec![bias()], Some(Activation::None), whole.clone()),
            (
                &["Gemm flat weight > a", "Sigmoid a > b", "Identity b > out"],
                vec![],
                Some(Activation::None),
                whole.clone(),
            ),
            (&["Gemm flat weight > a", "LogSoftmax a > out"], vec![], Some(Activation::Softmax), whole.clone()),
            (
                &[
                    "MatMul flat weight > a",
                    "ReduceMax a > m",
                    "Sub a m > s",
                    "Exp s > e",
                    "ReduceSum e > t",
                    "Div e t > out",
                ],
                vec![],
                Some(Activation::None),
                whole.clone(),
            ),
            (&["Transpose turned > t", "MatMul flat t > out"], vec![turned()], None, whole.clone()),
            (&["Dropout flat > d", "MatMul d weight > out"], vec![], None, Some(("d".into(), "map".into()))),
            (&["Conv mean 1x1 > c", "Flatten c > out"], vec![one_by_one()], None, Some(("mean".into(), "map".into()))),
            (
                &[
                    "DynamicQuantizeLinear flat > q",
                    "MatMulInteger q weight > i",
                    "Cast i > f",
                    "Mul f s > r",
                    "Mul r bias > out",
                ],
                vec![bias(), constant("s", &[1], &[0.5])],
                None,
                whole,
            ),
        ] {
            let output = found(lines, more);
            assert_eq!((output.n_classes, output.activation), (Some(5), activation), "{lines:?}");
            assert_eq!(output.embedding.zip(output.feature_map), expected, "{lines:?}");
        }
        // The mean of score maps: there is no embedding.
        let output = found(
            &["Conv map 1x1 > c", "Relu c > r", "GlobalAveragePool r > g", "Softmax g > out"],
            vec![one_by_one()],
        );
        assert_eq!((output.n_classes, output.embedding, output.feature_map), (Some(5), None, None));
        // An operator after the mean: the embedding is no longer the mean of the map.
        let output = found(&["Relu flat > r", "MatMul r weight > out"], vec![]);
        assert_eq!((output.embedding.as_deref(), output.feature_map), (Some("r"), None));
    }

    #[test]
    fn only_a_mean_over_height_and_width_has_a_feature_map() {
        let map = |axes: &[i64], as_input: bool| {
            let mut graph = normalising(&[1, 3, 8, 8], &[], &["Identity x > y"]);
            let mean =
                nodes(&[if as_input { "ReduceMean map axes > mean" } else { "ReduceMean map > mean" }]).remove(0);
            graph.node[2] = if as_input { mean } else { with_ints(mean, "axes", axes) };
            graph.initializer.push(TensorProto {
                name: "axes".into(),
                dims: vec![axes.len() as i64],
                data_type: DataType::Int64 as i32,
                raw_data: axes.iter().flat_map(|axis| axis.to_le_bytes()).collect(),
                ..Default::default()
            });
            inspect_graph(&graph).unwrap().outputs.remove(0).feature_map
        };
        for as_input in [false, true] {
            assert_eq!(map(&[3, 2], as_input).as_deref(), Some("map"));
            assert_eq!(map(&[-1, -2], as_input).as_deref(), Some("map"));
            assert_eq!(map(&[1], as_input), None, "a mean over the tokens of a transformer");
        }
    }
}
