//! How well a head does on tagged pictures that it was not taught.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::tagging::{OwnFound, OwnHead};
use crate::tags::Embedding;
use crate::train::figures::average_precision;

/// Figures of a head on pictures, as `tagsmith evaluate --json` prints them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Of the pictures with any of the head's tags: how often the surest tag is one of theirs, without thresholds. `None` without any.
    pub accuracy: Option<f64>,
    /// The mean of the average precisions.
    pub map: Option<f64>,
    /// In the order of the head's tags.
    pub tags: Vec<TagEvaluation>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TagEvaluation {
    pub name: String,
    /// Average precision, without a threshold; `None` where no picture has the tag.
    pub ap: Option<f64>,
    /// How many of those shown at the tag's threshold are right; `None` where none is shown.
    pub precision: Option<f64>,
    /// How many of those that have it are shown; `None` where none has it.
    pub recall: Option<f64>,
}

/// `pictures`: embeddings with the numbers of those of the head's tags that are right.
///
/// # Errors
/// As [`OwnHead::predict`]: embeddings of another network.
pub fn evaluate<'a>(
    head: &OwnHead,
    pictures: impl IntoIterator<Item = (&'a Embedding, &'a [usize])>,
) -> Result<Evaluation> {
    let found: Vec<(OwnFound, &[usize])> =
        pictures.into_iter().map(|(embedding, right)| Ok((head.predict(embedding)?, right))).collect::<Result<_>>()?;
    let tags: Vec<TagEvaluation> = (0..head.tags.len()).map(|tag| of_tag(head, tag, &found)).collect();
    let precisions: Vec<f64> = tags.iter().filter_map(|tag| tag.ap).collect();
    let tagged = || found.iter().filter(|(_, right)| !right.is_empty());
    let n_right = tagged().filter(|(found, right)| surest(found).is_some_and(|tag| right.contains(&tag))).count();
    Ok(Evaluation {
        accuracy: share(n_right, tagged().count()),
        map: (!precisions.is_empty()).then(|| precisions.iter().sum::<f64>() / precisions.len() as f64),
        tags,
    })
}

fn of_tag(head: &OwnHead, tag: usize, found: &[(OwnFound, &[usize])]) -> TagEvaluation {
    let threshold = head.tags[tag].threshold;
    let is_shown = |found: &OwnFound| found.is_familiar && found.tags[tag].confidence >= threshold;
    let has = |right: &[usize]| right.contains(&tag);
    let n = |of: &dyn Fn(&OwnFound, &[usize]) -> bool| found.iter().filter(|(found, right)| of(found, right)).count();
    let n_right = n(&|found, right| is_shown(found) && has(right));
    let scored = found.iter().map(|(found, right)| (found.tags[tag].z, has(right)));
    TagEvaluation {
        name: head.tags[tag].tag.name.clone(),
        ap: average_precision(scored.collect()),
        precision: share(n_right, n(&|found, _| is_shown(found))),
        recall: share(n_right, n(&|_, right| has(right))),
    }
}

fn surest(found: &OwnFound) -> Option<usize> {
    (0..found.tags.len()).max_by(|&a, &b| found.tags[a].z.total_cmp(&found.tags[b].z))
}

fn share(n_right: usize, n: usize) -> Option<f64> {
    (n > 0).then(|| n_right as f64 / n as f64)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::train::made::{clouds, options};
    use crate::train::train;

    fn head() -> OwnHead {
        train(&clouds(3, 20, 0.4, 1), None, &options(), &mut |_| ControlFlow::Continue(())).unwrap().head
    }

    /// Of pictures like those that it learnt from, with the tag that is said to be right.
    fn evaluated(head: &OwnHead, right: impl Fn(usize) -> Vec<usize>) -> Evaluation {
        let set = clouds(3, 10, 0.4, 2);
        let right: Vec<Vec<usize>> = (0..set.examples.len()).map(right).collect();
        evaluate(head, set.examples.iter().map(|example| &example.views[0]).zip(right.iter().map(Vec::as_slice)))
            .unwrap()
    }

    #[test]
    fn what_was_learnt_is_found_in_other_pictures() {
        let found = evaluated(&head(), |at| vec![at % 3]);
        assert_eq!((found.accuracy, found.map), (Some(1.0), Some(1.0)));
        assert!(found.tags.iter().all(|tag| tag.recall >= Some(0.7) && tag.precision == Some(1.0)), "{found:?}");
        assert_eq!(found.tags[2].name, "tag 2");
    }

    #[test]
    fn every_figure_follows_what_is_right() {
        let head = head();
        let found = evaluated(&head, |at| vec![(at + 1) % 3]);
        assert_eq!(found.accuracy, Some(0.0));
        assert!(found.map < Some(0.5) && found.tags.iter().all(|tag| tag.precision == Some(0.0)), "{found:?}");
        // Every third picture has no tag: it counts against precision, and not for accuracy.
        let found = evaluated(&head, |at| if at < 15 { vec![at % 3] } else { vec![] });
        assert_eq!(found.accuracy, Some(1.0));
        assert!(found.tags.iter().all(|tag| tag.precision < Some(0.7)), "{found:?}");
        let none = evaluated(&head, |_| vec![]);
        assert_eq!((none.accuracy, none.map, none.tags[0].ap, none.tags[0].recall), (None, None, None, None));
    }

    #[test]
    fn the_threshold_decides_what_is_shown() {
        let mut head = head();
        head.tags[0].threshold = 1.1;
        let found = evaluated(&head, |at| vec![at % 3]);
        assert_eq!((found.tags[0].precision, found.tags[0].recall, found.tags[0].ap), (None, Some(0.0), Some(1.0)));
    }
}
