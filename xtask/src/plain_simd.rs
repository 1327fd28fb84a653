//! Derives the engine for browsers without relaxed SIMD from the one that was compiled with it.
//!
//! A relaxed operator has several permitted results; each is replaced by plain operators that give one of them on every processor. A
//! kernel that differs by more than single operators is a pair of functions, exported as `NAME:relaxed` and `NAME:plain`: callers use the
//! first, and [`derive()`] replaces it by the second.

use crate::process::Outcome;
use std::collections::BTreeMap;
use walrus::ir::{
    BinaryOp, Binop, I8x16Shuffle, I8x16Swizzle, Instr, InstrLocId, InstrSeqId, LocalGet, LocalSet, LocalTee, TernOp,
    TernaryOp, UnaryOp, Unop, V128Bitselect, VisitorMut, dfs_pre_order_mut,
};
use walrus::{ElementItems, ExportItem, FunctionId, LocalFunction, LocalId, Module, ValType};

/// Suffixes of the exported names of a pair of kernels.
const RELAXED: &str = ":relaxed";
const PLAIN: &str = ":plain";

/// Replaces all relaxed SIMD in the module.
/// # Errors
/// A sentence that names a relaxed operator without a rule, or a kernel without its counterpart.
pub fn derive(module: &mut Module) -> Outcome {
    let pairs = pairs(module)?;
    redirect(module, &pairs);
    remove_exports(module, &pairs);
    walrus::passes::gc::run(module);
    let Module { funcs, locals, .. } = module;
    for (id, function) in funcs.iter_local_mut() {
        let mut spare = Spare { locals, taken: Vec::new() };
        for seq in sequences(function) {
            replace_operators(&mut function.block_mut(seq).instrs, &mut spare)
                .map_err(|operator| format!("{operator} has no plain form in xtask/src/plain_simd.rs ({id:?})."))?;
        }
    }
    Ok(())
}

/// Removes the plain kernel of every pair.
pub fn keep_relaxed(module: &mut Module) -> Outcome {
    let pairs = pairs(module)?;
    remove_exports(module, &pairs);
    walrus::passes::gc::run(module);
    Ok(())
}

/// The relaxed kernels, and the replacement of each.
fn pairs(module: &Module) -> Outcome<BTreeMap<FunctionId, FunctionId>> {
    let exported = |name: &str| module.exports.get_func(name).ok();
    let mut pairs = BTreeMap::new();
    for export in module.exports.iter() {
        let (end, other_end) = match &export.name {
            name if name.ends_with(RELAXED) => (RELAXED, PLAIN),
            name if name.ends_with(PLAIN) => (PLAIN, RELAXED),
            _ => continue,
        };
        let name = export.name.trim_end_matches(end);
        let other = format!("{name}{other_end}");
        let (Some(one), Some(other_id)) = (exported(&export.name), exported(&other)) else {
            return Err(format!("The kernel {} has no {other} beside it.", export.name));
        };
        if module.funcs.get(one).ty() != module.funcs.get(other_id).ty() {
            return Err(format!("The kernels {} and {other} differ in their parameters or results.", export.name));
        }
        if end == RELAXED {
            pairs.insert(one, other_id);
        }
    }
    Ok(pairs)
}

/// Redirects calls, references and tables from the keys of `to` to its values.
fn redirect(module: &mut Module, to: &BTreeMap<FunctionId, FunctionId>) {
    struct Redirect<'a>(&'a BTreeMap<FunctionId, FunctionId>);
    impl VisitorMut for Redirect<'_> {
        fn visit_function_id_mut(&mut self, function: &mut FunctionId) {
            *function = self.0.get(function).copied().unwrap_or(*function);
        }
    }
    for (_, function) in module.funcs.iter_local_mut() {
        let entry = function.entry_block();
        dfs_pre_order_mut(&mut Redirect(to), function, entry);
    }
    for element in module.elements.iter_mut() {
        if let ElementItems::Functions(functions) = &mut element.items {
            functions.iter_mut().for_each(|function| Redirect(to).visit_function_id_mut(function));
        }
    }
}

fn remove_exports(module: &mut Module, pairs: &BTreeMap<FunctionId, FunctionId>) {
    let is_kernel = |item: &ExportItem| match item {
        ExportItem::Function(id) => pairs.iter().any(|(one, other)| id == one || id == other),
        _ => false,
    };
    let kernels: Vec<_> =
        module.exports.iter().filter(|export| is_kernel(&export.item)).map(|export| export.id()).collect();
    kernels.into_iter().for_each(|id| module.exports.delete(id));
}

