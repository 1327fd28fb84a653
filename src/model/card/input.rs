//! How a picture becomes the network's input, as a card describes it.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// Networks with larger inputs would not fit into a browser's memory.
pub const MAX_INPUT_SIDE: u32 = 2048;

/// The network's input: value = (pixel − mean) / std, pixels 0–255.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// Name of the graph's input.
    pub name: String,
    /// Pixels.
    pub height: u32,
    /// Pixels.
    pub width: u32,
    pub layout: Layout,
    pub colour: Colour,
    /// In pixel units, in the order of `colour`.
    pub mean: [f32; 3],
    /// In pixel units, in the order of `colour`; above 0.
    pub std: [f32; 3],
    pub fit: Fit,
    pub filter: ResampleFilter,
}

/// Order of the tensor's axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// (1, 3, height, width)
    Nchw,
    /// (1, height, width, 3)
    Nhwc,
}

/// Order of the tensor's channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    Rgb,
    Bgr,
}

/// How a picture of any shape fills the input: the resize mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fit {
    /// Scales both sides; proportions are lost.
    Squash {},
    /// Scales both sides to `height` × `width` pixels; proportions are lost. Then crops the centre.
    SquashCrop { height: u32, width: u32 },
    /// Scales the shorter side to `shorter_side` pixels, then crops the centre.
    CentreCrop { shorter_side: u32 },
    /// Scales the picture to fit, and fills the rest with `pad` (RGB).
    Letterbox { pad: [u8; 3] },
}

/// The resampling filter, as Pillow's of that name. All but `Nearest` are antialiased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResampleFilter {
    /// Catmull-Rom (a = −0.5), as Pillow's.
    Bicubic,
    Bilinear,
    /// Windowed sinc (a = 3).
    Lanczos,
    Hamming,
    /// The mean of the pixels below.
    Box,
    /// The pixel that is nearest; nothing is averaged.
    Nearest,
}

impl InputSpec {
    /// The least shorter side of a picture, in pixels, that is not enlarged on its way to the input.
    pub fn wanted_side(&self) -> u32 {
        match self.fit {
            Fit::CentreCrop { shorter_side } => shorter_side,
            Fit::SquashCrop { height, width } => height.max(width),
            Fit::Squash {} | Fit::Letterbox { .. } => self.height.max(self.width),
        }
    }

    pub(super) fn validate(&self) -> Result<()> {
        let refuse = |reason: String| Err(Error::new(ErrorKind::CardInvalid, reason));
        let sides = 1..=MAX_INPUT_SIDE;
        if !sides.contains(&self.height) || !sides.contains(&self.width) {
            return refuse(format!(
                "The card's input is {}×{}; both sides must be from 1 to {MAX_INPUT_SIDE} pixels.",
                self.width, self.height
            ));
        }
        if let Fit::CentreCrop { shorter_side } = self.fit
            && (shorter_side < self.height.max(self.width) || shorter_side > MAX_INPUT_SIDE)
        {
            return refuse(format!(
                "The card's shorter_side is {shorter_side}; it must be from {} (the input) to {MAX_INPUT_SIDE}.",
                self.height.max(self.width)
            ));
        }
        if let Fit::SquashCrop { height, width } = self.fit
            && !((self.height..=MAX_INPUT_SIDE).contains(&height) && (self.width..=MAX_INPUT_SIDE).contains(&width))
        {
            return refuse(format!(
                "The card's input.fit squashes to {width}×{height}; it must be from {}×{} (the input) to {MAX_INPUT_SIDE}×{MAX_INPUT_SIDE}.",
                self.width, self.height
            ));
        }
        if !self.mean.iter().all(|mean| mean.is_finite()) || !self.std.iter().all(|std| std.is_finite() && *std > 0.0) {
            return refuse("The card's mean must be finite and its std above 0.".into());
        }
        Ok(())
    }
}
