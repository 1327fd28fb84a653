//! What a person chooses when importing a model.

use serde::{Deserialize, Serialize};

use crate::model::card::{Activation, Colour, Fit, Layout, Preparation, ResampleFilter};

/// The choices of a person who imports a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportChoices {
    /// Name for people.
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
    /// What `colour`, `mean` and `std` rest on.
    pub preparation: Preparation,
    pub activation: Activation,
    /// Name of the output with the scores.
    pub scores: String,
    /// Least confidence shown, 0–1.
    pub threshold: f32,
    /// Maximum number of tags per picture, at least 1.
    pub max_tags: usize,
}