/// Every instruction sequence of a function.
fn sequences(function: &mut LocalFunction) -> Vec<InstrSeqId> {
    struct Collect(Vec<InstrSeqId>);
    impl VisitorMut for Collect {
        fn start_instr_seq_mut(&mut self, seq: &mut walrus::ir::InstrSeq) {
            self.0.push(seq.id());
        }
    }
    let mut all = Collect(Vec::new());
    let entry = function.entry_block();
    dfs_pre_order_mut(&mut all, function, entry);
    all.0
}

/// Additional 128-bit locals of one function, added on first use.
struct Spare<'a> {
    locals: &'a mut walrus::ModuleLocals,
    taken: Vec<LocalId>,
}

impl Spare<'_> {
    fn take<const N: usize>(&mut self) -> [LocalId; N] {
        while self.taken.len() < N {
            self.taken.push(self.locals.add(ValType::V128));
        }
        std::array::from_fn(|nth| self.taken[nth])
    }
}

/// The error is the operator that has no rule.
fn replace_operators(instrs: &mut Vec<(Instr, InstrLocId)>, spare: &mut Spare) -> Result<(), String> {
    let mut n_replaced = 0;
    let mut plain = Vec::with_capacity(instrs.len());
    for (instr, at) in instrs.iter() {
        match plain_form(instr, spare)? {
            Some(form) => {
                n_replaced += 1;
                plain.extend(form.into_iter().map(|instr| (instr, *at)));
            }
            None => plain.push((instr.clone(), *at)),
        }
    }
    if n_replaced > 0 {
        *instrs = plain;
    }
    Ok(())
}

/// The replacement of a relaxed operator; `None` for every other instruction.
fn plain_form(instr: &Instr, spare: &mut Spare) -> Result<Option<Vec<Instr>>, String> {
    let form = match instr {
        Instr::Unop(Unop { op }) => match op {
            UnaryOp::I32x4RelaxedTruncF32x4S => vec![unary(UnaryOp::I32x4TruncSatF32x4S)],
            UnaryOp::I32x4RelaxedTruncF32x4U => vec![unary(UnaryOp::I32x4TruncSatF32x4U)],
            UnaryOp::I32x4RelaxedTruncF64x2SZero => vec![unary(UnaryOp::I32x4TruncSatF64x2SZero)],
            UnaryOp::I32x4RelaxedTruncF64x2UZero => vec![unary(UnaryOp::I32x4TruncSatF64x2UZero)],
            other => return without_rule(other),
        },
        Instr::Binop(Binop { op }) => match op {
            // On x86, pseudo-minimum and pseudo-maximum are one instruction, the others seven.
            BinaryOp::F32x4RelaxedMin => vec![binary(BinaryOp::F32x4PMin)],
            BinaryOp::F32x4RelaxedMax => vec![binary(BinaryOp::F32x4PMax)],
            BinaryOp::F64x2RelaxedMin => vec![binary(BinaryOp::F64x2PMin)],
            BinaryOp::F64x2RelaxedMax => vec![binary(BinaryOp::F64x2PMax)],
            BinaryOp::I8x16RelaxedSwizzle => vec![I8x16Swizzle {}.into()],
            BinaryOp::I16x8RelaxedQ15mulrS => vec![binary(BinaryOp::I16x8Q15MulrSatS)],
            other => return without_rule(other),
        },
        Instr::TernOp(TernOp { op }) => match op {
            TernaryOp::F32x4RelaxedMadd => fused(BinaryOp::F32x4Mul, None, BinaryOp::F32x4Add, spare),
            TernaryOp::F32x4RelaxedNmadd => {
                fused(BinaryOp::F32x4Mul, Some(UnaryOp::F32x4Neg), BinaryOp::F32x4Add, spare)
            }
            TernaryOp::F64x2RelaxedMadd => fused(BinaryOp::F64x2Mul, None, BinaryOp::F64x2Add, spare),
            TernaryOp::F64x2RelaxedNmadd => {
                fused(BinaryOp::F64x2Mul, Some(UnaryOp::F64x2Neg), BinaryOp::F64x2Add, spare)
            }
            TernaryOp::I8x16RelaxedLaneselect
            | TernaryOp::I16x8RelaxedLaneselect
            | TernaryOp::I32x4RelaxedLaneselect
            | TernaryOp::I64x2RelaxedLaneselect => vec![V128Bitselect {}.into()],
            TernaryOp::I32x4RelaxedDotI8x16I7x16AddS => dot_i8x16_add(spare),
        },
        _ => return Ok(None),
    };
    Ok(Some(form))
}

