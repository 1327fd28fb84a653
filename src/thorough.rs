//! Thorough mode: the picture is looked at whole, and then in parts, each as if it were a picture of its own, so that smaller things are
//! found. What is seen only in a part has to be surer than what is seen in the whole: a part shows less of what is around.

use crate::calibration::{logistic, logit};
use crate::candidate::{Candidate, by_confidence};
use crate::card::Thorough;
use crate::decode::Picture;
use crate::vocabulary::TagIdx;

/// Of a part, a centre crop leaves out this much of each side: parts overlap so that every place is seen.
const UNSEEN: f64 = 0.125;
/// Parts along a side, at most: a panorama is not looked at for ever.
const MOST_ALONG: u32 = 6;

/// Where a part lies in the pixels held: left, top and side.
pub type Part = [u32; 3];

/// The parts of a picture of `width` × `height` pixels: for each share in turn, squares whose sides are that share of the shorter side,
/// evenly over the picture, row by row.
pub fn parts(width: u32, height: u32, spec: &Thorough) -> Vec<Part> {
    let mut all = Vec::new();
    for share in &spec.shares {
        let side = ((f64::from(width.min(height)) * f64::from(*share)).round() as u32).clamp(1, width.min(height));
        let starts = |len: u32| {
            let n = ((f64::from(len) / f64::from(side) - UNSEEN) / (1.0 - UNSEEN)).ceil() as u32;
            let n = n.clamp(1, MOST_ALONG);
            // One alone lies in the middle.
            let start = move |idx: u32| if n == 1 { (len - side) / 2 } else { (len - side) * idx / (n - 1) };
            (0..n).map(start)
        };
        all.extend(starts(height).flat_map(|top| starts(width).map(move |left| [left, top, side])));
    }
    all
}

/// One part as a picture of its own.
pub fn cut(picture: &Picture, [left, top, side]: Part) -> Picture {
    let (row, len) = (3 * picture.width() as usize, 3 * side as usize);
    let rows = picture.pixels().chunks_exact(row).skip(top as usize).take(side as usize);
    let pixels = rows.flat_map(|row| &row[3 * left as usize..][..len]).copied().collect();
    Picture::from_rgb(side, side, pixels)
}

/// Where a box of a part lies in the whole picture, both as fractions.
pub fn in_whole(region: [f32; 4], picture: &Picture, [left, top, side]: Part) -> [f32; 4] {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let (across, down) = (side as f32 / width, side as f32 / height);
    [
        left as f32 / width + region[0] * across,
        top as f32 / height + region[1] * down,
        region[2] * across,
        region[3] * down,
    ]
}

/// Puts what was seen in a part to what was seen before: of each tag the surer counts, that of the part less `penalty`, in logits.
pub fn add(candidates: &mut Vec<Candidate>, of_part: Vec<Candidate>, penalty: f32, n_tags: usize) {
    let mut places: Vec<Option<usize>> = vec![None; n_tags];
    for (idx, candidate) in candidates.iter().enumerate() {
        places[usize::from(candidate.tag)] = Some(idx);
    }
    for seen in of_part {
        let seen = Candidate { confidence: logistic(logit(seen.confidence) - penalty), ..seen };
        match places[usize::from(seen.tag as TagIdx)] {
            Some(idx) if candidates[idx].confidence >= seen.confidence => {}
            Some(idx) => candidates[idx] = seen,
            None => candidates.push(seen),
        }
    }
    candidates.sort_by(by_confidence);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(shares: &[f32]) -> Thorough {
        Thorough { shares: shares.to_vec(), penalty: 2.0 }
    }

    #[test]
    fn parts_cover_the_picture_to_its_edges_and_overlap_by_what_a_centre_crop_leaves_out() {
        assert_eq!(parts(300, 200, &spec(&[1.0])), [[0, 0, 200], [100, 0, 200]]);
        assert_eq!(parts(200, 300, &spec(&[1.0])), [[0, 0, 200], [0, 100, 200]]);
        for (width, height) in [(300, 200), (640, 480), (200, 200), (411, 233), (100, 1000)] {
            let all = parts(width, height, &spec(&[0.6]));
            let side = all[0][2];
            for axis in [0, 1] {
                let mut starts: Vec<u32> = all.iter().map(|part| part[axis]).collect();
                starts.sort_unstable();
                starts.dedup();
                assert_eq!((starts[0], starts[starts.len() - 1] + side), (0, [width, height][axis]));
                if starts.len() < MOST_ALONG as usize {
                    assert!(
                        starts.windows(2).all(|two| two[1] - two[0] <= side * 7 / 8 + 1),
                        "{width} × {height}: {starts:?}"
                    );
                }
            }
        }
        assert_eq!(parts(1, 1, &spec(&[1.0, 0.5])), [[0, 0, 1], [0, 0, 1]], "even of one pixel");
    }

    #[test]
    fn a_part_has_the_pixels_of_its_place_and_its_boxes_lie_in_the_whole() {
        let pixels: Vec<u8> = (0..4 * 6).flat_map(|place: u8| [place, 0, 0]).collect();
        let picture = Picture::from_rgb(6, 4, pixels);
        let part = cut(&picture, [2, 1, 2]);
        assert_eq!(part.pixels().iter().step_by(3).copied().collect::<Vec<_>>(), [8, 9, 14, 15]);
        let whole = in_whole([0.5, 0.0, 0.5, 1.0], &picture, [2, 1, 2]);
        assert!(whole.iter().zip([0.5, 0.25, 1.0 / 6.0, 0.5]).all(|(found, expected)| (found - expected).abs() < 1e-6));
    }

    #[test]
    fn what_is_seen_in_a_part_counts_for_less_and_never_lowers_what_was_seen() {
        let one = |tag: TagIdx, confidence: f32| Candidate { tag, score: confidence, confidence, source: 0 };
        let mut all = vec![one(0, 0.9), one(1, 0.2)];
        add(&mut all, vec![one(0, 0.99), one(1, 0.95), one(2, 0.98)], 2.0, 3);
        let found: Vec<_> = all.iter().map(|one| (one.tag, (one.confidence * 100.0).round() as i32)).collect();
        assert_eq!(found, [(0, 93), (2, 87), (1, 72)]);
        add(&mut all, vec![one(0, 0.5)], 2.0, 3);
        assert_eq!((all[0].confidence * 100.0).round() as i32, 93);
    }
}
