//! What each tagger says of a picture by itself, and what the person says: for whoever compares them. Nothing that a person rejected is
//! left out: whether a tagger is right is the question.

use std::collections::HashSet;

use serde::Serialize;

use crate::session::entry::{Outcome, SessionEntry};
use crate::session::results::Session;
use crate::session::showing::{Showing, others_of};
use crate::session::shown::{Shown, View};
use crate::session::stored::RunKind;
use crate::tags::select::SelectedTags;

/// The model's name among sources; those of others are "head:ID" and "provider:ID".
const MODEL: &str = "model";

/// A picture, as each tagger and the person see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PictureSources {
    /// The person's tags. None where they gave none, or only those of many pictures at once.
    pub own: Option<SourceTags>,
    /// Of each tagger that has looked at it, the model first.
    pub sources: Vec<SourceTags>,
}

/// What one of them says under the policy and the rules in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceTags {
    /// "model", "head:ID", "provider:ID" or "person".
    pub from: String,
    /// The provider's or own tagger's runs that show, the newest first.
    pub runs: Vec<u32>,
    pub tags: Vec<SourceTag>,
    /// Ids of the ancestors of `tags` that are none of them: they count as said.
    pub above: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceTag {
    pub id: String,
    pub name: String,
}

impl Session {
    /// Who says what of the pictures `ids`, in that order; of one that is not there, nobody anything.
    pub fn sources(&self, ids: &[u32]) -> Vec<PictureSources> {
        let view = self.view();
        let mut showing = Showing::new(&view, SelectedTags::default());
        let mut of = |id: &u32| {
            let nobody = PictureSources { own: None, sources: Vec::new() };
            self.pictures.get(id).map_or(nobody, |picture| self.sources_of(*id, picture, &view, &mut showing))
        };
        ids.iter().map(&mut of).collect()
    }

    fn sources_of(&self, id: u32, picture: &SessionEntry, view: &View, showing: &mut Showing) -> PictureSources {
        let others = others_of(id, picture, &self.provider_taggings);
        let nothing = &self.no_corrections;
        let mut shown = Shown::default();
        showing.show(view, &[], &[], self.corrections_of(id), &mut shown);
        let own = shown.is_tagged().then(|| source(view, "person", &shown));
        let mut sources = Vec::new();
        if self.has_model_answered(picture, others.iter().map(|one| usize::from(one.component))) {
            showing.show(view, picture.outcome.candidates(), &[], nothing, &mut shown);
            sources.push(source(view, MODEL, &shown));
        }
        for taggings in others.chunk_by(|one, next| one.component == next.component) {
            showing.show(view, &[], taggings, nothing, &mut shown);
            let runs = taggings.iter().map(|tagging| tagging.run).collect();
            let from = &self.components[usize::from(taggings[0].component)];
            sources.push(SourceTags { runs, ..source(view, from, &shown) });
        }
        PictureSources { own, sources }
    }

    /// Whether the picture's tagging is a model's, and not that of another tagger which [stands in](Session::restore) for its facts.
    fn has_model_answered(&self, picture: &SessionEntry, others: impl Iterator<Item = usize>) -> bool {
        let Outcome::Tagged { candidates, rest } = &picture.outcome else { return false };
        let tagger = &self.taggers[rest.tagger].model.id;
        let names: HashSet<&String> = others.map(|component| &self.components[component]).collect();
        let is_other = |kind: RunKind| names.contains(&kind.component_of(tagger));
        !candidates.is_empty() || !(is_other(RunKind::Head) || is_other(RunKind::Provider))
    }
}

