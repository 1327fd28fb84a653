//! What becomes of reports: they are written, and pictures are sorted by them.

use std::io;
use std::path::PathBuf;

use tagsmith::session::TagReport;

use crate::output::ReportWriter;
use crate::path_text::path_text;
use crate::sort::Sorter;

/// Takes reports one after the other.
pub struct Outputs {
    pub reports: ReportWriter,
    pub sorter: Option<Sorter>,
    /// Those whose reports may come, by their positions.
    pictures: Vec<PathBuf>,
}

impl Outputs {
    pub fn new(reports: ReportWriter, sorter: Option<Sorter>) -> Self {
        Self { reports, sorter, pictures: Vec::new() }
    }

    /// # Errors
    /// As [`ReportWriter::expect`].
    pub fn expect(&mut self, pictures: &[PathBuf]) -> Result<(), Box<dyn std::error::Error>> {
        let named: Vec<_> = pictures.iter().map(|path| (path.clone(), path_text(path))).collect();
        self.reports.expect(&named)?;
        self.pictures = pictures.to_vec();
        Ok(())
    }

    /// What is written of a picture is written before it is moved away.
    ///
    /// # Errors
    /// Those of the outputs.
    pub fn write(&mut self, at: usize, report: &TagReport) -> io::Result<()> {
        self.reports.write(at, report)?;
        match (&mut self.sorter, self.pictures.get(at)) {
            (Some(sorter), Some(picture)) => sorter.take(picture, report),
            _ => Ok(()),
        }
    }

    /// Number of pictures of which something was not done.
    pub fn n_refused(&self) -> usize {
        self.reports.n_refused + self.sorter.as_ref().map_or(0, |sorter| sorter.n_refused)
    }
}
