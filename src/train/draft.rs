//! A head that learns from corrections at once: what takes long in a training is kept.

use crate::error::Result;
use crate::model::BackboneRef;
use crate::tagging::{OwnHead, add_scaled, dot};
use crate::train::background::Background;
use crate::train::design::Design;
use crate::train::features::{scales, unit};
use crate::train::fit::{PENALTY, prepared, unscaled};
use crate::train::matrix::Matrix;
use crate::train::ridge::Ridge;
use crate::train::set::{Example, TrainingSet, invalid};

/// The fit of a training set, ready for corrections. A draft is what a training of the corrected pictures would give, with the
/// calibration, thresholds, familiarity and weights of pictures that the last training found.
pub struct Fit {
    backbone: BackboneRef,
    ridge: Ridge,
    scales: Vec<f32>,
    /// For each tag of the set its column, if it was trained.
    column_of: Vec<Option<usize>>,
    /// Ids of the columns' tags.
    ids: Vec<String>,
    /// Σ w (x − m) y, feature × tag.
    moments: Matrix,
    /// Σ w y of each tag.
    sums: Vec<f32>,
    /// Σ w, and Σ w (x − m), which is 0 until a picture comes or goes.
    total: f32,
    shift: Vec<f32>,
    /// Of a picture that comes, per tag.
    tag_weights: Vec<f32>,
    known: Vec<Known>,
}

/// A picture that is or was in the fit.
struct Known {
    id: u32,
    /// x − m
    row: Vec<f32>,
    weight: f32,
    targets: Vec<f32>,
    is_in: bool,
}

impl Fit {
    /// Fits a set, without checking what it says of examples left out.
    ///
    /// # Errors
    /// [`ErrorKind::TrainingSetInvalid`](crate::ErrorKind::TrainingSetInvalid) if nothing can be learnt from the set.
    pub fn new(set: &TrainingSet, background: Option<&Background>) -> Result<Self> {
        let design = prepared(set, background)?;
        let scales = scales(background, set.n_features);
        let rows = design.scaled(&scales);
        let ridge = Ridge::new(rows.clone(), &design.weights, PENALTY);
        let Design { tags, targets, weights, .. } = design;
        let (moments, means) = ridge.moments(&targets);
        let total = weights.iter().sum::<f32>();
        let known = |(row, example): (usize, &Example)| Known {
            id: example.id,
            row: rows.row(row).iter().zip(&ridge.centre).map(|(value, centre)| value - centre).collect(),
            weight: weights[row],
            targets: targets.row(row).to_vec(),
            is_in: true,
        };
        let mut column_of = vec![None; set.tags.len()];
        tags.iter().enumerate().for_each(|(column, &tag)| column_of[usize::from(tag)] = Some(column));
        let with = |column: usize| {
            let rows = (0..set.examples.len()).filter(|&row| targets.row(row)[column] > 0.0);
            let (n, sum) = rows.fold((0.0, 0.0), |(n, sum), row| (n + 1.0, sum + weights[row]));
            sum / n
        };
        Ok(Self {
            backbone: set.backbone.clone(),
            known: set.examples.iter().enumerate().map(known).collect(),
            tag_weights: (0..tags.len()).map(with).collect(),
            ids: tags.iter().map(|&tag| set.tags[usize::from(tag)].id.clone()).collect(),
            sums: means.iter().map(|mean| mean * total).collect(),
            shift: vec![0.0; set.n_features],
            column_of,
            moments,
            total,
            scales,
            ridge,
        })
    }

