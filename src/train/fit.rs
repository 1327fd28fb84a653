//! A training set → a head.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::error::{Error, ErrorKind, Result};
use crate::tagging::{MAX_JSON_BYTES, OwnHead, OwnTag, is_tag, n_bytes_of_weights};
use crate::train::background::Background;
use crate::train::calibrate::Calibration;
use crate::train::design::Design;
use crate::train::familiarity::{familiarity, others};
use crate::train::features::scales;
use crate::train::matrix::Matrix;
use crate::train::options::TrainOptions;
use crate::train::ridge::{Penalty, Ridge, Solution};
use crate::train::set::{MIN_EXAMPLES, N_COMPLETE, TrainingSet, invalid};
use crate::train::threshold::thresholds;
use crate::train::validate::{Validated, confidences, judged, left_out};

/// λ of the tags. Measured on pictures that were left out; choosing it anew for each set was worse (docs/ALGORITHMS.md).
pub(super) const PENALTY: Penalty = Penalty::Relative(1.0);

/// What a training gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    pub head: OwnHead,
    pub validated: Validated,
    /// Pictures of the library that the tags were told from: none where there are everyday ones.
    pub n_others: usize,
}

/// Learns the tags of a set. The same set, background and options give the same head, bit for bit, wherever it runs.
///
/// `background`: everyday pictures of the same backbone, if there are such. `progress` is called with the share that is done (0–1), and
/// stops the training where it breaks.
///
/// # Errors
/// [`ErrorKind::TrainingSetInvalid`] if nothing can be learnt from the set, [`ErrorKind::TrainingCancelled`] if `progress` broke.
pub fn train(
    set: &TrainingSet,
    background: Option<&Background>,
    options: &TrainOptions,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<Trained> {
    let mut done = |share: f32| match progress(share) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => {
            Err(Error::new(ErrorKind::TrainingCancelled, "The training was stopped. The last version is still in use."))
        }
    };
    options.check()?;
    done(0.0)?;
    let design = prepared(set, background)?;
    done(0.1)?;
    let scales = scales(background, set.n_features);
    let ridge = Ridge::new(design.scaled(&scales), &design.weights, PENALTY);
    let solution = ridge.solve(&design.targets);
    done(0.4)?;
    let left_out = left_out(&design, &ridge, &solution);
    drop(ridge);
    done(0.7)?;
    let logits = judged(&design, &left_out, options.seed);
    let all: Vec<usize> = (0..left_out.n_rows()).collect();
    let calibration = Calibration::new(&left_out, &design.targets, &all, &design.companions.all);
    done(0.8)?;
    let others = others(set, &design, background);
    let n_others = if background.is_some() { 0 } else { others.len() };
    let familiar = familiarity(&design, others);
    done(0.95)?;
    let judged = Matrix { n_columns: logits.n_columns, values: confidences(&logits.values) };
    let thresholds = thresholds(&judged, &design.targets);
    let (familiarity, margins) = familiar.unzip();
    let head = OwnHead {
        id: options.id.clone(),
        name: options.name.clone(),
        version: options.version,
        title: options.title.clone(),
        comment: options.comment.clone(),
        made_ms: options.made_ms,
        seed: options.seed,
        backbone: set.backbone.clone(),
        n_features: set.n_features,
        tags: own_tags(set, &design, &solution, &calibration, &thresholds),
        weights: unscaled(&solution.weights, &scales),
        rivalry: calibration.rivalry,
        familiarity,
    };
    head.check_file().map_err(|error| invalid("what was learnt cannot be kept").with_source(error))?;
    let n = design.n_examples * design.tags.len();
    let validated = Validated {
        z: logits.values[..n].to_vec(),
        confidences: judged.values[..n].to_vec(),
        groups: design.group_of,
        tags: design.tags,
        familiarity: margins,
    };
    done(1.0)?;
    Ok(Trained { head, validated, n_others })
}

