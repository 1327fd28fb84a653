//! CSV (RFC 4180): one row a tag, one row for a picture without tags or with an error.

use std::io::Write;

use crate::report::{ReportTag, TagReport};

/// The columns; new ones are added at the end.
const HEADER: [&str; 14] = [
    "path",
    "tag",
    "name",
    "category",
    "confidence",
    "score",
    "source",
    "parents",
    "width",
    "height",
    "format",
    "sha256",
    "model",
    "error",
];

/// Writes reports as CSV rows, the header first.
pub struct CsvWriter<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// # Errors
    /// What `out` reports.
    pub fn new(out: W) -> csv::Result<Self> {
        let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        rows.write_record(HEADER)?;
        Ok(Self { rows })
    }

    /// # Errors
    /// What the output reports.
    pub fn write(&mut self, report: &TagReport) -> csv::Result<()> {
        match report {
            TagReport::Tagged(tagged) => {
                let facts = &tagged.facts;
                let about = [
                    facts.width.to_string(),
                    facts.height.to_string(),
                    facts.format.clone(),
                    facts.sha256.clone(),
                    harmless(&format!("{} {}", tagged.model.id, tagged.model.version)),
                    String::new(),
                ];
                if tagged.tags.is_empty() {
                    self.row(&tagged.path, None, &about)?;
                }
                tagged.tags.iter().try_for_each(|tag| self.row(&tagged.path, Some(tag), &about))
            }
            TagReport::Failed { path, error } => {
                let mut about: [String; 6] = Default::default();
                about[5] = harmless(&format!("{}: {}", error.code, error.detail));
                self.row(path, None, &about)
            }
        }
    }

    /// # Errors
    /// What the output reports.
    pub fn flush(&mut self) -> std::io::Result<()> {
        self.rows.flush()
    }

    /// The output, everything written.
    ///
    /// # Errors
    /// What the output reports.
    pub fn into_inner(self) -> std::io::Result<W> {
        self.rows.into_inner().map_err(|error| error.into_error())
    }

    fn row(&mut self, path: &str, tag: Option<&ReportTag>, about: &[String; 6]) -> csv::Result<()> {
        let tag: [String; 7] = tag.map_or_else(Default::default, |tag| {
            [
                harmless(&tag.id),
                harmless(&tag.name),
                harmless(tag.category.as_deref().unwrap_or_default()),
                tag.confidence.to_string(),
                tag.score.map(|score| score.to_string()).unwrap_or_default(),
                tag.source.to_owned(),
                harmless(&tag.parents.join(" > ")),
            ]
        });
        let path = harmless(path);
        self.rows.write_record(std::iter::once(&path).chain(&tag).chain(about))
    }
}

/// Spreadsheets run cells that begin with one of these as formulas; an apostrophe in front makes them text (OWASP, "CSV
/// injection").
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Failure;

    #[test]
    fn a_hostile_path_is_one_harmless_cell() {
        for path in ["=HYPERLINK(\"http://x\")", "@SUM(1)", "a\"b,c\r\nd.jpg", "-1+1.png"] {
            let mut writer = CsvWriter::new(Vec::new()).unwrap();
            let error = Failure { code: "picture_empty".into(), detail: "Empty.".into() };
            writer.write(&TagReport::Failed { path: path.into(), error }).unwrap();
            let text = writer.into_inner().unwrap();
            let mut reader = csv::Reader::from_reader(&text[..]);
            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), 1);
            assert!(!rows[0][0].starts_with(['=', '@', '-']), "{:?}", &rows[0][0]);
            assert!(rows[0][0].ends_with(path));
            assert_eq!(&rows[0][13], "picture_empty: Empty.");
        }
    }
}
