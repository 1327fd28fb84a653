//! What an ONNX file says of itself besides its graph: who wrote it, its metadata, and lists of names among its constants.

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{ModelProto, NodeProto, TensorProto};

/// Maximum number of entries of metadata that are read, and of bytes in each: a list of 65,535 names has about 2 MB.
const MAX_ENTRIES: usize = 200;
const MAX_BYTES: usize = 8 << 20;

/// What a file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// The program that wrote the file, as it calls itself: "pytorch", "tf2onnx".
    pub producer: String,
    /// Keys and values of the metadata.
    pub metadata: Vec<(String, String)>,
    /// Names of classes that stand in the graph, in class order.
    pub class_names: Option<Vec<String>>,
}

/// The facts of a file that has a graph.
pub fn facts(proto: &ModelProto) -> FileFacts {
    let entries = proto.metadata_props.iter().filter(|entry| entry.value.len() <= MAX_BYTES).take(MAX_ENTRIES);
    let nodes = proto.graph.iter().flat_map(|graph| &graph.node);
    let constants = proto.graph.iter().flat_map(|graph| &graph.initializer);
    FileFacts {
        producer: proto.producer_name.clone(),
        metadata: entries.map(|entry| (entry.key.clone(), entry.value.clone())).collect(),
        class_names: nodes.filter(|node| is_zip_map(node)).find_map(zipped_names).or_else(|| {
            let is_named_so = |tensor: &&TensorProto| {
                ["labels", "classes"].iter().any(|word| tensor.name.to_lowercase().ends_with(word))
            };
            constants.filter(is_named_so).find_map(texts)
        }),
    }
}

/// Whether a node gives each score its class's name: what comes in are the scores.
fn is_zip_map(node: &NodeProto) -> bool {
    node.op_type == "ZipMap"
}

fn zipped_names(node: &NodeProto) -> Option<Vec<String>> {
    let names = node.attribute.iter().find(|attribute| attribute.name == "classlabels_strings")?;
    all_text(&names.strings)
}

fn texts(tensor: &TensorProto) -> Option<Vec<String>> {
    (tensor.data_type == DataType::String as i32).then(|| all_text(&tensor.string_data)).flatten()
}

fn all_text(names: &[Vec<u8>]) -> Option<Vec<String>> {
    let names: Option<Vec<String>> = names.iter().map(|name| String::from_utf8(name.clone()).ok()).collect();
    names.filter(|names| !names.is_empty() && names.len() <= usize::from(u16::MAX))
}
