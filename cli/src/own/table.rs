//! Tables on standard output, in columns.

use std::io::{self, Write};

use tagsmith::printable;

/// Writes rows under their headings: the first column is text, the others are numbers or short words.
pub fn write_table(out: &mut impl Write, headings: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| printable(cell)).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([headings[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let headings: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
    for row in [&headings].into_iter().chain(&rows) {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            if column == 0 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        });
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// A share in percent, or a dash where there is none.
pub fn percent(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.1}", 100.0 * share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them_and_nothing_in_them_is_obeyed() {
        let rows = [vec!["ö\u{1b}".to_owned(), percent(Some(0.5))], vec!["casual shoe".to_owned(), percent(None)]];
        let mut out = Vec::new();
        write_table(&mut out, &["tag", "recall %"], &rows).unwrap();
        let wanted = "tag          recall %\nö\\u{1b}          50.0\ncasual shoe         -\n";
        assert_eq!(String::from_utf8(out).unwrap(), wanted);
    }
}
