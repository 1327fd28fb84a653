//! A training report as XLSX: coloured statuses, headings that stay in sight, a filter on each column; text is never a formula.

use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, Worksheet, XlsxError};

use crate::error::{Error, ErrorKind, Result};
use crate::spreadsheet::workbook::{cut, file};
use crate::train::figures::Figure;
use crate::train::report::words::Words;
use crate::train::report::{ReportWords, TagStatus, TrainingReport};

const MS_A_MINUTE: i64 = 60_000;
/// In sheets a moment is a whole day and its part.
const MS_A_DAY: f64 = 86_400_000.0;
/// The day number of 1970-01-01.
const DAY_1970: f64 = 25_569.0;

/// What is in a cell.
enum Cell {
    Text(String),
    Number(f64),
    Empty,
    Status(TagStatus),
    Moment(f64),
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn count(n: usize) -> Cell {
    Cell::Number(n as f64)
}

/// Of 100, with one digit: what more would say is less than what a figure is sure by.
fn percent(share: Option<f32>) -> Cell {
    share.map_or(Cell::Empty, |share| Cell::Number((f64::from(share) * 1_000.0).round() / 10.0))
}

fn figure(figure: Option<Figure>) -> [Cell; 3] {
    let part = |get: fn(&Figure) -> f32| percent(figure.as_ref().map(get));
    [part(|figure| figure.value), part(|figure| figure.low), part(|figure| figure.high)]
}

impl TrainingReport {
    /// The report as an XLSX file: tags, the training, confused pairs and suspects.
    ///
    /// # Errors
    /// [`ErrorKind::ExportInvalid`] if the workbook can't be made, which takes more rows than a sheet has.
    pub fn xlsx(&self, words: &ReportWords) -> Result<Vec<u8>> {
        self.sheets(words).and_then(file).map_err(|error| {
            let detail = "The report could not be written as a spreadsheet. Download it as CSV instead.";
            Error::new(ErrorKind::ExportInvalid, detail).with_source(error)
        })
    }

    fn sheets(&self, options: &ReportWords) -> std::result::Result<Vec<Worksheet>, XlsxError> {
        let words = Words::of(&options.language);
        let [tags, training, confused, suspected] = words.sheets;
        Ok(vec![
            table(tags, &words.tags, &[24, 22, 34], self.tag_rows(options, words), words)?,
            self.overview(training, options, words)?,
            table(confused, &words.pairs, &[24, 24], self.pair_rows(options, words), words)?,
            table(suspected, &words.suspects, &[40, 28, 24, 24], self.suspect_rows(options, words), words)?,
        ])
    }

    fn tag_rows(&self, options: &ReportWords, words: &Words) -> Vec<Vec<Cell>> {
        let row = |tag: &super::TagReport| {
            let mut row = vec![
                text(&tag.tag.name),
                Cell::Status(tag.status),
                Cell::Text(words.reasons(&tag.reasons)),
                count(tag.n_examples),
                count(tag.n_distinct),
                count(tag.n_rejected),
            ];
            row.extend([tag.precision, tag.recall, tag.ap].into_iter().flat_map(figure));
            row.extend([
                percent(tag.threshold),
                pictures(&tag.best, options, words),
                pictures(&tag.worst, options, words),
            ]);
            row
        };
        self.tags.iter().map(row).collect()
    }

    fn pair_rows(&self, options: &ReportWords, words: &Words) -> Vec<Vec<Cell>> {
        let row = |pair: &super::ConfusedPair| {
            vec![
                text(self.name(pair.tag)),
                text(self.name(pair.taken_for)),
                count(pair.n),
                percent(Some(pair.share)),
                pictures(&pair.ids, options, words),
            ]
        };
        self.pairs.iter().map(row).collect()
    }

    fn suspect_rows(&self, options: &ReportWords, words: &Words) -> Vec<Vec<Cell>> {
        let row = |suspect: &super::Suspect| {
            vec![
                pictures(&[suspect.id], options, words),
                text(words.kind(suspect.kind)),
                text(self.name(suspect.tag)),
                suspect.like.map_or(Cell::Empty, |like| text(self.name(like))),
                percent(Some(suspect.confidence)),
            ]
        };
        self.suspects.iter().map(row).collect()
    }

