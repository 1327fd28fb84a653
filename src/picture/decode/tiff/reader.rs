//! What has to be known, and checked, to read the segments of a picture.

use super::colour::{Colours, Space};
use super::compression::Compression;
use super::layout::Layout;
use super::predictor::Predictor;
use super::samples::Samples;
use super::ycbcr::Blocks;
use super::{cut_off, damaged, old_jpeg, refuse, tag};
use crate::error::Result;
use crate::picture::allowance::Allowance;
use crate::picture::directory::{Directory, File};

/// Samples of a pixel. Photoshop has up to 56; pictures with more are measurements in many bands.
const MAX_SAMPLES: u64 = 64;
/// How often the bytes of a file may be used: equal tiles are sometimes stored once.
const MAX_USES: u64 = 8;

pub struct Reader<'a> {
    pub allowance: &'a Allowance,
    pub file: File<'a>,
    pub layout: Layout,
    pub compression: Compression,
    pub predictor: Predictor,
    pub is_fill_reversed: bool,
    /// Samples of a pixel that are together in a segment.
    pub together: usize,
    pub samples: Samples,
    pub colours: Colours,
    /// Pixels that share their chroma, unless JPEG takes care of them.
    pub blocks: Option<Blocks>,
    pub jpeg_tables: &'a [u8],
    /// Whether JPEG makes RGB of YCbCr.
    pub is_jpeg_ycbcr: bool,
    /// The whole picture as one JPEG.
    pub old_jpeg: Option<Vec<u8>>,
}

impl<'a> Reader<'a> {
    pub fn new(directory: &Directory<'a>, allowance: &'a Allowance) -> Result<Self> {
        let layout = Layout::read(directory, allowance)?;
        let compression = Compression::read(directory)?;
        let n_depths = directory.values(tag::BITS_PER_SAMPLE).map_or(1, |depths| depths.len().max(1) as u64);
        let per_pixel = directory.number(tag::SAMPLES_PER_PIXEL).unwrap_or(n_depths);
        if !(1..=MAX_SAMPLES).contains(&per_pixel) {
            return Err(refuse(&format!("with {per_pixel} samples per pixel")));
        }
        let per_pixel = per_pixel as usize;
        let colours = Colours::read(directory, per_pixel, matches!(compression, Compression::Fax(_)))?;
        let usual_depth = if compression.is_jpeg() { 8 } else { 1 };
        let is_index = matches!(colours.space, Space::Palette(_));
        let mut reader = Self {
            allowance,
            file: directory.file,
            compression,
            predictor: Predictor::None,
            is_fill_reversed: directory.number(tag::FILL_ORDER) == Some(2),
            together: if layout.is_planar { 1 } else { per_pixel },
            samples: Samples::read(directory, per_pixel, usual_depth, is_index)?,
            blocks: None,
            jpeg_tables: directory.raw(tag::JPEG_TABLES).unwrap_or_default(),
            is_jpeg_ycbcr: false,
            old_jpeg: None,
            layout,
            colours,
        };
        reader.read_colours(directory)?;
        reader.read_predictor(directory)?;
        reader.check_data()?;
        if compression == Compression::OldJpeg {
            reader.read_old_jpeg(directory)?;
        }
        Ok(reader)
    }

