//! Training sets of real pictures with faults in them.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use tagsmith::TagRef;
use tagsmith::model::BackboneRef;
use tagsmith::tags::Embedding;
use tagsmith::train::{Example, TrainingSet};

#[derive(Debug, Clone)]
pub struct Picture {
    pub tag: String,
    /// The folder above that of the tag.
    pub parent: String,
    grandparent: String,
    stem: String,
    embedding: Embedding,
}

impl Picture {
    /// Of a copy.
    pub fn set(&self) -> &str {
        &self.parent
    }

    pub fn grandparent(&self) -> &str {
        &self.grandparent
    }
}

#[derive(Deserialize)]
struct Line {
    path: String,
    embedding: Option<Vec<f32>>,
}

/// Pictures of a file of reports; none where there is no such file.
pub fn read(path: &Path) -> Vec<Picture> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let lines = text.lines().map(|line| serde_json::from_str::<Line>(line).expect("a report"));
    lines
        .filter_map(|line| {
            let embedding = Embedding::new(&line.embedding?)?;
            let mut parts = line.path.rsplit('/').map(str::to_owned);
            let file = parts.next()?;
            let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned();
            let mut next = || parts.next().unwrap_or_default();
            Some(Picture { tag: next(), parent: next(), grandparent: next(), stem, embedding })
        })
        .collect()
}

/// A set, with the pictures and tags that something is wrong with.
pub struct Planted {
    pub set: TrainingSet,
    pub other_ids: Vec<u32>,
    pub faults: Vec<u32>,
    pub faulty: BTreeSet<u16>,
}

/// Numbers that look like chance, and are always the same.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let a = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let b = (a ^ (a >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((b ^ (b >> 31)) % n as u64) as usize
    }

    /// `k` different numbers below `n`.
    fn some(&mut self, k: usize, n: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        (0..k.min(n)).for_each(|at| all.swap(at, at + self.below(n - at)));
        all.truncate(k);
        all
    }
}

