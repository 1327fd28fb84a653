//! The local model's tags and a provider's, put together by the code that the page uses.

use tagsmith::providers::{Found, FoundTag};
use tagsmith::session::{NamedFound, TagReport, TaggedReport, read_reports};
use tagsmith::tags::{ProviderPolicy, StrictWords, Tagging};
use tagsmith::{Policy, Result, Session, Tagger};

/// One picture at a time is in it, under this number.
const PICTURE: u32 = 1;

/// A session that has seen one picture at most.
pub struct Merger {
    session: Session,
    provider: String,
    has_confidence: bool,
}

impl Merger {
    /// `policy`: of the local tags; `of_provider`: of the provider's.
    ///
    /// # Errors
    /// Those of the policy.
    pub fn new(
        tagger: &Tagger,
        mut policy: Policy,
        provider: &str,
        of_provider: ProviderPolicy,
        has_confidence: bool,
    ) -> Result<Self> {
        policy.providers.insert(provider.to_owned(), of_provider);
        let mut session = Session::new(tagger.card(), tagger.vocabulary().clone())?;
        session.apply(policy)?;
        Ok(Self { session, provider: provider.to_owned(), has_confidence })
    }

    /// The same with tags as words of a strict vocabulary only.
    ///
    /// # Errors
    /// [`WordsInvalid`](tagsmith::ErrorKind) for words that cannot be.
    pub fn with_words(mut self, words: Option<StrictWords>) -> Result<Self> {
        self.session.set_strict_words(words)?;
        Ok(self)
    }

    /// The report with what the provider found as well. `tagging`: of the local model.
    ///
    /// # Errors
    /// Those of [`Session::put_found`].
    pub fn merged(&mut self, mut local: TaggedReport, tagging: Tagging, found: &Found) -> Result<TaggedReport> {
        let Self { session, provider, has_confidence } = self;
        let language = session.language().to_owned();
        session.add(PICTURE, local.path.clone(), 0.0);
        session.put(PICTURE, tagging);
        session.put_found(PICTURE, provider, *has_confidence, &named(found, &language))?;
        let reports = read_reports(&session.reports(&[PICTURE])).expect("it was just written");
        session.remove(PICTURE);
        if let Some(TagReport::Tagged(both)) = reports.into_iter().next() {
            (local.tags, local.texts) = (both.tags, both.texts);
        }
        Ok(local)
    }
}

/// `asked`: the language that was asked for, which is the answer's where it says none.
fn named(found: &Found, asked: &str) -> NamedFound {
    let Found { tags, title, description, alt_text, language } = found.clone();
    let tags = tags.into_iter().map(|FoundTag { name, confidence }| (name, confidence)).collect();
    let language = language.or_else(|| Some(asked.to_owned()));
    NamedFound { tags, language, title, description, alt_text }
}
