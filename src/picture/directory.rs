//! Image file directories, which say by tags what is where: the container of TIFF and EXIF, and of the raw formats that are made from it.
//! Classic and BigTIFF, in both byte orders.

/// Directories of a file of which more are not followed; a chain of them may be a circle.
pub const MAX_DIRECTORIES: usize = 64;
/// Tags of a directory, as many as classic TIFF can have.
const MAX_TAGS: u64 = 65_535;
/// Values of one tag that are read: the segments of a large picture in small tiles, and a palette's colours.
const MAX_VALUES: u64 = 1 << 22;
/// Offsets of directories below one.
const SUB_DIRECTORIES: u16 = 0x014A;

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
    /// Whether all of its entries are in the file.
    pub is_whole: bool,
}

impl<'a> File<'a> {
    /// `None` where no directory can be: not TIFF, nor one of the raw formats that only have another mark.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let (order, is_big) = match bytes {
            // 42 is TIFF and EXIF, the other marks are those of Panasonic and Olympus.
            [b'I', b'I', 42 | b'U', 0, ..] | [b'I', b'I', b'R', b'O' | b'S', ..] => (Order::Little, false),
            [b'M', b'M', 0, 42, ..] | [b'M', b'M', b'O', b'R', ..] => (Order::Big, false),
            [b'I', b'I', 43, 0, ..] => (Order::Little, true),
            [b'M', b'M', 0, 43, ..] => (Order::Big, true),
            _ => return None,
        };
        Some(Self { bytes, order, is_big })
    }

    /// Those of the chain that begins in the header, as far as it can be read, and then those below them.
    pub fn directories(self) -> Vec<Directory<'a>> {
        let mut found: Vec<Directory<'a>> = Vec::new();
        let mut next = if self.is_big { self.word(8, 8) } else { self.word(4, 4) };
        while let Some(directory) = next.and_then(|at| self.directory(at)).filter(|_| found.len() < MAX_DIRECTORIES) {
            next = Some(directory.next).filter(|&at| at != 0);
            found.push(directory);
        }
        let mut nth = 0;
        while let Some(directory) = found.get(nth) {
            let below = directory.values(SUB_DIRECTORIES).unwrap_or_default().into_iter();
            let below: Vec<_> = below.take(MAX_DIRECTORIES - found.len()).filter_map(|at| self.directory(at)).collect();
            found.extend(below);
            nth += 1;
        }
        found
    }

    fn word(self, at: u64, len: u64) -> Option<u64> {
        self.slice(at, len).map(|bytes| self.order.number(bytes))
    }

    fn slice(self, at: u64, len: u64) -> Option<&'a [u8]> {
        let (start, end) = (usize::try_from(at).ok()?, usize::try_from(at.checked_add(len)?).ok()?);
        self.bytes.get(start..end)
    }

    /// That at a place. In a part of a file, the entries that are there.
    pub fn directory(self, at: u64) -> Option<Directory<'a>> {
        let (count_len, next_len) = if self.is_big { (8, 8) } else { (2, 4) };
        let count = self.word(at, count_len).filter(|&count| count <= MAX_TAGS)?;
        let start = at.checked_add(count_len)?;
        let len = count * self.entry_len();
        let rest = self.bytes.get(usize::try_from(start).ok()?..)?;
        let entries = &rest[..rest.len().min(len as usize)];
        let is_whole = entries.len() as u64 == len;
        // Some writers leave out the link to nowhere.
        let next = self.word(start + len, next_len).unwrap_or(0);
        Some(Directory { file: self, entries, next, is_whole })
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

    /// The bytes of a tag with text.
    pub fn text(&self, tag: u16) -> &'a [u8] {
        self.bytes(tag).filter(|(kind, _)| *kind == 2).map_or(&[], |(_, bytes)| bytes)
    }

    pub fn has(&self, tag: u16) -> bool {
        self.bytes(tag).is_some()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Two directories, of which the second names the first as the one after it, and itself as one within.
    fn circle() -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        bytes.extend([1, 0, 0x0F, 1, 2, 0, 6, 0, 0, 0, 44, 0, 0, 0, 26, 0, 0, 0]);
        bytes.extend([1, 0, 0x4A, 1, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 8, 0, 0, 0]);
        bytes.extend(b"NIKON\0");
        bytes
    }

    #[test]
    fn a_circle_of_directories_ends() {
        let bytes = circle();
        let found = File::new(&bytes).unwrap().directories();
        assert_eq!(found.len(), MAX_DIRECTORIES);
        assert_eq!(found[0].text(0x010F), b"NIKON\0");
        assert_eq!((found[1].number(SUB_DIRECTORIES), found[1].number(0x010F)), (Some(26), None));
    }

    #[test]
    fn parts_of_a_file_are_read_as_far_as_they_go() {
        let bytes = circle();
        for end in 4..bytes.len() {
            let found = File::new(&bytes[..end]).unwrap().directories();
            assert_eq!(found.is_empty(), end < 10, "{end}");
        }
    }
}
