//! A workbook of sheets, as the bytes of an XLSX file.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

/// A cell holds no more, in UTF-16 units; what is longer is cut.
const MAX_UNITS: usize = 32_767;

/// The same sheets give the same bytes: when they were made is told by the file, and not in it.
///
/// # Errors
/// Those of the workbook.
pub fn file(sheets: Vec<Worksheet>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    workbook.save_to_buffer()
}

/// As much of `text` as a cell holds.
pub fn cut(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > MAX_UNITS
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}
