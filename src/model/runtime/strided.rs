//! Takes every n-th index of an axis by `Gather`.
//!
//! tract 0.23.9 has an operator for that, `Downsample`, and moves it up through the network: into a convolution it loses its offset, so that
//! `conv(x)[:, :, 1::2, 1::2]` gives the values of `[::2, ::2]`; over a reshape it fails ("Invalid axis"). It is not moved where it is none.

use tract_onnx::prelude::*;
use tract_onnx::tract_core::ops::Downsample;
use tract_onnx::tract_core::ops::array::{Gather, StridedSlice};

pub fn gather_instead(model: &mut TypedModel) -> TractResult<()> {
    expand_slices(model)?;
    let ids: Vec<usize> = model.nodes().iter().filter(|node| node.op_is::<Downsample>()).map(|node| node.id).collect();
    for id in ids {
        let node = model.node(id);
        let Some(&Downsample { axis, stride, modulo }) = node.op_as::<Downsample>() else { continue };
        let Some(side) = model.outlet_fact(node.inputs[0])?.shape.as_concrete().map(|shape| shape[axis]) else {
            continue;
        };
        let step = stride.unsigned_abs().max(1);
        let mut indices: Vec<i64> = (modulo..side).step_by(step).map(|index| index as i64).collect();
        if stride < 0 {
            indices = (0..side).rev().step_by(step).map(|index| index as i64).collect();
        }
        let mut patch = TypedModelPatch::default();
        let input = patch.tap_model(model, node.inputs[0])?;
        let indices = patch.add_const(format!("{}.indices", node.name), tensor1(&indices))?;
        let output = patch.wire_node(&node.name, Gather::new(axis), &[input, indices])?[0];
        patch.shunt_outside(model, OutletId::new(id, 0), output)?;
        patch.apply(model)?;
    }
    Ok(())
}

/// Writes every slice with steps as tract does when it declutters, which is where `Downsample` comes from.
fn expand_slices(model: &mut TypedModel) -> TractResult<()> {
    let ids: Vec<usize> =
        model.nodes().iter().filter(|node| node.op_is::<StridedSlice>()).map(|node| node.id).collect();
    for id in ids {
        let node = model.node(id);
        if let Some(patch) = node.op.declutter(model, node)? {
            patch.apply(model)?;
        }
    }
    Ok(())
}
