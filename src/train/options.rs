//! What a person says of a training.

use crate::error::{Error, ErrorKind, Result};
use crate::tagging::{MAX_COMMENT_CHARS, MAX_SEED, MAX_TITLE_CHARS, is_name, is_text};

/// What a person says of a training, and what chance in it begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainOptions {
    /// At most 2⁵³ − 1, which every program that reads JSON keeps exactly.
    pub seed: u64,
    /// What the person calls this training, and says of it. May be empty.
    pub title: String,
    pub comment: String,
    /// Of the own tagger.
    pub id: String,
    pub name: String,
    pub version: u32,
    /// When this is, in ms from 1970.
    pub made_ms: i64,
}

impl TrainOptions {
    /// Whether a head's file can hold them. [`train`](crate::train::train) asks too; asked before pictures are read, a title that is too long costs no
    /// minutes.
    ///
    /// # Errors
    /// [`ErrorKind::TrainingSetInvalid`], with what is wrong.
    pub fn check(&self) -> Result<()> {
        let refused = |what: String| {
            Err(Error::new(
                ErrorKind::TrainingSetInvalid,
                format!("Nothing was trained: {what}. Change it, and train again."),
            ))
        };
        for (what, text) in [("id", &self.id), ("name", &self.name)] {
            if !is_name(text) {
                return refused(format!("the tagger's {what} needs 1 to 100 characters, all of which are shown"));
            }
        }
        for (what, text, most) in
            [("title", &self.title, MAX_TITLE_CHARS), ("comment", &self.comment, MAX_COMMENT_CHARS)]
        {
            if !is_text(text, most) {
                return refused(format!("the {what} can have {most} characters, all of which are shown"));
            }
        }
        if self.seed > MAX_SEED {
            return refused(format!("the seed can be {MAX_SEED} at most"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::made::options;

    #[test]
    fn what_a_file_cannot_hold_is_refused_before_anything_is_learnt() {
        let edited = |edit: fn(&mut TrainOptions)| {
            let mut options = TrainOptions { seed: MAX_SEED, comment: "Two\nlines".into(), ..options() };
            edit(&mut options);
            options.check()
        };
        assert!(edited(|_| {}).is_ok());
        for (refused, reason) in [
            (edited(|one| one.title = "x".repeat(201)), "title can have 200"),
            (edited(|one| one.title = "x\u{202e}y".into()), "title"),
            (edited(|one| one.comment = "x".repeat(4_001)), "comment can have 4000"),
            (edited(|one| one.name = "x".repeat(101)), "name needs 1 to 100"),
            (edited(|one| one.name = " ".into()), "name"),
            (edited(|one| one.id.clear()), "id"),
            (edited(|one| one.seed += 1), "seed"),
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TrainingSetInvalid);
            assert!(error.detail().contains(reason), "{error} does not mention {reason}");
        }
    }
}
