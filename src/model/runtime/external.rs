//! External data: weights that an ONNX file keeps in files beside it, as PyTorch writes them ("model.onnx" with "model.onnx.data").

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use prost::Message;
use tract_onnx::pb::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto};

use super::tensor::bits_per_value;
use super::{is_external, read};
use crate::error::{Error, ErrorKind, Result};

/// Maximum number of files. Exporters write one, or one a weight.
const MAX_FILES: usize = 4096;
/// Maximum bytes of all weights together; no ONNX file can hold more than 2 GiB.
pub const MAX_BYTES: usize = 1 << 30;
/// Weights may share bytes (tied weights), but all of them take at most so many times the bytes of the files.
const MAX_SHARING: usize = 2;
/// Maximum nesting of graphs in graphs that is searched.
const MAX_DEPTH: usize = 8;

/// The names of the files beside the ONNX file that hold its weights, each once, in alphabetical order; none for a file that holds them
/// itself.
///
/// # Errors
/// [`ErrorKind::ModelInvalid`] for bytes that are not an ONNX file, and for a name that is not that of a file in the same folder.
pub fn external_files(model: &[u8]) -> Result<Vec<String>> {
    let mut proto = read(model)?;
    let mut files = BTreeMap::new();
    for_each_external(&mut proto, &mut |tensor| {
        files.insert(location(tensor)?.to_owned(), ());
        match files.len() {
            0..=MAX_FILES => Ok(()),
            _ => refuse(&format!("This ONNX file keeps its weights in more than {MAX_FILES} other files.")),
        }
    })?;
    Ok(files.into_keys().collect())
}

/// The ONNX file with the weights of its [`external_files`] inside; unchanged if there are none. `read` gives the content of a file by its
/// name.
///
/// # Errors
/// [`ErrorKind::ModelWeightsMissing`] if `read` fails, with the name of the file, and [`ErrorKind::ModelInvalid`] if a file does not hold
/// what the network expects there.
pub fn with_external_data(model: &[u8], read_file: &dyn Fn(&str) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let names = external_files(model)?;
    if names.is_empty() {
        return Ok(model.to_vec());
    }
    let mut proto = read(model)?;
    let (mut files, mut n_file_bytes, mut n_bytes) = (BTreeMap::<String, Vec<u8>>::new(), 0usize, 0usize);
    for_each_external(&mut proto, &mut |tensor| {
        let name = location(tensor)?.to_owned();
        let file = match files.entry(name) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let file = read_file(entry.key()).map_err(|error| missing(entry.key(), error))?;
                n_file_bytes += file.len();
                entry.insert(file)
            }
        };
        let bytes = part(tensor, file)?.to_vec();
        n_bytes += bytes.len();
        if n_bytes > MAX_BYTES || n_bytes > n_file_bytes.saturating_mul(MAX_SHARING) {
            return refuse("The weights of this network take more than the files beside it hold.");
        }
        tensor.raw_data = bytes;
        tensor.external_data.clear();
        tensor.data_location = None;
        Ok(())
    })?;
    drop(files);
    Ok(proto.encode_to_vec())
}

/// The error for external data that is not there.
pub fn missing(name: &str, cause: Error) -> Error {
    let detail = format!(
        "This network keeps its weights in {name:?}, which is missing. Add that file too, or save both as one file in Python: onnx.save(onnx.load(\"model.onnx\"), \"one.onnx\")."
    );
    Error::new(ErrorKind::ModelWeightsMissing, detail).with_subject(name).with_source(cause)
}

fn refuse<T>(fact: &str) -> Result<T> {
    let remedy = "Save it as one file in Python: onnx.save(onnx.load(\"model.onnx\"), \"one.onnx\").";
    Err(Error::new(ErrorKind::ModelInvalid, format!("{fact} {remedy}")))
}

fn entry<'a>(tensor: &'a TensorProto, key: &str) -> Option<&'a str> {
    tensor.external_data.iter().find(|entry| entry.key == key).map(|entry| entry.value.as_str())
}

/// The name of the file that holds `tensor`.
pub fn location(tensor: &TensorProto) -> Result<&str> {
    let name = entry(tensor, "location").unwrap_or_default();
    let is_plain = !matches!(name, "" | "." | "..")
        && name.len() <= 255
        && !name.contains(|letter: char| matches!(letter, '/' | '\\' | ':') || letter.is_control());
    if is_plain {
        return Ok(name);
    }
    let shown: String = name.chars().take(80).collect();
    refuse(&format!("This ONNX file keeps weights in {shown:?}, which is no file beside it."))
}

/// The bytes of `tensor` in `file`, which must be as many as its shape needs.
fn part<'a>(tensor: &TensorProto, file: &'a [u8]) -> Result<&'a [u8]> {
    let number = |key: &str| match entry(tensor, key) {
        None => Some(None),
        Some(text) => text.trim().parse::<usize>().ok().map(Some),
    };
    let part = (|| {
        let offset = number("offset")?.unwrap_or(0);
        let rest = file.get(offset..)?;
        let part = number("length")?.map_or(Some(rest), |length| rest.get(..length))?;
        (stored_len(tensor)? == part.len()).then_some(part)
    })();
    part.map_or_else(
        || {
            let name = entry(tensor, "location").unwrap_or_default();
            refuse(&format!(
                "{name:?} does not hold the weights {:?} of this network: it is cut off, or belongs to another.",
                tensor.name
            ))
        },
        Ok,
    )
}

