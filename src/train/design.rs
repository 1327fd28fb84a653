//! A training set as numbers: rows, weights, targets and groups.

use crate::train::Background;
use crate::train::companions::Companions;
use crate::train::duplicates::groups;
use crate::train::features::unit;
use crate::train::matrix::Matrix;
use crate::train::set::{Example, MIN_EXAMPLES, TrainingSet};
use crate::train::unlike::unlike;

/// A picture counts at most this many times as much as another, however rare its tags are.
const MOST_WEIGHT: f32 = 4.0;
/// Pictures that tags are told from where the examples don't tell: at most so many.
const MAX_CONTRAST: usize = 600;

/// Rows are examples, then contrast: pictures of none of the tags, where a tag has too few examples to be told from.
pub(super) struct Design {
    /// Numbers, in the training set, of the tags that are trained: the columns of `targets`.
    pub tags: Vec<u16>,
    /// Rows of length 1.
    pub units: Matrix,
    pub n_examples: usize,
    /// Example × tag: 1 where a person gave it, else 0.
    pub targets: Matrix,
    pub weights: Vec<f32>,
    /// For each example, the number of its group of duplicates.
    pub group_of: Vec<u32>,
    /// Numbers of rows; contrast has groups of one.
    pub groups: Vec<Vec<usize>>,
    /// The same, but where a group has all pictures of a tag, each of its rows alone.
    pub split: Vec<Vec<usize>>,
    /// For each trained tag the group that has all of its pictures, if one has.
    pub only_group: Vec<Option<usize>>,
    /// Of the trained tags.
    pub companions: Companions,
}

impl Design {
    pub fn new(set: &TrainingSet, tags: Vec<u16>, background: Option<&Background>) -> Self {
        let n_examples = set.examples.len();
        let counts: Vec<usize> = set.counts();
        let mut units: Vec<Vec<f32>> = set.examples.iter().map(|example| unit(&example.views)).collect();
        if tags.iter().any(|&tag| n_examples - counts[usize::from(tag)] < MIN_EXAMPLES) {
            units.extend(contrast(set, &units, background));
        }
        let n_rows = units.len();
        let mut column_of = vec![None; set.tags.len()];
        tags.iter().enumerate().for_each(|(column, &tag)| column_of[usize::from(tag)] = Some(column));
        let mut targets = Matrix::zeros(n_rows, tags.len());
        let columns = |example: &Example| example.tags.iter().filter_map(|&tag| column_of[usize::from(tag)]).collect();
        let columns: Vec<Vec<usize>> = set.examples.iter().map(columns).collect();
        for (row, columns) in columns.iter().enumerate() {
            columns.iter().for_each(|&column| targets.row_mut(row)[column] = 1.0);
        }
        let group_of = groups(set);
        let companions = Companions::new(tags.len(), &columns, &group_of);
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); group_of.iter().max().map_or(0, |most| *most as usize + 1)];
        group_of.iter().enumerate().for_each(|(row, &group)| groups[group as usize].push(row));
        groups.extend((n_examples..n_rows).map(|row| vec![row]));
        let only_group = only_groups(&groups, &targets);
        let is_split = |group: &usize| only_group.contains(&Some(*group));
        let split = groups.iter().enumerate().flat_map(|(number, group)| match is_split(&number) {
            true => group.iter().map(|&row| vec![row]).collect(),
            false => vec![group.clone()],
        });
        Self {
            weights: weights(&targets, n_examples),
            companions,
            units: Matrix { n_columns: set.n_features, values: units.concat() },
            tags,
            n_examples,
            targets,
            group_of,
            split: split.collect(),
            only_group,
            groups,
        }
    }

    /// Whether some tag is on every row: then there is nothing to tell it from.
    pub fn lacks_negatives(&self) -> bool {
        let n_rows = self.targets.n_rows();
        (0..self.tags.len()).any(|column| (0..n_rows).all(|row| self.targets.row(row)[column] > 0.0))
    }

    /// The rows, with each value times its scale.
    pub fn scaled(&self, scales: &[f32]) -> Matrix {
        let mut rows = self.units.clone();
        for row in rows.values.chunks_exact_mut(scales.len()) {
            row.iter_mut().zip(scales).for_each(|(value, scale)| *value *= scale);
        }
        rows
    }
}

/// For each tag the group that has all of its pictures: leaving it out would leave nothing of the tag.
fn only_groups(groups: &[Vec<usize>], targets: &Matrix) -> Vec<Option<usize>> {
    let mut groups_of: Vec<Vec<usize>> = vec![Vec::new(); targets.n_columns];
    for (number, group) in groups.iter().enumerate() {
        for row in group {
            let of_row = targets.row(*row).iter().zip(&mut groups_of).filter(|(target, _)| **target > 0.0);
            of_row.filter(|(_, known)| known.last() != Some(&number)).for_each(|(_, known)| known.push(number));
        }
    }
    groups_of.into_iter().map(|known| (known.len() == 1).then(|| known[0])).collect()
}

/// Each tag counts alike: a picture counts as much as its tags are rarer than the average one. Contrast counts as one average tag.
fn weights(targets: &Matrix, n_examples: usize) -> Vec<f32> {
    let n_tags = targets.n_columns;
    let mut counts = vec![0.0_f32; n_tags];
    for row in 0..n_examples {
        counts.iter_mut().zip(targets.row(row)).for_each(|(count, target)| *count += target);
    }
    let mean = counts.iter().sum::<f32>() / n_tags as f32;
    let n_contrast = targets.n_rows() - n_examples;
    let of_row = |row: usize| {
        if row >= n_examples {
            return mean / n_contrast as f32;
        }
        let tags = targets.row(row).iter().zip(&counts).filter(|(target, _)| **target > 0.0);
        let (n, sum) = tags.fold((0.0, 0.0), |(n, sum), (_, count)| (n + 1.0, sum + mean / count));
        if n > 0.0 { (sum / n).clamp(1.0 / MOST_WEIGHT, MOST_WEIGHT) } else { 1.0 }
    };
    (0..targets.n_rows()).map(of_row).collect()
}

/// Pictures of none of the tags: everyday ones, else the part of the library that looks like no example.
fn contrast(set: &TrainingSet, examples: &[Vec<f32>], background: Option<&Background>) -> Vec<Vec<f32>> {
    match background {
        Some(background) => background.centres.iter().map(|one| unit(std::slice::from_ref(one))).collect(),
        None => unlike(set, examples, MAX_CONTRAST),
    }
}
