//! "Why this tag": where in a picture the network saw what it says, as a class activation map.
//!
//! The embedding of most classifiers is the mean of the feature map over all places. So the last layers, run on the vector of one
//! place, say what the network would answer if the whole picture looked like that place (Zhou et al., 2016). That it is the mean, and
//! that the last layers can be run alone, is checked on the very picture; where either is not so, there is no explanation.

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{Activation, Layout};
use crate::model::runtime::{FeatureMap, Outputs, Runtime};
use crate::tagging::scores::activate;

/// How far two vectors that should be the same may be apart, as a share of their length. Activations rounded to int8 stay below it, and
/// any other way of pooling is far above.
const TOLERANCE: f32 = 0.05;

/// How much each place of a picture speaks for a tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Cells a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// One value a place, row by row from the top: 1 where most speaks for the tag, 0 where nothing does or something against it.
    pub heat: Vec<f32>,
    /// What the places cover together: left, top, width and height, as fractions of the upright picture's. It lies inside the picture
    /// where the network sees only the middle, and reaches over its edges where the network sees a frame around it.
    pub region: [f32; 4],
}

/// Explains what `runtime` gave for one picture: `classes` are those that feed the tag, each below [`Runtime::n_classes`]; `region` is
/// what the network saw.
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
    let (embedding, places) = read_outputs(outputs.embedding, outputs.feature_map, layout)?;
    if !agree(&runtime.score_embedding(&embedding)?, &outputs.scores) {
        return Err(unavailable(
            "The last layers of this network answer differently when they are run alone, so nothing tells where it looked. Use the \
             bundled model.",
        ));
    }
    let weights = weights(&activate(outputs.scores, activation)?, classes);
    let speaks = |vector: &[f32]| Ok(contribution(&runtime.score_embedding(vector)?, &weights, activation));
    // What a place would say that shows nothing.
    let ground = speaks(&vec![0.0; embedding.len()])?;
    let heat = places.vectors.iter().map(|vector| Ok(speaks(vector)? - ground)).collect::<Result<Vec<f32>>>()?;
    if !heat.iter().all(|value| value.is_finite()) {
        return Err(unavailable(
            "The last layers of this network give no finite number for single places, so nothing tells where it looked. Use the bundled \
             model.",
        ));
    }
    Ok(Explanation { width: places.width, height: places.height, heat: normalise(heat), region })
}

/// Explains what a head says of one picture: each place speaks for its tag by as much as its vector goes in the head's `direction`
/// ([`crate::tagging::head::Head::direction`]).
///
/// # Errors
/// [`ErrorKind::ExplanationUnavailable`].
pub fn explain_direction(outputs: Outputs, direction: &[f32], layout: Layout, region: [f32; 4]) -> Result<Explanation> {
    let places = read_outputs(outputs.embedding, outputs.feature_map, layout)?.1;
    let speaks = |vector: &Vec<f32>| vector.iter().zip(direction).map(|(value, weight)| value * weight).sum();
    let heat = places.vectors.iter().map(speaks).collect();
    Ok(Explanation { width: places.width, height: places.height, heat: normalise(heat), region })
}

/// The embedding, and the places it is the mean of.
fn read_outputs(
    embedding: Option<Vec<f32>>,
    feature_map: Option<FeatureMap>,
    layout: Layout,
) -> Result<(Vec<f32>, Cells)> {
    let (Some(embedding), Some(feature_map)) = (embedding, feature_map) else {
        return Err(unavailable(
            "The model's card names no feature map or no embedding, so nothing tells where the model looked. Name both, or use the \
             bundled model.",
        ));
    };
    let places = Cells::of(&feature_map, &embedding, layout)?;
    Ok((embedding, places))
}

/// A feature map as one vector for each place.
struct Cells {
    width: usize,
    height: usize,
    /// Row by row from the top.
    vectors: Vec<Vec<f32>>,
}

