//! At least five examples of each visibly different kind: examples with fewer than four others like them.

use std::collections::BTreeMap;

use crate::tagging::add_scaled;
use crate::train::background::Background;
use crate::train::duplicates::{Twins, connected};
use crate::train::figures::median;
use crate::train::guidelines::likeness::{Centre, Seen, Within};
use crate::train::guidelines::{Check, Concerned, Guideline, Kind, Light};
use crate::train::matrix::Matrix;
use crate::train::set::{MIN_EXAMPLES, TrainingSet};

/// With fewer examples there are no kinds yet; of more, those that are rare make no difference, and comparing all takes long.
const MIN_JUDGED: usize = 10;
const MAX_JUDGED: usize = 300;
/// Two examples are alike where they are at least this share as near as an example usually is to its fourth neighbour.
const ALIKE: f32 = 0.4;
/// One picture is no kind: whether it belongs here at all is for coherence to say.
const MIN_RARE: usize = 2;

/// Measured from the middle of the set: what its tags have in common tells no kinds.
pub struct Measure<'a> {
    rows: &'a Matrix,
    centre: Centre,
}

impl<'a> Measure<'a> {
    pub fn new(set: &TrainingSet, rows: &'a Matrix, background: Option<&Background>) -> Self {
        let mut means = Matrix::zeros(set.tags.len(), set.n_features);
        let mut counts = vec![0_u32; set.tags.len()];
        for (at, example) in set.examples.iter().enumerate() {
            for tag in example.tags.iter().map(|&tag| usize::from(tag)) {
                add_scaled(means.row_mut(tag), 1.0, rows.row(at));
                counts[tag] += 1;
            }
        }
        let filled: Vec<usize> = (0..counts.len()).filter(|&tag| counts[tag] > 0).collect();
        for &tag in &filled {
            means.row_mut(tag).iter_mut().for_each(|value| *value /= counts[tag] as f32);
        }
        let centre = match background {
            Some(background) if filled.len() < 2 => Centre::of_background(background),
            _ => Centre::of(filled.iter().map(|&tag| means.row(tag)), set.n_features),
        };
        Self { rows, centre }
    }

    pub fn check(&self, set: &TrainingSet, within: &Within, n: usize) -> Check {
        let Within { compared, products } = within;
        if !(MIN_JUDGED..=MAX_JUDGED).contains(&n) {
            return Check::new(Guideline::Coverage, Light::None, 0);
        }
        let seen: Vec<Seen> = compared.iter().map(|&at| self.centre.seen(self.rows.row(at))).collect();
        let cosine = |a: usize, b: usize| self.centre.cosine(products.row(a)[b], seen[a], seen[b]);
        let fourth: Vec<f32> =
            (0..n).map(|one| within.likeness(one, &self.centre, |at| seen[at])[MIN_EXAMPLES - 2]).collect();
        let limit = ALIKE * median(&fourth).unwrap_or(0.0).max(0.0);
        let mut rare: Vec<usize> = (0..n).filter(|&at| fourth[at] < limit).collect();
        if rare.len() < MIN_RARE {
            rare.clear();
        }
        rare.sort_by(|&a, &b| fourth[a].total_cmp(&fourth[b]));
        let id = |at: usize| set.examples[compared[at]].id;
        let concerned = rare.iter().map(|&at| Concerned::new(id(at))).collect();
        let kinds = kinds(&rare, |a, b| cosine(a, b) >= limit).map(|kind| Kind {
            ids: kind.iter().map(|&at| id(at)).collect(),
            n_needed: MIN_EXAMPLES.saturating_sub(kind.len()),
        });
        Check { kinds: kinds.collect(), ..Check::of_pictures(Guideline::Coverage, concerned, n) }
    }
}

/// The rare ones that are alike, together.
fn kinds(rare: &[usize], are_alike: impl Fn(usize, usize) -> bool) -> impl Iterator<Item = Vec<usize>> {
    let mut alike = Vec::new();
    for (first, &a) in rare.iter().enumerate() {
        for (second, &b) in rare.iter().enumerate().skip(first + 1) {
            if are_alike(a, b) {
                alike.push(Twins { first, second, is_exact: false });
            }
        }
    }
    let mut kinds: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, first) in connected(rare.len(), &alike).into_iter().enumerate() {
        kinds.entry(first).or_default().push(rare[at]);
    }
    kinds.into_values()
}
