//! Captions: a picture's tags on one line, which training tools read from a `.txt` file with the picture's name.

use crate::session::export::options::{CaptionOptions, CaptionOrder};
use crate::session::export::text::{distinct, entry, entry_without, one_line};
use crate::session::report::ReportTag;

/// What trainers read as separators beside the comma, and what is written instead.
const DIVIDERS: [(&str, &str); 2] = [("|||", "||"), (";;;", ";;")];

/// The prefix, the names of the shown tags and perhaps of their parents on one line; empty if there are none.
pub fn to_caption(tags: &[ReportTag], options: &CaptionOptions) -> String {
    let never: Vec<String> = options.never.iter().map(|word| compared(word)).collect();
    let is_written = |id: &str, name: &str| !never.contains(&compared(id)) && !never.contains(&compared(name));
    let mut shown: Vec<&ReportTag> = tags.iter().collect();
    if options.order == CaptionOrder::OwnFirst {
        shown.sort_by_key(|tag| !tag.is_own_word());
    }
    let names = shown.iter().map(|tag| (tag.id.as_str(), tag.name.as_str()));
    let parents = shown.iter().filter(|_| options.parents);
    let parents = parents.flat_map(|tag| tag.parents.iter().zip(&tag.parent_names));
    let parents = parents.map(|(id, name)| (id.as_str(), name.as_str()));
    let all = names.chain(parents).filter(|(id, name)| is_written(id, name));
    let mut words: Vec<String> = all.map(|(_, name)| word(name, options)).collect();
    if options.order == CaptionOrder::Name {
        words.sort_by_cached_key(|word| word.to_lowercase());
    }
    let entries = distinct(std::iter::once(one_line(&options.prefix)).chain(words));
    if entries.is_empty() { String::new() } else { entries.join(&options.separator) + "\n" }
}

/// `name` as one entry of the list: without anything that a trainer, or whoever splits at the separator, takes for the end of it.
fn word(name: &str, options: &CaptionOptions) -> String {
    let sign = options.separator.trim();
    let mut word = entry_without(&format!(",{sign}"), name);
    for (divider, shorter) in DIVIDERS {
        while word.contains(divider) {
            word = word.replace(divider, shorter);
        }
    }
    if options.lower_case {
        word = word.to_lowercase();
    }
    // Between entries that a space divides, a space would divide the entry.
    if options.underscores || sign.is_empty() { word.replace(' ', "_") } else { word }
}

/// `word` as words are compared: in whatever case, and with spaces or underscores.
fn compared(word: &str) -> String {
    entry(&word.replace('_', " ")).to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::report::tests::{report, with_tags};

    fn caption(tags: &[(&str, &[&str])], options: &CaptionOptions) -> String {
        to_caption(report("a.jpg", tags).tags(), options)
    }

    fn plain(tags: &[(&str, &[&str])]) -> String {
        caption(tags, &CaptionOptions::default())
    }

    const CATS: &[(&str, &[&str])] =
        &[("tabby cat", &["cat", "animal"]), ("Sofa", &["furniture"]), ("cat", &["animal"])];

    #[test]
    fn a_caption_is_one_line_of_names_without_parents() {
        assert_eq!(plain(&[("tabby cat", &["cat", "animal"]), ("sofa", &[])]), "tabby cat, sofa\n");
        assert_eq!(plain(&[]), "");
    }

    #[test]
    fn a_name_with_separators_stays_one_entry() {
        for (name, wanted) in [
            ("crane, bird", "crane bird\n"),
            (" a\r\nb\u{2028}c\u{0}d\u{85}", "a b c d\n"),
            (", ,\n", ""),
            ("x|||||y;;;;z", "x||y;;z\n"),
            ("träd 木", "träd 木\n"),
        ] {
            assert_eq!(plain(&[(name, &[])]), wanted, "{name:?}");
        }
    }

    #[test]
    fn a_name_that_two_tags_share_is_written_once() {
        assert_eq!(plain(&[("crane", &["bird"]), ("crane", &["machine"])]), "crane\n");
    }

    #[test]
    fn every_choice_changes_the_caption() {
        let base = CaptionOptions::default;
        let never = vec!["TABBY_cat".to_owned(), "furniture".to_owned()];
        for (options, wanted) in [
            (CaptionOptions { prefix: " sks\ncat ".into(), ..base() }, "sks cat, tabby cat, Sofa, cat\n"),
            (CaptionOptions { separator: " | ".into(), ..base() }, "tabby cat | Sofa | cat\n"),
            (CaptionOptions { separator: " ".into(), ..base() }, "tabby_cat Sofa cat\n"),
            (CaptionOptions { underscores: true, ..base() }, "tabby_cat, Sofa, cat\n"),
            (CaptionOptions { lower_case: true, ..base() }, "tabby cat, sofa, cat\n"),
            (CaptionOptions { parents: true, ..base() }, "tabby cat, Sofa, cat, animal, furniture\n"),
            (CaptionOptions { order: CaptionOrder::Name, ..base() }, "cat, Sofa, tabby cat\n"),
            (CaptionOptions { never, parents: true, ..base() }, "Sofa, cat, animal\n"),
        ] {
            assert_eq!(caption(CATS, &options), wanted, "{options:?}");
        }
        let trigger = CaptionOptions { prefix: "sks cat".into(), ..base() };
        assert_eq!(caption(&[], &trigger), "sks cat\n", "a picture without tags still has the trigger word");
    }

    #[test]
    fn own_words_come_first_on_request_and_can_be_left_out() {
        let mut tags = with_tags(report("a", &[]), &[("sofa", &[]), ("Misse", &[])]).tags().to_vec();
        tags[1].id = "own:misse".to_owned();
        let options = CaptionOptions { order: CaptionOrder::OwnFirst, ..CaptionOptions::default() };
        assert_eq!(to_caption(&tags, &options), "Misse, sofa\n");
        let options = CaptionOptions { never: vec!["misse".into()], ..CaptionOptions::default() };
        assert_eq!(to_caption(&tags, &options), "sofa\n");
    }

    proptest! {
        #[test]
        fn any_names_give_at_most_one_entry_each(
            names in prop::collection::vec("(?s)[a,; |_\n\r]{0,8}|.{0,6}", 0..5),
            separator in "[,;| ]{1,3}",
            [underscores, lower_case, parents]: [bool; 3],
            order in prop::sample::select(vec![CaptionOrder::Confidence, CaptionOrder::Name, CaptionOrder::OwnFirst]),
        ) {
            let tags: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &[][..])).collect();
            let options = CaptionOptions { separator, underscores, lower_case, parents, order, ..CaptionOptions::default() };
            let caption = caption(&tags, &options);
            prop_assert!(caption.is_empty() || caption.ends_with('\n'));
            let line = caption.trim_end_matches('\n');
            prop_assert!(!line.chars().any(char::is_control));
            let sign = options.separator.trim();
            let entries: Vec<&str> = line.split(if sign.is_empty() { " " } else { sign }).map(str::trim).collect();
            prop_assert!(entries.iter().filter(|entry| !entry.is_empty()).count() <= names.len(), "{:?}", caption);
            prop_assert!(entries.iter().all(|entry| !entry.contains("|||") && !entry.contains(";;;")), "{:?}", caption);
        }
    }
}
