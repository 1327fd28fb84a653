//! The local model's tags, those of own taggers and a provider's, put together by the code that the page uses.

use tagsmith::providers::{Found, FoundTag};
use tagsmith::session::{HeadFound, HeadTag, NamedFound, TagReport, TaggedReport, read_reports};
use tagsmith::tagging::OwnHead;
use tagsmith::tags::{ProviderPolicy, StrictWords, Tagging};
use tagsmith::{Policy, Result, Session, Tagger};

use crate::own::custom::OwnTags;

/// One picture at a time is in it, under this number.
const PICTURE: u32 = 1;

/// A session that has seen one picture at most.
pub struct Merger {
    session: Session,
    policy: Policy,
    /// With the tags of each.
    heads: Vec<(String, Vec<HeadTag>)>,
    provider: Option<OfProvider>,
}

/// A provider, and how its tags are shown.
pub struct OfProvider {
    pub id: String,
    pub policy: ProviderPolicy,
    pub has_confidence: bool,
}

impl Merger {
    /// `policy`: of the local tags.
    ///
    /// # Errors
    /// Those of the policy.
    pub fn new(tagger: &Tagger, mut policy: Policy, heads: &[OwnHead], provider: Option<OfProvider>) -> Result<Self> {
        if let Some(OfProvider { id, policy: of_provider, .. }) = &provider {
            policy.providers.insert(id.clone(), *of_provider);
        }
        let mut session = Session::new(tagger.card(), tagger.vocabulary().clone())?;
        session.apply(policy.clone())?;
        let heads = heads.iter().map(|head| (head.id.clone(), tags(head))).collect();
        Ok(Self { session, policy, heads, provider })
    }

    /// What is shown from now on.
    ///
    /// # Errors
    /// Those of the policy, which then stays what it was.
    pub fn set_policy(&mut self, policy: &Policy) -> Result<()> {
        if *policy != self.policy {
            self.session.apply(policy.clone())?;
            self.policy = policy.clone();
        }
        Ok(())
    }

    /// The same with tags as words of a strict vocabulary only.
    ///
    /// # Errors
    /// [`WordsInvalid`](tagsmith::ErrorKind) for words that cannot be.
    pub fn with_words(mut self, words: Option<StrictWords>) -> Result<Self> {
        self.session.set_strict_words(words)?;
        Ok(self)
    }

    /// The report with what own taggers and the provider found as well. `tagging`: of the local model; `own`: of the heads, in their order.
    ///
    /// # Errors
    /// Those of [`Session::put_head`] and [`Session::put_found`].
    pub fn merged(
        &mut self,
        mut local: TaggedReport,
        tagging: Tagging,
        own: &OwnTags,
        found: Option<&Found>,
    ) -> Result<TaggedReport> {
        let session = &mut self.session;
        let language = session.language().to_owned();
        session.add(PICTURE, local.path.clone(), 0.0);
        session.put(PICTURE, tagging);
        for ((head, tags), own) in self.heads.iter().zip(own) {
            let (places, confidences): (Vec<u16>, Vec<f32>) = own.iter().map(|&(tag, sure)| (tag as u16, sure)).unzip();
            let lengths = [places.len() as u32];
            let (ids, places, confidences) = (&[PICTURE][..], &places[..], &confidences[..]);
            session.put_head(&HeadFound { head, run: 0, tags, ids, lengths: &lengths, places, confidences })?;
        }
        if let Some((OfProvider { id, has_confidence, .. }, found)) = self.provider.as_ref().zip(found) {
            session.put_found(PICTURE, id, *has_confidence, &named(found, &language))?;
        }
        let reports = read_reports(&session.reports(&[PICTURE])).expect("it was just written");
        session.remove(PICTURE);
        if let Some(TagReport::Tagged(both)) = reports.into_iter().next() {
            (local.tags, local.texts) = (both.tags, both.texts);
        }
        Ok(local)
    }
}

fn tags(head: &OwnHead) -> Vec<HeadTag> {
    let tag = |own: &tagsmith::tagging::OwnTag| HeadTag {
        id: own.tag.id.clone(),
        name: own.tag.name.clone(),
        language: own.tag.language.clone(),
        threshold: own.threshold,
    };
    head.tags.iter().map(tag).collect()
}

/// `asked`: the language that was asked for, which is the answer's where it says none.
fn named(found: &Found, asked: &str) -> NamedFound {
    let Found { tags, title, description, alt_text, language } = found.clone();
    let tags = tags.into_iter().map(|FoundTag { name, confidence }| (name, confidence)).collect();
    let language = language.or_else(|| Some(asked.to_owned()));
    NamedFound { tags, language, title, description, alt_text }
}
