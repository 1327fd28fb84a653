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
/// Of a large tag as many examples are looked at.
const MAX_COMPARED: usize = 300;

/// What a tag's own examples show.
struct Usual<'a> {
    compared: Vec<usize>,
    first: f32,
    second: f32,
    median: f32,
    likeness: &'a Likeness<'a>,
}

impl<'a> Usual<'a> {
    /// `None` where there are too few.
    fn new(likeness: &'a Likeness<'a>, tag: u16) -> Option<Self> {
        let members = likeness.members(tag);
        if members.len() < MIN_EXAMPLES {
            return None;
        }
        let own = likeness.own(tag);
        let compared = members.iter().copied().step_by(members.len().div_ceil(MAX_COMPARED)).collect();
        let (first, median) = (quantile(&own, FIRST_LOOK)?, median(&own)?);
        let mut usual = Self { compared, first, second: 0.0, median, likeness };
        let nearest: Vec<f32> = usual
            .compared
            .iter()
            .map(|&at| usual.nearest(likeness.rows.row(at), likeness.seen[at], Some(at)))
            .collect();
        usual.second = quantile(&nearest, SECOND_LOOK)?;
        Some(usual)
    }

    /// The mean of the nearest examples, but for the picture itself.
    fn nearest(&self, row: &[f32], seen: Seen, itself: Option<usize>) -> f32 {
        let Likeness { rows, centre, seen: all, .. } = self.likeness;
        let others = self.compared.iter().filter(|at| Some(**at) != itself);
        let mut cosines: Vec<f32> = others.map(|&at| centre.cosine(dot(row, rows.row(at)), seen, all[at])).collect();
        cosines.sort_by(|a, b| b.total_cmp(a));
        cosines.truncate(N_NEAREST);
        cosines.iter().sum::<f32>() / cosines.len().max(1) as f32
    }
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
                let second = usual.nearest(row, seen, None);
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