fn source(view: &View, from: &str, shown: &Shown) -> SourceTags {
    let tag = |key| SourceTag { id: view.id(key).to_owned(), name: view.name(key).to_owned() };
    SourceTags {
        from: from.to_owned(),
        runs: Vec::new(),
        tags: shown.tags.iter().map(|one| tag(one.key)).collect(),
        above: shown.above.iter().map(|&key| view.id(key).to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::provider_put::{ProviderFound, ProviderFoundTag};
    use crate::session::provider_tags::OwnLimits;
    use crate::session::results::tests::{added, policy, put, session};
    use crate::tags::corrections::{AddedTag, Corrections};
    use crate::tags::policy::{Policy, ProviderPolicy};

    fn found(provider: &str, run: u32, tags: &[(&str, f32)]) -> ProviderFound {
        let tag = |&(id, confidence): &(&str, f32)| ProviderFoundTag {
            id: id.into(),
            name: id.into(),
            language: None,
            confidence: Some(confidence),
        };
        let tags = tags.iter().map(tag).collect();
        ProviderFound {
            provider: provider.into(),
            has_confidence: true,
            run,
            is_added: true,
            own: OwnLimits::default(),
            tags,
        }
    }

    /// FROM: TAGS < ABOVE
    fn said(sources: &[SourceTags]) -> Vec<String> {
        let line = |one: &SourceTags| {
            let tags: Vec<&str> = one.tags.iter().map(|tag| tag.id.as_str()).collect();
            format!("{}: {} < {}", one.from, tags.join(" "), one.above.join(" "))
        };
        sources.iter().map(line).collect()
    }

    #[test]
    fn each_source_speaks_for_itself_also_of_what_the_person_rejected() {
        let mut session = session(0.5);
        put(&mut session, 1, 0.9);
        let sure = ProviderPolicy { threshold: 0.5, max_tags: 50, is_shown: true };
        session.apply(Policy { providers: [("google".into(), sure)].into(), ..policy(0.5) }).unwrap();
        session.put_provider(1, found("google", 7, &[("animal", 0.8), ("own:sofa", 0.7), ("cup", 0.1)])).unwrap();
        session.put_provider(1, found("google", 9, &[("own:sofa", 0.6)])).unwrap();
        session.put_provider(1, found("ollama", 8, &[])).unwrap();
        let corrections =
            Corrections { added: vec![added("kopp", &session)], rejected: vec!["cat".into()], reviewed: false };
        session.correct(1, corrections);
        let [picture] = &session.sources(&[1])[..] else { panic!() };
        let wanted = ["model: cat < animal", "provider:google: animal own:sofa < ", "provider:ollama:  < "];
        assert_eq!(said(&picture.sources), wanted);
        assert_eq!(picture.sources[1].runs, [9, 7]);
        assert_eq!(picture.sources[0].tags[0].name, "katt");
        assert_eq!(said(picture.own.as_slice()), ["person: cup < "]);
    }

    #[test]
    fn what_many_pictures_were_given_at_once_is_no_judgement_of_one() {
        let mut session = session(0.5);
        put(&mut session, 1, 0.9);
        let in_bulk = AddedTag { in_bulk: true, ..added("Mallorca", &session) };
        session.correct(1, Corrections { added: vec![in_bulk.clone()], ..Corrections::default() });
        assert_eq!(session.sources(&[1])[0].own, None);
        let added = vec![in_bulk, added("katt", &session)];
        session.correct(1, Corrections { added, ..Corrections::default() });
        let own = session.sources(&[1])[0].own.clone();
        assert_eq!(said(own.as_slice()), ["person: own:mallorca cat < animal"]);
    }

    #[test]
    fn who_has_not_looked_says_nothing_and_who_found_nothing_does() {
        let mut session = session(0.99);
        session.add(1, "1.png".into(), 0.0);
        put(&mut session, 2, 0.6);
        session.put_provider(1, found("google", 7, &[("cat", 0.8)])).unwrap();
        let sources = session.sources(&[1, 2, 3]);
        assert_eq!(said(&sources[0].sources), ["provider:google: cat < animal"]);
        assert_eq!(said(&sources[1].sources), ["model:  < "]);
        assert_eq!(said(&sources[2].sources), [""; 0]);
    }
}
