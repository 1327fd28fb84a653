//! The alternative text of a picture: what a page says where the picture cannot be seen.

use crate::session::export::text::{distinct, entry, one_line};
use crate::session::export::words;
use crate::session::report::{ReportTag, TagReport};

/// Screen readers and the guides written for them take no more at a time, in characters.
const MAX_CHARS: usize = 125;

/// The alternative text that a picture has, on one line, else one from its tags.
pub fn alternative_text(report: &TagReport, language: &str) -> String {
    let given = one_line(report.texts().alt_text.as_deref().unwrap_or_default());
    if given.is_empty() { alt_text(report.tags(), language) } else { given }
}

/// A short alternative text from the shown `tags`, which claims nothing beyond them: the most specific first, without their parents, cut
/// between tags. Empty if there is nothing to say.
///
/// It is a list and not a sentence, because a list is right in every language whatever the tags are.
pub fn alt_text(tags: &[ReportTag], language: &str) -> String {
    let is_parent = |tag: &ReportTag| tags.iter().any(|other| other.parents.contains(&tag.id));
    let mut specific: Vec<&ReportTag> = tags.iter().filter(|tag| !is_parent(tag)).collect();
    // What a person typed is the most specific: no model knows that this cat is Misse.
    specific.sort_by_key(|tag| (!tag.is_own_word(), usize::MAX - tag.parents.len()));
    let (begin, separator) = words::alt_text(language);
    let mut text = String::new();
    let mut n_chars = 0;
    for name in distinct(specific.iter().map(|tag| entry(&tag.name))) {
        let before = if text.is_empty() { begin } else { separator };
        let n_more = before.chars().count() + name.chars().count();
        if n_chars + n_more <= MAX_CHARS {
            n_chars += n_more;
            text += before;
            text += &name;
        } else if !text.is_empty() {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::report::tests::{report, with_tags};

    fn text(tags: &[(&str, &[&str])], language: &str) -> String {
        alt_text(report("a.jpg", tags).tags(), language)
    }

    #[test]
    fn the_most_specific_tags_come_first_without_their_parents() {
        let tags: &[(&str, &[&str])] =
            &[("sofa", &["furniture"]), ("animal", &[]), ("tabby cat", &["cat", "mammal", "animal"]), ("cup", &[])];
        for (language, wanted) in [
            ("en", "Picture: tabby cat, sofa, cup"),
            ("sv", "Bild: tabby cat, sofa, cup"),
            ("de-AT", "Bild: tabby cat, sofa, cup"),
            ("fr", "Image\u{a0}: tabby cat, sofa, cup"),
            ("es", "Imagen: tabby cat, sofa, cup"),
            ("ja", "画像：tabby cat、sofa、cup"),
            ("xx", "Picture: tabby cat, sofa, cup"),
        ] {
            assert_eq!(text(tags, language), wanted, "{language}");
        }
    }

    #[test]
    fn a_persons_own_words_come_before_everything() {
        let mut tags =
            with_tags(report("a", &[("tabby cat", &["cat"])]), &[("Misse", &[]), ("sofa", &[])]).tags().to_vec();
        tags[0].id = "own:misse".to_owned();
        assert_eq!(alt_text(&tags, "en"), "Picture: Misse, tabby cat, sofa");
    }

    #[test]
    fn nothing_is_said_without_tags_and_of_too_many_the_rest_is_left_out() {
        assert_eq!(text(&[], "en"), "");
        assert_eq!(text(&[(" ,\n", &[])], "en"), "");
        let names: Vec<String> = (0..40).map(|n| format!("thing {n}")).collect();
        let tags: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &[][..])).collect();
        let cut = text(&tags, "en");
        assert!((100..=MAX_CHARS).contains(&cut.len()) && cut.ends_with(", thing 11"), "{cut}");
        let long = "o".repeat(200);
        assert_eq!(text(&[(&long, &["a"]), ("cat", &[])], "en"), "Picture: cat");
    }

    proptest! {
        #[test]
        fn any_names_give_one_short_line(names in prop::collection::vec("(?s)[a,:\n ]{0,9}|.{0,60}", 0..9)) {
            let tags: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &[][..])).collect();
            for language in ["en", "fr", "ja"] {
                let text = text(&tags, language);
                prop_assert!(text.chars().count() <= MAX_CHARS);
                prop_assert!(!text.chars().any(char::is_control));
            }
        }
    }
}
