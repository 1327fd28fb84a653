//! Explanations: where in a picture the network saw a tag, as a class activation map (Zhou et al., 2016).
//!
//! The embedding of most classifiers is the mean of the feature map over all cells. So the scoring layers, run on the vector of one cell,
//! give the scores of a picture that looks like that cell everywhere. Both conditions, that the embedding is the mean and that the
//! scoring layers can be run alone, are checked on the picture itself; if either fails, there is no explanation.

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{Activation, Layout};
use crate::model::runtime::{FeatureMap, Outputs, Runtime};
use crate::tagging::scores::activate;
use crate::tags::found_box::Region;

/// Largest distance of two vectors that count as equal, relative to their length. Rounding to int8 stays below it; any other kind of
/// pooling is far above.
const TOLERANCE: f32 = 0.05;

/// Cells per side of an explanation by boxes.
const MAP_SIDE: usize = 28;

/// How much each cell of a picture contributes to a tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Cells per row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// One value per cell, row by row from the top: 1 for the largest contribution, 0 for none or a negative one.
    pub heat: Vec<f32>,
    /// The region that the cells cover: left, top, width and height, as fractions of the upright picture's sides. It is smaller than the
    /// picture after a centre crop, and larger with a letterbox.
    pub region: [f32; 4],
}

/// A map of the whole picture: 1 inside a box, 0 elsewhere.
pub fn explain_boxes(regions: &[Region]) -> Explanation {
    let is_inside = |x: usize, y: usize| {
        let at = [x, y].map(|cell| (cell as f32 + 0.5) / MAP_SIDE as f32);
        regions.iter().any(|&[left, top, width, height]| {
            (left..left + width).contains(&at[0]) && (top..top + height).contains(&at[1])
        })
    };
    let heat = (0..MAP_SIDE * MAP_SIDE).map(|cell| f32::from(u8::from(is_inside(cell % MAP_SIDE, cell / MAP_SIDE))));
    Explanation { width: MAP_SIDE, height: MAP_SIDE, heat: heat.collect(), region: [0.0, 0.0, 1.0, 1.0] }
}

/// Explains a tag by the classes that feed it (`classes`, each below [`Runtime::n_classes`]), from the `outputs` of `runtime` for one
/// picture. `region` is what the network saw.
///
/// # Errors
/// [`ErrorKind::ExplanationUnavailable`], [`ErrorKind::ScoresInvalid`].
pub fn explain(
    runtime: &dyn Runtime,
    outputs: Outputs,
    classes: &[u32],
    activation: Activation,
    layout: Layout,
    region: [f32; 4],
) -> Result<Explanation> {
    let (embedding, cells) = read_outputs(outputs.embedding, outputs.feature_map, layout)?;
    if !agree(&runtime.score_embedding(&embedding)?, &outputs.scores) {
        return Err(unavailable(
            "This network's last layers give other scores when they are run alone, so tags cannot be explained. Use the bundled model.",
        ));
    }
    let weights = weights(&activate(outputs.scores, activation)?, classes);
    let contribution = |vector: &[f32]| Ok(contribution(&runtime.score_embedding(vector)?, &weights, activation));
    // The contribution of an empty cell.
    let ground = contribution(&vec![0.0; embedding.len()])?;
    let heat = cells.vectors.iter().map(|vector| Ok(contribution(vector)? - ground)).collect::<Result<Vec<f32>>>()?;
    if !heat.iter().all(|value| value.is_finite()) {
        return Err(unavailable(
            "This network's last layers give scores that are not finite for parts of the picture, so tags cannot be explained. Use the \
             bundled model.",
        ));
    }
    Ok(Explanation { width: cells.width, height: cells.height, heat: normalise(heat), region })
}

/// Explains a head's tag: a cell contributes the dot product of its vector and the head's `direction`
/// ([`TagHead::direction`](crate::tagging::head::TagHead::direction)).
///
/// # Errors
/// [`ErrorKind::ExplanationUnavailable`].
pub fn explain_direction(outputs: Outputs, direction: &[f32], layout: Layout, region: [f32; 4]) -> Result<Explanation> {
    let cells = read_outputs(outputs.embedding, outputs.feature_map, layout)?.1;
    let contribution = |vector: &Vec<f32>| vector.iter().zip(direction).map(|(value, weight)| value * weight).sum();
    let heat = cells.vectors.iter().map(contribution).collect();
    Ok(Explanation { width: cells.width, height: cells.height, heat: normalise(heat), region })
}

