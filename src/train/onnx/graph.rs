//! The graph of a network: what gives one of its values stays, and more can be put behind it.

use std::collections::{HashMap, HashSet};

use super::unsupported;
use super::wire::{Field, Message, fields};
use crate::error::Result;

/// Fields of `GraphProto`.
mod field {
    pub const NODE: u32 = 1;
    pub const INITIALIZER: u32 = 5;
    pub const INPUT: u32 = 11;
    pub const OUTPUT: u32 = 12;
    pub const VALUE_INFO: u32 = 13;
}

/// `TensorProto.DataType`.
const FLOAT: u64 = 1;
const UINT8: u64 = 2;
const INT64: u64 = 7;

/// `GraphProto`, taken apart.
pub struct Graph<'a> {
    /// Everything but nodes, constants and outputs.
    rest: Vec<Field<'a>>,
    nodes: Vec<Node<'a>>,
    constants: Vec<Field<'a>>,
    outputs: Vec<Field<'a>>,
    added: Message,
}

struct Node<'a> {
    field: Field<'a>,
    inputs: Vec<&'a str>,
    outputs: Vec<&'a str>,
    /// It has graphs within, which may read values without naming them as inputs.
    has_graph: bool,
}

impl<'a> Graph<'a> {
    /// # Errors
    /// [`ErrorKind::ModelInvalid`](crate::error::ErrorKind) if it is damaged.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut graph = Self {
            rest: Vec::new(),
            nodes: Vec::new(),
            constants: Vec::new(),
            outputs: Vec::new(),
            added: Message::default(),
        };
        for field in fields(bytes)? {
            match (field.number, field.payload) {
                (field::NODE, Some(bytes)) => graph.nodes.push(Node::read(field, bytes)?),
                (field::INITIALIZER, Some(_)) => graph.constants.push(field),
                (field::OUTPUT, Some(_)) => graph.outputs.push(field),
                // Says of values between the layers what every runtime finds out.
                (field::VALUE_INFO, _) => {}
                _ => graph.rest.push(field),
            }
        }
        Ok(graph)
    }

    /// Leaves out every node and constant that `value` does not need, and all outputs.
    ///
    /// # Errors
    /// [`ErrorKind::ModelUnsupported`](crate::error::ErrorKind) if no node gives it as float32.
    pub fn keep_what_gives(&mut self, value: &str) -> Result<()> {
        let by_output: HashMap<&str, usize> = self
            .nodes
            .iter()
            .enumerate()
            .flat_map(|(at, node)| node.outputs.iter().map(move |name| (*name, at)))
            .collect();
        if !by_output.contains_key(value) {
            return Err(unsupported("does not give the embedding that its card names"));
        }
        for output in &self.outputs {
            if name_of(output, 1)? == Some(value) && element_type(output)? != Some(FLOAT) {
                return Err(unsupported("gives an embedding that isn't in float32"));
            }
        }
        let mut needed = HashSet::from([value.to_owned()]);
        let mut is_kept = vec![self.nodes.iter().any(|node| node.has_graph); self.nodes.len()];
        let mut waiting = vec![value];
        while let Some(name) = waiting.pop() {
            // Names of constants and of the network's input lead nowhere.
            let Some(&at) = by_output.get(name) else { continue };
            is_kept[at] = true;
            waiting.extend(self.nodes[at].inputs.iter().filter(|name| needed.insert((**name).to_owned())));
        }
        let mut kept = is_kept.iter();
        let all_stay = is_kept.iter().all(|kept| *kept);
        self.nodes.retain(|_| *kept.next().unwrap_or(&true));
        if !all_stay {
            let mut dropped = HashSet::new();
            let mut constants = Vec::new();
            for constant in &self.constants {
                match name_of(constant, 8)?.filter(|name| !needed.contains(*name)) {
                    Some(name) => {
                        dropped.insert(name);
                    }
                    None => constants.push(*constant),
                }
            }
            self.constants = constants;
            self.leave_out_inputs(&dropped)?;
        }
        self.outputs.clear();
        Ok(())
    }

    /// Up to version 3 of the format constants are inputs, too. Without its constant such a one would have to be fed.
    fn leave_out_inputs(&mut self, dropped: &HashSet<&str>) -> Result<()> {
        let mut rest = Vec::new();
        for field in &self.rest {
            let is_dropped =
                field.number == field::INPUT && name_of(field, 1)?.is_some_and(|name| dropped.contains(name));
            if !is_dropped {
                rest.push(*field);
            }
        }
        self.rest = rest;
        Ok(())
    }

    pub fn node(&mut self, node: &Message) {
        self.added.message(field::NODE, node);
    }

    pub fn constant(&mut self, tensor: &Message) {
        self.added.message(field::INITIALIZER, tensor);
    }

    pub fn output(&mut self, value: &Message) {
        self.added.message(field::OUTPUT, value);
    }

    pub fn written(self) -> Message {
        let mut graph = Message::default();
        let nodes = self.nodes.iter().map(|node| &node.field);
        for field in nodes.chain(&self.rest).chain(&self.constants).chain(&self.outputs) {
            graph.raw(field.raw);
        }
        graph.raw(&self.added.bytes());
        graph
    }
}

