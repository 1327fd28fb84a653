//! Compressed data -> the bytes of a segment, never more than it needs.

use std::io::Read;

use fdeflate::Decompressor;
use ruzstd::decoding::StreamingDecoder;
use weezl::{BitOrder, LzwStatus, decode::Decoder as Lzw};

use super::fax::{self, Fax};
use super::{refuse, tag};
use crate::error::Result;
use crate::picture::directory::Directory;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    None,
    PackBits,
    Lzw,
    Deflate,
    Zstd,
    Fax(Fax),
    /// A JPEG file per segment, without the tables that all share.
    Jpeg,
    /// JPEG as TIFF 6.0 had it, which nearly nobody wrote in the same way.
    OldJpeg,
}

/// Bytes between which the deflate decoder is asked how far it came, because it does not tell when it fails.
const DEFLATE_STEP: usize = 1 << 12;

impl Compression {
    pub fn read(directory: &Directory<'_>) -> Result<Self> {
        let options = directory.number(tag::T4_OPTIONS).unwrap_or(0);
        let name = match directory.number(tag::COMPRESSION).unwrap_or(1) {
            1 => return Ok(Compression::None),
            2 => return Ok(Compression::Fax(Fax::RunLengths { align: 8 })),
            3 => return Ok(Compression::Fax(Fax::Group3 { is_two_dimensional: options & 1 != 0 })),
            4 => return Ok(Compression::Fax(Fax::Group4)),
            5 => return Ok(Compression::Lzw),
            6 => return Ok(Compression::OldJpeg),
            7 => return Ok(Compression::Jpeg),
            8 | 32_946 => return Ok(Compression::Deflate),
            32_771 => return Ok(Compression::Fax(Fax::RunLengths { align: 16 })),
            32_773 => return Ok(Compression::PackBits),
            50_000 => return Ok(Compression::Zstd),
            9 | 10 | 34_661 | 34_715 => "JBIG",
            32_766 => "NeXT",
            32_767 => "Sony ARW",
            32_809 => "ThunderScan",
            32_895..=32_898 => "IT8",
            32_908 | 32_909 => "Pixar",
            32_947 => "Kodak DCS",
            33_003 | 33_004 | 33_005 | 34_712 => "JPEG 2000",
            34_676 | 34_677 => "SGI LogLuv",
            34_713 => "Nikon NEF",
            34_887 => "LERC",
            34_892 => "lossy DNG",
            34_925 => "LZMA",
            34_933 | 34_934 => "PNG or JPEG XR",
            50_001 => "WebP",
            50_002 | 52_546 => "JPEG XL",
            other => return Err(refuse(&format!("with a compression that is not known here (number {other})"))),
        };
        Err(refuse(&format!("with {name} compression")))
    }

    pub fn is_jpeg(self) -> bool {
        matches!(self, Compression::Jpeg | Compression::OldJpeg)
    }

    /// Whether a predictor is applied before it.
    pub fn has_predictor(self) -> bool {
        matches!(self, Compression::Lzw | Compression::Deflate | Compression::Zstd)
    }

    /// Bytes that `len` compressed ones may become, so that a small file cannot ask for much memory.
    pub fn most_unpacked(self, len: usize) -> u64 {
        let factor = match self {
            Compression::None => 1,
            // A run of 128 in two bytes.
            Compression::PackBits => 64,
            // The longest string of a full table for each code of 9 bits.
            Compression::Lzw => 4096,
            // 258 bytes for two codes of one bit.
            Compression::Deflate => 1032,
            // Blocks of 128 KiB in four bytes.
            Compression::Zstd => 1 << 15,
            // A page may end at once and is white then; a JPEG of one colour is small.
            Compression::Fax(_) | Compression::Jpeg | Compression::OldJpeg => u64::MAX,
        };
        factor.saturating_mul(len as u64)
    }

    /// Decompresses `data` until `out`, which is nought everywhere, is full. Returns the number of bytes that came.
    /// `width`: pixels of a row, of one bit each, for fax compressions.
    pub fn unpack(self, data: &[u8], width: u32, out: &mut [u8]) -> usize {
        match self {
            Compression::PackBits => unpack_bits(data, out),
            Compression::Lzw => unpack_lzw(data, out),
            Compression::Deflate => inflate(data, out),
            Compression::Zstd => unpack_zstd(data, out),
            Compression::Fax(fax) => fax::decode(fax, data, width, out),
            Compression::None | Compression::Jpeg | Compression::OldJpeg => 0,
        }
    }
}

