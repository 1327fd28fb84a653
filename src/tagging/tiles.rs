//! Tiled inference: the network runs on the whole picture, and on each tile as if it were a picture, to find smaller things. A tag that
//! is only seen in a tile is penalised, because a tile shows less context.

use crate::model::card::TileSpec;
use crate::model::vocabulary::TagIdx;
use crate::picture::Picture;
use crate::tagging::calibration::{logistic, logit};
use crate::tags::candidate::{Candidate, by_confidence};

/// The fraction of a tile's side that a centre crop cuts off: tiles overlap by it, so that nothing is missed.
const CROPPED_SHARE: f64 = 0.125;
/// Maximum number of tiles along a side, to bound the time for a panorama.
const MAX_TILES_PER_SIDE: u32 = 6;

/// Left, top and side of a square tile, in the picture's decoded pixels.
pub type Tile = [u32; 3];

/// The tiles of a picture of `width` × `height` pixels: for each share, squares whose sides are that fraction of the shorter side, evenly
/// spaced, row by row.
pub fn tile_grid(width: u32, height: u32, spec: &TileSpec) -> Vec<Tile> {
    let mut all = Vec::new();
    for share in &spec.shares {
        let side = ((f64::from(width.min(height)) * f64::from(*share)).round() as u32).clamp(1, width.min(height));
        let starts = |len: u32| {
            let n = ((f64::from(len) / f64::from(side) - CROPPED_SHARE) / (1.0 - CROPPED_SHARE)).ceil() as u32;
            let n = n.clamp(1, MAX_TILES_PER_SIDE);
            // A single tile is centred.
            let start = move |idx: u32| if n == 1 { (len - side) / 2 } else { (len - side) * idx / (n - 1) };
            (0..n).map(start)
        };
        all.extend(starts(height).flat_map(|top| starts(width).map(move |left| [left, top, side])));
    }
    all
}

/// Copies a tile to a picture.
pub fn crop(picture: &Picture, [left, top, side]: Tile) -> Picture {
    let (row, len) = (3 * picture.width() as usize, 3 * side as usize);
    let rows = picture.pixels().chunks_exact(row).skip(top as usize).take(side as usize);
    let pixels = rows.flat_map(|row| &row[3 * left as usize..][..len]).copied().collect();
    Picture::from_rgb(side, side, pixels)
}

/// Converts a box from fractions of a tile to fractions of the picture.
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

/// Merges the candidates of a tile into `candidates`: the higher confidence counts, the tile's minus `penalty` (in logits).
pub fn merge(candidates: &mut Vec<Candidate>, tile_candidates: Vec<Candidate>, penalty: f32, n_tags: usize) {
    let mut places: Vec<Option<usize>> = vec![None; n_tags];
    for (idx, candidate) in candidates.iter().enumerate() {
        places[usize::from(candidate.tag)] = Some(idx);
    }
    for seen in tile_candidates {
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
    fn tiles_cover_the_picture_and_overlap_by_what_a_centre_crop_cuts_off() {
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
        assert_eq!(tile_grid(1, 1, &spec(&[1.0, 0.5])), [[0, 0, 1], [0, 0, 1]], "a picture of one pixel");
    }

    #[test]
    fn a_tile_has_the_pixels_of_its_region_and_its_boxes_map_back_to_the_picture() {
        let pixels: Vec<u8> = (0..4 * 6).flat_map(|place: u8| [place, 0, 0]).collect();
        let picture = Picture::from_rgb(6, 4, pixels);
        let tile = crop(&picture, [2, 1, 2]);
        assert_eq!(tile.pixels().iter().step_by(3).copied().collect::<Vec<_>>(), [8, 9, 14, 15]);
        let whole = to_picture([0.5, 0.0, 0.5, 1.0], &picture, [2, 1, 2]);
        assert!(whole.iter().zip([0.5, 0.25, 1.0 / 6.0, 0.5]).all(|(found, expected)| (found - expected).abs() < 1e-6));
    }

    #[test]
    fn merging_a_tile_penalises_its_candidates_and_lowers_no_confidence() {
        let one = |tag: TagIdx, confidence: f32| Candidate { tag, score: confidence, confidence, component: 0 };
        let mut all = vec![one(0, 0.9), one(1, 0.2)];
        merge(&mut all, vec![one(0, 0.99), one(1, 0.95), one(2, 0.98)], 2.0, 3);
        let found: Vec<_> = all.iter().map(|one| (one.tag, (one.confidence * 100.0).round() as i32)).collect();
        assert_eq!(found, [(0, 93), (2, 87), (1, 72)]);
        merge(&mut all, vec![one(0, 0.5)], 2.0, 3);
        assert_eq!((all[0].confidence * 100.0).round() as i32, 93);
    }
}
