//! CSV (RFC 4180): one row per tag, and one row for a picture without tags or with an error.
//!
//! There is no byte order mark: most programs read it as part of the first column's name. Only Excel would benefit, but in most
//! languages its users have to choose the comma in an import dialog anyway, and choose the encoding there too.

use std::io::{self, Write};

use crate::session::export::{ExportOptions, ReportStream};
use crate::session::report::{ReportTag, TagReport};
use crate::session::texts::Texts;
use crate::spreadsheet::csv_row::{CsvCell, write_row};
use crate::tags::tagging::OtherDecoder;

/// Path and tag; then what is the same in each row of a picture.
const N_ABOUT_TAG: usize = 8;
const N_ABOUT_PICTURE: usize = 11;

/// The columns. New ones go to the end.
const HEADER: [&str; N_ABOUT_TAG + N_ABOUT_PICTURE] = [
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
    "title",
    "description",
    "alt_text",
];

struct Rows<W: Write> {
    out: W,
}

/// # Errors
/// Those of `out`.
pub fn open<'a>(mut out: Box<dyn Write + 'a>, _: &ExportOptions) -> io::Result<Box<dyn ReportStream + 'a>> {
    write_row(&mut out, ',', &HEADER.map(CsvCell::text))?;
    Ok(Box::new(Rows { out }))
}

impl<W: Write> ReportStream for Rows<W> {
    fn write(&mut self, report: &TagReport) -> io::Result<()> {
        let Texts { title, description, alt_text } = report.texts();
        let [title, description, alt_text] =
            [title, description, alt_text].map(|text| CsvCell::text(text.as_deref().unwrap_or_default()));
        let about = match report {
            TagReport::Tagged(tagged) => {
                let facts = &tagged.facts;
                [
                    CsvCell::number(Some(facts.width)),
                    CsvCell::number(Some(facts.height)),
                    CsvCell::text(&facts.format),
                    CsvCell::text(&facts.sha256),
                    CsvCell::text(&format!("{} {}", tagged.model.id, tagged.model.version)),
                    CsvCell::text(""),
                    CsvCell::text(if facts.incomplete { "true" } else { "" }),
                    CsvCell::text(facts.decoder.map_or("", |OtherDecoder::Browser| "browser")),
                    title,
                    description,
                    alt_text,
                ]
            }
            TagReport::Failed { error, .. } => {
                let problem = CsvCell::text(&format!("{}: {}", error.code, error.detail));
                let nothing = || CsvCell::text("");
                let [a, b, c, d, e, f, g] = std::array::from_fn(|_| nothing());
                [a, b, c, d, e, problem, f, g, title, description, alt_text]
            }
        };
        let tags = report.tags();
        if tags.is_empty() {
            self.row(report.path(), None, &about)?;
        }
        tags.iter().try_for_each(|tag| self.row(report.path(), Some(tag), &about))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
}

impl<W: Write> Rows<W> {
    fn row(&mut self, path: &str, tag: Option<&ReportTag>, about: &[CsvCell; N_ABOUT_PICTURE]) -> io::Result<()> {
        let text = |of: fn(&ReportTag) -> &str| CsvCell::text(tag.map_or("", of));
        let cells: [CsvCell; N_ABOUT_TAG] = [
            CsvCell::text(path),
            text(|tag| &tag.id),
            text(|tag| &tag.name),
            text(|tag| tag.category.as_deref().unwrap_or_default()),
            CsvCell::number(tag.map(|tag| tag.confidence)),
            CsvCell::number(tag.and_then(|tag| tag.score)),
            text(|tag| tag.origin),
            CsvCell::text(&tag.map(|tag| tag.parents.join(" > ")).unwrap_or_default()),
        ];
        write_row(&mut self.out, ',', &[&cells[..], about].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::export::ExportFormat::Csv;
    use crate::session::export::tests::content;
    use crate::session::report::tests::{failed, report, with_tags, with_texts};

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
        let text = content(Csv, &PLAIN(), [report("1e5", &[("2024", &["007"])])]);
        assert!(
            text.lines().nth(1).unwrap().starts_with("\"1e5\",\"2024\",\"2024\",\"\",0.5,0.5,\"auto\",\"007\",2,"),
            "{text}"
        );
    }
    #[test]
    fn texts_are_the_last_columns_of_every_row_and_harmless() {
        let texts = ["=1+1", "a \"sofa\"\n-2", "Cat, sofa"];
        let tags: &[(&str, &[&str])] = &[("cat", &[]), ("sofa", &[])];
        let all = [report("a", tags), report("b", &[]), failed("c")].map(|one| with_texts(one, texts));
        let rows = read(&content(Csv, &PLAIN(), all));
        assert_eq!(rows.len(), 4);
        for row in rows {
            let found: Vec<&str> = row.iter().skip(16).collect();
            assert_eq!(found, ["'=1+1", "a \"sofa\"\n'-2", "Cat, sofa"]);
        }
    }
}
