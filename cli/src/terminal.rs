//! What is written to a terminal in place of a file.

use std::io::{self, Write};

use tagsmith::printable;

/// Passes text on line by line, and nothing else in it that a terminal obeys: names in a table are others' text.
pub struct Printable<W: Write> {
    out: W,
    /// The line that has not ended.
    line: Vec<u8>,
}

impl<W: Write> Printable<W> {
    pub fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }

    fn write_line(&mut self) -> io::Result<()> {
        let line = String::from_utf8_lossy(&self.line);
        let end = ["\r\n", "\n"].into_iter().find(|end| line.ends_with(end)).unwrap_or_default();
        let shown = printable(&line[..line.len() - end.len()]);
        self.line.clear();
        write!(self.out, "{shown}{end}")
    }
}

impl<W: Write> Write for Printable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend(piece);
            if piece.ends_with(b"\n") {
                self.write_line()?;
            }
        }
        Ok(bytes.len())
    }

    /// Whole lines only: one that has begun may end within a character.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Drop for Printable<W> {
    /// JSON in pieces ends without a line feed if it is interrupted.
    fn drop(&mut self) {
        if !self.line.is_empty() {
            let _ = self.write_line().and_then(|()| self.out.flush());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_lines_and_nothing_else_that_it_obeys() {
        let text = "path\r\n\"ö\u{1b}[2J\u{9b}\rx\u{202e}\"\r\n\"in a cell\n\"";
        let mut shown = Vec::new();
        let mut writer = Printable::new(&mut shown);
        for byte in text.as_bytes() {
            writer.write_all(&[*byte]).unwrap();
        }
        drop(writer);
        let wanted = "path\r\n\"ö\\u{1b}[2J\\u{9b}\\u{d}x\\u{202e}\"\r\n\"in a cell\n\"";
        assert_eq!(String::from_utf8(shown).unwrap(), wanted);
    }
}
