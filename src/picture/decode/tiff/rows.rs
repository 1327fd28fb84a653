//! Data of segments -> rows -> pixels.

use std::borrow::Cow;

use super::compression::Compression;
use super::jpeg_segment::{self, Expected};
use super::layout::Layout;
use super::predictor::Predictor;
use super::reader::Reader;
use super::samples::Seen;
use crate::error::Result;
use crate::picture::orientation::Canvas;

/// The rows of a segment, unpacked.
struct Rows<'a> {
    bytes: Cow<'a, [u8]>,
    row_len: usize,
    /// Rows of the picture that came.
    came: u32,
}

impl<'a> Reader<'a> {
    /// Paints the whole picture. Returns the number of its first rows that came, and what its samples were like.
    pub fn read(&self, canvas: &mut Canvas) -> Result<(u32, Seen)> {
        let Layout { width, height, segment, .. } = self.layout;
        let mut line = vec![0; 3 * width.min(segment.0) as usize];
        let mut came = height;
        let mut seen = Seen::default();
        let planes = self.planes();
        for row in 0..self.layout.rows() {
            let top = row * segment.1;
            if top >= came {
                break;
            }
            for column in 0..self.layout.columns() {
                self.allowance.check_time()?;
                let planes: Vec<Rows<'_>> =
                    planes.iter().map(|&plane| self.rows(plane, row, column)).collect::<Result<_>>()?;
                let n_rows = planes.iter().map(|rows| rows.came).min().unwrap_or(0);
                let rgb = &mut line[..3 * self.layout.width_of(column) as usize];
                for y in 0..n_rows {
                    self.paint(&planes, y as usize, rgb, &mut seen);
                    canvas.put(column * segment.0, top + y, rgb);
                }
                if n_rows < self.layout.height_of(row) {
                    came = came.min(top + n_rows);
                }
            }
        }
        Ok((came, seen))
    }

    /// Whether the file ends before the data of the segments from row `came` of the picture on.
    pub fn is_cut_off(&self, came: u32) -> bool {
        let row = (came / self.layout.segment.1).min(self.layout.rows() - 1);
        let end = |column| self.layout.range(0, row, column).map_or(u64::MAX, |(start, len)| start.saturating_add(len));
        let ends_early = |column| end(column) > self.file.bytes.len() as u64;
        self.old_jpeg.is_none() && (ends_early(0) || ends_early(self.layout.columns() - 1))
    }

    /// The planes that make colours; one if samples are together.
    pub fn planes(&self) -> Vec<usize> {
        if self.layout.is_planar { self.colours.used_samples() } else { vec![0] }
    }

    /// The bytes of a segment in the file, as far as it has them.
    pub fn data(&self, plane: usize, row: u32, column: u32) -> Option<&'a [u8]> {
        let (start, stated) = self.layout.range(plane, row, column)?;
        let rest = self.file.bytes.get(usize::try_from(start).ok()?..)?;
        let len = match self.compression {
            // Wrong lengths of the only strip are common.
            Compression::None if self.layout.is_single() => self.segment_len(row),
            Compression::None => stated.min(self.segment_len(row)),
            _ => stated,
        };
        Some(&rest[..rest.len().min(usize::try_from(len).unwrap_or(usize::MAX))])
    }

    /// Unpacked bytes of the segments in `row`, as far as the picture needs them.
    pub fn segment_len(&self, row: u32) -> u64 {
        let lines = u64::from(self.layout.height_of(row)).div_ceil(self.lines_per_row() as u64);
        lines.saturating_mul(self.row_len())
    }

    /// Rows of the picture that `len` bytes of a segment may have.
    pub fn rows_at_most(&self, len: usize) -> u32 {
        let rows = self.compression.most_unpacked(len) / self.row_len();
        u32::try_from(rows).unwrap_or(u32::MAX).saturating_mul(self.lines_per_row() as u32)
    }

    /// Rows of the picture that are stored together.
    fn lines_per_row(&self) -> usize {
        self.blocks.map_or(1, |blocks| blocks.down)
    }

    fn row_len(&self) -> u64 {
        let width = self.layout.segment.0;
        self.blocks
            .map_or_else(|| self.samples.len(u64::from(width) * self.together as u64), |blocks| blocks.row_len(width))
    }

    fn rows(&self, plane: usize, row: u32, column: u32) -> Result<Rows<'a>> {
        let data = self.data(plane, row, column).unwrap_or_default();
        let height = self.layout.height_of(row);
        if self.compression.is_jpeg() {
            return self.jpeg_rows(data, column, height);
        }
        let data: Cow<'a, [u8]> =
            if self.is_fill_reversed { data.iter().map(|byte| byte.reverse_bits()).collect() } else { data.into() };
        let row_len = self.row_len() as usize;
        let (bytes, came) = match self.compression {
            Compression::None => {
                let came = data.len();
                (data, came)
            }
            compression => {
                let mut out = vec![0; self.segment_len(row).min(compression.most_unpacked(data.len())) as usize];
                let came = compression.unpack(&data, self.layout.segment.0, &mut out);
                if self.predictor != Predictor::None {
                    out.chunks_exact_mut(row_len).for_each(|row| self.predictor.undo(row, self.together));
                }
                (out.into(), came)
            }
        };
        let came = (came / row_len * self.lines_per_row()).min(height as usize) as u32;
        Ok(Rows { bytes, row_len, came })
    }

    fn jpeg_rows(&self, data: &[u8], column: u32, height: u32) -> Result<Rows<'a>> {
        let expected = Expected {
            least_width: self.layout.width_of(column),
            width: self.layout.segment.0,
            height: self.layout.segment.1,
            samples: self.together,
            is_ycbcr: self.is_jpeg_ycbcr,
        };
        let decoded = match &self.old_jpeg {
            Some(whole) => jpeg_segment::decode(whole, &expected, self.allowance)?,
            None => {
                let jpeg = jpeg_segment::with_tables(self.jpeg_tables, data)?;
                jpeg_segment::decode(&jpeg, &expected, self.allowance)?
            }
        };
        Ok(decoded.map_or(Rows { bytes: Cow::default(), row_len: 1, came: 0 }, |decoded| Rows {
            bytes: decoded.samples.into(),
            row_len: decoded.width as usize * self.together,
            came: decoded.height.min(height),
        }))
    }

    /// Writes row `y` of a segment to `out`, RGB.
    fn paint(&self, planes: &[Rows<'_>], y: usize, out: &mut [u8], seen: &mut Seen) {
        let n = out.len() / 3;
        let used = self.colours.used_samples();
        let idx = y / self.lines_per_row();
        let row = |rows: &Rows<'_>| idx * rows.row_len..(idx + 1) * rows.row_len;
        let first = &planes[0].bytes[row(&planes[0])];
        if self.samples.is_narrow() && planes.len() == 1 && used.len() == self.together && self.blocks.is_none() {
            return self.colours.paint(&first[..n * used.len()], out);
        }
        let mut line = vec![0; n * used.len()];
        if let Some(blocks) = self.blocks {
            blocks.unfold(first, y % blocks.down, &mut line);
        } else if self.layout.is_planar {
            for (idx, rows) in planes.iter().enumerate() {
                self.samples.narrow(&rows.bytes[row(rows)], 1, 0, &mut line[idx..], used.len(), seen);
            }
        } else {
            for (idx, &sample) in used.iter().enumerate() {
                self.samples.narrow(first, self.together, sample, &mut line[idx..], used.len(), seen);
            }
        }
        self.colours.paint(&line, out);
    }
}