/// Refuses relaxed operators without a rule.
fn without_rule(operator: &impl std::fmt::Debug) -> Result<Option<Vec<Instr>>, String> {
    let name = format!("{operator:?}");
    if name.contains("Relaxed") { Err(name) } else { Ok(None) }
}

/// (a, b, c) → ±(a · b) + c, rounded twice.
fn fused(multiply: BinaryOp, negate: Option<UnaryOp>, add: BinaryOp, spare: &mut Spare) -> Vec<Instr> {
    let [c] = spare.take();
    let mut form = vec![set(c), binary(multiply)];
    form.extend(negate.map(unary));
    form.extend([get(c), binary(add)]);
    form
}

/// (a, b, c) → c plus, in each 32-bit lane, the four products of the bytes there. With b in 0..=127 nothing overflows on the way.
fn dot_i8x16_add(spare: &mut Spare) -> Vec<Instr> {
    let [a, b, c] = spare.take();
    let pair_sums = unary(UnaryOp::I32x4ExtAddPairwiseI16x8S);
    let lanes = |first: u8| -> Instr {
        let indices = std::array::from_fn(|byte| (byte / 4) as u8 * 8 + first * 4 + (byte % 4) as u8);
        I8x16Shuffle { indices }.into()
    };
    // The locals of a and b are reused for the sums of pairs.
    vec![
        set(c),
        set(b),
        tee(a),
        get(b),
        binary(BinaryOp::I16x8ExtMulLowI8x16S),
        pair_sums.clone(),
        get(a),
        get(b),
        binary(BinaryOp::I16x8ExtMulHighI8x16S),
        pair_sums,
        set(b),
        tee(a),
        get(b),
        lanes(0),
        get(a),
        get(b),
        lanes(1),
        binary(BinaryOp::I32x4Add),
        get(c),
        binary(BinaryOp::I32x4Add),
    ]
}

fn unary(op: UnaryOp) -> Instr {
    Unop { op }.into()
}

fn binary(op: BinaryOp) -> Instr {
    Binop { op }.into()
}

fn get(local: LocalId) -> Instr {
    LocalGet { local }.into()
}

fn set(local: LocalId) -> Instr {
    LocalSet { local }.into()
}

