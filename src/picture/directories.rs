//! Image file directories: the container of TIFF and EXIF, and of the raw formats that are made from it.

/// Directories in a file of which more are not followed; a chain of them may be a circle.
const MAX_DIRECTORIES: usize = 64;
/// Entries of a directory of which more are not read.
const MAX_ENTRIES: usize = 1024;
const ENTRY: usize = 12;

const SUB_DIRECTORIES: u16 = 0x014A;

/// A directory: numbers and texts by tag.
pub struct Directory<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
    entries: &'a [[u8; ENTRY]],
}

/// The directories of a file, and those within them; those of the file's own chain come first. Empty if it has none that can be read.
pub fn directories(bytes: &[u8]) -> Vec<Directory<'_>> {
    let is_big_endian = match bytes {
        // 42 is TIFF and EXIF, the other marks are those of Panasonic and Olympus.
        [b'I', b'I', 42 | b'U', 0, ..] | [b'I', b'I', b'R', b'O' | b'S', ..] => false,
        [b'M', b'M', 0, 42, ..] | [b'M', b'M', b'O', b'R', ..] => true,
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    let mut next = long(bytes, 4, is_big_endian);
    while let Some(at) = next.filter(|&at| at != 0 && found.len() < MAX_DIRECTORIES) {
        let Some((directory, after)) = Directory::read(bytes, at as usize, is_big_endian) else { break };
        found.push(directory);
        next = after;
    }
    let mut nth = 0;
    while nth < found.len() {
        let inner: Vec<u32> = found[nth].numbers(SUB_DIRECTORIES).take(MAX_DIRECTORIES - found.len()).collect();
        found.extend(inner.into_iter().filter_map(|at| Some(Directory::read(bytes, at as usize, is_big_endian)?.0)));
        nth += 1;
    }
    found
}

impl<'a> Directory<'a> {
    /// The directory at `at`, and where the next one is.
    fn read(bytes: &'a [u8], at: usize, is_big_endian: bool) -> Option<(Self, Option<u32>)> {
        let n_entries = usize::from(short(bytes, at, is_big_endian)?);
        let start = at.checked_add(2)?;
        let end = start.checked_add(ENTRY * n_entries.min(MAX_ENTRIES))?.min(bytes.len());
        let entries = bytes.get(start..end)?.as_chunks::<ENTRY>().0;
        let after = start.checked_add(ENTRY * n_entries)?;
        Some((Self { bytes, is_big_endian, entries }, long(bytes, after, is_big_endian)))
    }

    /// The first number of a tag.
    pub fn number(&self, tag: u16) -> Option<u32> {
        self.numbers(tag).next()
    }

    /// The numbers of a tag, if its type is one of bytes or unsigned integers.
    pub fn numbers(&self, tag: u16) -> impl Iterator<Item = u32> {
        let size = self.entry(tag).map_or(0, |entry| match self.kind(entry) {
            1 | 7 => 1,
            3 => 2,
            4 | 13 => 4,
            _ => 0,
        });
        let content = if size == 0 { &[][..] } else { self.content(tag, size) };
        content.chunks_exact(size.max(1)).filter_map(move |number| match size {
            1 => Some(number[0].into()),
            2 => short(number, 0, self.is_big_endian).map(u32::from),
            _ => long(number, 0, self.is_big_endian),
        })
    }

    /// The bytes of a tag with text; what there is of them in a part of a file.
    pub fn text(&self, tag: u16) -> &'a [u8] {
        match self.entry(tag) {
            Some(entry) if self.kind(entry) == 2 => self.content(tag, 1),
            _ => &[],
        }
    }

    pub fn has(&self, tag: u16) -> bool {
        self.entry(tag).is_some()
    }

    fn entry(&self, tag: u16) -> Option<&'a [u8; ENTRY]> {
        self.entries.iter().find(|entry| short(*entry, 0, self.is_big_endian) == Some(tag))
    }

    fn kind(&self, entry: &[u8; ENTRY]) -> u16 {
        short(entry, 2, self.is_big_endian).unwrap_or(0)
    }

    /// `size`: bytes of one value. Up to four bytes stand in the entry itself.
    fn content(&self, tag: u16, size: usize) -> &'a [u8] {
        let read = || {
            let entry = self.entry(tag)?;
            let len = (long(entry, 4, self.is_big_endian)? as usize).checked_mul(size)?;
            if len <= 4 {
                return entry.get(8..8 + len);
            }
            let at = long(entry, 8, self.is_big_endian)? as usize;
            self.bytes.get(at..at.checked_add(len)?.min(self.bytes.len()))
        };
        read().unwrap_or_default()
    }
}

fn short(bytes: &[u8], at: usize, is_big_endian: bool) -> Option<u16> {
    let two = *bytes.get(at..)?.first_chunk()?;
    Some(if is_big_endian { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
}

fn long(bytes: &[u8], at: usize, is_big_endian: bool) -> Option<u32> {
    let four = *bytes.get(at..)?.first_chunk()?;
    Some(if is_big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
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
        let found = directories(&bytes);
        assert_eq!(found.len(), MAX_DIRECTORIES);
        assert_eq!(found[0].text(0x010F), b"NIKON\0");
        assert_eq!((found[1].number(SUB_DIRECTORIES), found[1].number(0x010F)), (Some(26), None));
    }

    #[test]
    fn parts_of_a_file_are_read_as_far_as_they_go() {
        let bytes = circle();
        for end in 0..bytes.len() {
            let found = directories(&bytes[..end]);
            assert_eq!(found.is_empty(), end < 10, "{end}");
        }
    }
}
