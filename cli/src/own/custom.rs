//! `tag --custom`: what own taggers find beside the model, from the embedding that it computes anyway.

use std::collections::HashSet;
use std::path::PathBuf;

use tagsmith::tagging::OwnHead;
use tagsmith::tags::Embedding;
use tagsmith::{Error, ErrorKind, ModelCard, Result};

use crate::own::file::{check_backbone, read_tagger};

/// Own taggers that were trained on the model in use.
#[derive(Debug, Clone)]
pub struct Custom {
    heads: Vec<OwnHead>,
}

/// What each own tagger found in a picture: numbers of its tags with their confidences.
pub type OwnTags = Vec<Vec<(usize, f32)>>;

impl Custom {
    /// # Errors
    /// Those of [`read_tagger`] and [`check_backbone`]; [`ErrorKind::OwnHeadInvalid`] for two versions of one tagger.
    pub fn load(paths: &[PathBuf], card: &ModelCard) -> Result<Self> {
        let mut ids = HashSet::new();
        let mut heads = Vec::with_capacity(paths.len());
        for path in paths {
            let own = read_tagger(path)?;
            check_backbone(&own, card, path)?;
            let OwnHead { id, name, .. } = &own.head;
            if !ids.insert(id.clone()) {
                let detail = format!("{name:?} is named twice, or in two versions. Name each tagger once.");
                return Err(Error::new(ErrorKind::OwnHeadInvalid, detail));
            }
            heads.push(own.head);
        }
        Ok(Self { heads })
    }

    pub fn heads(&self) -> &[OwnHead] {
        &self.heads
    }

    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// # Errors
    /// [`ErrorKind::ScoresInvalid`] for an embedding of another length.
    pub fn found(&self, embedding: &Embedding) -> Result<OwnTags> {
        self.heads.iter().map(|head| head.found(embedding)).collect()
    }
}
