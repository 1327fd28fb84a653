//! What an own tagger of a library is set to, read as the page reads it: any version of it may have written that.

use serde_json::Value;
use tagsmith::TagRef;
use tagsmith::train::{Schedule, Weekly};

use crate::library::own::ExampleFile;

#[derive(Debug, PartialEq)]
pub struct Settings {
    pub collections: Vec<i64>,
    /// Where there are any, these and not the collections.
    pub files: Vec<u32>,
    /// Ids of the tags that are learnt; `None` for all that were given.
    pub tags: Option<Vec<String>>,
    pub schedule: Schedule,
    /// A moment at which it is trained once, in ms since 1970.
    pub once_ms: Option<i64>,
    pub weekly_set_ms: Option<i64>,
    pub keeps_squares: bool,
    /// What came with a file is not learnt from.
    pub without_moved: bool,
}

impl Settings {
    pub fn read(kept: &Value) -> Self {
        let numbers = |name: &str| kept[name].as_array().into_iter().flatten().filter_map(Value::as_i64);
        let texts = |all: &Vec<Value>| all.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect();
        let weekly = serde_json::from_value::<Weekly>(kept["weekly"].clone()).ok();
        let after_n = kept["after_n"].as_u64().filter(|n| *n > 0).map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        Self {
            collections: numbers("collections").collect(),
            files: numbers("files").filter_map(|id| u32::try_from(id).ok()).collect(),
            tags: kept["tags"].as_array().map(texts),
            schedule: Schedule { weekly, after_n },
            once_ms: kept["once_ms"].as_i64().filter(|ms| *ms >= 0),
            weekly_set_ms: kept["weekly_set_ms"].as_i64(),
            keeps_squares: kept["keeps_squares"] != false,
            without_moved: kept["without_moved"] == true,
        }
    }

    /// Whether that tag is one of those that are learnt.
    pub fn has(&self, tag: &TagRef) -> bool {
        self.tags.as_ref().is_none_or(|tags| tags.contains(&tag.id))
    }

    /// The files of which somebody said something about a tag that is learnt, with that alone. What nobody has given, nobody can learn.
    pub fn taught(&self, mut files: Vec<ExampleFile>) -> Vec<ExampleFile> {
        let given: Vec<String> = files.iter().flat_map(|file| &file.given).map(|tag| tag.id.clone()).collect();
        let is_learnt = |tag: &TagRef| given.contains(&tag.id) && self.has(tag);
        for file in &mut files {
            file.given.retain(is_learnt);
            file.rejected.retain(is_learnt);
        }
        files.retain(|file| !file.given.is_empty() || !file.rejected.is_empty());
        files
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_read_as_the_page_reads_them_whoever_wrote_them() {
        let kept = json!({"collections": [1, 2, "x"], "files": [7, -1], "tags": ["own:shoe"], "weekly": {"day": 6, "minute": 30},
            "weekly_set_ms": 5, "after_n": 20, "once_ms": 9, "keeps_squares": false, "without_moved": true, "later": {}});
        let read = Settings::read(&kept);
        assert_eq!((&read.collections[..], &read.files[..]), (&[1, 2][..], &[7][..]));
        assert_eq!(read.schedule, Schedule { weekly: Weekly::new(6, 30), after_n: Some(20) });
        assert_eq!((read.weekly_set_ms, read.once_ms), (Some(5), Some(9)));
        assert_eq!((read.keeps_squares, read.without_moved, read.tags.unwrap().len()), (false, true, 1));
        for empty in
            [json!({}), json!({"weekly": {"day": 9, "minute": 0}, "after_n": 0, "once_ms": -1}), json!([1]), json!("x")]
        {
            let read = Settings::read(&empty);
            assert_eq!(read.schedule, Schedule { weekly: None, after_n: None }, "{empty}");
            assert_eq!(read.once_ms, None);
            assert!(read.collections.is_empty() && read.keeps_squares && !read.without_moved);
        }
    }

    #[test]
    fn only_what_is_learnt_counts_and_a_tag_that_nobody_gave_is_not() {
        let tag = |id: &str| TagRef { id: id.into(), name: id.into(), language: None };
        let file = |file: u32, given: &[&str], rejected: &[&str]| ExampleFile {
            file,
            path: String::new(),
            asset: None,
            sha256: [0; 32],
            longer_side: 0,
            given: given.iter().map(|id| tag(id)).collect(),
            rejected: rejected.iter().map(|id| tag(id)).collect(),
            views: Vec::new(),
        };
        let files =
            || vec![file(1, &["a", "b"], &[]), file(2, &[], &["a"]), file(3, &[], &["c"]), file(4, &["b"], &[])];
        let said = |settings: Value| {
            let taught = Settings::read(&settings).taught(files());
            taught.iter().map(|file| (file.file, file.given.len(), file.rejected.len())).collect::<Vec<_>>()
        };
        assert_eq!(said(json!({})), [(1, 2, 0), (2, 0, 1), (4, 1, 0)]);
        assert_eq!(said(json!({"tags": ["a", "c"]})), [(1, 1, 0), (2, 0, 1)]);
    }
}
