//! TileSpec mode: the picture is looked at whole, and then in tile_grid, each as if it were a picture of its own, so that smaller things are
//! found. What is seen only in a tile has to be surer than what is seen in the whole: a tile shows less of what is around.

use crate::model::card::TileSpec;
use crate::model::vocabulary::TagIdx;
use crate::picture::Picture;
use crate::tagging::calibration::{logistic, logit};
use crate::tags::candidate::{Candidate, by_confidence};

/// Of a tile, a centre crop leaves out this much of each side: tile_grid overlap so that every place is seen.
const CROPPED_SHARE: f64 = 0.125;
/// Parts along a side, at most: a panorama is not looked at for ever.
const MAX_TILES_PER_SIDE: u32 = 6;

/// Where a tile lies in the pixels held: left, top and side.
pub type Tile = [u32; 3];

/// The tile_grid of a picture of `width` × `height` pixels: for each share in turn, squares whose sides are that share of the shorter side,
/// evenly over the picture, row by row.
pub fn tile_grid(width: u32, height: u32, spec: &TileSpec) -> Vec<Tile> {
    let mut all = Vec::new();
    for share in &spec.shares {
        let side = ((f64::from(width.min(height)) * f64::from(*share)).round() as u32).clamp(1, width.min(height));
        let starts = |len: u32| {
            let n = ((f64::from(len) / f64::from(side) - CROPPED_SHARE) / (1.0 - CROPPED_SHARE)).ceil() as u32;
            let n = n.clamp(1, MAX_TILES_PER_SIDE);
            // One alone lies in the middle.
            let start = move |idx: u32| if n == 1 { (len - side) / 2 } else { (len - side) * idx / (n - 1) };
            (0..n).map(start)
        };
        all.extend(starts(height).flat_map(|top| starts(width).map(move |left| [left, top, side])));
    }
    all
}

/// One tile as a picture of its own.
pub fn crop(picture: &Picture, [left, top, side]: Tile) -> Picture {
    let (row, len) = (3 * picture.width() as usize, 3 * side as usize);
    let rows = picture.pixels().chunks_exact(row).skip(top as usize).take(side as usize);
    let pixels = rows.flat_map(|row| &row[3 * left as usize..][..len]).copied().collect();
    Picture::from_rgb(side, side, pixels)
}

/// Where a box of a tile lies in the whole picture, both as fractions.
pub fn to_picture(region: [f32; 4], picture: &Picture, [left, top, side]: Tile) -> [f32; 4] {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let (across, down) = (side as f32 / width, side as f32 / height);
    [
        left as f32 / width + region[0] * across,
        top as f32 / height + region[1] * down,
        region[2] * across,
        region[3] * down,
    ]
}

/// Puts what was seen in a tile to what was seen before: of each tag the surer counts, that of the tile less `penalty`, in logits.
pub fn merge(candidates: &mut Vec<Candidate>, of_tile: Vec<Candidate>, penalty: f32, n_tags: usize) {
    let mut places: Vec<Option<usize>> = vec![None; n_tags];
    for (idx, candidate) in candidates.iter().enumerate() {
        places[usize::from(candidate.tag)] = Some(idx);
    }
    for seen in of_tile {
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

    fn spec(shares: &[f32]) -> TileSpec {
        TileSpec { shares: shares.to_vec(), penalty: 2.0 }
    }

    #[test]
    fn parts_cover_the_picture_to_its_edges_and_overlap_by_what_a_centre_crop_leaves_out() {
        assert_eq!(tile_grid(300, 200, &spec(&[1.0])), [[0, 0, 200], [100, 0, 200]]);
        assert_eq!(tile_grid(200, 300, &spec(&[1.0])), [[0, 0, 200], [0, 100, 200]]);
        for (width, height) in [(300, 200), (640, 480), (200, 200), (411, 233), (100, 1000)] {
            let all = tile_grid(width, height, &spec(&[0.6]));
            let side = all[0][2];
            for axis in [0, 1] {
                let mut starts: Vec<u32> = all.iter().map(|tile| tile[axis]).collect();
                starts.sort_unstable();
                starts.dedup();
                assert_eq!((starts[0], starts[starts.len() - 1] + side), (0, [width, height][axis]));
                if starts.len() < MAX_TILES_PER_SIDE as usize {
                    assert!(
                        starts.windows(2).all(|two| two[1] - two[0] <= side * 7 / 8 + 1),
                        "{width} × {height}: {starts:?}"
                    );
                }
            }
        }
        assert_eq!(tile_grid(1, 1, &spec(&[1.0, 0.5])), [[0, 0, 1], [0, 0, 1]], "even of one pixel");
    }

    #[test]
    fn a_part_has_the_pixels_of_its_place_and_its_boxes_lie_in_the_whole() {
        let pixels: Vec<u8> = (0..4 * 6).flat_map(|place: u8| [place, 0, 0]).collect();
        let picture = Picture::from_rgb(6, 4, pixels);
        let tile = crop(&picture, [2, 1, 2]);
        assert_eq!(tile.pixels().iter().step_by(3).copied().collect::<Vec<_>>(), [8, 9, 14, 15]);
        let whole = to_picture([0.5, 0.0, 0.5, 1.0], &picture, [2, 1, 2]);
        assert!(whole.iter().zip([0.5, 0.25, 1.0 / 6.0, 0.5]).all(|(found, expected)| (found - expected).abs() < 1e-6));
    }

    #[test]
    fn what_is_seen_in_a_part_counts_for_less_and_never_lowers_what_was_seen() {
        let one = |tag: TagIdx, confidence: f32| Candidate { tag, score: confidence, confidence, component: 0 };
        let mut all = vec![one(0, 0.9), one(1, 0.2)];
        merge(&mut all, vec![one(0, 0.99), one(1, 0.95), one(2, 0.98)], 2.0, 3);
        let found: Vec<_> = all.iter().map(|one| (one.tag, (one.confidence * 100.0).round() as i32)).collect();
        assert_eq!(found, [(0, 93), (2, 87), (1, 72)]);
        merge(&mut all, vec![one(0, 0.5)], 2.0, 3);
        assert_eq!((all[0].confidence * 100.0).round() as i32, 93);
    }
}
