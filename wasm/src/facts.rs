//! What a page has to know of a model: all of it stands in its card and its vocabulary.

use serde::Serialize;
use tagsmith::model::{OperatingPoints, Preparation};
use tagsmith::{ModelCard, Vocabulary};

/// `ModelFacts` of types.d.ts.
#[derive(Serialize)]
pub struct ModelFacts {
    id: String,
    version: String,
    name: String,
    n_classes: usize,
    n_tags: usize,
    languages: Vec<String>,
    components: Vec<String>,
    policy: PolicyFacts,
    has_second_look: bool,
    is_preparation_guessed: bool,
}

#[derive(Serialize)]
struct PolicyFacts {
    threshold: f32,
    max_tags: usize,
    parents: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<OperatingPoints>,
}

impl ModelFacts {
    pub fn new(card: &ModelCard, vocabulary: &Vocabulary) -> Self {
        let policy = card.policy;
        Self {
            id: card.id.clone(),
            version: card.version.clone(),
            name: card.name.clone(),
            n_classes: vocabulary.n_classes(),
            n_tags: vocabulary.n_own_tags(),
            languages: vocabulary.languages().to_vec(),
            components: card.components(),
            policy: PolicyFacts {
                threshold: policy.threshold,
                max_tags: policy.max_tags,
                parents: policy.min_parent,
                settings: policy.operating_points,
            },
            has_second_look: card.second_look.is_some(),
            is_preparation_guessed: card.preparation == Some(Preparation::Guess),
        }
    }
}
