//! Takes code out of the engine that no network reaches. tract links all of its operators and formats, because it looks them up by name at
//! run time; `src/model/runtime.rs` refuses the operators that need this code.

use std::collections::HashSet;

use walrus::ir::{Call, Visitor, dfs_in_order};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

use crate::process::Outcome;

/// Crates, and modules of crates: Fourier transforms are sound's, NNEF is another format of networks.
const UNREACHED: [&str; 4] = ["rustfft::", "tract_nnef::", "tract_core::ops::fft::", "tract_onnx::ops::fft::"];
/// Functions of fewer instructions stay: the compiler may have merged them with others alike.
const LEAST_INSTRUCTIONS: u64 = 60;
/// Instructions: what is taken out at least, of the engine for development too (91,541). With fewer, tract has other names for it.
const LEAST_TAKEN: u64 = 80_000;

/// Replaces the functions' bodies by a trap, except of those that other code calls by name.
/// # Errors
/// A sentence if hardly anything was found.
pub fn take_out(module: &mut Module) -> Outcome {
    let taken = trap_instead(module);
    walrus::passes::gc::run(module);
    if taken < LEAST_TAKEN {
        return Err(format!(
            "only {taken} instructions were found that no network reaches: see xtask/src/unreached.rs."
        ));
    }
    Ok(())
}

/// Returns the number of instructions that are gone.
fn trap_instead(module: &mut Module) -> u64 {
    let mut unreached = candidates(module);
    // A function that stays may call others, which then stay as well.
    while let Some(called) = called_from_outside(module, &unreached) {
        unreached.retain(|id| !called.contains(id));
    }
    let mut taken = 0;
    for id in unreached {
        let function = module.funcs.get(id).kind.unwrap_local();
        taken += function.size();
        let r#type = module.types.get(function.ty());
        let (params, results) = (r#type.params().to_vec(), r#type.results().to_vec());
        let args = params.iter().map(|&param| module.locals.add(param)).collect();
        let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
        builder.func_body().unreachable();
        let body = builder.local_func(args);
        module.funcs.get_mut(id).kind = FunctionKind::Local(body);
    }
    taken
}

fn candidates(module: &Module) -> HashSet<FunctionId> {
    let is_one = |name: &str| UNREACHED.iter().any(|part| name.contains(part));
    (module.funcs.iter_local())
        .filter(|(id, function)| {
            let name = module.funcs.get(*id).name.as_deref().unwrap_or_default();
            function.size() >= LEAST_INSTRUCTIONS && is_one(name)
        })
        .map(|(id, _)| id)
        .collect()
}

/// Those of `some` that a function calls which is none of them; `None` if there are none.
fn called_from_outside(module: &Module, some: &HashSet<FunctionId>) -> Option<HashSet<FunctionId>> {
    struct Calls<'a>(&'a HashSet<FunctionId>, HashSet<FunctionId>);
    impl<'instr> Visitor<'instr> for Calls<'_> {
        fn visit_call(&mut self, call: &Call) {
            if self.0.contains(&call.func) {
                self.1.insert(call.func);
            }
        }
    }
    let mut calls = Calls(some, HashSet::new());
    for (_, function) in module.funcs.iter_local().filter(|(id, _)| !some.contains(id)) {
        dfs_in_order(&mut calls, function, function.entry_block());
    }
    (!calls.1.is_empty()).then_some(calls.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_fourier_transforms_call_is_taken_out_and_what_others_call_stays() {
        let long = "(drop (i32.add (i32.const 1) (i32.const 2)))".repeat(30);
        let text = format!(
            "(module
                (func $rustfft::radix (param i32) (result i32) {long} (call $rustfft::helper) (local.get 0))
                (func $rustfft::helper {long})
                (func $tract_nnef::shared {long})
                (func $rustfft::short (drop (i32.const 1)))
                (func $tagsmith::run (export \"run\") {long} (call $tract_nnef::shared))
                (table funcref (elem $rustfft::radix $rustfft::helper $rustfft::short)))"
        );
        let mut module = Module::from_buffer(&wat::parse_str(text).unwrap()).unwrap();
        let taken = trap_instead(&mut module);
        assert!(taken > 200, "{taken}");
        let size = |name: &str| {
            let (id, _) =
                module.funcs.iter_local().find(|(id, _)| module.funcs.get(*id).name.as_deref() == Some(name)).unwrap();
            module.funcs.get(id).kind.unwrap_local().size()
        };
        assert_eq!((size("rustfft::radix"), size("rustfft::helper")), (1, 1));
        assert!(size("tract_nnef::shared") > 60 && size("tagsmith::run") > 60);
        assert_eq!(size("rustfft::short"), 2);
        assert!(take_out(&mut module).is_err(), "hardly anything is left to find");
    }
}