/// The set as numbers, once it is sure that something can be learnt.
pub(super) fn prepared(set: &TrainingSet, background: Option<&Background>) -> Result<Design> {
    set.check()?;
    if let Some(Background { backbone, deviations, .. }) = background
        && (!backbone.is(&set.backbone.id, &set.backbone.version) || deviations.len() != set.n_features)
    {
        return Err(invalid(format!(
            "the everyday pictures are those of {} {}, and the examples of {} {}",
            backbone.id, backbone.version, set.backbone.id, set.backbone.version
        )));
    }
    let tags = set.trained_tags();
    if tags.is_empty() {
        return Err(invalid(format!("no tag has {MIN_EXAMPLES} pictures")));
    }
    check_tags(set, &tags)?;
    let design = Design::new(set, tags, background);
    if design.lacks_negatives() {
        return Err(invalid("every picture has the same tags, and there are no other pictures to tell them from"));
    }
    Ok(design)
}

/// Whether a head can have these tags: what no file holds must not be learnt first.
fn check_tags(set: &TrainingSet, tags: &[u16]) -> Result<()> {
    let mut known = HashSet::with_capacity(tags.len());
    for tag in tags.iter().map(|&tag| &set.tags[usize::from(tag)]) {
        if !is_tag(tag) {
            return Err(invalid(format!("the tag {:?} is too long, or has characters that are not shown", tag.name)));
        }
        if !known.insert(&tag.id) {
            return Err(invalid(format!("the tag {:?} is in the list twice", tag.name)));
        }
    }
    if n_bytes_of_weights(tags.len() + 1, set.n_features) > MAX_JSON_BYTES {
        return Err(invalid(format!("{} tags are too many for embeddings of {} values", tags.len(), set.n_features)));
    }
    Ok(())
}

/// The weights for rows that are not scaled.
pub(super) fn unscaled(weights: &Matrix, scales: &[f32]) -> Vec<f32> {
    let rows = weights.values.chunks_exact(scales.len());
    rows.flat_map(|row| row.iter().zip(scales).map(|(weight, scale)| weight * scale)).collect()
}

