//! The index of the pictures in a JPEG that has several, by CIPA DC-007: gain maps of phones, stereo pairs.

use super::bytes::{take, take_array};

/// How the content of its segment begins.
pub const SIGNATURE: &[u8] = b"MPF\0";

const ENTRIES: u16 = 0xB002;
const ENTRY_BYTES: usize = 16;

/// `index` after the first picture has grown by `whole` bytes, `after` of them behind the index, from which positions are counted.
/// `None` if nothing in it changes, or if it cannot be read.
pub fn moved(index: &[u8], whole: i64, after: i64) -> Option<Vec<u8>> {
    let read = |bytes: [u8; 4]| match index[0] {
        b'I' => u32::from_le_bytes(bytes),
        _ => u32::from_be_bytes(bytes),
    };
    let is_little = match index.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |bytes: [u8; 2]| if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) };
    let fields_at = usize::try_from(read(*index.get(4..)?.first_chunk()?)).ok()?;
    let mut fields = index.get(fields_at..)?;
    let n_fields = short(take_array(&mut fields)?);
    let (mut entries_at, mut n_bytes) = (0, 0);
    for _ in 0..n_fields {
        let mut field = take(&mut fields, 12)?;
        if short(take_array(&mut field)?) == ENTRIES {
            take(&mut field, 2)?;
            n_bytes = usize::try_from(read(take_array(&mut field)?)).ok()?;
            entries_at = usize::try_from(read(take_array(&mut field)?)).ok()?;
        }
    }

    let mut moved = index.to_vec();
    let entries = moved.get_mut(entries_at..entries_at.checked_add(n_bytes)?)?;
    for (n, entry) in entries.chunks_exact_mut(ENTRY_BYTES).enumerate() {
        // The first picture begins at 0 and is the only one that has grown.
        let (field, growth) = if n == 0 { (4..8, whole) } else { (8..12, after) };
        let number = i64::from(read(*entry[field.clone()].first_chunk()?));
        let number = if number == 0 { 0 } else { u32::try_from(number + growth).ok()? };
        entry[field].copy_from_slice(&if is_little { number.to_le_bytes() } else { number.to_be_bytes() });
    }
    (moved != index).then_some(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(is_little: bool, sizes_and_offsets: &[(u32, u32)]) -> Vec<u8> {
        let short = |number: u16| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let long = |number: u32| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let mut index = if is_little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        index.extend(long(8));
        index.extend(short(2));
        index.extend([&short(0xB000)[..], &short(7), &long(4), b"0100"].concat());
        index.extend([&short(ENTRIES)[..], &short(7), &long(16 * sizes_and_offsets.len() as u32), &long(38)].concat());
        index.extend(long(0));
        for &(size, offset) in sizes_and_offsets {
            index.extend([long(0x0003_0000), long(size), long(offset), long(0)].concat());
        }
        index
    }

    #[test]
    fn the_first_picture_grows_and_the_others_move() {
        for is_little in [false, true] {
            let before = index(is_little, &[(1000, 0), (200, 900), (300, 1100)]);
            let after = index(is_little, &[(1050, 0), (200, 910), (300, 1110)]);
            assert_eq!(moved(&before, 50, 10), Some(after));
            assert_eq!(moved(&before, 0, 0), None);
        }
    }

    #[test]
    fn an_index_that_cannot_be_read_stays_as_it_is() {
        let whole = index(true, &[(1000, 0), (200, 900)]);
        for len in 0..whole.len() {
            assert_eq!(moved(&whole[..len], 50, 10), None, "{len}");
        }
        assert_eq!(moved(&index(true, &[(1000, 0), (200, 5)]), 50, -10), None, "a position before the file");
        let mut far = whole;
        far[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(moved(&far, 50, 10), None);
    }
}
