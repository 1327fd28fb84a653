//! `cargo x model`: makes the model files again from their source, to compare them or to write them.

use crate::process::{Outcome, command, run};
use crate::tools::ensure_python;

pub fn model(write: bool) -> Outcome {
    ensure_python()?;
    let mut python = command("python3");
    python.arg("models/tools/make.py");
    if !write {
        python.arg("--check");
    }
    run(&mut python)
}
