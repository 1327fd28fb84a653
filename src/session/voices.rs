//! Who says a tag of a picture: the person, the model, and each own tagger and provider, with the number that each gives.

use std::collections::HashMap;

use serde::Serialize;

use crate::session::entry::SessionEntry;
use crate::session::results::Session;
use crate::session::showing::others_of;
use crate::session::shown::{SaidBy, ShownTag};
use crate::tags::candidate::ComponentIdx;
use crate::tags::keys::TagKey;

/// All who say a shown tag, whatever the policy shows of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Voices {
    /// The tag's.
    pub id: String,
    pub by: Vec<Voice>,
}

/// One who says a tag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Voice {
    /// As in reports: a component, or "person".
    pub from: String,
    /// Calibrated where the model or an own tagger says it, a provider's own number otherwise; none of a person and of a provider that gives none.
    pub confidence: Option<f32>,
    /// The raw score of the model's component.
    pub score: Option<f32>,
    /// The provider's or own tagger's run.
    pub run: Option<u32>,
}

impl Session {
    pub(super) fn component_name(&self, by: SaidBy) -> &str {
        by.component().map_or("person", |component| &self.components[usize::from(component)])
    }

    /// For each shown tag of a picture: the own taggers and providers that the policy shows it of, too.
    pub(super) fn also_from(&self, id: u32, picture: &SessionEntry) -> impl Fn(&ShownTag) -> Vec<String> {
        let mut by_key: HashMap<TagKey, Vec<ComponentIdx>> = HashMap::new();
        let others = others_of(id, picture, &self.provider_taggings);
        for said in self.view().selected(others, self.corrections_of(id)) {
            by_key.entry(said.key).or_default().push(said.component);
        }
        move |tag| {
            let others = by_key.get(&tag.key).into_iter().flatten().filter(|&&one| tag.by.component() != Some(one));
            others.map(|&one| self.components[usize::from(one)].clone()).collect()
        }
    }

    pub(super) fn voices(&self, id: u32, picture: &SessionEntry) -> Vec<Voices> {
        let others = others_of(id, picture, &self.provider_taggings);
        if others.is_empty() {
            return Vec::new();
        }
        let view = self.view();
        let said = view.said(others, self.corrections_of(id)).concat();
        let candidates = picture.outcome.candidates();
        let name = |component: ComponentIdx| self.components[usize::from(component)].clone();
        let of = |tag: &ShownTag| {
            let person = (tag.by == SaidBy::Person).then(|| Voice {
                from: "person".to_owned(),
                confidence: None,
                score: None,
                run: None,
            });
            let model = candidates.iter().find(|one| self.rules.target(TagKey::from(one.tag)) == tag.key);
            let model = model.map(|one| Voice {
                from: name(one.component),
                confidence: Some(one.confidence),
                score: Some(one.score),
                run: None,
            });
            let providers = said.iter().filter(|one| one.key == tag.key).map(|one| Voice {
                from: name(one.component),
                confidence: one.score(),
                score: None,
                run: Some(one.run),
            });
            Voices { id: view.id(tag.key).to_owned(), by: person.into_iter().chain(model).chain(providers).collect() }
        };
        picture.shown.tags.iter().map(of).collect()
    }
}