fn tee(local: LocalId) -> Instr {
    LocalTee { local }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{command, output, root};

    fn module(wat: &str) -> Module {
        Module::from_buffer(&wat::parse_str(wat).unwrap()).unwrap()
    }

    /// Runs a derived module in node, which is started without relaxed SIMD, and returns what its memory holds afterwards.
    fn run(name: &str, mut module: Module, script: &str) -> String {
        derive(&mut module).unwrap();
        let folder = root().join("target");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("plain-simd-{name}.wasm"));
        std::fs::write(&file, module.emit_wasm()).unwrap();
        let load = format!(
            "const {{ instance }} = await WebAssembly.instantiate(require('fs').readFileSync({file:?})); const w = instance.exports;"
        );
        let script = format!("(async () => {{ {load} {script} }})()");
        output(command("node").args(["-e", &script])).unwrap().trim().to_owned()
    }

    /// `test` is (a, b, c) → result, all in memory: a at 0, b at 16, c at 32, the result at 48.
    fn three_operands(operators: &str) -> Module {
        module(&format!(
            "(module (memory (export \"m\") 1) (func (export \"test\")
                (v128.store (i32.const 48) ({operators} (v128.load (i32.const 0)) (v128.load (i32.const 16)) (v128.load (i32.const 32))))))"
        ))
    }

    const FLOATS: &str = "const f = new Float32Array(w.m.buffer);
        f.set([1, 2, -3, 1e30, 4, 5, 6, 1e30, 0.5, -1, 2, 7]); w.test(); console.log(f.slice(12, 16).join())";

    #[test]
    fn a_fused_product_becomes_a_product_and_a_sum() {
        assert_eq!(run("madd", three_operands("f32x4.relaxed_madd"), FLOATS), "4.5,9,-16,Infinity");
        assert_eq!(run("nmadd", three_operands("f32x4.relaxed_nmadd"), FLOATS), "-3.5,-11,20,-Infinity");
    }

    #[test]
    fn the_dot_product_of_bytes_is_exact_at_its_ends() {
        let script = "const i = new Int8Array(w.m.buffer), s = new Int32Array(w.m.buffer);
            for (let n = 0; n < 16; n++) { i[n] = [-128, 127, n, -n][n % 4]; i[16 + n] = n < 8 ? 127 : n; }
            s.set([1, -2, 1000000, 2147480000], 8); w.test();
            const sum = (lane) => [0, 1, 2, 3].reduce((all, k) => all + i[lane * 4 + k] * i[16 + lane * 4 + k], s[8 + lane]);
            console.log([0, 1, 2, 3].map((lane) => s[12 + lane] === sum(lane)).join(), s[12], s[15])";
        let printed = run("dot", three_operands("i32x4.relaxed_dot_i8x16_i7x16_add_s"), script);
        assert_eq!(printed, "true,true,true,true -253 2147480086");
    }

    #[test]
    fn minimum_maximum_selection_and_conversion_have_plain_forms() {
        let two = |operator: &str| {
            module(&format!(
                "(module (memory (export \"m\") 1) (func (export \"test\") (if (i32.const 1) (then
                    (v128.store (i32.const 48) ({operator} (v128.load (i32.const 0)) (v128.load (i32.const 16))))))))"
            ))
        };
        assert_eq!(run("min", two("f32x4.relaxed_min"), FLOATS), "1,2,-3,1.0000000150474662e+30");
        assert_eq!(run("max", two("f32x4.relaxed_max"), FLOATS), "4,5,6,1.0000000150474662e+30");
        let select = "const b = new Uint8Array(w.m.buffer);
            b.fill(1, 0, 16); b.fill(2, 16, 32); b.fill(255, 32, 40); w.test(); console.log(b.slice(48, 64).join(''))";
        assert_eq!(run("select", three_operands("i8x16.relaxed_laneselect"), select), "1111111122222222");
        let one = "(module (memory (export \"m\") 1) (func (export \"test\")
            (v128.store (i32.const 48) (i32x4.relaxed_trunc_f32x4_s (v128.load (i32.const 0))))))";
        let convert = "const f = new Float32Array(w.m.buffer), i = new Int32Array(w.m.buffer);
            f.set([1.9, -1.9, NaN, 1e20]); w.test(); console.log(i.slice(12, 16).join())";
        assert_eq!(run("trunc", module(one), convert), "1,-1,0,2147483647");
    }

    #[test]
    fn an_operator_without_a_rule_is_named() {
        let mut unknown = module(
            "(module (func (export \"test\") (param v128 v128) (result v128)
                (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 0) (local.get 1))))",
        );
        let reason = derive(&mut unknown).unwrap_err();
        assert!(reason.starts_with("I16x8RelaxedDotI8x16I7x16S has no plain form"), "{reason}");
    }

    const PAIR: &str = "(module (memory (export \"m\") 1) (table 1 funcref) (elem (i32.const 0) $fast)
        (func $fast (export \"sum:relaxed\") (result i32) (i32.const 1))
        (func $slow (export \"sum:plain\") (result i32) (i32.const 2))
        (func (export \"test\") (result i32) (i32.add (i32.mul (call $fast) (i32.const 10)) (call_indirect (result i32) (i32.const 0)))))";

    #[test]
    fn of_a_pair_of_kernels_each_engine_has_one() {
        assert_eq!(run("pair", module(PAIR), "console.log(w.test(), Object.keys(w).join())"), "22 m,test");
        let mut relaxed = module(PAIR);
        keep_relaxed(&mut relaxed).unwrap();
        assert_eq!(relaxed.funcs.iter().count(), 2);
        assert!(relaxed.exports.get_func("sum:plain").is_err());
    }

    #[test]
    fn a_kernel_without_its_other_half_is_named() {
        let alone = "(module (func (export \"sum:plain\")))";
        assert_eq!(derive(&mut module(alone)).unwrap_err(), "The kernel sum:plain has no sum:relaxed beside it.");
        let unlike = "(module (func (export \"sum:plain\")) (func (export \"sum:relaxed\") (param i32)))";
        assert!(derive(&mut module(unlike)).unwrap_err().contains("differ in their parameters"));
    }
}