/// The number of bytes that a tensor of this shape and type takes.
fn stored_len(tensor: &TensorProto) -> Option<usize> {
    let bits = bits_per_value(tensor.data_type)?;
    let n_values =
        tensor.dims.iter().try_fold(1usize, |product, &dim| product.checked_mul(usize::try_from(dim).ok()?))?;
    Some(n_values.checked_mul(bits)?.div_ceil(8))
}

/// Calls `visit` for every tensor of the file that lies outside it.
fn for_each_external(proto: &mut ModelProto, visit: &mut dyn FnMut(&mut TensorProto) -> Result<()>) -> Result<()> {
    if let Some(graph) = &mut proto.graph {
        visit_graph(graph, visit, MAX_DEPTH)?;
    }
    for node in proto.functions.iter_mut().flat_map(|function| &mut function.node) {
        visit_node(node, visit, MAX_DEPTH)?;
    }
    Ok(())
}

fn visit_graph(
    graph: &mut GraphProto,
    visit: &mut dyn FnMut(&mut TensorProto) -> Result<()>,
    depth: usize,
) -> Result<()> {
    graph.initializer.iter_mut().filter(|tensor| is_external(tensor)).try_for_each(&mut *visit)?;
    graph.node.iter_mut().try_for_each(|node| visit_node(node, visit, depth))
}

fn visit_node(node: &mut NodeProto, visit: &mut dyn FnMut(&mut TensorProto) -> Result<()>, depth: usize) -> Result<()> {
    for AttributeProto { t, tensors, g, graphs, .. } in &mut node.attribute {
        t.iter_mut().chain(tensors).filter(|tensor| is_external(tensor)).try_for_each(&mut *visit)?;
        if let Some(depth) = depth.checked_sub(1) {
            g.iter_mut().chain(graphs).try_for_each(|graph| visit_graph(graph, visit, depth))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tract_onnx::pb::StringStringEntryProto;
    use tract_onnx::pb::tensor_proto::DataType;

    fn model(location: &str, offset: Option<&str>, length: Option<&str>) -> Vec<u8> {
        let entries = [("location", Some(location)), ("offset", offset), ("length", length)];
        let external_data = entries
            .into_iter()
            .filter_map(|(key, value)| Some(StringStringEntryProto { key: key.into(), value: value?.into() }))
            .collect();
        let tensor = TensorProto {
            name: "w".into(),
            dims: vec![2, 1],
            data_type: DataType::Float as i32,
            data_location: Some(1),
            external_data,
            ..Default::default()
        };
        let inner = GraphProto { initializer: vec![tensor.clone()], ..Default::default() };
        let branch = AttributeProto { name: "then_branch".into(), g: Some(inner), ..Default::default() };
        let node = NodeProto { op_type: "If".into(), attribute: vec![branch], ..Default::default() };
        let graph = GraphProto { node: vec![node], initializer: vec![tensor], ..Default::default() };
        ModelProto { ir_version: 8, graph: Some(graph), ..Default::default() }.encode_to_vec()
    }

    #[test]
    fn weights_beside_the_file_are_put_inside_also_those_of_a_branch() {
        let bytes = model("m.data", Some("4"), Some("8"));
        assert_eq!(external_files(&bytes).unwrap(), ["m.data"]);
        let merged = with_external_data(&bytes, &|name| {
            assert_eq!(name, "m.data");
            Ok((0..16).collect())
        })
        .unwrap();
        assert!(external_files(&merged).unwrap().is_empty());
        let graph = read(&merged).unwrap().graph.unwrap();
        let inner = graph.node[0].attribute[0].g.as_ref().unwrap();
        for tensor in [&graph.initializer[0], &inner.initializer[0]] {
            assert_eq!(tensor.raw_data, [4, 5, 6, 7, 8, 9, 10, 11]);
        }
        let again = with_external_data(&merged, &|_| panic!("nothing lies outside")).unwrap();
        assert_eq!(again, merged);
    }

    #[test]
    fn only_plain_names_and_fitting_bytes_are_taken() {
        for name in ["", ".", "..", "../m.data", "/etc/passwd", "a/b", "a\\b", "C:m", "*/_ORT_MEM_ADDR_/*", "a\n"] {
            let error = external_files(&model(name, None, None)).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::ModelInvalid, "{name}");
        }
        for (offset, length, n_bytes) in [
            (Some("0"), Some("4"), 16),
            (Some("12"), Some("8"), 16),
            (Some("17"), None, 16),
            (Some("-1"), Some("8"), 16),
            (Some("18446744073709551615"), Some("8"), 16),
            (None, None, 12),
            (Some("x"), None, 8),
        ] {
            let error = with_external_data(&model("m.data", offset, length), &|_| Ok(vec![0; n_bytes]))
                .expect_err("not what the network expects");
            assert_eq!(error.kind(), ErrorKind::ModelInvalid, "{error}");
            assert!(error.detail().contains("m.data"), "{error}");
        }
    }

    #[test]
    fn a_missing_file_is_named_with_the_way_to_save_one() {
        let absent = |_: &str| Err(Error::new(ErrorKind::FileUnreadable, "not there"));
        let error = with_external_data(&model("m.onnx.data", None, None), &absent).expect_err("missing");
        assert_eq!((error.kind(), error.subject()), (ErrorKind::ModelWeightsMissing, Some("m.onnx.data")));
        assert!(error.detail().contains("onnx.save("), "{error}");
    }
}
