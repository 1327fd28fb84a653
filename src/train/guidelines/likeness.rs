//! How much pictures look like the examples of each tag: the mean of the cosines between them, seen from the middle of everyday pictures.

use crate::tagging::{add_scaled, dot};
use crate::tags::Embedding;
use crate::train::background::Background;
use crate::train::features::unit;
use crate::train::matrix::Matrix;
use crate::train::set::TrainingSet;

/// Of a large tag as many examples are compared with each other.
const MAX_COMPARED: usize = 300;

/// The examples of a tag, or evenly some of them, with the product of each two.
#[derive(Debug)]
pub struct Within {
    pub compared: Vec<usize>,
    pub products: Matrix,
}

impl Within {
    fn new(rows: &Matrix, members: &[usize]) -> Self {
        let step = members.len().div_ceil(MAX_COMPARED).max(1);
        let compared: Vec<usize> = members.iter().copied().step_by(step).collect();
        let mut products = Matrix::zeros(compared.len(), compared.len());
        for (a, &row) in compared.iter().enumerate() {
            for (b, &other) in compared[..a].iter().enumerate() {
                let product = dot(rows.row(row), rows.row(other));
                products.row_mut(a)[b] = product;
                products.row_mut(b)[a] = product;
            }
        }
        Self { compared, products }
    }

    /// How much its place `at` is like each other one, seen from a centre; the most first.
    pub fn likeness(&self, at: usize, centre: &Centre, seen: impl Fn(usize) -> Seen) -> Vec<f32> {
        let others = (0..self.compared.len()).filter(|other| *other != at);
        let product = |other: usize| self.products.row(at)[other];
        let mut found: Vec<f32> = others.map(|other| centre.cosine(product(other), seen(at), seen(other))).collect();
        found.sort_by(|a, b| b.total_cmp(a));
        found
    }
}

/// Where everything is measured from, and how far each row of a matrix is from it.
#[derive(Debug)]
pub struct Centre {
    point: Vec<f32>,
    length: f32,
}

impl Centre {
    pub fn new(point: Vec<f32>) -> Self {
        let length = dot(&point, &point);
        Self { point, length }
    }

    /// The middle of `rows`.
    pub fn of<'a>(rows: impl Iterator<Item = &'a [f32]>, n_features: usize) -> Self {
        let (mut sum, mut n) = (vec![0.0; n_features], 0);
        for row in rows {
            add_scaled(&mut sum, 1.0, row);
            n += 1;
        }
        sum.iter_mut().for_each(|value| *value /= n.max(1) as f32);
        Self::new(sum)
    }

    /// The middle of everyday pictures.
    pub fn of_background(background: &Background) -> Self {
        let rows: Vec<Vec<f32>> = background.centres.iter().map(Embedding::values).collect();
        Self::of(rows.iter().map(Vec::as_slice), background.deviations.len())
    }

    /// For a row of length 1: its product with the centre, and what makes it of length 1 seen from there.
    pub fn seen(&self, row: &[f32]) -> Seen {
        let product = dot(row, &self.point);
        let square = 1.0 - 2.0 * product + self.length;
        Seen { product, scale: if square > 1e-6 { 1.0 / square.sqrt() } else { 0.0 } }
    }

    /// The cosine between two rows with this product.
    pub fn cosine(&self, product: f32, a: Seen, b: Seen) -> f32 {
        (product - a.product - b.product + self.length) * a.scale * b.scale
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Seen {
    product: f32,
    scale: f32,
}

#[derive(Debug)]
pub struct Likeness<'a> {
    pub rows: &'a Matrix,
    pub others: Matrix,
    pub centre: Centre,
    pub has_background: bool,
    pub seen: Vec<Seen>,
    pub within: Vec<Within>,
    members: Vec<Vec<usize>>,
    /// A row for each tag: its examples' directions, added up.
    sums: Matrix,
    offsets: Vec<f32>,
    /// A row for each example, a column for each tag.
    of_examples: Matrix,
}

impl<'a> Likeness<'a> {
    pub fn new(set: &TrainingSet, rows: &'a Matrix, background: Option<&Background>) -> Self {
        let others = set.others.iter().flat_map(|one| unit(std::slice::from_ref(one))).collect();
        let others = Matrix { n_columns: set.n_features, values: others };
        let centre = match background {
            Some(background) => Centre::of_background(background),
            None => {
                let all = rows.values.chunks_exact(set.n_features).chain(others.values.chunks_exact(set.n_features));
                Centre::of(all, set.n_features)
            }
        };
        let members = members(set);
        let mut likeness = Self {
            rows,
            others,
            has_background: background.is_some(),
            seen: (0..rows.n_rows()).map(|row| centre.seen(rows.row(row))).collect(),
            within: members.iter().map(|members| Within::new(rows, members)).collect(),
            members,
            sums: Matrix::zeros(set.tags.len(), set.n_features),
            offsets: Vec::new(),
            of_examples: Matrix::zeros(0, set.tags.len()),
            centre,
        };
        likeness.add_up();
        let all = (0..rows.n_rows()).flat_map(|row| likeness.to_tags(rows.row(row), likeness.seen[row]));
        likeness.of_examples.values = all.collect();
        likeness
    }

    fn add_up(&mut self) {
        for (tag, members) in self.members.iter().enumerate() {
            let sum = self.sums.row_mut(tag);
            for &at in members {
                let scale = self.seen[at].scale;
                add_scaled(sum, scale, self.rows.row(at));
                add_scaled(sum, -scale, &self.centre.point);
            }
            self.offsets.push(dot(&self.centre.point, sum));
        }
    }

    /// The examples that have a tag.
    pub fn members(&self, tag: u16) -> &[usize] {
        &self.members[usize::from(tag)]
    }

    /// How much a picture looks like the examples of each tag, none of which it is.
    pub fn to_tags(&self, row: &[f32], seen: Seen) -> Vec<f32> {
        let one = |(tag, offset): (usize, &f32)| {
            seen.scale * (dot(row, self.sums.row(tag)) - offset) / self.members[tag].len().max(1) as f32
        };
        self.offsets.iter().enumerate().map(one).collect()
    }

    /// How much an example looks like those of a tag that it doesn't have.
    pub fn to_other(&self, example: usize, tag: u16) -> f32 {
        self.of_examples.row(example)[usize::from(tag)]
    }

    /// How much an example looks like the others of a tag that it has.
    pub fn to_own(&self, example: usize, tag: u16) -> f32 {
        let n = self.members(tag).len() as f32;
        (self.to_other(example, tag) * n - 1.0) / (n - 1.0).max(1.0)
    }

    /// The examples of a tag with how much each looks like the others.
    pub fn own(&self, tag: u16) -> Vec<f32> {
        self.members(tag).iter().map(|&at| self.to_own(at, tag)).collect()
    }

    /// In how many pictures two tags are together, as a share of the smaller one's.
    pub fn overlap(&self, a: u16, b: u16) -> f32 {
        let (a, b) = (self.members(a), self.members(b));
        let n = a.iter().filter(|at| b.binary_search(at).is_ok()).count();
        n as f32 / a.len().min(b.len()).max(1) as f32
    }
}

fn members(set: &TrainingSet) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); set.tags.len()];
    for (at, example) in set.examples.iter().enumerate() {
        for &tag in &example.tags {
            let members: &mut Vec<usize> = &mut members[usize::from(tag)];
            if members.last() != Some(&at) {
                members.push(at);
            }
        }
    }
    members
}
