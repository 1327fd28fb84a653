//! What a provider has just answered, taken up at once: the library gives the same after a reload.

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::session::provider_tags::{OwnLimits, ProviderTag, ProviderTagging};
use crate::session::results::Session;
use crate::session::stored::{RunKind, component, is_text};
use crate::session::texts::{StoredText, TextField, TextSource};
use crate::tags::corrections::TagRef;

/// What a provider found in a picture.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ProviderFound {
    /// Its id, as in [`Policy::providers`](crate::Policy::providers).
    pub provider: String,
    /// Whether the confidences are the provider's own.
    pub has_confidence: bool,
    pub run: u32,
    /// Whether what its earlier runs found goes on to show.
    #[serde(default)]
    pub is_added: bool,
    #[serde(default)]
    pub own: OwnLimits,
    pub tags: Vec<ProviderFoundTag>,
}

/// A tag that a provider found.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ProviderFoundTag {
    /// As of a [`TagRef`].
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub language: Option<String>,
    /// 0–1; none of a provider that gives no numbers.
    #[serde(default)]
    pub confidence: Option<f32>,
}

/// What a provider found in a picture, by names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NamedFound {
    /// Names with confidences, 0–1.
    pub tags: Vec<(String, Option<f32>)>,
    /// Of names and texts.
    pub language: Option<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub alt_text: Option<String>,
}

impl Session {
    /// What a provider found in a picture that was added, in place of what the same run found before. It shows beside the model's tags, also
    /// of a picture that waits or has failed.
    ///
    /// # Errors
    /// [`ErrorKind::TagInvalid`] for a tag without a name or id, or with a very long one, and for a confidence outside 0–1;
    /// [`ErrorKind::LibraryTooLarge`] for more providers than there is room for. Then nothing has changed.
    pub fn put_provider(&mut self, id: u32, found: ProviderFound) -> Result<()> {
        let ProviderFound { provider, has_confidence, run, is_added, own, tags } = found;
        for ProviderFoundTag { id, name, language, confidence } in &tags {
            if !is_text(id) || !is_text(name) || language.as_deref().is_some_and(|language| !is_text(language)) {
                return Err(invalid(format!(
                    "The provider {provider:?} found a tag without a name, or with a very long one."
                )));
            }
            if let Some(confidence) = confidence.filter(|confidence| !(0.0..=1.0).contains(confidence)) {
                let detail =
                    format!("The provider {provider:?} is sure of {name:?} to {confidence}, which is not from 0 to 1.");
                return Err(invalid(detail));
            }
        }
        let component = component(&RunKind::Provider.component_of(&provider), &mut self.components)?;
        if !self.pictures.contains_key(&id) {
            return Ok(());
        }
        let tags = tags.into_iter().map(|ProviderFoundTag { id, name, language, confidence }| {
            let tag = TagRef { id, name, language };
            let (by, vocabulary) = (RunKind::Provider, self.selector.vocabulary());
            let tag = self.provider_tags.number(&tag, by, &mut self.keys, vocabulary);
            ProviderTag { tag, confidence: confidence.unwrap_or(1.0), threshold: None }
        });
        let tagging = ProviderTagging::new(component, run, has_confidence, tags.collect()).with_own(own);
        self.change(id, |session| {
            let all = session.provider_taggings.entry(id).or_default();
            all.retain(|one| one.component != component || (is_added && one.run != run));
            all.push(tagging);
            all.sort_by_key(ProviderTagging::place);
        });
        Ok(())
    }

    /// [`Session::put_provider`] and [`Session::set_texts`] for whoever keeps no library. Names that no tag can have are left out.
    ///
    /// # Errors
    /// Those of [`Session::put_provider`].
    pub fn put_found(&mut self, id: u32, provider: &str, has_confidence: bool, found: &NamedFound) -> Result<()> {
        let names: Vec<String> = found.tags.iter().map(|(name, _)| name.clone()).collect();
        let refs = self.tag_refs(&names, found.language.as_deref());
        let tags = refs.into_iter().zip(&found.tags).filter_map(|(tag, &(_, confidence))| {
            let TagRef { id, name, language } = tag?;
            Some(ProviderFoundTag { id, name, language, confidence })
        });
        let tags = tags.collect();
        let run = 0;
        let own = OwnLimits::default();
        self.put_provider(
            id,
            ProviderFound { provider: provider.to_owned(), has_confidence, run, is_added: false, own, tags },
        )?;
        let texts = [
            (TextField::Title, &found.title),
            (TextField::Description, &found.description),
            (TextField::AltText, &found.alt_text),
        ];
        let text = |(field, text): (TextField, &Option<String>)| {
            Some(StoredText {
                field,
                text: text.clone()?,
                source: TextSource::Provider,
                provider: Some(provider.to_owned()),
                run: Some(run),
                language: found.language.clone(),
            })
        };
        self.set_texts(id, texts.into_iter().filter_map(text).collect());
        Ok(())
    }
}

fn invalid(detail: String) -> Error {
    Error::new(ErrorKind::TagInvalid, detail)
}