    /// Learns what is now said of a picture, known by its id or new. One without tags and rejections is forgotten. Tags that were not
    /// trained wait for the next training.
    ///
    /// # Errors
    /// [`ErrorKind::TrainingSetInvalid`](crate::ErrorKind::TrainingSetInvalid) if the embedding of a new picture has another length.
    pub fn change(&mut self, example: &Example) -> Result<()> {
        let at = match self.known.iter().position(|known| known.id == example.id) {
            Some(at) => at,
            None => {
                let known = self.newcomer(example)?;
                self.known.push(known);
                self.known.len() - 1
            }
        };
        let mut targets = vec![0.0; self.ids.len()];
        for column in example.tags.iter().filter_map(|&tag| *self.column_of.get(usize::from(tag))?) {
            targets[column] = 1.0;
        }
        let known = &mut self.known[at];
        let (was_in, old) = (known.is_in, std::mem::replace(&mut known.targets, targets));
        known.is_in = !example.tags.is_empty() || !example.rejected.is_empty();
        let Known { row, weight, targets, is_in, .. } = known;
        let (weight, root) = (*weight, weight.sqrt());
        let sign = f32::from(u8::from(*is_in)) - f32::from(u8::from(was_in));
        if sign != 0.0 {
            let scaled = row.iter().map(|value| value * root).collect();
            if sign > 0.0 {
                self.ridge.factor.add(scaled)
            } else {
                self.ridge.factor.take(scaled)
            }
            add_scaled(&mut self.shift, sign * weight, row);
            self.total += sign * weight;
        }
        let new = targets.iter().map(|target| if *is_in { *target } else { 0.0 });
        let by: Vec<f32> = new.zip(&old).map(|(new, old)| weight * (new - if was_in { *old } else { 0.0 })).collect();
        add_scaled(&mut self.sums, 1.0, &by);
        for (feature, value) in row.iter().enumerate() {
            add_scaled(self.moments.row_mut(feature), *value, &by);
        }
        Ok(())
    }

    fn newcomer(&self, example: &Example) -> Result<Known> {
        let n_features = self.scales.len();
        if example.views.is_empty() || example.views.iter().any(|view| view.vector.len() != n_features) {
            return Err(invalid(format!("picture {} has no embedding of {n_features} values", example.id)));
        }
        let scaled = unit(&example.views).into_iter().zip(&self.scales).map(|(value, scale)| value * scale);
        let columns = example.tags.iter().filter_map(|&tag| *self.column_of.get(usize::from(tag))?);
        let (n, sum) = columns.fold((0.0, 0.0), |(n, sum), column| (n + 1.0, sum + self.tag_weights[column]));
        Ok(Known {
            id: example.id,
            row: scaled.zip(&self.ridge.centre).map(|(value, centre)| value - centre).collect(),
            weight: if n > 0.0 { sum / n } else { 1.0 },
            targets: vec![0.0; self.ids.len()],
            is_in: false,
        })
    }

