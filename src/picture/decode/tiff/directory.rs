//! The directories of a TIFF file: what its tags say. Classic and BigTIFF, in both byte orders.

use super::{cut_off, damaged, tag};
use crate::error::Result;

/// Directories that are looked at to find the picture. Chains may be endless.
const MAX_DIRECTORIES: usize = 64;
/// Tags of a directory, as many as classic TIFF can have.
const MAX_TAGS: u64 = 65_535;
/// Values of one tag that are read: the segments of a large picture in small tiles, and a palette's colours.
const MAX_VALUES: u64 = 1 << 22;
/// Bits of NewSubfileType: the directory has a smaller version of another picture, or a mask.
const REDUCED: u64 = 1;
const MASK: u64 = 4;

/// Byte order of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Little,
    Big,
}

impl Order {
    /// An unsigned number of at most 8 bytes.
    pub fn number(self, bytes: &[u8]) -> u64 {
        let append = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
        match self {
            Order::Big => bytes.iter().fold(0, append),
            Order::Little => bytes.iter().rev().fold(0, append),
        }
    }
}

/// The file, and how its directories are written.
#[derive(Clone, Copy)]
pub struct File<'a> {
    pub bytes: &'a [u8],
    pub order: Order,
    is_big: bool,
}

/// The tags of one picture.
pub struct Directory<'a> {
    pub file: File<'a>,
    entries: &'a [u8],
    next: u64,
}

impl<'a> File<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self> {
        let order = if bytes.starts_with(b"MM") { Order::Big } else { Order::Little };
        let version = bytes.get(2..4).ok_or_else(cut_off)?;
        Ok(Self { bytes, order, is_big: order.number(version) == 43 })
    }

    /// The directory of the first picture in full size; camera files keep it below that of a small one. If there are only reduced versions,
    /// the largest.
    pub fn picture(self) -> Result<Directory<'a>> {
        let mut directories = vec![self.directory(if self.is_big { self.word(8, 8)? } else { self.word(4, 4)? })?];
        while directories.len() < MAX_DIRECTORIES {
            let Some(last) = directories.last().filter(|last| last.next != 0) else { break };
            // A broken chain still has its beginning.
            let Ok(next) = self.directory(last.next) else { break };
            directories.push(next);
        }
        let below: Vec<u64> = directories
            .iter()
            .filter_map(|directory| directory.values(tag::SUB_DIRECTORIES))
            .flat_map(|offsets| offsets.into_iter().take(MAX_DIRECTORIES))
            .collect();
        directories.extend(below.into_iter().take(MAX_DIRECTORIES).filter_map(|at| self.directory(at).ok()));
        let idx = directories.iter().position(Directory::is_full_picture).or_else(|| {
            let area =
                |directory: &Directory<'_>| directory.number(tag::WIDTH)?.checked_mul(directory.number(tag::HEIGHT)?);
            // The first of equal ones.
            (0..directories.len()).rev().max_by_key(|&idx| area(&directories[idx]))
        });
        idx.map(|idx| directories.swap_remove(idx)).ok_or_else(|| damaged("it has no picture"))
    }

    fn word(self, at: u64, len: u64) -> Result<u64> {
        self.slice(at, len).map(|bytes| self.order.number(bytes)).ok_or_else(cut_off)
    }

    fn slice(self, at: u64, len: u64) -> Option<&'a [u8]> {
        let (start, end) = (usize::try_from(at).ok()?, usize::try_from(at.checked_add(len)?).ok()?);
        self.bytes.get(start..end)
    }

    fn directory(self, at: u64) -> Result<Directory<'a>> {
        let (count_len, next_len) = if self.is_big { (8, 8) } else { (2, 4) };
        let count = self.word(at, count_len)?;
        if count > MAX_TAGS {
            return Err(damaged("a directory has too many tags"));
        }
        let start = at + count_len;
        let len = count * self.entry_len();
        let entries = self.slice(start, len).ok_or_else(cut_off)?;
        // Some writers leave out the link to nowhere.
        let next = self.word(start + len, next_len).unwrap_or(0);
        Ok(Directory { file: self, entries, next })
    }

    fn entry_len(self) -> u64 {
        if self.is_big { 20 } else { 12 }
    }
}

impl<'a> Directory<'a> {
    /// The first value of a tag, if that is a whole number.
    pub fn number(&self, tag: u16) -> Option<u64> {
        let (kind, bytes) = self.bytes(tag)?;
        let len = integer_len(kind)?;
        bytes.get(..len).map(|bytes| self.file.order.number(bytes))
    }

    /// All values of a tag, if they are whole numbers.
    pub fn values(&self, tag: u16) -> Option<Vec<u64>> {
        let (kind, bytes) = self.bytes(tag)?;
        let len = integer_len(kind)?;
        Some(bytes.chunks_exact(len).map(|bytes| self.file.order.number(bytes)).collect())
    }

    /// All values of a tag, if they are fractions or floats.
    pub fn fractions(&self, tag: u16) -> Option<Vec<f64>> {
        let (kind, bytes) = self.bytes(tag)?;
        let order = self.file.order;
        let fraction = |bytes: &[u8]| order.number(&bytes[..4]) as f64 / order.number(&bytes[4..]) as f64;
        match kind {
            5 => Some(bytes.chunks_exact(8).map(fraction).collect()),
            11 => Some(bytes.chunks_exact(4).map(|b| f32::from_bits(order.number(b) as u32).into()).collect()),
            _ => self.values(tag).map(|values| values.into_iter().map(|value| value as f64).collect()),
        }
    }

    /// The bytes of a tag.
    pub fn raw(&self, tag: u16) -> Option<&'a [u8]> {
        self.bytes(tag).map(|(_, bytes)| bytes)
    }

    /// Whether it holds a picture of its own: no smaller version of another one, and no mask.
    fn is_full_picture(&self) -> bool {
        let kind = self.number(tag::NEW_SUBFILE_TYPE).unwrap_or(0);
        // The older tag: 2 is a smaller version.
        let is_reduced = kind & REDUCED != 0 || self.number(tag::SUBFILE_TYPE) == Some(2);
        let is_mask = kind & MASK != 0 || self.number(tag::PHOTOMETRIC) == Some(4);
        self.number(tag::WIDTH).is_some() && !is_reduced && !is_mask
    }

    /// Kind and content of a tag.
    fn bytes(&self, tag: u16) -> Option<(u64, &'a [u8])> {
        let file = self.file;
        let entry = self
            .entries
            .chunks_exact(file.entry_len() as usize)
            .find(|entry| file.order.number(&entry[..2]) == u64::from(tag))?;
        let kind = file.order.number(&entry[2..4]);
        let (count, inside) = entry[4..].split_at((entry.len() - 4) / 2);
        let value_len = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => return None,
        };
        let len = value_len * file.order.number(count).min(MAX_VALUES);
        if len <= inside.len() as u64 {
            return Some((kind, &inside[..len as usize]));
        }
        let at = usize::try_from(file.order.number(inside)).ok()?;
        let rest = file.bytes.get(at..)?;
        // Of a list that the file cuts off, what is there.
        Some((kind, &rest[..rest.len().min(len as usize)]))
    }
}

/// Bytes of one value of a whole number's kind.
fn integer_len(kind: u64) -> Option<usize> {
    match kind {
        1 | 7 => Some(1),
        3 => Some(2),
        4 | 13 => Some(4),
        16 | 18 => Some(8),
        _ => None,
    }
}
