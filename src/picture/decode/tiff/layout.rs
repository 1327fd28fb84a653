//! Where the segments of a picture are: strips or tiles, with the samples of a pixel together or in planes.

use super::{damaged, tag};
use crate::error::Result;
use crate::picture::allowance::Allowance;
use crate::picture::directory::Directory;

/// Segments of a plane: those of the largest picture, in tiles of 10 × 10 pixels.
const MAX_SEGMENTS: u64 = 1 << 20;

/// A segment is a strip or a tile.
pub struct Layout {
    pub width: u32,
    pub height: u32,
    /// Pixels of one segment; the last ones of a picture extend beyond it, except that strips are as short as the picture.
    pub segment: (u32, u32),
    pub is_tiled: bool,
    /// Whether each sample of a pixel has segments of its own.
    pub is_planar: bool,
    offsets: Vec<u64>,
    /// 0: not stated.
    lens: Vec<u64>,
    /// Offsets in ascending order, if a length has to be guessed.
    sorted: Vec<u64>,
}

impl Layout {
    pub fn read(directory: &Directory<'_>, allowance: &Allowance) -> Result<Self> {
        let side = |tag| directory.number(tag).map(|side| u32::try_from(side).unwrap_or(u32::MAX));
        let (width, height) = (side(tag::WIDTH).unwrap_or(0), side(tag::HEIGHT).unwrap_or(0));
        allowance.check_size(width, height)?;
        if width == 0 || height == 0 {
            return Err(damaged(&format!("its size is {width} × {height} pixels")));
        }
        let tile = side(tag::TILE_WIDTH).zip(side(tag::TILE_HEIGHT));
        let is_planar = directory.number(tag::PLANAR_CONFIGURATION) == Some(2);
        let values = |tile, strip| directory.values(tile).or_else(|| directory.values(strip)).unwrap_or_default();
        let offsets = values(tag::TILE_OFFSETS, tag::STRIP_OFFSETS);
        let segment = match tile {
            Some((width, height)) => {
                allowance.check_size(width, height)?;
                (width, height)
            }
            // An only strip has all rows, whatever is said of it.
            None if offsets.len() == 1 && !is_planar => (width, height),
            None => (width, side(tag::ROWS_PER_STRIP).filter(|&rows| rows > 0).unwrap_or(height).min(height)),
        };
        if segment.0 == 0 || segment.1 == 0 {
            return Err(damaged("its tiles have no pixels"));
        }
        if u64::from(width.div_ceil(segment.0)) * u64::from(height.div_ceil(segment.1)) > MAX_SEGMENTS {
            return Err(damaged("it has too many tiles"));
        }
        let mut lens = values(tag::TILE_BYTE_COUNTS, tag::STRIP_BYTE_COUNTS);
        lens.resize(offsets.len(), 0);
        let mut sorted = if lens.contains(&0) { offsets.clone() } else { Vec::new() };
        sorted.sort_unstable();
        Ok(Self { width, height, segment, is_tiled: tile.is_some(), is_planar, offsets, lens, sorted })
    }

    /// Segments side by side.
    pub fn columns(&self) -> u32 {
        self.width.div_ceil(self.segment.0)
    }

    /// Segments one above the other.
    pub fn rows(&self) -> u32 {
        self.height.div_ceil(self.segment.1)
    }

    /// Pixels of a row of the picture in the segments of `column`.
    pub fn width_of(&self, column: u32) -> u32 {
        self.segment.0.min(self.width - column * self.segment.0)
    }

    /// Rows of the picture in the segments of `row`.
    pub fn height_of(&self, row: u32) -> u32 {
        self.segment.1.min(self.height - row * self.segment.1)
    }

    /// Offset and length of the data of a segment, of which the file may have less.
    ///
    /// Where no length is stated, they end where the next ones begin.
    pub fn range(&self, plane: usize, row: u32, column: u32) -> Option<(u64, u64)> {
        let in_plane = self.columns() as usize * self.rows() as usize;
        let idx = plane * in_plane + row as usize * self.columns() as usize + column as usize;
        let (&start, &len) = (self.offsets.get(idx)?, self.lens.get(idx)?);
        if start == 0 {
            return None;
        }
        if len > 0 {
            return Some((start, len));
        }
        let after = self.sorted.partition_point(|&offset| offset <= start);
        Some((start, self.sorted.get(after).map_or(u64::MAX, |next| next - start)))
    }

    /// Whether all data are in one segment.
    pub fn is_single(&self) -> bool {
        self.offsets.len() == 1
    }
}
