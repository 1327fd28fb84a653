//! The [spreadsheet](super::columns) as XLSX: the headings stay in sight, each column can be filtered, and text is never a formula.

use std::io::{self, Write};

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use crate::session::export::ReportStream;
use crate::session::export::columns::{Cell, WIDTHS, row};
use crate::session::export::options::ExportOptions;
use crate::session::export::words::{N_COLUMNS, headings};
use crate::session::report::TagReport;
use crate::spreadsheet::workbook::{cut, file};

/// A sheet holds no more rows, headings included.
const MAX_ROWS: u32 = 1_048_576;

struct Sheet<W: Write> {
    out: W,
    sheet: Worksheet,
    options: ExportOptions,
    n_rows: u32,
}

/// # Errors
/// Those of the workbook.
pub fn open<'a>(out: Box<dyn Write + 'a>, options: &ExportOptions) -> io::Result<Box<dyn ReportStream + 'a>> {
    let sheet = begin(options).map_err(io::Error::other)?;
    Ok(Box::new(Sheet { out, sheet, options: options.clone(), n_rows: 1 }))
}

fn begin(options: &ExportOptions) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name("Tagsmith")?.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold().set_align(FormatAlign::Top).set_text_wrap();
    for (column, (heading, width)) in (0..).zip(headings(&options.language).into_iter().zip(WIDTHS)) {
        sheet.set_column_width(column, width)?.write_string_with_format(0, column, heading, &bold)?;
    }
    Ok(sheet)
}

impl<W: Write> ReportStream for Sheet<W> {
    fn write(&mut self, report: &TagReport) -> io::Result<()> {
        if self.n_rows == MAX_ROWS {
            let most = MAX_ROWS - 1;
            return Err(io::Error::other(format!(
                "A spreadsheet holds {most} pictures. Export fewer at a time, or as CSV."
            )));
        }
        for (column, cell) in (0..).zip(row(report, &self.options)) {
            match cell {
                Cell::Empty => continue,
                Cell::Text(text) => self.sheet.write_string(self.n_rows, column, cut(&text)),
                Cell::Number(number) => self.sheet.write_number(self.n_rows, column, number),
            }
            .map_err(io::Error::other)?;
        }
        self.n_rows += 1;
        Ok(())
    }

    /// A workbook is written as a whole.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let mut sheet = std::mem::take(&mut self.sheet);
        if self.n_rows > 1 {
            sheet.autofilter(0, 0, self.n_rows - 1, N_COLUMNS as u16 - 1).map_err(io::Error::other)?;
        }
        self.out.write_all(&file(vec![sheet]).map_err(io::Error::other)?)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
    use proptest::prelude::*;

    use super::*;
    use crate::session::export::columns::tests::reports;
    use crate::session::export::tests::{content_bytes, files};
    use crate::session::formats::ExportFormat;
    use crate::session::report::tests::{failed, report};

    /// All rows, as another program reads them.
    fn read(reports: Vec<TagReport>, language: &str) -> Vec<Vec<Data>> {
        let options = ExportOptions { language: language.to_owned(), ..ExportOptions::default() };
        let bytes = content_bytes(ExportFormat::Xlsx, &options, reports);
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        assert!(book.worksheet_formula("Tagsmith").unwrap().is_empty(), "text is never a formula");
        book.worksheet_range("Tagsmith").unwrap().rows().map(<[Data]>::to_vec).collect()
    }

    fn data(cell: Cell) -> Data {
        match cell {
            Cell::Empty => Data::Empty,
            Cell::Text(text) => Data::String(text),
            Cell::Number(number) => Data::Float(number.into()),
        }
    }

    #[test]
    fn every_row_can_be_read_back() {
        let rows = read(reports(), "sv");
        assert_eq!(rows[0], headings("sv").map(|heading| Data::String(heading.to_owned())));
        let options = ExportOptions { language: "sv".to_owned(), ..ExportOptions::default() };
        let wanted: Vec<Vec<Data>> =
            reports().iter().map(|report| row(report, &options).map(data).into_iter().collect()).collect();
        assert_eq!(rows[1..], wanted);
        assert_eq!(rows[2][2], Data::String("=1+1, sofa".to_owned()));
        assert_eq!(read(vec![], "en").len(), 1, "only headings");
    }

    #[test]
    fn a_long_text_is_cut_where_the_cell_ends() {
        let long = "😀".repeat(20_000);
        let rows = read(vec![report("a.jpg", &[(&long, &[])])], "en");
        assert_eq!(rows[1][2], Data::String("😀".repeat(16_383)));
    }

    #[test]
    fn the_file_says_what_it_is() {
        let [file] = &files(ExportFormat::Xlsx, &ExportOptions::default(), vec![failed("a")]).unwrap()[..] else {
            panic!("one file")
        };
        assert_eq!(file.name, "tagsmith.xlsx");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_names_come_back(
            names in prop::collection::vec("(?s)[=<&>\"'_x041a\r\n\t/]{0,9}|.{0,6}|_x00[0-9A-F]{2}_|https?://a.b|mailto:[a-z@]{3}", 1..5)
        ) {
            let tags: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &[][..])).collect();
            let report = report(&names[0], &tags);
            let wanted: Vec<Data> = row(&report, &ExportOptions::default()).map(data).into_iter().collect();
            prop_assert_eq!(&read(vec![report], "en")[1], &wanted);
        }
    }
}
