//! What looks like a tag's examples has the tag: pictures that are offered for tagging.

use crate::tagging::dot;
use crate::train::figures::{median, quantile};
use crate::train::guidelines::Concerned;
use crate::train::guidelines::likeness::{Likeness, Seen};
use crate::train::set::{MIN_EXAMPLES, TrainingSet};

/// Another picture is looked at closer where it looks more like the tag than this share of its own examples do…
const FIRST_LOOK: f32 = 0.1;
/// …and offered where its nearest examples are nearer than those of this share.
const SECOND_LOOK: f32 = 0.25;
/// How many nearest ones.
const N_NEAREST: usize = 3;

/// What a tag's own examples show.
struct Usual<'a> {
    likeness: &'a Likeness<'a>,
    compared: &'a [usize],
    median: f32,
    first: f32,
    second: f32,
}

impl<'a> Usual<'a> {
    /// `None` where there are too few.
    fn new(likeness: &'a Likeness<'a>, tag: u16) -> Option<Self> {
        if likeness.members(tag).len() < MIN_EXAMPLES {
            return None;
        }
        let own = likeness.own(tag);
        let within = &likeness.within[usize::from(tag)];
        let seen = |at: usize| likeness.seen[within.compared[at]];
        let nearest = |at: usize| mean(&within.likeness(at, &likeness.centre, seen));
        let nearest: Vec<f32> = (0..within.compared.len()).map(nearest).collect();
        Some(Self {
            likeness,
            compared: &within.compared,
            median: median(&own)?,
            first: quantile(&own, FIRST_LOOK)?,
            second: quantile(&nearest, SECOND_LOOK)?,
        })
    }

    /// How near the nearest examples are.
    fn nearest(&self, row: &[f32], seen: Seen) -> f32 {
        let Likeness { rows, centre, seen: all, .. } = self.likeness;
        let cosine = |&at: &usize| centre.cosine(dot(row, rows.row(at)), seen, all[at]);
        let mut cosines: Vec<f32> = self.compared.iter().map(cosine).collect();
        cosines.sort_by(|a, b| b.total_cmp(a));
        mean(&cosines)
    }
}

/// Of the first ones.
fn mean(sorted: &[f32]) -> f32 {
    let nearest = &sorted[..sorted.len().min(N_NEAREST)];
    nearest.iter().sum::<f32>() / nearest.len().max(1) as f32
}

/// For each tag the pictures that lack it, the most alike first. Each picture is offered for the tag that it looks most like.
pub fn missing(set: &TrainingSet, other_ids: &[u32], likeness: &Likeness) -> Vec<Vec<Concerned>> {
    let tags: Vec<u16> = (0..set.tags.len() as u16).collect();
    let usual: Vec<Option<Usual>> = tags.iter().map(|&tag| Usual::new(likeness, tag)).collect();
    let mut missing = vec![Vec::new(); tags.len()];
    let mut offer = |best: Option<(f32, u16)>, id| {
        if let Some((worth, tag)) = best {
            missing[usize::from(tag)].push((worth, Concerned::new(id)));
        }
    };
    for (at, example) in set.examples.iter().enumerate() {
        // Of tags that no picture has together, lacking one is no fault.
        let goes_along = |tag: &&u16| example.tags.iter().all(|&own| likeness.overlap(own, **tag) > 0.0);
        let lacking = tags.iter().filter(|tag| !example.tags.contains(tag) && !example.rejected.contains(tag));
        let lacking = lacking.filter(goes_along);
        let like = lacking.filter_map(|&tag| {
            let (worth, usual) = (likeness.to_other(at, tag), usual[usize::from(tag)].as_ref()?);
            (worth >= usual.median).then_some((worth, tag))
        });
        offer(like.max_by(|(a, _), (b, _)| a.total_cmp(b)), example.id);
    }
    for (at, &id) in other_ids.iter().enumerate().take(likeness.others.n_rows()) {
        let row = likeness.others.row(at);
        let seen = likeness.centre.seen(row);
        let like =
            likeness.to_tags(row, seen).into_iter().zip(&usual).zip(&tags).filter_map(|((first, usual), &tag)| {
                let usual = usual.as_ref().filter(|usual| first >= usual.first)?;
                let second = usual.nearest(row, seen);
                (second >= usual.second).then_some((second, tag))
            });
        offer(like.max_by(|(a, _), (b, _)| a.total_cmp(b)), id);
    }
    let sorted = |mut of_tag: Vec<(f32, Concerned)>| {
        of_tag.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        of_tag.into_iter().map(|(_, one)| one).collect()
    };
    missing.into_iter().map(sorted).collect()
}
