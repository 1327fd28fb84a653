//! What a model's file and its neighbours state, each with its source.

use crate::model::card::{Activation, Colour, Fit, Layout, ResampleFilter};

/// Something stated, and by whom: a file's name, or `None` for the ONNX file itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated<T> {
    pub value: T,
    pub source: Option<String>,
    /// Whether it is only usual for the kind of model that the source tells of.
    pub is_usual: bool,
}

/// value = (pixel − mean) / std, in pixel units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normalisation {
    pub mean: [f32; 3],
    pub std: [f32; 3],
}

impl Normalisation {
    /// (pixel · factor − mean) / std, as most libraries write it.
    pub fn scaled(factor: f64, mean: [f64; 3], std: [f64; 3]) -> Option<Self> {
        let scaled = |values: [f64; 3]| values.map(|value| (value / factor) as f32);
        let (mean, std) = (scaled(mean), scaled(std));
        let is_valid = mean.iter().all(|mean| mean.is_finite()) && std.iter().all(|std| std.is_finite() && *std > 0.0);
        is_valid.then_some(Self { mean, std })
    }
}

/// How a picture fills the input, where the size of the input may not be known yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FitRule {
    Squash,
    /// Squashed to a square of so many pixels, then the centre.
    SquashTo(u32),
    /// Squashed so that this share of both sides is left by the crop.
    SquashShare(f64),
    /// The shorter side in pixels, then the centre.
    CropFrom(u32),
    /// The shorter side so that this share of it is left by the crop.
    CropShare(f64),
    Letterbox([u8; 3]),
}

impl FitRule {
    /// The fit for an input of `height` × `width` pixels.
    pub fn fit(self, height: u32, width: u32) -> Fit {
        let longer = height.max(width);
        // Rounded down, as timm and transformers do; the share's own rounding must not cost a pixel.
        let before =
            |side: u32, share: f64| ((f64::from(side) / share + 1e-6).floor() as u32).clamp(side, 2048.max(side));
        match self {
            Self::SquashTo(side) if side > longer => Fit::SquashCrop { height: side, width: side },
            Self::SquashShare(share) if share > 0.0 && share < 1.0 => {
                Fit::SquashCrop { height: before(height, share), width: before(width, share) }
            }
            Self::Squash | Self::SquashTo(_) | Self::SquashShare(_) => Fit::Squash {},
            Self::CropFrom(side) => Fit::CentreCrop { shorter_side: side.max(longer) },
            Self::CropShare(share) if share > 0.0 && share < 1.0 => {
                Fit::CentreCrop { shorter_side: before(longer, share) }
            }
            Self::CropShare(_) => Fit::CentreCrop { shorter_side: longer },
            Self::Letterbox(pad) => Fit::Letterbox { pad },
        }
    }
}

/// Everything that may be stated of a model; the first statement of each stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statements {
    /// (height, width) in pixels.
    pub size: Option<Stated<(u32, u32)>>,
    pub layout: Option<Stated<Layout>>,
    pub colour: Option<Stated<Colour>>,
    pub normalisation: Option<Stated<Normalisation>>,
    pub fit: Option<Stated<FitRule>>,
    pub filter: Option<Stated<ResampleFilter>>,
    pub activation: Option<Stated<Activation>>,
    pub labels: Option<Stated<Vec<String>>>,
}

impl Statements {
    /// Takes what is not stated yet. What is stated goes before what is only usual, whoever came first.
    pub fn add(&mut self, other: Self) {
        fn take<T>(into: &mut Option<Stated<T>>, from: Option<Stated<T>>) {
            let is_better = |from: &Stated<T>| into.as_ref().is_none_or(|into| into.is_usual && !from.is_usual);
            if from.as_ref().is_some_and(is_better) {
                *into = from;
            }
        }
        take(&mut self.size, other.size);
        take(&mut self.layout, other.layout);
        take(&mut self.colour, other.colour);
        take(&mut self.normalisation, other.normalisation);
        take(&mut self.fit, other.fit);
        take(&mut self.filter, other.filter);
        take(&mut self.activation, other.activation);
        take(&mut self.labels, other.labels);
    }
}

/// Writes statements of one source.
#[derive(Debug, Clone)]
pub struct Speaker {
    source: Option<String>,
}

impl Speaker {
    pub fn of(source: Option<&str>) -> Self {
        Self { source: source.map(str::to_owned) }
    }

    pub fn states<T>(&self, value: T) -> Option<Stated<T>> {
        Some(Stated { value, source: self.source.clone(), is_usual: false })
    }

    /// What models of the kind do that the source tells of.
    pub fn implies<T>(&self, value: T) -> Option<Stated<T>> {
        Some(Stated { value, source: self.source.clone(), is_usual: true })
    }
}
