//! Rewrites the graph of an ONNX file into one that tract reads and computes right. One pass a file; each leaves alone what it does not
//! know, takes time linear in the file, and keeps names of values that it does not replace.

mod build;
mod constants;
mod dequantize;
mod dynamic;
mod functions;
mod fused;
mod input;
mod normalise;
mod pad;
mod prune;
mod qoperators;
mod sixteen_bits;
mod stated;
mod widen;

use tract_onnx::pb::ModelProto;

use crate::error::Result;

pub use dequantize::fold_constant_weights;

type Pass = fn(&mut ModelProto) -> Result<()>;

/// In this order, for loading and for inspecting alike.
const PASSES: &[Pass] = &[
    functions::write_out_functions,
    stated::forget_shapes,
    stated::forget_node_names,
    stated::unlist_stored_inputs,
    prune::unzip_maps,
    prune::prune,
    widen::floats_to_float32,
    constants::store_constants,
    input::add_batch_axis,
    input::convert_whole_numbers,
    fused::write_out_fused_operators,
    dynamic::float_activations,
    qoperators::write_out_integer_operators,
    sixteen_bits::keep_as_floats,
    normalise::correct_operators,
    pad::split_negative_pads,
];

/// Runs all passes.
pub fn rewrite(model: &mut ModelProto) -> Result<()> {
    PASSES.iter().try_for_each(|pass| pass(model))
}

/// The version of ONNX's own operators; 0 if the file states none.
fn default_opset(model: &ModelProto) -> i64 {
    let imports = model.opset_import.iter();
    imports.filter(|import| ["", "ai.onnx"].contains(&&*import.domain)).map(|import| import.version).next().unwrap_or(0)
}
