//! JSON Lines: one report per line.

use std::io::{self, Write};

use crate::printable::printable_json;
use crate::session::export::{ExportOptions, ReportStream};
use crate::session::report::TagReport;

/// # Errors
/// None.
pub fn open<'a>(out: Box<dyn Write + 'a>, _: &ExportOptions) -> io::Result<Box<dyn ReportStream + 'a>> {
    Ok(Box::new(Lines { out }))
}

struct Lines<W: Write> {
    out: W,
}

impl<W: Write> ReportStream for Lines<W> {
    fn write(&mut self, report: &TagReport) -> io::Result<()> {
        // JSON escapes line feeds, so there is none within a report.
        let line = serde_json::to_string(report).expect("reports hold only strings, finite numbers and lists");
        writeln!(self.out, "{}", printable_json(&line))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
}
