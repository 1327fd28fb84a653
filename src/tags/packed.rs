//! Candidates and boxes as a library keeps them: by columns, little-endian, each tag by the library's number for it.
//!
//! Candidates: tag u32\[n], score f32\[n], confidence f32\[n], component u8\[n]. Boxes: tag u32\[n], confidence f32\[n], region f32\[4 n],
//! component u8\[n].

use crate::error::{Error, ErrorKind, Result};
use crate::model::vocabulary::TagIdx;
use crate::tags::candidate::{Candidate, ComponentIdx};
use crate::tags::found_box::{FoundBox, Region};

/// Bytes of a candidate.
pub const CANDIDATE_BYTES: usize = 13;
/// Bytes of a box.
pub const BOX_BYTES: usize = 25;

/// What the numbers of a library mean here.
pub struct Meanings<T, C> {
    /// The tag that has a number of the library.
    pub tag: T,
    /// The component that has a position in a run.
    pub component: C,
}

/// `number`: the library's for a tag.
pub fn pack_candidates(candidates: &[Candidate], number: impl Fn(TagIdx) -> u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(candidates.len() * CANDIDATE_BYTES);
    bytes.extend(candidates.iter().flat_map(|one| number(one.tag).to_le_bytes()));
    bytes.extend(candidates.iter().flat_map(|one| one.score.to_le_bytes()));
    bytes.extend(candidates.iter().flat_map(|one| one.confidence.to_le_bytes()));
    bytes.extend(candidates.iter().map(|one| one.component));
    bytes
}

/// `number`: the library's for a tag.
pub fn pack_boxes(boxes: &[FoundBox], number: impl Fn(TagIdx) -> u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(boxes.len() * BOX_BYTES);
    bytes.extend(boxes.iter().flat_map(|one| number(one.tag).to_le_bytes()));
    bytes.extend(boxes.iter().flat_map(|one| one.confidence.to_le_bytes()));
    bytes.extend(boxes.iter().flat_map(|one| one.region).flat_map(f32::to_le_bytes));
    bytes.extend(boxes.iter().map(|one| one.component));
    bytes
}

/// The library's numbers of the tags in packed candidates or boxes, of which each has `size` bytes.
///
/// # Errors
/// [`ErrorKind::LibraryDamaged`] for a length that is no multiple of `size`.
pub fn packed_tags(bytes: &[u8], size: usize) -> Result<impl Iterator<Item = u32>> {
    if !bytes.len().is_multiple_of(size) {
        return Err(damaged(format!("Entries of {size} bytes take {} bytes, which is no multiple.", bytes.len())));
    }
    Ok(numbers(&bytes[..bytes.len() / size * 4]))
}

/// Reads what [`pack_candidates`] has written, in the same order.
///
/// # Errors
/// [`ErrorKind::LibraryDamaged`] for a length that does not fit, a score that is no number, or a confidence outside 0–1; those of
/// `meanings`.
pub fn unpack_candidates(
    bytes: &[u8],
    meanings: &Meanings<impl Fn(u32) -> Result<TagIdx>, impl Fn(u8) -> Result<ComponentIdx>>,
) -> Result<Vec<Candidate>> {
    let candidate = |one: PackedCandidate| {
        let PackedCandidate { tag, score, confidence, component } = one;
        Ok(Candidate { tag: (meanings.tag)(tag)?, score, confidence, component: (meanings.component)(component)? })
    };
    packed_candidates(bytes)?.map(|one| candidate(one?)).collect()
}

/// A candidate by the library's numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PackedCandidate {
    pub tag: u32,
    pub score: f32,
    pub confidence: f32,
    /// The position in the run.
    pub component: u8,
}

/// Reads what [`pack_candidates`] has written, in the same order.
///
/// # Errors
/// As [`unpack_candidates`].
pub fn packed_candidates(bytes: &[u8]) -> Result<impl Iterator<Item = Result<PackedCandidate>>> {
    let tags = packed_tags(bytes, CANDIDATE_BYTES)?;
    let n = bytes.len() / CANDIDATE_BYTES;
    let (scores, confidences) = (floats(&bytes[4 * n..8 * n]), floats(&bytes[8 * n..12 * n]));
    let columns = tags.zip(scores).zip(confidences).zip(&bytes[12 * n..]);
    Ok(columns.map(|(((tag, score), confidence), &component)| {
        check_numbers(&[score], confidence)?;
        Ok(PackedCandidate { tag, score, confidence, component })
    }))
}