    fn overview(&self, name: &str, options: &ReportWords, words: &Words) -> std::result::Result<Worksheet, XlsxError> {
        let local_ms = self.made_ms.saturating_add(i64::from(options.utc_offset_min) * MS_A_MINUTE);
        let familiar = words.yes_no[usize::from(!self.has_familiarity)];
        let values = [
            text(&self.title),
            text(&self.comment),
            text(&self.tagger.name),
            Cell::Number(self.tagger.version.into()),
            Cell::Moment(local_ms as f64 / MS_A_DAY + DAY_1970),
            Cell::Text(format!("{} {}", self.backbone.id, self.backbone.version)),
            // A number of a sheet has 15 digits, a seed up to 20.
            Cell::Text(self.seed.to_string()),
            count(self.n_examples),
            count(self.n_distinct),
            count(self.n_others),
            text(familiar),
            percent(self.accuracy.map(|figure| figure.value)),
            percent(self.map.map(|figure| figure.value)),
            percent(self.ece),
            Cell::Empty,
        ];
        let ranges = [(11, self.accuracy), (12, self.map)];
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?.set_column_width(0, 44)?.set_column_width(1, 60)?;
        for (row, (heading, value)) in (0..).zip(words.overview.iter().zip(&values)) {
            sheet.write_string_with_format(row, 0, *heading, &heading_format())?;
            write(&mut sheet, row, 1, value, words)?;
        }
        for (row, range) in ranges {
            for (column, value) in (2..).zip(figure(range).iter().skip(1)) {
                write(&mut sheet, row, column, value, words)?;
            }
        }
        Ok(sheet)
    }
}

fn heading_format() -> Format {
    Format::new().set_bold().set_align(FormatAlign::Top).set_text_wrap()
}

fn table(
    name: &str,
    headings: &[&str],
    widths: &[u16],
    rows: Vec<Vec<Cell>>,
    words: &Words,
) -> std::result::Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    for (column, heading) in (0..).zip(headings) {
        let width = widths.get(usize::from(column)).copied().unwrap_or(14);
        sheet.set_column_width(column, width)?.write_string_with_format(0, column, *heading, &heading_format())?;
    }
    for (row, cells) in (1..).zip(&rows) {
        for (column, cell) in (0..).zip(cells) {
            write(&mut sheet, row, column, cell, words)?;
        }
    }
    if !rows.is_empty() {
        sheet.autofilter(0, 0, rows.len() as u32, headings.len() as u16 - 1)?;
    }
    Ok(sheet)
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    words: &Words,
) -> std::result::Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, cut(text)),
        Cell::Number(number) => sheet.write_number(row, column, *number),
        Cell::Status(status) => sheet.write_string_with_format(row, column, words.status(*status), &format_of(*status)),
        Cell::Moment(days) => match ExcelDateTime::from_serial_datetime(*days) {
            Ok(moment) => {
                let format = Format::new().set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Left);
                sheet.write_datetime_with_format(row, column, &moment, &format)
            }
            // Before 1900 or after 9999.
            Err(_) => return Ok(()),
        },
    }?;
    Ok(())
}

/// Green, yellow and grey, each dark enough on its ground to be read.
fn format_of(status: TagStatus) -> Format {
    let (ground, ink) = match status {
        TagStatus::Trained => (0x00C6_EFCE, 0x0000_6100),
        TagStatus::Incomplete => (0x00FF_EB9C, 0x007F_4F00),
        TagStatus::LeftOut => (0x00E7_E6E6, 0x0040_4040),
    };
    Format::new().set_background_color(Color::RGB(ground)).set_font_color(Color::RGB(ink))
}

fn pictures(ids: &[u32], options: &ReportWords, words: &Words) -> Cell {
    let name = |id: &u32| options.pictures.get(id).cloned().unwrap_or_else(|| words.picture(*id));
    Cell::Text(ids.iter().map(name).collect::<Vec<_>>().join(", "))
}
