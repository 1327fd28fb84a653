//! The codes of ITU-T T.4 and T.6: bits -> runs and modes.

use std::sync::LazyLock;

/// The longest code, in bits.
pub const MAX_LEN: u8 = 13;

/// Codes of runs of 0 to 63 pixels, then of 64 to 1728 in steps of 64.
const WHITE: &str = "\
    00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010 101011 0100111 \
    0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011 00011010 00011011 \
    00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011 00101100 00101101 00000100 \
    00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 01011001 01011010 01011011 \
    01001010 01001011 00110010 00110011 00110100 11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 \
    01100111 011001100 011001101 011010010 011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 \
    011011011 010011000 010011001 010011010 011000 010011011";
const BLACK: &str = "\
    0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000 0000010111 \
    0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111 00000011000 000011001010 \
    000011001011 000011001100 000011001101 000001101000 000001101001 000001101010 000001101011 000011010010 000011010011 \
    000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 000011011011 000001010100 \
    000001010101 000001010110 000001010111 000001100100 000001100101 000001010010 000001010011 000000100100 000000110111 \
    000000111000 000000100111 000000101000 000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 \
    000001100111 0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 \
    0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 0000001110100 \
    0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 \
    0000001011011 0000001100100 0000001100101";
/// Codes of runs of 1792 to 2560 pixels in steps of 64, for both colours.
const LONG: &str = "\
    00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 000000010111 \
    000000011100 000000011101 000000011110 000000011111";
/// In the order of [`Mode`].
const MODES: &str = "0000010 000010 010 1 011 000011 0000011 0001 001";
const N_SHORT: usize = 64;
const STEP: u16 = 64;

/// How the next change of colour is coded in two dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Pixels to the right of the change above.
    Vertical(i8),
    Pass,
    Horizontal,
}

/// For each possible next [`MAX_LEN`] bits: what they mean, and the length of the code; 0 if there is none.
pub struct Codes([(u16, u8); 1 << MAX_LEN]);

pub struct Tables {
    pub white: Codes,
    pub black: Codes,
    pub modes: Codes,
}

pub static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let runs = |codes: &str| {
        Codes::new(codes.split(' ').chain(LONG.split(' ')).enumerate().map(|(idx, code)| {
            let run = if idx < N_SHORT { idx as u16 } else { (idx - N_SHORT + 1) as u16 * STEP };
            (run, code)
        }))
    };
    let modes = MODES.split(' ').enumerate().map(|(idx, code)| (idx as u16, code));
    Tables { white: runs(WHITE), black: runs(BLACK), modes: Codes::new(modes) }
});

impl Codes {
    fn new<'a>(codes: impl Iterator<Item = (u16, &'a str)>) -> Self {
        let mut table = [(0, 0); 1 << MAX_LEN];
        for (meaning, code) in codes {
            let len = code.len() as u8;
            let first = usize::from_str_radix(code, 2).expect("codes are written in bits") << (MAX_LEN - len);
            table[first..first + (1 << (MAX_LEN - len))].fill((meaning, len));
        }
        Self(table)
    }

    /// What the next [`MAX_LEN`] bits begin with, and its length.
    pub fn find(&self, bits: u32) -> Option<(u16, u8)> {
        let (meaning, len) = self.0[bits as usize % self.0.len()];
        (len > 0).then_some((meaning, len))
    }
}

impl Mode {
    /// By its position in [`MODES`].
    pub fn new(idx: u16) -> Self {
        match idx {
            7 => Mode::Pass,
            8 => Mode::Horizontal,
            _ => Mode::Vertical(idx as i8 - 3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_is_the_beginning_of_another() {
        for table in [WHITE, BLACK] {
            let codes: Vec<&str> = table.split(' ').chain(LONG.split(' ')).collect();
            assert_eq!(codes.len(), N_SHORT + 27 + 13);
            for (idx, code) in codes.iter().enumerate() {
                assert!(codes.iter().skip(idx + 1).all(|other| !other.starts_with(code) && !code.starts_with(other)));
            }
        }
        assert_eq!(TABLES.white.find(0b0_0000_0011_1111), Some((2560, 12)));
        assert_eq!(TABLES.black.find(0b0_0000_0110_0101), Some((1728, 13)));
        assert_eq!(Mode::new(TABLES.modes.find(0b0_0001_1000_0000).unwrap().0), Mode::Vertical(2));
    }
}
