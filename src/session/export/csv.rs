//! CSV (RFC 4180): one row per tag, and one row for a picture without tags or with an error.
//!
//! There is no byte order mark: most programs read it as part of the first column's name. Only Excel would benefit, but in most
//! languages its users have to choose the comma in an import dialog anyway, and choose the encoding there too.

use std::io::{self, Write};

use crate::session::export::{ExportOptions, ReportStream};
use crate::session::report::{ReportTag, TagReport};
use crate::tags::tagging::OtherDecoder;

/// The columns. New ones go to the end.
const HEADER: [&str; 16] = [
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
    "incomplete",
    "decoder",
];

/// Characters with which a formula can begin in a spreadsheet, including full-width forms.
const FORMULA_BEGINS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Characters that end a cell in a spreadsheet with another separator.
const CELL_ENDS: [char; 4] = [';', '\t', '\r', '\n'];

struct Rows<W: Write> {
    rows: csv::Writer<W>,
}

/// # Errors
/// Those of `out`.
pub fn open<'a>(out: Box<dyn Write + 'a>, _: &ExportOptions) -> io::Result<Box<dyn ReportStream + 'a>> {
    // Always quote text, so that a semicolon in it does not end the cell, whatever separator a spreadsheet uses.
    let mut writer = csv::WriterBuilder::new();
    writer.terminator(csv::Terminator::CRLF).quote_style(csv::QuoteStyle::NonNumeric);
    let mut rows = writer.from_writer(out);
    rows.write_record(HEADER)?;
    Ok(Box::new(Rows { rows }))
}

impl<W: Write> ReportStream for Rows<W> {
    fn write(&mut self, report: &TagReport) -> io::Result<()> {
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
                    if facts.incomplete { "true".to_owned() } else { String::new() },
                    facts.decoder.map_or_else(String::new, |OtherDecoder::Browser| "browser".to_owned()),
                ];
                if tagged.tags.is_empty() {
                    self.row(&tagged.path, None, &about)?;
                }
                tagged.tags.iter().try_for_each(|tag| self.row(&tagged.path, Some(tag), &about))
            }
            TagReport::Failed { path, error, tags } => {
                let mut about: [String; 8] = Default::default();
                about[5] = harmless(&format!("{}: {}", error.code, error.detail));
                if tags.is_empty() {
                    self.row(path, None, &about)?;
                }
                tags.iter().try_for_each(|tag| self.row(path, Some(tag), &about))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.rows.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
}

impl<W: Write> Rows<W> {
    fn row(&mut self, path: &str, tag: Option<&ReportTag>, about: &[String; 8]) -> io::Result<()> {
        let tag: [String; 7] = tag.map_or_else(Default::default, |tag| {
            [
                harmless(&tag.id),
                harmless(&tag.name),
                harmless(tag.category.as_deref().unwrap_or_default()),
                tag.confidence.to_string(),
                tag.score.map(|score| score.to_string()).unwrap_or_default(),
                tag.origin.to_owned(),
                harmless(&tag.parents.join(" > ")),
            ]
        });
        let path = harmless(path);
        Ok(self.rows.write_record(std::iter::once(&path).chain(&tag).chain(about))?)
    }
}

/// Protects against CSV injection (OWASP): spreadsheets run a cell that begins like a formula, unless an apostrophe precedes it. Leading
/// spaces and quotes do not prevent that, and after a separator in the cell another formula can begin.
pub fn harmless(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 1);
    if cell.starts_with(CELL_ENDS) {
        text.push('\'');
    }
    for piece in cell.split_inclusive(CELL_ENDS) {
        let content = piece.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
        if content.starts_with(FORMULA_BEGINS) {
            text.push('\'');
        }
        text += piece;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::export::ExportFormat::Csv;
    use crate::session::export::tests::content;
    use crate::session::report::tests::{failed, report, with_tags};

    const PLAIN: fn() -> ExportOptions = ExportOptions::default;

    fn read(text: &str) -> Vec<csv::StringRecord> {
        csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
    }

    #[test]
    fn a_hostile_path_is_one_harmless_cell() {
        for path in ["=HYPERLINK(\"http://x\")", "@SUM(1)", "a\"b,c\r\nd.jpg", "-1+1.png"] {
            let rows = read(&content(Csv, &PLAIN(), [failed(path)]));
            assert_eq!(rows.len(), 1);
            assert!(!rows[0][0].starts_with(['=', '@', '-']), "{:?}", &rows[0][0]);
            assert!(rows[0][0].ends_with(path));
            assert_eq!(&rows[0][13], "picture_empty: Empty.");
        }
    }

    #[test]
    fn no_cell_begins_like_a_formula() {
        for (cell, wanted) in [
            ("cat.jpg", "cat.jpg"),
            ("a-b=c.jpg", "a-b=c.jpg"),
            ("=1+2\";=1+2", "'=1+2\";'=1+2"),
            ("  =1", "'  =1"),
            ("\"=1", "'\"=1"),
            ("＝1", "'＝1"),
            ("a; \"@x;b", "a;' \"@x;b"),
            ("a\r\n-1", "a\r\n'-1"),
            ("\t=1", "'\t'=1"),
            ("\nx", "'\nx"),
        ] {
            assert_eq!(harmless(cell), wanted, "{cell:?}");
        }
    }

    #[test]
    fn a_failed_picture_has_a_row_for_each_tag_that_a_person_gave() {
        let tags: &[(&str, &[&str])] = &[("Misse", &[]), ("=sofa", &[])];
        let rows = read(&content(Csv, &PLAIN(), [with_tags(failed("a.jpg"), tags)]));
        let cells: Vec<_> = rows.iter().map(|row| (&row[0], &row[2], &row[6], &row[13])).collect();
        let wanted = |name| ("a.jpg", name, "manual", "picture_empty: Empty.");
        assert_eq!(cells, [wanted("Misse"), wanted("'=sofa")]);
    }

    #[test]
    fn text_is_always_quoted_and_numbers_never() {
        let text = content(Csv, &PLAIN(), [report("a;b.jpg", &[("cat", &["animal"])])]);
        let row = text.lines().nth(1).unwrap();
        assert!(row.starts_with("\"a;b.jpg\",\"cat\",\"cat\",\"\",0.5,0.5,\"auto\",\"animal\",2,1,\"png\","), "{row}");
        assert!(text.starts_with("\"path\","), "without a byte order mark");
    }
}
