//! The [spreadsheet](super::columns) as CSV that Excel opens by double click: with a byte order mark, without which it takes UTF-8 for
//! another encoding, and with the separator of the reader's language, semicolons where a number has a decimal comma.

use std::io::{self, Write};

use crate::session::export::ReportStream;
use crate::session::export::columns::{Cell, row};
use crate::session::export::options::ExportOptions;
use crate::session::export::words::headings;
use crate::session::report::TagReport;
use crate::spreadsheet::csv_row::{CsvCell, write_row};

const BYTE_ORDER_MARK: &str = "\u{feff}";

struct Rows<W: Write> {
    out: W,
    separator: char,
    options: ExportOptions,
}

/// # Errors
/// Those of `out`.
pub fn open<'a>(mut out: Box<dyn Write + 'a>, options: &ExportOptions) -> io::Result<Box<dyn ReportStream + 'a>> {
    out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    let separator = if options.table.decimal_comma { ';' } else { ',' };
    write_row(&mut out, separator, &headings(&options.language).map(CsvCell::text))?;
    Ok(Box::new(Rows { out, separator, options: options.clone() }))
}

impl<W: Write> ReportStream for Rows<W> {
    fn write(&mut self, report: &TagReport) -> io::Result<()> {
        let cells = row(report, &self.options).map(|cell| match cell {
            Cell::Empty => CsvCell::text(""),
            Cell::Text(text) => CsvCell::text(&text),
            Cell::Number(number) => CsvCell::number(Some(number)),
        });
        write_row(&mut self.out, self.separator, &cells)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::export::TableOptions;
    use crate::session::export::columns::tests::reports;
    use crate::session::export::tests::content;
    use crate::session::formats::ExportFormat::CsvExcel;
    use crate::session::report::tests::{failed, report};

    fn options(decimal_comma: bool, language: &str) -> ExportOptions {
        let table = TableOptions { decimal_comma, ..TableOptions::default() };
        ExportOptions { table, language: language.to_owned(), ..ExportOptions::default() }
    }

    fn read(text: &str, delimiter: u8) -> Vec<csv::StringRecord> {
        let text = text.strip_prefix(BYTE_ORDER_MARK).expect("a byte order mark");
        let mut reader = csv::ReaderBuilder::new();
        reader
            .has_headers(false)
            .delimiter(delimiter)
            .from_reader(text.as_bytes())
            .records()
            .map(Result::unwrap)
            .collect()
    }

    #[test]
    fn the_separator_is_that_of_the_readers_language() {
        for (decimal_comma, language, delimiter, first) in
            [(false, "en", b',', "File"), (true, "sv", b';', "Fil"), (true, "de", b';', "Datei")]
        {
            let text = content(CsvExcel, &options(decimal_comma, language), reports());
            let rows = read(&text, delimiter);
            assert_eq!((&rows[0][0], rows.len()), (first, 6));
            assert_eq!(&rows[1][2], "tabby cat, crane bird", "one cell");
            assert_eq!(text.matches("\r\n").count(), 6);
        }
    }

    #[test]
    fn no_cell_begins_like_a_formula() {
        let rows = read(&content(CsvExcel, &options(true, "en"), reports()), b';');
        assert_eq!((&rows[1][0], &rows[2][0], &rows[2][2]), ("'=cat.jpg", "'@b.png", "'=1+1, sofa"));
        assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
    }

    proptest! {
        #[test]
        fn any_names_give_one_whole_row_per_picture(
            names in prop::collection::vec("(?s)[=+@;,\"'\r\n\ta/-]{0,8}|.{0,6}", 1..5),
            decimal_comma: bool,
        ) {
            let tags: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &[][..])).collect();
            let written = [report(&names[0], &tags), failed(&names[0])];
            let text = content(CsvExcel, &options(decimal_comma, "en"), written);
            let rows = read(&text, if decimal_comma { b';' } else { b',' });
            prop_assert_eq!(rows.len(), 3);
            for cell in rows.iter().flatten() {
                let begin = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
                prop_assert!(!begin.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{:?}", cell);
                prop_assert!(!cell.contains(['\r', '\n']));
            }
        }
    }
}
