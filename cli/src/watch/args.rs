//! The arguments about watching folders.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, value_parser};
use tagsmith::ExportFormat;

use crate::path_text::path_text;

#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Tag what is in this folder, and then new and changed pictures as they come, until Ctrl-C; can be repeated
    #[arg(long, value_name = "DIR", conflicts_with = "provider")]
    pub watch: Vec<PathBuf>,

    /// Look through the watched folders every so many seconds as well, where changes are not told: on network drives [default: never]
    #[arg(long, value_name = "SECONDS", requires = "watch", value_parser = value_parser!(u64).range(1..=86_400))]
    pub look_every: Option<u64>,
}

impl WatchArgs {
    /// # Errors
    /// A sentence, for a format that is one document and whole only at its end, and for copies that would be pictures to tag again.
    pub fn check(&self, format: ExportFormat, output: Option<&Path>, sorted: Option<&Path>) -> Result<(), String> {
        if self.watch.is_empty() {
            return Ok(());
        }
        if matches!(format, ExportFormat::Xlsx | ExportFormat::Json) {
            return Err(format!(
                "{} is whole only at its end, and --watch has none. Choose jsonl, csv, csv-excel, or a format with a file for each picture.",
                format.name()
            ));
        }
        let copies = output.filter(|_| format == ExportFormat::Keywords);
        let is_watched = |path: &Path| self.watch.iter().any(|folder| real(path).starts_with(real(folder)));
        match copies.into_iter().chain(sorted).find(|path| is_watched(path)) {
            Some(path) => Err(format!(
                "{} is in a folder that is watched, so the pictures put there would be tagged again. Choose a folder beside it.",
                path_text(path)
            )),
            None => Ok(()),
        }
    }
}

/// Without links and detours, as far as the path exists.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known = |part: &Path| Some(fs::canonicalize(part).ok()?.join(path.strip_prefix(part).ok()?));
    path.ancestors().find_map(known).unwrap_or(path)
}
