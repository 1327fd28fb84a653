//! Huffman tables of a JPEG: which code has which symbol, and the usual ones for files that bring none.

/// ITU-T T.81, Annex K.3.3, as one DHT segment's content: both tables for luminance (0) and for chrominance (1).
pub const USUAL_TABLES: &[u8] = include_bytes!("usual_tables.bin");

const MAX_LEN: usize = 16;

/// A table of one class and destination.
#[derive(Debug, Clone)]
pub struct Table {
    /// By length - 1: the first code, and where its symbol is.
    starts: [(u32, usize); MAX_LEN],
    counts: [u8; MAX_LEN],
    symbols: Vec<u8>,
}

/// The tables that hold at a scan, by destination.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub dc: [Option<Table>; 4],
    pub ac: [Option<Table>; 4],
}

impl Tables {
    /// Takes over what a DHT segment defines, as far as it is whole.
    pub fn define(&mut self, mut content: &[u8]) {
        while let Some((&[head, ref counts @ ..], rest)) = content.split_first_chunk::<17>() {
            let n: usize = counts.iter().map(|&count| usize::from(count)).sum();
            let Some(symbols) = rest.get(..n) else { return };
            let class = if head >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            if let Some(slot) = class.get_mut(usize::from(head & 0xF)) {
                *slot = Some(Table::new(*counts, symbols));
            }
            content = &rest[n..];
        }
    }
}

impl Table {
    fn new(counts: [u8; MAX_LEN], symbols: &[u8]) -> Self {
        let (mut code, mut at) = (0, 0);
        let starts = counts.map(|count| {
            let start = (code, at);
            code = (code + u32::from(count)) << 1;
            at += usize::from(count);
            start
        });
        Self { starts, counts, symbols: symbols.to_vec() }
    }

    /// The code and its length in bits.
    pub fn code_of(&self, symbol: u8) -> Option<(u32, u32)> {
        let at = self.symbols.iter().position(|&known| known == symbol)?;
        let len = self.starts.iter().zip(self.counts).position(|(start, n)| at < start.1 + usize::from(n))?;
        let (code, first) = self.starts[len];
        Some((code + (at - first) as u32, len as u32 + 1))
    }
}

/// Reads bits from data without escapes.
#[derive(Debug, Clone)]
pub struct Bits<'a> {
    data: &'a [u8],
    /// How many have been read.
    pub position: usize,
}

impl<'a> Bits<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, position: 0 }
    }

    pub fn left(&self) -> usize {
        self.data.len() * 8 - self.position
    }

    /// `None` at the end.
    pub fn bit(&mut self) -> Option<u32> {
        let byte = *self.data.get(self.position / 8)?;
        let bit = byte >> (7 - self.position % 8) & 1;
        self.position += 1;
        Some(u32::from(bit))
    }

    pub fn number(&mut self, n: u32) -> Option<u32> {
        (0..n).try_fold(0, |number, _| Some(number << 1 | self.bit()?))
    }

    pub fn skip(&mut self, n: u8) -> Option<()> {
        (self.left() >= usize::from(n)).then(|| self.position += usize::from(n))
    }

    /// `None` at the end, and where the bits are no code of the table.
    pub fn symbol(&mut self, table: &Table) -> Option<u8> {
        let mut code = 0;
        for (&(first, at), count) in table.starts.iter().zip(table.counts) {
            code = code << 1 | self.bit()?;
            if code < first + u32::from(count) {
                return table.symbols.get(at + (code.checked_sub(first)?) as usize).copied();
            }
        }
        None
    }
}

/// Writes bits, and escapes them in the end.
#[derive(Debug, Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    /// Bits used of the last byte; 0 where it is full.
    used: u32,
}

impl BitWriter {
    /// Copies the first `n` bits of `data`. Nothing may have been written before.
    pub fn copy(&mut self, data: &[u8], n: usize) {
        self.bytes.extend(&data[..n.div_ceil(8)]);
        self.used = (n % 8) as u32;
        if self.used > 0
            && let Some(last) = self.bytes.last_mut()
        {
            *last &= 0xFF << (8 - self.used);
        }
    }

    pub fn write(&mut self, bits: u32, n: u32) {
        for shift in (0..n).rev() {
            if self.used == 0 {
                self.bytes.push(0);
            }
            let bit = (bits >> shift & 1) as u8;
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << (7 - self.used);
            }
            self.used = (self.used + 1) % 8;
        }
    }

    /// The bytes, filled up with ones, with FF escaped.
    pub fn finish(mut self) -> Vec<u8> {
        if self.used > 0
            && let Some(last) = self.bytes.last_mut()
        {
            *last |= 0xFF >> self.used;
        }
        let mut escaped = Vec::with_capacity(self.bytes.len() + self.bytes.len() / 64);
        for byte in self.bytes {
            escaped.push(byte);
            if byte == 0xFF {
                escaped.push(0);
            }
        }
        escaped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_tables_are_four_and_have_the_end_of_a_block() {
        let mut tables = Tables::default();
        tables.define(USUAL_TABLES);
        let n =
            |class: &[Option<Table>; 4]| class.iter().flatten().map(|table| table.symbols.len()).collect::<Vec<_>>();
        assert_eq!((n(&tables.dc), n(&tables.ac)), (vec![12, 12], vec![162, 162]));
        // T.81, tables K.5 and K.6.
        assert_eq!(tables.ac[0].as_ref().and_then(|table| table.code_of(0)), Some((0b1010, 4)));
        assert_eq!(tables.ac[1].as_ref().and_then(|table| table.code_of(0)), Some((0b00, 2)));
        assert_eq!(tables.ac[0].as_ref().and_then(|table| table.code_of(0xF0)), Some((0b111_1111_1001, 11)));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut tables = Tables::default();
        tables.define(USUAL_TABLES);
        let table = tables.ac[0].as_ref().unwrap();
        let mut writer = BitWriter::default();
        writer.copy(&[0b1010_1111], 4);
        for &symbol in &table.symbols {
            let (code, len) = table.code_of(symbol).unwrap();
            writer.write(code, len);
        }
        let escaped = writer.finish();
        let plain: Vec<u8> = escaped
            .iter()
            .enumerate()
            .filter(|&(i, &byte)| byte != 0 || i == 0 || escaped[i - 1] != 0xFF)
            .map(|(_, &byte)| byte)
            .collect();
        let mut bits = Bits::new(&plain);
        assert_eq!(bits.symbol(table), Some(0));
        for &symbol in &table.symbols {
            assert_eq!(bits.symbol(table), Some(symbol));
        }
    }
}