    /// The draft: `last` with what was learnt since. Tags that it has and this fit hasn't stay as they are.
    ///
    /// # Errors
    /// [`ErrorKind::OwnHeadOtherBackbone`](crate::ErrorKind::OwnHeadOtherBackbone) if `last` reads other embeddings, and
    /// [`ErrorKind::TrainingSetInvalid`](crate::ErrorKind::TrainingSetInvalid) if they have another length.
    pub fn head(&self, last: &OwnHead) -> Result<OwnHead> {
        last.check_backbone(&self.backbone.id, &self.backbone.version)?;
        let n_features = self.scales.len();
        if last.n_features != n_features {
            return Err(invalid(format!("the last version reads embeddings of {} values", last.n_features)));
        }
        // Σ w (x − m) is a column more: with it the intercept is the best one, wherever the pictures' mean has gone.
        let n_tags = self.ids.len();
        let mut both = Matrix::zeros(n_features, n_tags + 1);
        for feature in 0..n_features {
            let row = both.row_mut(feature);
            row[..n_tags].copy_from_slice(self.moments.row(feature));
            // Moments were taken about the mean target, which sums to nothing as long as the rows do.
            row[n_tags] = self.shift[feature];
        }
        self.ridge.factor.solve(&mut both);
        let solved = both.transposed();
        let shift = solved.row(n_tags);
        let left = self.total - dot(&self.shift, shift);
        let mut head = last.clone();
        for (at, tag) in head.tags.iter_mut().enumerate() {
            let Some(column) = self.ids.iter().position(|id| *id == tag.tag.id) else { continue };
            let weights = solved.row(column);
            let mean = (self.sums[column] - dot(&self.shift, weights)) / left;
            let weights: Vec<f32> = weights.iter().zip(shift).map(|(weight, shift)| weight - mean * shift).collect();
            tag.intercept = mean - dot(&weights, &self.ridge.centre);
            let weights = unscaled(&Matrix { n_columns: n_features, values: weights }, &self.scales);
            head.weights[at * n_features..][..n_features].copy_from_slice(&weights);
        }
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::train::made::{clouds, options};
    use crate::train::train;

    fn trained(set: &TrainingSet) -> OwnHead {
        train(set, None, &options(), &mut |_| ControlFlow::Continue(())).unwrap().head
    }

    /// How far two heads are apart, in what speaks for each tag.
    fn difference(a: &OwnHead, b: &OwnHead, set: &TrainingSet) -> f32 {
        let evidence = |head: &OwnHead, example: &Example| -> Vec<f32> {
            let row = unit(&example.views);
            let rows = head.weights.chunks_exact(head.n_features);
            head.tags.iter().zip(rows).map(|(tag, weights)| dot(weights, &row) + tag.intercept).collect()
        };
        let apart = |example| {
            let pairs = evidence(a, example).into_iter().zip(evidence(b, example));
            pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        set.examples.iter().map(apart).fold(0.0, f32::max)
    }

    #[test]
    fn without_a_correction_a_draft_is_the_last_version() {
        let set = clouds(3, 8, 1.0, 1);
        let last = trained(&set);
        let draft = Fit::new(&set, None).unwrap().head(&last).unwrap();
        assert!(difference(&last, &draft, &set) < 1e-4);
        assert_eq!((draft.tags[0].slope, &draft.rivalry, draft.version), (last.tags[0].slope, &last.rivalry, 1));
    }

    #[test]
    fn a_draft_is_the_fit_of_the_corrected_pictures_and_undone_with_them() {
        let set = clouds(3, 8, 1.0, 1);
        let last = trained(&set);
        let mut fit = Fit::new(&set, None).unwrap();
        let new = Example { id: 900, ..clouds(3, 1, 1.0, 9).examples.remove(2) };
        let corrected = Example { tags: vec![1], rejected: vec![0], ..set.examples[0].clone() };
        fit.change(&corrected).unwrap();
        fit.change(&new).unwrap();
        let draft = fit.head(&last).unwrap();
        assert!(difference(&last, &draft, &set) > 0.05, "it has learnt something");

        // The same pictures in one go. Penalty and weights of pictures are those of the last training, so it is only nearly the same.
        let mut whole = set.clone();
        whole.examples[0] = corrected;
        whole.examples.push(new.clone());
        let whole = trained(&whole);
        assert!(difference(&whole, &draft, &set) < difference(&whole, &last, &set) / 2.0);

        fit.change(&Example { tags: Vec::new(), rejected: Vec::new(), ..new }).unwrap();
        fit.change(&set.examples[0]).unwrap();
        assert!(difference(&last, &fit.head(&last).unwrap(), &set) < 1e-4, "undone");
    }

    #[test]
    fn a_picture_that_is_forgotten_and_told_again_counts_once() {
        let set = clouds(3, 8, 1.0, 1);
        let last = trained(&set);
        let mut fit = Fit::new(&set, None).unwrap();
        fit.change(&Example { tags: Vec::new(), ..set.examples[4].clone() }).unwrap();
        let without = fit.head(&last).unwrap();
        assert!(difference(&last, &without, &set) > 1e-3);
        fit.change(&set.examples[4]).unwrap();
        fit.change(&set.examples[4]).unwrap();
        assert!(difference(&last, &fit.head(&last).unwrap(), &set) < 1e-4);
    }

    #[test]
    fn embeddings_of_another_length_are_refused() {
        let set = clouds(2, 5, 1.0, 1);
        let mut fit = Fit::new(&set, None).unwrap();
        let mut new = Example { id: 900, ..set.examples[0].clone() };
        new.views[0].vector.pop();
        assert!(fit.change(&new).is_err());
        assert!(fit.head(&OwnHead { n_features: 5, ..trained(&set) }).is_err());
        let mut other = trained(&set);
        other.backbone.version = "2".into();
        assert_eq!(
            fit.head(&other).unwrap_err().kind(),
            crate::ErrorKind::OwnHeadOtherBackbone,
            "as long, and of another network"
        );
    }
}