pub fn clean(pictures: &[Picture]) -> Planted {
    let names: BTreeSet<&str> = pictures.iter().map(|picture| picture.tag.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let number = |picture: &Picture| names.iter().position(|name| *name == picture.tag).expect("a tag") as u16;
    let examples = (0..).zip(pictures).map(|(id, picture)| example(id, picture, number(picture)));
    Planted {
        set: set(&names, examples.collect(), &[]),
        other_ids: Vec::new(),
        faults: Vec::new(),
        faulty: BTreeSet::new(),
    }
}

/// Tags of `n_each` pictures, whatever they show.
pub fn evenly(pictures: &[Picture], n_each: usize) -> Planted {
    let n_tags = pictures.len() / n_each;
    let names: Vec<String> = (0..n_tags).map(|tag| format!("tag {tag}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let examples = pictures.iter().enumerate().map(|(at, picture)| example(at as u32, picture, (at / n_each) as u16));
    Planted { set: set(&names, examples.collect(), &[]), ..clean(&[]) }
}

/// Some have another tag than theirs.
pub fn mislabelled(pictures: &[Picture], n: usize, chance: &mut Chance) -> Planted {
    let mut planted = clean(pictures);
    let n_tags = planted.set.tags.len();
    for at in chance.some(n, pictures.len()) {
        let tag = &mut planted.set.examples[at].tags[0];
        *tag = (*tag + 1 + chance.below(n_tags - 1) as u16) % n_tags as u16;
        planted.faulty.insert(*tag);
        planted.faults.push(at as u32);
    }
    planted
}

/// Some show nothing that any tag is about.
pub fn odd(pictures: &[Picture], odd: &[Picture], n: usize, chance: &mut Chance) -> Planted {
    let mut planted = clean(pictures);
    for at in chance.some(n, odd.len()) {
        let tag = chance.below(planted.set.tags.len()) as u16;
        plant(&mut planted, &odd[at], tag);
    }
    planted
}

/// Some tags have two pictures of something that no tag is about: half of the tags are taken out for that.
pub fn kinds(pictures: &[Picture], n: usize, chance: &mut Chance) -> Planted {
    let names: BTreeSet<String> = pictures.iter().map(|picture| picture.tag.clone()).collect();
    let names: Vec<String> = names.into_iter().collect();
    // Of four tags one is taken out, and gives all three kinds.
    let order = chance.some(names.len(), names.len());
    let n_given = n.min(names.len() / 4).max(1);
    let (given, kept) = order.split_at(n_given);
    let kept_pictures: Vec<Picture> =
        pictures.iter().filter(|picture| kept.iter().any(|&at| names[at] == picture.tag)).cloned().collect();
    let mut planted = clean(&kept_pictures);
    for tag in chance.some(n, planted.set.tags.len()) {
        let from = &names[given[planted.faulty.len() % n_given]];
        let of_kind: Vec<&Picture> = pictures.iter().filter(|picture| picture.tag == *from).collect();
        for at in chance.some(2, of_kind.len()) {
            plant(&mut planted, of_kind[at], tag as u16);
        }
    }
    planted
}

/// Some have lost their tag, and are among the rest of the library.
pub fn untagged(pictures: &[Picture], others: &[Picture], n: usize, chance: &mut Chance) -> Planted {
    let lost: BTreeSet<usize> = chance.some(n, pictures.len()).into_iter().collect();
    let mut planted = clean(pictures);
    let rest = lost.iter().map(|&at| pictures[at].embedding.clone());
    planted.set.others = rest.chain(others.iter().map(|other| other.embedding.clone())).collect();
    planted.other_ids = (100_000..).take(planted.set.others.len()).collect();
    planted.faults = planted.other_ids[..lost.len()].to_vec();
    planted.faulty = lost.iter().map(|&at| planted.set.examples[at].tags[0]).collect();
    let mut at = 0;
    planted.set.examples.retain(|_| {
        at += 1;
        !lost.contains(&(at - 1))
    });
    planted
}

/// Some files are there twice.
pub fn same(pictures: &[Picture], n: usize, chance: &mut Chance) -> Planted {
    let mut planted = clean(pictures);
    for at in chance.some(n, pictures.len()) {
        let tag = planted.set.examples[at].tags[0];
        plant(&mut planted, &pictures[at], tag);
        let file = planted.set.examples[at].sha256;
        planted.set.examples.last_mut().expect("the copy").sha256 = file;
    }
    planted
}

/// Some are there again, changed.
pub fn copies(pictures: &[Picture], copies: &[Picture]) -> Planted {
    let mut planted = clean(pictures);
    for copy in copies {
        let of = pictures.iter().position(|picture| picture.stem == copy.stem && picture.tag == copy.tag);
        let tag = planted.set.examples[of.expect("its picture")].tags[0];
        plant(&mut planted, copy, tag);
    }
    planted
}

fn plant(planted: &mut Planted, picture: &Picture, tag: u16) {
    let id = planted.set.examples.len() as u32;
    planted.set.examples.push(example(id, picture, tag));
    planted.faults.push(id);
    planted.faulty.insert(tag);
}

fn example(id: u32, picture: &Picture, tag: u16) -> Example {
    let mut sha256 = [1; 32];
    sha256[..4].copy_from_slice(&id.to_le_bytes());
    let views = vec![picture.embedding.clone()];
    Example { id, views, tags: vec![tag], rejected: Vec::new(), sha256, longer_side: 0 }
}

fn set(names: &[&str], examples: Vec<Example>, others: &[Embedding]) -> TrainingSet {
    TrainingSet {
        backbone: BackboneRef { id: "efficientnet-lite0".into(), version: "1.0.0".into(), sha256: None },
        n_features: examples.first().map_or(1, |example| example.views[0].vector.len()),
        tags: names.iter().map(|name| TagRef::known(format!("own:{name}"), *name)).collect(),
        examples,
        others: others.to_vec(),
    }
}