fn own_tags(
    set: &TrainingSet,
    design: &Design,
    solution: &Solution,
    calibration: &Calibration,
    thresholds: &[f32],
) -> Vec<OwnTag> {
    let (counts, rejected) = (set.counts(), set.rejected_counts());
    let tag = |(column, &number): (usize, &u16)| {
        let n_examples = counts[usize::from(number)];
        OwnTag {
            tag: set.tags[usize::from(number)].clone(),
            intercept: solution.intercepts[column],
            slope: calibration.slope,
            offset: calibration.offsets[column],
            threshold: thresholds[column],
            is_completely_trained: n_examples >= N_COMPLETE,
            n_examples: n_examples as u32,
            n_rejected: rejected[usize::from(number)] as u32,
            companions: design.companions.all[column].clone(),
        }
    };
    design.tags.iter().enumerate().map(tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::made::{clouds, options};

    fn trained(set: &TrainingSet) -> Trained {
        train(set, None, &options(), &mut |_| ControlFlow::Continue(())).unwrap()
    }

    /// How often the surest tag of other pictures of the same clouds is theirs.
    fn accuracy(head: &OwnHead, set: &TrainingSet) -> f32 {
        let right = set.examples.iter().filter(|example| {
            let found = head.predict(&example.views[0]).unwrap();
            let best = (0..found.tags.len()).max_by(|&a, &b| found.tags[a].z.total_cmp(&found.tags[b].z)).unwrap();
            example.tags[0] == best as u16
        });
        right.count() as f32 / set.examples.len() as f32
    }

    #[test]
    fn tags_are_found_in_pictures_that_were_not_learnt_from() {
        let head = trained(&clouds(4, 12, 1.0, 1)).head;
        let found = accuracy(&head, &clouds(4, 50, 1.0, 2));
        assert!(found > 0.9, "{found}");
    }

    #[test]
    fn what_no_file_holds_is_not_learnt() {
        let options = TrainOptions { title: "x".repeat(201), ..options() };
        let error =
            train(&clouds(2, 5, 1.0, 1), None, &options, &mut |_| unreachable!("nothing has begun")).unwrap_err();
        assert!(error.detail().contains("title"), "{error}");
    }

    #[test]
    fn the_same_set_gives_the_same_bits() {
        // What native code, and WebAssembly with and without relaxed SIMD, give too (tests/web/node).
        let json = trained(&clouds(3, 8, 1.0, 1)).head.json();
        assert_eq!(json, trained(&clouds(3, 8, 1.0, 1)).head.json());
        assert_eq!(OwnHead::parse(&json).unwrap().json(), json);
    }

    #[test]
    fn examples_are_judged_by_what_was_learnt_from_others() {
        // Chance has nothing to teach: what looks sure of its own examples would be what remembers them.
        let mut set = clouds(2, 30, 1.0, 1);
        let noise = clouds(60, 1, 0.5, 3);
        set.examples.iter_mut().zip(&noise.examples).for_each(|(one, by)| one.views = by.views.clone());
        let Trained { validated, .. } = trained(&set);
        let sure = (0..60).filter(|&example| {
            let own = usize::from(set.examples[example].tags[0]);
            validated.confidences_of(example)[own] > 0.5
        });
        let n = sure.count();
        assert!((15..=45).contains(&n), "{n} of 60 by chance");
    }

    #[test]
    fn a_tag_with_too_few_pictures_is_left_out_and_one_alone_needs_others() {
        let mut set = clouds(3, 6, 0.5, 1);
        set.examples.retain(|example| example.tags != [2] || example.id < 12);
        let Trained { head, validated, .. } = trained(&set);
        assert_eq!(validated.tags, [0, 1]);
        assert_eq!(
            head.tags.iter().map(|tag| (tag.n_examples, tag.is_completely_trained)).collect::<Vec<_>>(),
            [(6, false); 2]
        );
        set.examples.retain(|example| example.tags == [0]);
        let error = train(&set, None, &options(), &mut |_| ControlFlow::Continue(())).unwrap_err();
        assert!(error.detail().contains("no other pictures"), "{error}");
        set.others = clouds(9, 8, 0.5, 4).examples.into_iter().map(|mut one| one.views.remove(0)).collect();
        let head = trained(&set).head;
        let found = clouds(3, 10, 0.5, 5);
        let shown = |tag: u16| {
            found
                .examples
                .iter()
                .filter(|one| one.tags == [tag])
                .filter(|one| {
                    head.found(&one.views[0])
                        .unwrap()
                        .iter()
                        .any(|(_, confidence)| *confidence >= head.tags[0].threshold)
                })
                .count()
        };
        assert!(shown(0) >= 8 && shown(1) + shown(2) <= 2, "{} {} {}", shown(0), shown(1), shown(2));
    }

    #[test]
    fn a_tag_of_one_burst_of_pictures_is_found_all_the_same() {
        let mut set = clouds(3, 8, 0.5, 1);
        let one = set.examples[0].views.clone();
        set.examples.iter_mut().filter(|example| example.tags == [0]).for_each(|example| example.views = one.clone());
        let Trained { head, validated, .. } = trained(&set);
        assert_eq!(validated.groups.iter().max(), Some(&16), "one group of eight, and sixteen of one");
        let found = head.predict(&one[0]).unwrap().tags;
        assert!(found[0].confidence > 0.8 && found[1].confidence < 0.2, "{found:?}");
    }

    #[test]
    fn a_training_is_stopped_between_its_parts() {
        let mut n = 0;
        let stop = &mut |_| {
            n += 1;
            if n == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let error = train(&clouds(2, 5, 1.0, 1), None, &options(), stop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TrainingCancelled);
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let edited = |edit: fn(&mut TrainingSet)| {
            let mut set = clouds(2, 5, 1.0, 1);
            edit(&mut set);
            train(&set, None, &options(), &mut |_| ControlFlow::Continue(())).unwrap_err().detail().to_owned()
        };
        for (refused, reason) in [
            (edited(|set| set.examples.truncate(4)), "no tag has 5 pictures"),
            (edited(|set| set.examples[0].tags = vec![2]), "not in the list"),
            (edited(|set| set.examples[0].tags = vec![1, 1]), "twice"),
            (edited(|set| set.examples[0].rejected = vec![0]), "twice"),
            (edited(|set| set.examples[3].views.clear()), "no embedding"),
            (edited(|set| set.n_features = 31), "31 values"),
            (edited(|set| set.n_features = 8_193), "8192"),
            (edited(|set| set.tags[1].name = "x".repeat(101)), "too long"),
            (edited(|set| set.tags[1].id = set.tags[0].id.clone()), "twice"),
            (edited(|set| set.backbone.id.clear()), "cannot be kept"),
        ] {
            assert!(refused.contains(reason), "{refused} does not mention {reason}");
        }
    }
}