impl<'a> Node<'a> {
    fn read(field: Field<'a>, bytes: &'a [u8]) -> Result<Self> {
        let mut node = Self { field, inputs: Vec::new(), outputs: Vec::new(), has_graph: false };
        for part in fields(bytes)? {
            match part.number {
                1 => node.inputs.extend(part.text()),
                2 => node.outputs.extend(part.text()),
                5 => {
                    let attribute = fields(part.payload.unwrap_or_default())?;
                    node.has_graph |= attribute.iter().any(|one| matches!(one.number, 6 | 11));
                }
                _ => {}
            }
        }
        Ok(node)
    }
}

/// The name of a value or a constant, which is in the field `number`.
fn name_of<'a>(field: &Field<'a>, number: u32) -> Result<Option<&'a str>> {
    let parts = fields(field.payload.unwrap_or_default())?;
    Ok(parts.iter().find(|part| part.number == number).and_then(Field::text))
}

/// Of a `ValueInfoProto` with a tensor.
fn element_type(field: &Field) -> Result<Option<u64>> {
    let mut message = field.payload.unwrap_or_default();
    // type, tensor_type, elem_type
    for number in [2, 1] {
        message = fields(message)?
            .iter()
            .find(|part| part.number == number)
            .and_then(|part| part.payload)
            .unwrap_or_default();
    }
    Ok(fields(message)?.iter().find(|part| part.number == 1).and_then(|part| part.varint))
}

/// `NodeProto` of a standard operator without attributes.
pub fn node(operator: &str, inputs: &[impl AsRef<str>], output: &str) -> Message {
    let mut node = Message::default();
    for input in inputs {
        node.text(1, input.as_ref());
    }
    node.text(2, output);
    node.text(3, &format!("{operator} to {output}"));
    node.text(4, operator);
    node
}

/// `NodeProto` that makes float32 of other numbers.
pub fn cast_to_float(input: &str, output: &str) -> Message {
    let mut attribute = Message::default();
    attribute.text(1, "to");
    attribute.number(3, FLOAT);
    // AttributeProto.INT
    attribute.number(20, 2);
    let mut node = node("Cast", &[input], output);
    node.message(5, &attribute);
    node
}

/// `ValueInfoProto` of a vector for each picture.
pub fn vector_output(name: &str, length: usize) -> Message {
    let [mut per_picture, mut values, mut shape, mut tensor, mut kind, mut value] =
        std::array::from_fn(|_| Message::default());
    per_picture.text(2, "batch");
    values.number(1, length as u64);
    shape.message(1, &per_picture);
    shape.message(1, &values);
    tensor.number(1, FLOAT);
    tensor.message(2, &shape);
    kind.message(1, &tensor);
    value.text(1, name);
    value.message(2, &kind);
    value
}

/// `TensorProto`.
pub mod tensor {
    use super::{FLOAT, INT64, Message, UINT8};

    pub fn floats(name: &str, shape: &[usize], values: &[f32]) -> Message {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        tensor(name, shape, FLOAT, &bytes)
    }

    pub fn whole_numbers(name: &str, values: &[i64]) -> Message {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        tensor(name, &[values.len()], INT64, &bytes)
    }

    pub fn bytes(name: &str, shape: &[usize], values: &[u8]) -> Message {
        tensor(name, shape, UINT8, values)
    }

    fn tensor(name: &str, shape: &[usize], kind: u64, bytes: &[u8]) -> Message {
        let mut tensor = Message::default();
        for side in shape {
            tensor.number(1, *side as u64);
        }
        tensor.number(2, kind);
        tensor.text(8, name);
        tensor.payload(9, bytes);
        tensor
    }
}
