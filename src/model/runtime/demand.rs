//! What a network needs to run: memory and time, from its shapes alone. Under the sanitizer of a fuzzer, less is allowed.

use tract_onnx::tract_core::ops::cnn::{MaxPool, PoolSpec, SumPool};
use tract_onnx::tract_hir::internal::*;

use super::shapes::{MAX_VALUE_BYTES, too_large};
use crate::error::{Error, ErrorKind};

/// Maximum size of all values that exist at one time, weights excepted, in bytes. Vision transformers at 518 pixels need about 250 MB.
const MAX_LIVE_BYTES: i64 = if cfg!(fuzzing) { 64 << 20 } else { 384 << 20 };
/// Maximum number of multiplications for one picture. The largest classifiers that run in a browser at all need 2 · 10^11.
const MAX_MULTIPLICATIONS: i64 = if cfg!(fuzzing) { 1 << 27 } else { 1 << 38 };
/// Maximum number of values that all nodes compute for one picture.
const MAX_VALUES: i64 = if cfg!(fuzzing) { 1 << 25 } else { 1 << 32 };

/// Checks what a typed network needs, before it is optimised and again after that. Values whose shape depends on the picture count as
/// nothing.
///
/// # Errors
/// [`ErrorKind::ModelInvalid`].
pub fn check(model: &TypedModel) -> TractResult<()> {
    let order = model.eval_order()?;
    let mut last_use = vec![usize::MAX; model.nodes().len()];
    for (step, &id) in order.iter().enumerate() {
        last_use[id] = step;
        for input in &model.node(id).inputs {
            last_use[input.node] = step;
        }
    }
    for output in model.output_outlets()? {
        last_use[output.node] = usize::MAX;
    }
    let (mut live, mut values, mut multiplications) = (0_i64, 0_i64, 0_i64);
    for (step, &id) in order.iter().enumerate() {
        let node = model.node(id);
        if is_constant(node) {
            continue;
        }
        let mut size = 0_i64;
        for output in &node.outputs {
            let of_output = bytes(&node.name, &output.fact)?;
            size += of_output;
            values = values.saturating_add(of_output / output.fact.datum_type.size_of().max(1) as i64);
        }
        live += size;
        if live > MAX_LIVE_BYTES {
            return Err(too_much(
                &format!("{} MB of memory at once", live >> 20),
                &format!("{} MB", MAX_LIVE_BYTES >> 20),
            ));
        }
        multiplications = multiplications.saturating_add(cost(model, node)?);
        if multiplications > MAX_MULTIPLICATIONS {
            let billions = |n: i64| format!("{} billion multiplications", n / 1_000_000_000);
            return Err(too_much(&billions(multiplications), &billions(MAX_MULTIPLICATIONS)));
        }
        if values > MAX_VALUES {
            let millions = |n: i64| format!("{} million values", n / 1_000_000);
            return Err(too_much(&millions(values), &millions(MAX_VALUES)));
        }
        let mut freed: TVec<usize> = node.inputs.iter().map(|input| input.node).chain([id]).collect();
        freed.sort_unstable();
        freed.dedup();
        for id in freed.into_iter().filter(|&id| last_use[id] == step && !is_constant(model.node(id))) {
            live -= model.node(id).outputs.iter().map(|output| size_of(&output.fact)).sum::<i64>();
        }
    }
    Ok(())
}

fn is_constant(node: &TypedNode) -> bool {
    node.outputs.iter().all(|output| output.fact.konst.is_some())
}

fn bytes(name: &str, fact: &TypedFact) -> TractResult<i64> {
    let size = size_of(fact);
    if (0..=MAX_VALUE_BYTES).contains(&size) {
        return Ok(size);
    }
    Err(too_large(name, &fact.shape.iter().map(TDim::to_string).collect::<Vec<_>>()))
}

/// Bytes of a value, with those of what tract keeps beside it; 0 if they depend on the picture.
fn size_of(fact: &TypedFact) -> i64 {
    let beside = fact.exotic_fact().map_or(0, |exotic| {
        exotic.buffer_sizes().iter().filter_map(|size| size.to_i64().ok()).fold(0, i64::saturating_add)
    });
    let mut dims = fact.shape.iter().map(|dim| dim.to_i64().ok());
    let volume = dims.try_fold(fact.datum_type.size_of().max(1) as i64, |product, dim| {
        let dim = dim?;
        Some(product.checked_mul(dim).filter(|_| dim >= 0).unwrap_or(i64::MAX))
    });
    volume.unwrap_or(0).saturating_add(beside)
}

/// Multiplications of a node, or whatever it does as often.
fn cost(model: &TypedModel, node: &TypedNode) -> TractResult<i64> {
    let window = |spec: &PoolSpec| spec.kernel_shape.iter().fold(1_i64, |area, &side| area.saturating_mul(side as i64));
    let pool = node
        .op_as::<MaxPool>()
        .map(|op| window(&op.pool_spec))
        .or(node.op_as::<SumPool>().map(|op| window(&op.pool_spec)));
    if let Some(area) = pool {
        let n_values = node.outputs[0].fact.shape.volume().to_i64().unwrap_or(0);
        return Ok(n_values.saturating_mul(area));
    }
    let costs = node.op.cost(&model.node_input_facts(node.id)?)?;
    let counted = costs.iter().filter(|(cost, _)| matches!(cost, Cost::FMA(_) | Cost::Div(_)));
    Ok(counted.map(|(_, n)| n.to_i64().unwrap_or(0)).fold(0, i64::saturating_add))
}

fn too_much(found: &str, most: &str) -> TractError {
    let detail = format!(
        "This network needs {found} for one picture; the most is {most}. Use a smaller network, or a smaller input."
    );
    Error::new(ErrorKind::ModelInvalid, detail).into()
}
