//! Fax compression: CCITT run lengths (compression 2), Group 3 in one and two dimensions (3) and Group 4 (4), after ITU-T T.4 and T.6.
//!
//! A line of Group 3 that transmission damaged is white from there on, and reading goes on at the next mark between lines, as faxes do. The
//! other kinds end where they are damaged.

mod codes;

use codes::{Codes, MAX_LEN, Mode, TABLES};

/// How lines are coded and separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fax {
    /// Each line begins at a multiple of so many bits of the data.
    RunLengths {
        align: u64,
    },
    Group3 {
        is_two_dimensional: bool,
    },
    Group4,
}

/// End-of-line marks without anything between them that end a page.
const MARKS_AT_THE_END: usize = 6;
/// Zeros before the 1 of a mark; there may be more.
const MARK_ZEROS: u64 = 11;
/// A mark where a mode of Group 4 should be ends the page; lines that are left are white.
const END_OF_BLOCK: u32 = 1 << (MAX_LEN - 12);

/// Decodes lines of `width` pixels to one bit per pixel, 1 where a fax is black, until `out` is full. Returns the number of bytes that came.
/// `out`: nought everywhere.
pub fn decode(fax: Fax, data: &[u8], width: u32, out: &mut [u8]) -> usize {
    let row_len = width.div_ceil(8) as usize;
    let mut bits = Bits { data, at: 0 };
    // Where the colour changes, from white at first. Behind the last change the colour stays.
    let (mut line, mut above) = (Vec::new(), Vec::new());
    let mut has_marks = false;
    let mut came = 0;
    for row in out.chunks_exact_mut(row_len) {
        std::mem::swap(&mut line, &mut above);
        line.clear();
        let is_whole = match fax {
            Fax::RunLengths { align } => {
                bits.at = bits.at.next_multiple_of(align);
                one_dimension(&mut bits, width, &mut line)
            }
            Fax::Group4 if bits.peek() & !1 == END_OF_BLOCK => return out.len(),
            Fax::Group4 => two_dimensions(&mut bits, width, &above, &mut line),
            Fax::Group3 { is_two_dimensional } => {
                let mut marks = bits.skip_marks(is_two_dimensional);
                if marks.0 == 0 && has_marks && bits.seek_mark() {
                    marks = bits.skip_marks(is_two_dimensional);
                }
                if marks.0 >= MARKS_AT_THE_END {
                    return out.len();
                }
                has_marks |= marks.0 > 0;
                let is_whole = if marks.1 {
                    one_dimension(&mut bits, width, &mut line)
                } else {
                    two_dimensions(&mut bits, width, &above, &mut line)
                };
                if !is_whole && line.len() % 2 == 1 {
                    // How far this black run goes is not known.
                    line.pop();
                }
                is_whole || bits.seek_mark()
            }
        };
        if !is_whole {
            break;
        }
        paint(&line, width, row);
        came += row_len;
    }
    came
}

/// A line of alternating white and black runs. `false` if it is damaged.
fn one_dimension(bits: &mut Bits<'_>, width: u32, line: &mut Vec<u32>) -> bool {
    let mut at = 0;
    while at < width {
        let Some(run) = bits.run(line.len() % 2 == 1) else { return false };
        at = run.saturating_add(at).min(width);
        line.push(at);
    }
    true
}

/// A line coded by its differences from the line above. `false` if it is damaged.
fn two_dimensions(bits: &mut Bits<'_>, width: u32, above: &[u32], line: &mut Vec<u32>) -> bool {
    let change = |idx: usize| above.get(idx).copied().unwrap_or(width);
    let mut at = 0;
    // A line begins left of its first pixel, so that a change there counts.
    let mut is_start = true;
    let mut next = 0;
    while at < width {
        // The first change to the right in the line above that goes to the other colour. One of its neighbours may be it.
        let is_black = line.len() % 2;
        if next % 2 != is_black {
            next = if next > 0 { next - 1 } else { 1 };
        }
        while change(next) < width && change(next) <= at && !(is_start && change(next) == 0) {
            next += 2;
        }
        let Some(mode) = bits.code(&TABLES.modes) else { return false };
        match Mode::new(mode) {
            Mode::Pass => at = change(next + 1),
            Mode::Horizontal => {
                for _ in 0..2 {
                    let Some(run) = bits.run(line.len() % 2 == 1) else { return false };
                    at = run.saturating_add(at).min(width);
                    line.push(at);
                }
            }
            Mode::Vertical(right) => {
                let changed = change(next).saturating_add_signed(right.into()).min(width);
                if changed < at {
                    return false;
                }
                at = changed;
                line.push(at);
            }
        }
        is_start = false;
    }
    true
}

/// Sets the bits of the black runs.
fn paint(line: &[u32], width: u32, row: &mut [u8]) {
    for run in line.chunks(2) {
        let (mut at, end) = (run[0] as usize, run.get(1).copied().unwrap_or(width) as usize);
        while at < end {
            if at.is_multiple_of(8) && end - at >= 8 {
                row[at / 8] = 0xFF;
                at += 8;
            } else {
                row[at / 8] |= 0x80 >> (at % 8);
                at += 1;
            }
        }
    }
}

struct Bits<'a> {
    data: &'a [u8],
    /// In bits.
    at: u64,
}