fn unpack_bits(mut data: &[u8], out: &mut [u8]) -> usize {
    let mut came = 0;
    while let Some((&count, rest)) = data.split_first() {
        let free = out.len() - came;
        data = rest;
        let len = match count {
            0x00..=0x7F => {
                let (len, rest) = data.split_at(data.len().min(usize::from(count) + 1));
                data = rest;
                let len = &len[..len.len().min(free)];
                out[came..came + len.len()].copy_from_slice(len);
                len.len()
            }
            0x80 => 0,
            _ => {
                let Some((&byte, rest)) = data.split_first() else { break };
                data = rest;
                let len = (257 - usize::from(count)).min(free);
                out[came..came + len].fill(byte);
                len
            }
        };
        came += len;
        if came == out.len() {
            break;
        }
    }
    came
}

fn unpack_lzw(data: &[u8], out: &mut [u8]) -> usize {
    // Before TIFF 6.0, codes began with their lowest bit and grew one code later, as in GIF. The first code, which clears, tells them apart.
    let is_old = matches!(data, [0, second, ..] if second & 1 == 1);
    let mut decoder = if is_old { Lzw::new(BitOrder::Lsb, 8) } else { Lzw::with_tiff_size_switch(BitOrder::Msb, 8) };
    let (mut used, mut came) = (0, 0);
    while came < out.len() {
        let result = decoder.decode_bytes(&data[used..], &mut out[came..]);
        used += result.consumed_in;
        came += result.consumed_out;
        let is_moving = result.consumed_in > 0 || result.consumed_out > 0;
        if !is_moving || !matches!(result.status, Ok(LzwStatus::Ok)) {
            break;
        }
    }
    came
}

fn inflate(data: &[u8], out: &mut [u8]) -> usize {
    let mut decoder = Decompressor::new();
    decoder.ignore_adler32();
    let (mut used, mut came) = (0, 0);
    while came < out.len() && !decoder.is_done() {
        let end = out.len().min(came + DEFLATE_STEP);
        let Ok((consumed, produced)) = decoder.read(&data[used..], &mut out[..end], came, false) else { break };
        used += consumed;
        came += produced;
        if consumed == 0 && produced == 0 {
            break;
        }
    }
    came
}

fn unpack_zstd(data: &[u8], out: &mut [u8]) -> usize {
    let Ok(mut decoder) = StreamingDecoder::new(data) else { return 0 };
    let mut came = 0;
    while came < out.len() {
        match decoder.read(&mut out[came..]) {
            Ok(len) if len > 0 => came += len,
            _ => break,
        }
    }
    came
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_unpacked_than_asked_for() {
        let packed = [2, 1, 2, 3, 0xFD, 9, 0x80, 0x81, 7];
        let mut out = [0; 9];
        assert_eq!(Compression::PackBits.unpack(&packed, 0, &mut out), 9);
        assert_eq!(out, [1, 2, 3, 9, 9, 9, 9, 7, 7]);
        assert_eq!(Compression::PackBits.unpack(&packed[..5], 0, &mut out), 3, "a run without its byte");
        assert_eq!(Compression::PackBits.unpack(&packed, 0, &mut []), 0);
    }

    #[test]
    fn lzw_is_read_in_both_bit_orders() {
        let bytes: Vec<u8> = (0..9000u32).map(|i| (i * i / 700) as u8).collect();
        let new = weezl::encode::Encoder::with_tiff_size_switch(BitOrder::Msb, 8).encode(&bytes).unwrap();
        let old = weezl::encode::Encoder::new(BitOrder::Lsb, 8).encode(&bytes).unwrap();
        for packed in [new, old] {
            let mut out = vec![0; bytes.len()];
            assert_eq!(Compression::Lzw.unpack(&packed, 0, &mut out), bytes.len());
            assert_eq!(out, bytes);
            let half = Compression::Lzw.unpack(&packed[..packed.len() / 2], 0, &mut out);
            assert!((bytes.len() / 4..bytes.len() * 3 / 4).contains(&half), "{half}");
        }
    }
}
