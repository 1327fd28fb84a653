//! Small generated training sets for tests.

use crate::model::BackboneRef;
use crate::tags::{Embedding, TagRef};
use crate::train::TrainOptions;
use crate::train::matrix::tests::noise;
use crate::train::set::{Example, TrainingSet};

pub(super) fn options() -> TrainOptions {
    let text = |text: &str| text.to_owned();
    let (title, comment, id, name) = (text("A title"), String::new(), text("small"), text("Small"));
    TrainOptions { seed: 1, title, comment, id, name, version: 1, made_ms: 0 }
}

pub(super) fn example(id: u32, values: &[f32], tags: &[u16]) -> Example {
    Example {
        id,
        views: vec![Embedding::new(values).unwrap()],
        tags: tags.to_vec(),
        rejected: Vec::new(),
        sha256: [0; 32],
        longer_side: 1_000,
    }
}

pub(super) fn set(n_tags: usize, examples: Vec<Example>) -> TrainingSet {
    let tag = |number: usize| TagRef { id: format!("own:tag {number}"), name: format!("tag {number}"), language: None };
    TrainingSet {
        backbone: BackboneRef { id: "small".into(), version: "1".into(), sha256: None },
        n_features: examples[0].views[0].vector.len(),
        tags: (0..n_tags).map(tag).collect(),
        examples,
        others: Vec::new(),
    }
}

/// `n` pictures of each tag, in clouds that overlap more, the larger `spread` is. Pictures of one seed differ from those of another.
pub(super) fn clouds(n_tags: u32, n: u32, spread: f32, seed: u32) -> TrainingSet {
    const N_FEATURES: usize = 32;
    let examples = (0..n_tags * n).map(|id| {
        let tag = id % n_tags;
        let centre = noise(N_FEATURES, 100 + tag);
        let around = noise(N_FEATURES, 10_000 * seed + id + 1);
        let values: Vec<f32> = centre.iter().zip(around).map(|(centre, by)| centre + spread * by).collect();
        example(id, &values, &[tag as u16])
    });
    set(n_tags as usize, examples.collect())
}