impl Bits<'_> {
    /// The next [`MAX_LEN`] bits; beyond the end they are 0.
    fn peek(&self) -> u32 {
        let start = (self.at / 8) as usize;
        let byte = |idx: usize| u32::from(self.data.get(start + idx).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        bits >> (24 - u32::from(MAX_LEN) - (self.at % 8) as u32) & ((1 << MAX_LEN) - 1)
    }

    fn len(&self) -> u64 {
        8 * self.data.len() as u64
    }

    fn code(&mut self, codes: &Codes) -> Option<u16> {
        let (meaning, len) = codes.find(self.peek())?;
        self.at += u64::from(len);
        (self.at <= self.len()).then_some(meaning)
    }

    /// The pixels of a run: any number of codes for multiples of 64, then one below.
    fn run(&mut self, is_black: bool) -> Option<u32> {
        let codes = if is_black { &TABLES.black } else { &TABLES.white };
        let mut run = 0u32;
        loop {
            let part = self.code(codes)?;
            run = run.saturating_add(part.into());
            if part < 64 {
                return Some(run);
            }
        }
    }

    /// Position behind the mark that begins here, if one does.
    fn behind_mark(&self) -> Option<u64> {
        let one = (self.at..self.len()).find(|&at| self.data[(at / 8) as usize] << (at % 8) & 0x80 != 0)?;
        (one - self.at >= MARK_ZEROS).then_some(one + 1)
    }

    /// Skips marks. Returns how many there were, and whether the next line is coded in one dimension: in two-dimensional data the bit
    /// behind each mark says so.
    fn skip_marks(&mut self, is_two_dimensional: bool) -> (usize, bool) {
        let (mut n_marks, mut is_one_dimensional) = (0, true);
        while let Some(behind) = self.behind_mark() {
            self.at = behind;
            n_marks += 1;
            if is_two_dimensional {
                is_one_dimensional = self.peek() >> (MAX_LEN - 1) == 1;
                self.at += 1;
            }
        }
        (n_marks, is_one_dimensional)
    }

    /// Goes on to the next mark. `false` if there is none.
    fn seek_mark(&mut self) -> bool {
        while self.at < self.len() {
            if self.behind_mark().is_some() {
                return true;
            }
            // To behind the next 1.
            while self.at < self.len() && self.peek() >> (MAX_LEN - 1) == 0 {
                self.at += 1;
            }
            self.at += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `bits`: digits and spaces.
    fn lines(fax: Fax, bits: &str, width: u32, n_lines: usize) -> (usize, Vec<String>) {
        let digits: Vec<u8> = bits.bytes().filter(u8::is_ascii_digit).collect();
        let data: Vec<u8> = digits
            .chunks(8)
            .map(|byte| byte.iter().enumerate().fold(0, |sum, (idx, digit)| sum | (digit - b'0') << (7 - idx)))
            .collect();
        let row_len = width.div_ceil(8) as usize;
        let mut out = vec![0; n_lines * row_len];
        let came = decode(fax, &data, width, &mut out);
        let show = |row: &[u8]| row.iter().map(|byte| format!("{byte:08b}")).collect::<String>();
        (came / row_len, out.chunks(row_len).map(|row| show(row)[..width as usize].to_owned()).collect())
    }

    const MARK: &str = "000000000001";
    // 2 white, 3 black, 3 white.
    const LINE: &str = "0111 10 1000";

    #[test]
    fn group_3_is_read_with_and_without_marks_and_goes_on_after_damage() {
        let fax = Fax::Group3 { is_two_dimensional: false };
        let whole = "00111000";
        assert_eq!(lines(fax, &LINE.repeat(3), 8, 3), (3, vec![whole.into(); 3]));
        let marked = format!("{MARK} {LINE} 0000 {MARK} {LINE} {MARK} {LINE} {}", MARK.repeat(6));
        assert_eq!(lines(fax, &marked, 8, 4).1, [whole, whole, whole, "00000000"]);
        assert_eq!(lines(fax, &marked, 8, 4).0, 4, "the page ended before the strip");
        // The second line has the code of no run.
        let damaged = format!("{MARK} {LINE} {MARK} 0111 000000001 11 {MARK} {LINE}");
        assert_eq!(lines(fax, &damaged, 8, 3), (3, vec![whole.into(), "00000000".into(), whole.into()]));
    }

    #[test]
    fn two_dimensions_follow_the_line_above() {
        // Horizontal; all three changes as above; one further right, one further left; passed over; white up to the end of the block.
        let block = format!("001 0111 10 1  1 1 1  011 010 1  0001 1  {MARK}{MARK}");
        let expected = ["00111000", "00111000", "00010000", "00000000", "00000000"];
        assert_eq!(lines(Fax::Group4, &block, 8, 5), (5, expected.map(String::from).to_vec()));
        assert_eq!(lines(Fax::Group4, "001 0111 10 1 0000000", 8, 2).0, 1, "cut off");
        let mixed = format!("{MARK} 1 {LINE} {MARK} 0 011 010 1");
        assert_eq!(lines(Fax::Group3 { is_two_dimensional: true }, &mixed, 8, 2).1, ["00111000", "00010000"]);
    }

    #[test]
    fn run_lengths_begin_at_whole_bytes_or_words() {
        let row = |align: usize| format!("{:0<align$}", LINE.replace(' ', "")).repeat(2);
        for align in [16, 24] {
            let fax = Fax::RunLengths { align: if align == 16 { 16 } else { 8 } };
            let bits = row(align);
            assert_eq!(lines(fax, &bits, 8, if align == 16 { 2 } else { 1 }).0, if align == 16 { 2 } else { 1 });
        }
    }
}
