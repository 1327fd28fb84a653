//! Writes the functions that an ONNX file defines out where they are called.

use std::collections::HashMap;

use prost::Message;
use tract_onnx::pb::{AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto};

use super::default_opset;
use crate::error::{Error, ErrorKind, Result};

/// Maximum number of nodes of the network when all functions are written out, calls of functions included; what is left is counted again by
/// the census.
const MAX_NODES: usize = 40_000;
/// Maximum bytes of all functions that are written out, as stored, with [`CALL_BYTES`] for each call.
const MAX_BYTES: usize = 1 << 28;
const CALL_BYTES: usize = 256;
/// Maximum number of functions that call each other in a row.
const MAX_CALLS: usize = 16;
/// Maximum nesting of graphs in graphs.
const MAX_DEPTH: usize = 8;

/// Domain and name → the function, and its bytes.
type Functions<'a> = HashMap<(&'a str, &'a str), (&'a FunctionProto, usize)>;

pub fn write_out_functions(model: &mut ModelProto) -> Result<()> {
    if model.functions.is_empty() {
        return Ok(());
    }
    let defined = std::mem::take(&mut model.functions);
    let opset = default_opset(model);
    let functions: Functions = (defined.iter())
        .map(|function| ((function.domain(), function.name()), (function, function.encoded_len())))
        .collect();
    let Some(graph) = &mut model.graph else { return Ok(()) };
    let mut writer = Writer { functions, opset, n_nodes: 0, n_calls: 0, n_bytes: 0 };
    writer.write_graph(graph, MAX_CALLS, MAX_DEPTH)
}

struct Writer<'a> {
    functions: Functions<'a>,
    /// The operator set of the file, which the functions must share.
    opset: i64,
    n_nodes: usize,
    n_calls: usize,
    n_bytes: usize,
}

impl Writer<'_> {
    fn write_graph(&mut self, graph: &mut GraphProto, calls: usize, depth: usize) -> Result<()> {
        let nodes = std::mem::take(&mut graph.node);
        for node in nodes {
            self.write_node(node, &mut graph.node, calls, depth)?;
        }
        Ok(())
    }

    /// Appends `node`, or the nodes of the function that it calls.
    fn write_node(&mut self, mut node: NodeProto, out: &mut Vec<NodeProto>, calls: usize, depth: usize) -> Result<()> {
        let name = (node.domain.clone(), node.op_type.clone());
        self.n_nodes += 1;
        if self.n_nodes > MAX_NODES {
            return refuse("too large", &name.1);
        }
        let Some(&(function, n_bytes)) = self.functions.get(&(name.0.as_str(), name.1.as_str())) else {
            if let Some(depth) = depth.checked_sub(1) {
                for inner in inner_graphs(&mut node) {
                    self.write_graph(inner, calls, depth)?;
                }
            }
            out.push(node);
            return Ok(());
        };
        let Some(calls) = calls.checked_sub(1) else { return refuse("nested too deep", &name.1) };
        let version = function.opset_import.iter().find(|import| import.domain.is_empty());
        if version.is_some_and(|import| import.version != self.opset) {
            return refuse("of another operator set", &name.1);
        }
        self.n_calls += 1;
        self.n_bytes += n_bytes + CALL_BYTES;
        if self.n_bytes > MAX_BYTES {
            return refuse("too large", &name.1);
        }
        let call = Call { function, node: &node, prefix: format!("{}.{}", name.1, self.n_calls) };
        let names = call.names();
        for inner in &function.node {
            match call.bound(inner, &names, depth) {
                Some(inner) => self.write_node(inner, out, calls, depth)?,
                None => return refuse("of attributes with defaults", &name.1),
            }
        }
        Ok(())
    }
}

fn refuse(why: &str, function: &str) -> Result<()> {
    let detail = format!(
        "This ONNX file defines functions that are {why}, such as {function}. Write them out in Python: onnx.save(onnx.inliner.inline_local_functions(onnx.load(\"model.onnx\")), \"one.onnx\")."
    );
    Err(Error::new(ErrorKind::ModelInvalid, detail))
}

fn inner_graphs(node: &mut NodeProto) -> impl Iterator<Item = &mut GraphProto> {
    node.attribute.iter_mut().flat_map(|attribute| attribute.g.iter_mut().chain(&mut attribute.graphs))
}

/// One call of a function.
struct Call<'a> {
    function: &'a FunctionProto,
    node: &'a NodeProto,
    prefix: String,
}

impl Call<'_> {
    /// The names outside of the values inside: those of the caller for inputs and outputs, new ones for the rest.
    fn names(&self) -> HashMap<String, String> {
        let inside = self.function.node.iter().flat_map(|node| &node.output).filter(|name| !name.is_empty());
        let mut names: HashMap<String, String> =
            inside.map(|name| (name.clone(), format!("{}/{name}", self.prefix))).collect();
        let outputs = self.function.output.iter().zip(&self.node.output).filter(|(_, outside)| !outside.is_empty());
        names.extend(outputs.map(|(inside, outside)| (inside.clone(), outside.clone())));
        let outside = self.node.input.iter().cloned().chain(std::iter::repeat(String::new()));
        names.extend(self.function.input.iter().cloned().zip(outside));
        names
    }

    /// A node of the function, with the names and attributes of the call. `None` if it needs the default of an attribute, which the engine
    /// does not read.
    fn bound(&self, inner: &NodeProto, names: &HashMap<String, String>, depth: usize) -> Option<NodeProto> {
        let mut inner = inner.clone();
        self.bind(&mut inner, names, depth)?;
        Some(inner)
    }

    fn bind(&self, inner: &mut NodeProto, names: &HashMap<String, String>, depth: usize) -> Option<()> {
        inner.input.iter_mut().chain(&mut inner.output).for_each(|name| rename(name, names));
        for mut attribute in std::mem::take(&mut inner.attribute) {
            let reference = &attribute.ref_attr_name;
            if reference.is_empty() {
                inner.attribute.push(attribute);
            } else if let Some(given) = self.node.attribute.iter().find(|given| given.name == *reference) {
                let name = std::mem::take(&mut attribute.name);
                inner.attribute.push(AttributeProto { name, ..given.clone() });
            } else if !self.function.attribute.contains(reference) {
                return None;
            }
        }
        let Some(depth) = depth.checked_sub(1) else { return Some(()) };
        for graph in inner_graphs(inner) {
            graph.node.iter_mut().try_for_each(|node| self.bind(node, names, depth))?;
            graph.output.iter_mut().for_each(|output| rename(&mut output.name, names));
        }
        Some(())
    }
}

fn rename(name: &mut String, names: &HashMap<String, String>) {
    if let Some(outside) = names.get(name) {
        name.clone_from(outside);
    }
}