impl Cells {
    /// The layout of a feature map is not always that of the input, so the one under which its mean is the embedding is taken.
    fn of(map: &FeatureMap, embedding: &[f32], layout: Layout) -> Result<Self> {
        let other = match layout {
            Layout::Nchw => Layout::Nhwc,
            Layout::Nhwc => Layout::Nchw,
        };
        [layout, other]
            .into_iter()
            .filter_map(|layout| Self::read(map, embedding.len(), layout))
            .find(|places| agree(&places.mean(), embedding))
            .ok_or_else(|| {
                unavailable(format!(
                    "This network's embedding ({} values) is not the mean of its feature map ({:?}), so nothing tells where it looked. \
                     Use the bundled model.",
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
        let n_places = width * height;
        if channels != n_channels || n_places == 0 || map.values.len() != n_places * channels {
            return None;
        }
        let vector = |place: usize| match layout {
            Layout::Nchw => map.values.iter().skip(place).step_by(n_places).copied().collect(),
            Layout::Nhwc => map.values[place * channels..][..channels].to_vec(),
        };
        Some(Self { width, height, vectors: (0..n_places).map(vector).collect() })
    }

    fn mean(&self) -> Vec<f32> {
        let mut mean = vec![0.0; self.vectors[0].len()];
        for vector in &self.vectors {
            mean.iter_mut().zip(vector).for_each(|(sum, value)| *sum += value / self.vectors.len() as f32);
        }
        mean
    }
}

/// Whether two vectors are the same but for rounding. NaN agrees with nothing.
fn agree(found: &[f32], expected: &[f32]) -> bool {
    let squares = |values: &mut dyn Iterator<Item = f32>| values.map(|value| value * value).sum::<f32>();
    let apart = squares(&mut found.iter().zip(expected).map(|(found, expected)| found - expected)).sqrt();
    let length = squares(&mut expected.iter().copied()).sqrt();
    found.len() == expected.len() && apart <= TOLERANCE * length
}

/// What each of a tag's classes counts for: its share of their probability in the whole picture.
fn weights(probabilities: &[f32], classes: &[u32]) -> Vec<(usize, f32)> {
    let members = classes.iter().map(|&class| (class as usize, probabilities[class as usize]));
    let sum: f32 = members.clone().map(|(_, probability)| probability).sum();
    let share = |probability: f32| if sum > 0.0 { probability / sum } else { 1.0 / classes.len() as f32 };
    members.map(|(class, probability)| (class, share(probability))).collect()
}

/// How much one answer of the last layers speaks for the tag.
fn contribution(answer: &[f32], weights: &[(usize, f32)], activation: Activation) -> f32 {
    let own: f32 = weights.iter().map(|&(class, weight)| weight * answer[class]).sum();
    match activation {
        // Only differences count among classes that exclude each other.
        Activation::Softmax => own - answer.iter().sum::<f32>() / answer.len() as f32,
        Activation::Sigmoid | Activation::None => own,
    }
}

/// From 0 for what speaks against the tag, or not at all, to 1 for what speaks most for it.
fn normalise(contribution: Vec<f32>) -> Vec<f32> {
    let most = contribution.iter().copied().fold(0.0, f32::max);
    let share = |value: f32| if most > 0.0 { (value / most).clamp(0.0, 1.0) } else { 0.0 };
    contribution.into_iter().map(share).collect()
}

fn unavailable(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::ExplanationUnavailable, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::runtime::WantedOutputs;

    /// Last layers of two features and three classes: each of the first two classes is a feature, the third is always 1.
    struct Linear;

    impl Runtime for Linear {
        fn n_classes(&self) -> usize {
            3
        }

        fn run(&self, input: &[f32], _: WantedOutputs) -> Result<Outputs> {
            // The "picture" is the feature map: 1 row of 4 places.
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
    fn the_strongest_place_is_one_and_what_speaks_against_is_zero() {
        let explanation = explained(|_| {}, &[0], Activation::Sigmoid).unwrap();
        assert_eq!(explanation, Explanation { width: 4, height: 1, heat: vec![0.0, 0.25, 1.0, 0.0], region: REGION });
    }

    #[test]
    fn among_classes_that_exclude_each_other_only_differences_count() {
        // (2a - b) / 3, and (2b - a) / 3: less the mean of the three, and less what it is where there is nothing.
        for (class, expected) in [(0, [0.0, 0.25, 1.0, 0.0]), (1, [1.0, 0.0, 0.0, 0.25])] {
            let heat = explained(|_| {}, &[class], Activation::Softmax).unwrap().heat;
            assert!(heat.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6), "{heat:?}");
        }
    }

    #[test]
    fn a_tag_of_several_classes_weighs_them_by_their_probability() {
        let heat = explained(|_| {}, &[0, 1], Activation::Sigmoid).unwrap().heat;
        let shares = [0.75_f32, 1.0].map(|logit| 1.0 / (1.0 + (-logit).exp()));
        let ratio = shares[0] / shares[1];
        assert_eq!((heat[0], heat[3]), (1.0, 0.0));
        assert!((heat[2] - ratio).abs() < 1e-6 && (heat[1] - ratio / 4.0).abs() < 1e-6, "{heat:?}");
    }

    #[test]
    fn a_tag_that_nothing_speaks_for_has_no_heat() {
        assert_eq!(explained(|_| {}, &[2], Activation::Sigmoid).unwrap().heat, [0.0; 4]);
    }

    #[test]
    fn a_map_with_the_channels_last_is_the_same_map() {
        let turn = |outputs: &mut Outputs| {
            let values = (0..4).flat_map(|place| [MAP[place], MAP[4 + place]]).collect();
            outputs.feature_map = Some(FeatureMap { shape: vec![1, 4, 2], values });
        };
        let turned = explained(turn, &[0], Activation::Softmax).unwrap();
        assert_eq!(turned, explained(|_| {}, &[0], Activation::Softmax).unwrap());
    }

    #[test]
    fn what_cannot_be_explained_is_refused_with_the_reason() {
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
}
