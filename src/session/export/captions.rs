//! Captions: a picture's tags on one line, which training tools read from a `.txt` file with the picture's name.

use crate::session::report::TaggedReport;

/// The names of the shown tags, the surest first, separated by commas; empty if there are none.
pub fn to_caption(tagged: &TaggedReport) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in tagged.tags.iter().map(|tag| word(&tag.name)).filter(|name| !name.is_empty()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { String::new() } else { names.join(", ") + "\n" }
}

/// `name` as one entry of the list: on one line, without a comma, `|||` or `;;;`, which trainers read as separators.
fn word(name: &str) -> String {
    let mut word = String::new();
    for part in name.split(|c: char| c == ',' || c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty()) {
        if !word.is_empty() {
            word.push(' ');
        }
        word += part;
    }
    for (divider, shorter) in [("|||", "||"), (";;;", ";;")] {
        while word.contains(divider) {
            word = word.replace(divider, shorter);
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::export::tests::tagged;

    #[test]
    fn a_caption_is_one_line_of_names_without_parents() {
        assert_eq!(
            to_caption(&tagged("a.jpg", &[("tabby cat", &["cat", "animal"]), ("sofa", &[])])),
            "tabby cat, sofa\n"
        );
        assert_eq!(to_caption(&tagged("a.jpg", &[])), "");
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
            assert_eq!(to_caption(&tagged("a.jpg", &[(name, &[])])), wanted, "{name:?}");
        }
    }

    #[test]
    fn a_name_that_two_tags_share_is_written_once() {
        assert_eq!(to_caption(&tagged("a.jpg", &[("crane", &["bird"]), ("crane", &["machine"])])), "crane\n");
    }

    proptest! {
        #[test]
        fn any_names_give_at_most_one_entry_each(names in prop::collection::vec("(?s)[a,; |\n\r]{0,8}|.{0,6}", 0..5)) {
            let tags: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &[][..])).collect();
            let caption = to_caption(&tagged("a.jpg", &tags));
            prop_assert!(caption.is_empty() || caption.ends_with('\n'));
            let line = caption.trim_end_matches('\n');
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert!(!line.contains("|||") && !line.contains(";;;"));
            let entries: Vec<&str> = line.split(", ").filter(|entry| !entry.is_empty()).collect();
            prop_assert!(entries.len() <= names.len());
            prop_assert!(entries.iter().all(|entry| !entry.contains(',') && entry.trim() == *entry));
        }
    }
}