/// Reads what [`pack_boxes`] has written, in the same order.
///
/// # Errors
/// As [`unpack_candidates`], and for a side of a region that is no number.
pub fn unpack_boxes(
    bytes: &[u8],
    meanings: &Meanings<impl Fn(u32) -> Result<TagIdx>, impl Fn(u8) -> Result<ComponentIdx>>,
) -> Result<Vec<FoundBox>> {
    let tags = packed_tags(bytes, BOX_BYTES)?;
    let n = bytes.len() / BOX_BYTES;
    let sides: Vec<f32> = floats(&bytes[8 * n..24 * n]).collect();
    let regions: &[Region] = sides.as_chunks().0;
    let columns = tags.zip(floats(&bytes[4 * n..8 * n])).zip(regions).zip(&bytes[24 * n..]);
    let one = |(((tag, confidence), &region), &component): (((u32, f32), &Region), &u8)| {
        check_numbers(&region, confidence)?;
        Ok(FoundBox { tag: (meanings.tag)(tag)?, confidence, region, component: (meanings.component)(component)? })
    };
    columns.map(one).collect()
}

fn check_numbers(any: &[f32], confidence: f32) -> Result<()> {
    if any.iter().all(|number| number.is_finite()) && (0.0..=1.0).contains(&confidence) {
        return Ok(());
    }
    Err(damaged(format!(
        "It has the numbers {any:?} with the confidence {confidence}, which must lie between 0 and 1."
    )))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|&bytes| u32::from_le_bytes(bytes))
}

fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> {
    numbers(bytes).map(f32::from_bits)
}

fn damaged(detail: String) -> Error {
    Error::new(ErrorKind::LibraryDamaged, detail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Meaning = Meanings<fn(u32) -> Result<TagIdx>, fn(u8) -> Result<ComponentIdx>>;

    const MEANINGS: Meaning = Meanings { tag: |number| Ok((number / 1000) as TagIdx), component: Ok };

    fn number(tag: TagIdx) -> u32 {
        u32::from(tag) * 1000
    }

    fn candidate(tag: TagIdx, confidence: f32) -> Candidate {
        Candidate { tag, score: confidence / 3.0, confidence, component: 7 }
    }

    fn found(tag: TagIdx, confidence: f32) -> FoundBox {
        FoundBox { tag, component: 2, confidence, region: [-0.1, 0.2, confidence, 1.5] }
    }

    #[test]
    fn the_columns_are_the_documented_ones() {
        let bytes = pack_candidates(&[candidate(1, 0.75), candidate(2, 0.5)], number);
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(text, "e8030000d0070000".to_owned() + "0000803eabaa2a3e" + "0000403f0000003f" + "0707");
        let bytes = pack_boxes(&[FoundBox { region: [0.0, 0.5, 1.0, 2.0], ..found(1, 0.5) }], number);
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(text, "e8030000".to_owned() + "0000003f" + "000000000000003f0000803f00000040" + "02");
    }

    #[test]
    fn lengths_that_do_not_fit_and_numbers_that_cannot_be_are_refused() {
        let bytes = pack_candidates(&[candidate(1, 0.5)], number);
        assert!(unpack_candidates(&bytes[..12], &MEANINGS).is_err() && unpack_boxes(&bytes, &MEANINGS).is_err());
        for confidence in [f32::NAN, -0.01, 1.01, f32::INFINITY] {
            let candidates = pack_candidates(&[Candidate { score: 0.5, ..candidate(1, confidence) }], number);
            let boxes = pack_boxes(&[FoundBox { region: [0.0; 4], ..found(1, confidence) }], number);
            for error in
                [unpack_candidates(&candidates, &MEANINGS).unwrap_err(), unpack_boxes(&boxes, &MEANINGS).unwrap_err()]
            {
                assert_eq!(error.kind(), ErrorKind::LibraryDamaged, "{confidence}");
            }
        }
        let score = pack_candidates(&[Candidate { score: f32::NAN, ..candidate(1, 0.5) }], number);
        assert!(unpack_candidates(&score, &MEANINGS).is_err());
        let side = pack_boxes(&[FoundBox { region: [0.0, f32::NAN, 0.0, 0.0], ..found(1, 0.5) }], number);
        assert!(unpack_boxes(&side, &MEANINGS).is_err());
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(all in prop::collection::vec((0_u16..2000, 0.0_f32..=1.0), 0..30)) {
            let candidates: Vec<_> = all.iter().map(|&(tag, confidence)| candidate(tag, confidence)).collect();
            let boxes: Vec<_> = all.iter().map(|&(tag, confidence)| found(tag, confidence)).collect();
            let (packed, packed_boxes) = (pack_candidates(&candidates, number), pack_boxes(&boxes, number));
            prop_assert_eq!((packed.len(), packed_boxes.len()), (all.len() * CANDIDATE_BYTES, all.len() * BOX_BYTES));
            prop_assert_eq!(unpack_candidates(&packed, &MEANINGS).unwrap(), candidates);
            prop_assert_eq!(unpack_boxes(&packed_boxes, &MEANINGS).unwrap(), boxes);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            _ = (unpack_candidates(&bytes, &MEANINGS), unpack_boxes(&bytes, &MEANINGS));
        }
    }
}
