//! What the fuzz targets share: counting, mutating without breaking the form, and which panics count.

mod json;
mod onnx;
#[path = "../targets.rs"]
pub mod targets;

use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

pub use json::mutate_json;
pub use onnx::mutate_onnx;

static N_RUNS: AtomicU64 = AtomicU64::new(0);
static N_PARSED: AtomicU64 = AtomicU64::new(0);

unsafe extern "C" {
    fn atexit(callback: extern "C" fn()) -> i32;
}

extern "C" fn say_counts() {
    let (runs, parsed) = (N_RUNS.load(Ordering::Relaxed), N_PARSED.load(Ordering::Relaxed));
    eprintln!("{parsed} of {runs} inputs got past parsing ({:.0} %)", 100.0 * parsed as f64 / runs.max(1) as f64);
}

/// Runs a target on an input, and counts. Whether the input is worth mutating: most of those that did not get past parsing lead nowhere.
pub fn run(target: fn(&[u8]) -> bool, bytes: &[u8]) -> bool {
    static START: Once = Once::new();
    START.call_once(|| {
        unsafe { atexit(say_counts) };
        let abort = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            // tract's panics become errors that blame the model; ours are findings everywhere.
            let is_ours = panic
                .location()
                .is_none_or(|place| !place.file().contains(".cargo") && !place.file().starts_with("/rustc"));
            if is_ours || !tagsmith::model::catches_panics() {
                abort(panic);
            }
        }));
    });
    let is_parsed = target(bytes);
    let n = N_RUNS.fetch_add(1, Ordering::Relaxed);
    N_PARSED.fetch_add(u64::from(is_parsed), Ordering::Relaxed);
    is_parsed || n % 16 == 0
}

/// A small source of random numbers (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % n.max(1) as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Writes `bytes` where libFuzzer wants the mutated input, or lets it mutate the old one if they do not fit.
fn give(bytes: &[u8], data: &mut [u8], size: usize, max_size: usize) -> usize {
    if bytes.is_empty() || bytes.len() > max_size {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    data[..bytes.len()].copy_from_slice(bytes);
    bytes.len()
}

/// A target whose inputs may be anything.
#[macro_export]
macro_rules! target {
    ($name:ident $(, $mutate:ident)?) => {
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| -> libfuzzer_sys::Corpus {
            match tagsmith_fuzz::run(tagsmith_fuzz::targets::$name, bytes) {
                true => libfuzzer_sys::Corpus::Keep,
                false => libfuzzer_sys::Corpus::Reject,
            }
        });
        $(libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            tagsmith_fuzz::$mutate(data, size, max_size, seed)
        });)?
    };
}