/// The embedding, and the cells whose mean it is.
fn read_outputs(
    embedding: Option<Vec<f32>>,
    feature_map: Option<FeatureMap>,
    layout: Layout,
) -> Result<(Vec<f32>, Cells)> {
    let (Some(embedding), Some(feature_map)) = (embedding, feature_map) else {
        return Err(unavailable(
            "The model's card names no feature map or no embedding, so tags cannot be explained. Name both in the card, or use the bundled \
             model.",
        ));
    };
    let cells = Cells::of(&feature_map, &embedding, layout)?;
    Ok((embedding, cells))
}

/// A feature map as one vector per cell.
struct Cells {
    width: usize,
    height: usize,
    /// Row by row from the top.
    vectors: Vec<Vec<f32>>,
}

impl Cells {
    /// Takes the layout under which the map's mean is the embedding: a feature map's layout may differ from the input's.
    fn of(map: &FeatureMap, embedding: &[f32], layout: Layout) -> Result<Self> {
        let other = match layout {
            Layout::Nchw => Layout::Nhwc,
            Layout::Nhwc => Layout::Nchw,
        };
        [layout, other]
            .into_iter()
            .filter_map(|layout| Self::read(map, embedding.len(), layout))
            .find(|cells| agree(&cells.mean(), embedding))
            .ok_or_else(|| {
                unavailable(format!(
                    "This network's embedding ({} values) is not the mean of its feature map ({:?}), so tags cannot be explained. Use the \
                     bundled model.",
                    embedding.len(),
                    map.shape
                ))
            })
    }

    fn read(map: &FeatureMap, n_channels: usize, layout: Layout) -> Option<Self> {
        let &[first, second, third] = &map.shape[..] else { return None };
        let (channels, height, width) = match layout {
            Layout::Nchw => (first, second, third),
            Layout::Nhwc => (third, first, second),
        };
        let n_cells = width * height;
        if channels != n_channels || n_cells == 0 || map.values.len() != n_cells * channels {
            return None;
        }
        let vector = |cell: usize| match layout {
            Layout::Nchw => map.values.iter().skip(cell).step_by(n_cells).copied().collect(),
            Layout::Nhwc => map.values[cell * channels..][..channels].to_vec(),
        };
        Some(Self { width, height, vectors: (0..n_cells).map(vector).collect() })
    }

    fn mean(&self) -> Vec<f32> {
        let mut mean = vec![0.0; self.vectors[0].len()];
        for vector in &self.vectors {
            mean.iter_mut().zip(vector).for_each(|(sum, value)| *sum += value / self.vectors.len() as f32);
        }
        mean
    }
}

/// Whether two vectors are equal except for rounding. NaN never agrees.
fn agree(found: &[f32], expected: &[f32]) -> bool {
    let squares = |values: &mut dyn Iterator<Item = f32>| values.map(|value| value * value).sum::<f32>();
    let apart = squares(&mut found.iter().zip(expected).map(|(found, expected)| found - expected)).sqrt();
    let length = squares(&mut expected.iter().copied()).sqrt();
    found.len() == expected.len() && apart <= TOLERANCE * length
}

/// The weight of each of a tag's classes: its share of their total probability in the whole picture.
fn weights(probabilities: &[f32], classes: &[u32]) -> Vec<(usize, f32)> {
    let weighted = classes.iter().map(|&class| (class as usize, probabilities[class as usize]));
    let sum: f32 = weighted.clone().map(|(_, probability)| probability).sum();
    let share = |probability: f32| if sum > 0.0 { probability / sum } else { 1.0 / classes.len() as f32 };
    weighted.map(|(class, probability)| (class, share(probability))).collect()
}

/// The contribution to the tag of `scores` that the scoring layers gave for one cell.
fn contribution(scores: &[f32], weights: &[(usize, f32)], activation: Activation) -> f32 {
    let weighted: f32 = weights.iter().map(|&(class, weight)| weight * scores[class]).sum();
    match activation {
        // Softmax depends only on differences between logits.
        Activation::Softmax => weighted - scores.iter().sum::<f32>() / scores.len() as f32,
        Activation::Sigmoid | Activation::None => weighted,
    }
}

/// Scales the largest contribution to 1, and clamps negative ones to 0.
fn normalise(contributions: Vec<f32>) -> Vec<f32> {
    let most = contributions.iter().copied().fold(0.0, f32::max);
    let share = |value: f32| if most > 0.0 { (value / most).clamp(0.0, 1.0) } else { 0.0 };
    contributions.into_iter().map(share).collect()
}

