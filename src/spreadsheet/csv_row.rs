//! A row of CSV (RFC 4180). Text is quoted, whatever it reads like: a separator in it does not end the cell, and a file called `1e5` is no
//! number.

use std::io::{self, Write};

use crate::spreadsheet::invisible::is_invisible;

/// Characters with which a formula can begin in a spreadsheet, including full-width and small forms.
const FORMULA_BEGINS: [char; 13] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−'];
/// Characters that end a cell in a spreadsheet with another separator.
const CELL_ENDS: [char; 4] = [';', '\t', '\r', '\n'];

/// What is in a cell of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsvCell {
    Text(String),
    /// Digits, or nothing.
    Number(String),
}

impl CsvCell {
    /// The text of others: [`harmless`].
    pub fn text(text: &str) -> Self {
        Self::Text(harmless(text))
    }

    pub fn number(number: Option<impl ToString>) -> Self {
        Self::Number(number.map(|number| number.to_string()).unwrap_or_default())
    }
}

/// # Errors
/// Those of `out`.
pub fn write_row(out: &mut impl Write, separator: char, cells: &[CsvCell]) -> io::Result<()> {
    let mut row = String::new();
    for cell in cells {
        if !row.is_empty() {
            row.push(separator);
        }
        match cell {
            CsvCell::Number(digits) if !digits.is_empty() => row += digits,
            CsvCell::Number(text) | CsvCell::Text(text) => {
                row.push('"');
                row += &text.replace('"', "\"\"");
                row.push('"');
            }
        }
    }
    write!(out, "{row}\r\n")
}

/// Protects against CSV injection (OWASP): spreadsheets run a cell that begins like a formula, unless an apostrophe precedes it. Leading
/// spaces, quotes and what is invisible do not prevent that, and after a separator in the cell another formula can begin.
pub fn harmless(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 1);
    if cell.starts_with(CELL_ENDS) {
        text.push('\'');
    }
    for piece in cell.split_inclusive(CELL_ENDS) {
        let is_passed_over = |c: char| c.is_whitespace() || c.is_control() || c == '"' || is_invisible(c);
        if piece.trim_start_matches(is_passed_over).starts_with(FORMULA_BEGINS) {
            text.push('\'');
        }
        text += piece;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for (cell, wanted) in [
            ("cat.jpg", "cat.jpg"),
            ("a-b=c.jpg", "a-b=c.jpg"),
            ("=1+2\";=1+2", "'=1+2\";'=1+2"),
            ("  =1", "'  =1"),
            ("\"=1", "'\"=1"),
            ("＝1", "'＝1"),
            ("﹦1", "'﹦1"),
            ("−1", "'−1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            (" \u{200b}\0\u{ad}\"@x", "' \u{200b}\0\u{ad}\"@x"),
            ("a; \"@x;b", "a;' \"@x;b"),
            ("a\r\n-1", "a\r\n'-1"),
            ("\t=1", "'\t'=1"),
            ("\nx", "'\nx"),
        ] {
            assert_eq!(harmless(cell), wanted, "{cell:?}");
        }
    }

    #[test]
    fn text_is_quoted_even_where_it_reads_like_a_number() {
        let mut row = Vec::new();
        let text = |text: &str| CsvCell::text(text);
        let cells =
            [text("1e5"), text("007"), text("nan"), text(""), CsvCell::number(Some(0.5)), CsvCell::number(None::<u32>)];
        write_row(&mut row, ';', &cells).unwrap();
        write_row(&mut row, ',', &[CsvCell::number(Some(-1)), text("a\"b\n,")]).unwrap();
        assert_eq!(String::from_utf8(row).unwrap(), "\"1e5\";\"007\";\"nan\";\"\";0.5;\"\"\r\n-1,\"a\"\"b\n,\"\r\n");
    }
}