    /// Colours that the compression or the depth of samples restricts.
    fn read_colours(&mut self, directory: &Directory<'_>) -> Result<()> {
        let depth = self.samples.depth();
        if self.compression.is_jpeg() && depth != 8 {
            return Err(refuse(&format!("with JPEG compression of {depth}-bit samples")));
        }
        if matches!(self.compression, Compression::Fax(_)) && (depth != 1 || self.together != 1) {
            return Err(damaged("it has fax compression and more than black and white"));
        }
        match &self.colours.space {
            Space::Lab(_) if !matches!(depth, 8 | 16) || self.samples.is_number() => {
                Err(refuse("in Lab colours of an unusual depth"))
            }
            Space::YCbCr(_) if self.compression.is_jpeg() && !self.layout.is_planar => {
                self.is_jpeg_ycbcr = true;
                self.colours.space = Space::Rgb;
                Ok(())
            }
            Space::YCbCr(_) if depth != 8 => Err(refuse(&format!("in YCbCr colours with {depth} bits per sample"))),
            Space::YCbCr(_) => {
                self.blocks = Some(Blocks::read(directory)?).filter(|blocks| !blocks.is_one_pixel());
                if self.blocks.is_some() && self.together != 3 {
                    return Err(refuse("with subsampled YCbCr colours in planes or with more samples"));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn read_predictor(&mut self, directory: &Directory<'_>) -> Result<()> {
        let depth = self.samples.depth();
        let width = depth as usize / 8;
        self.predictor = match directory.number(tag::PREDICTOR).unwrap_or(1) {
            _ if !self.compression.has_predictor() => Predictor::None,
            0 | 1 => Predictor::None,
            2 | 3 if self.blocks.is_some() => return Err(refuse("with subsampled YCbCr colours and a predictor")),
            2 if matches!(depth, 8 | 16 | 32 | 64) => Predictor::Whole { width, order: self.file.order },
            3 if self.samples.is_float() => {
                self.samples = self.samples.big_endian();
                Predictor::Float { width }
            }
            2 | 3 => return Err(refuse(&format!("with a predictor for {depth} bits per sample"))),
            other => return Err(refuse(&format!("with a predictor that is not known here (number {other})"))),
        };
        Ok(())
    }

    fn read_old_jpeg(&mut self, directory: &Directory<'a>) -> Result<()> {
        if self.layout.is_planar || self.layout.is_tiled {
            return Err(refuse("with the old JPEG compression in planes or tiles"));
        }
        let strips: Vec<&[u8]> = (0..self.layout.rows()).map_while(|row| self.data(0, row, 0)).collect();
        self.old_jpeg = old_jpeg::assemble(directory, &self.layout, &strips, self.together)?;
        if self.old_jpeg.is_some() {
            self.layout.segment = (self.layout.width, self.layout.height);
        }
        Ok(())
    }

    /// Bytes of the largest segments, unpacked.
    fn unpacked(&self, n_planes: usize) -> u64 {
        let segment = match self.compression {
            // Taken from the file as they are.
            Compression::None => 0,
            // As planes and together.
            _ if self.compression.is_jpeg() => self.segment_len(0).saturating_mul(2),
            _ => self.segment_len(0),
        };
        segment.saturating_mul(n_planes as u64)
    }

    /// Checks the memory of the largest segments, that there are data for half of the rows at least, and that the file does not use its
    /// bytes over and over.
    fn check_data(&self) -> Result<()> {
        let planes = self.planes();
        let size = (self.layout.width, self.layout.height);
        let unpacked = self.unpacked(planes.len());
        self.allowance.expect(unpacked, size)?;
        let mut left = MAX_USES * self.file.bytes.len() as u64;
        let mut came = self.layout.height;
        for plane in planes {
            for row in 0..self.layout.rows() {
                let top = row * self.layout.segment.1;
                if top >= came {
                    break;
                }
                for column in 0..self.layout.columns() {
                    let data = self.data(plane, row, column).unwrap_or_default();
                    left = left.checked_sub(data.len() as u64).ok_or_else(|| damaged("its parts overlap"))?;
                    let n_rows = self.rows_at_most(data.len());
                    if n_rows < self.layout.height_of(row) {
                        came = came.min(top + n_rows);
                    }
                }
            }
        }
        if self.compression != Compression::OldJpeg {
            self.check_rows(came)?;
        }
        self.allowance.expect(unpacked.saturating_add(3 * u64::from(size.0) * u64::from(size.1)), size)
    }

    /// Checks that at least half of the rows came.
    pub fn check_rows(&self, came: u32) -> Result<()> {
        if came >= self.layout.height.div_ceil(2) {
            Ok(())
        } else if self.is_cut_off(came) {
            Err(cut_off())
        } else {
            Err(damaged("most of its picture cannot be unpacked"))
        }
    }
}