fn unavailable(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::ExplanationUnavailable, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::runtime::WantedOutputs;

    /// Scoring layers with two features and three classes: the first two scores are the features, the third is always 1.
    struct Linear;

    impl Runtime for Linear {
        fn n_classes(&self) -> usize {
            3
        }

        fn run(&self, input: &[f32], _: WantedOutputs) -> Result<Outputs> {
            // The "picture" is the feature map: 1 row of 4 cells.
            let feature_map = FeatureMap { shape: vec![2, 1, 4], values: input.to_vec() };
            let embedding: Vec<f32> = input.chunks(4).map(|channel| channel.iter().sum::<f32>() / 4.0).collect();
            Ok(Outputs {
                scores: self.score_embedding(&embedding)?,
                embedding: Some(embedding),
                feature_map: Some(feature_map),
            })
        }

        fn score_embedding(&self, embedding: &[f32]) -> Result<Vec<f32>> {
            Ok(vec![embedding[0], embedding[1], 1.0])
        }
    }

    const MAP: [f32; 8] = [0.0, 1.0, 4.0, -2.0, 4.0, 0.0, 0.0, 0.0];
    const REGION: [f32; 4] = [0.0, 0.0, 1.0, 1.0];

    fn explained(change: impl FnOnce(&mut Outputs), classes: &[u32], activation: Activation) -> Result<Explanation> {
        let mut outputs = Linear.run(&MAP, WantedOutputs::Explanation).unwrap();
        change(&mut outputs);
        explain(&Linear, outputs, classes, activation, Layout::Nchw, REGION)
    }

    #[test]
    fn the_largest_contribution_is_one_and_negative_ones_are_zero() {
        let explanation = explained(|_| {}, &[0], Activation::Sigmoid).unwrap();
        assert_eq!(explanation, Explanation { width: 4, height: 1, heat: vec![0.0, 0.25, 1.0, 0.0], region: REGION });
    }

    #[test]
    fn with_softmax_only_differences_between_logits_count() {
        // (2a - b) / 3 and (2b - a) / 3: minus the mean of the three scores, minus the value of an empty cell.
        for (class, expected) in [(0, [0.0, 0.25, 1.0, 0.0]), (1, [1.0, 0.0, 0.0, 0.25])] {
            let heat = explained(|_| {}, &[class], Activation::Softmax).unwrap().heat;
            assert!(heat.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6), "{heat:?}");
        }
    }

    #[test]
    fn the_classes_of_a_tag_are_weighted_by_their_probability() {
        let heat = explained(|_| {}, &[0, 1], Activation::Sigmoid).unwrap().heat;
        let shares = [0.75_f32, 1.0].map(|logit| 1.0 / (1.0 + (-logit).exp()));
        let ratio = shares[0] / shares[1];
        assert_eq!((heat[0], heat[3]), (1.0, 0.0));
        assert!((heat[2] - ratio).abs() < 1e-6 && (heat[1] - ratio / 4.0).abs() < 1e-6, "{heat:?}");
    }

    #[test]
    fn a_tag_without_contributions_has_no_heat() {
        assert_eq!(explained(|_| {}, &[2], Activation::Sigmoid).unwrap().heat, [0.0; 4]);
    }

    #[test]
    fn a_map_with_the_channels_last_gives_the_same_heat() {
        let turn = |outputs: &mut Outputs| {
            let values = (0..4).flat_map(|cell| [MAP[cell], MAP[4 + cell]]).collect();
            outputs.feature_map = Some(FeatureMap { shape: vec![1, 4, 2], values });
        };
        let turned = explained(turn, &[0], Activation::Softmax).unwrap();
        assert_eq!(turned, explained(|_| {}, &[0], Activation::Softmax).unwrap());
    }

    #[test]
    fn an_unexplainable_network_is_refused_with_the_reason() {
        type Change = fn(&mut Outputs);
        let changes: [(Change, &str); 6] = [
            (|outputs| outputs.feature_map = None, "names no feature map"),
            (|outputs| outputs.embedding = None, "names no feature map"),
            (|outputs| outputs.embedding = Some(vec![4.0, 4.0]), "not the mean"),
            (|outputs| outputs.feature_map.as_mut().unwrap().shape = vec![8], "not the mean"),
            (|outputs| outputs.feature_map.as_mut().unwrap().values[0] = f32::NAN, "not the mean"),
            (|outputs| outputs.scores = vec![0.75, 1.0, 2.0], "alone"),
        ];
        for (change, reason) in changes {
            let error = explained(change, &[0], Activation::Softmax).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ExplanationUnavailable);
            assert!(error.detail().contains(reason), "{error}");
        }
    }

    #[test]
    fn an_explanation_by_boxes_is_hot_inside_them() {
        let seen = explain_boxes(&[[0.5, 0.0, 0.5, 0.5]]);
        let at = |x: usize, y: usize| seen.heat[y * seen.width + x];
        assert_eq!((at(0, 0), at(MAP_SIDE - 1, 0), at(MAP_SIDE - 1, MAP_SIDE - 1)), (0.0, 1.0, 0.0));
    }
}
