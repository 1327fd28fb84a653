//! Characters that nobody sees: Unicode's default ignorables. Some systems overlook them in names.

/// Whether a character is shown as nothing at all.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// `name` without what is invisible, except where it makes other signs: joiners between letters beyond ASCII (Persian and Indian scripts
/// need them) and in emoji, variation selectors and tags after a sign. What turns the direction of writing stays, to be seen to.
pub fn without_invisible(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let follows_a_sign = kept.chars().next_back().is_some_and(|before| !before.is_ascii());
        let makes_a_sign = match c {
            '\u{200C}' | '\u{200D}' => {
                follows_a_sign && chars.peek().is_some_and(|after| !after.is_ascii() && !is_invisible(*after))
            }
            '\u{FE0E}' | '\u{FE0F}' => {
                follows_a_sign
                    || kept.ends_with(|before: char| "0123456789#*".contains(before))
                        && chars.peek() == Some(&'\u{20E3}')
            }
            '\u{FE00}'..='\u{FE0D}'
            | '\u{180B}'..='\u{180D}'
            | '\u{E0020}'..='\u{E007F}'
            | '\u{E0100}'..='\u{E01EF}' => follows_a_sign,
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
            _ => false,
        };
        if makes_a_sign || !is_invisible(c) {
            kept.push(c);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_go_and_those_that_make_signs_stay() {
        for (name, wanted) in [
            ("a\u{200d}b\u{feff}c\u{ad}\u{200e}\u{61c}\u{fe0f}\u{e0041}", "abc"),
            ("\u{200d}👩\u{200d}💻\u{200d}", "👩\u{200d}💻"),
            ("❤\u{fe0f}1\u{fe0f}\u{20e3}1\u{fe0f}", "❤\u{fe0f}1\u{fe0f}\u{20e3}1"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("🏴\u{e0067}\u{e007f}", "🏴\u{e0067}\u{e007f}"),
            ("ö\u{200b}å\u{2060}", "öå"),
            ("x\u{202e}gpj", "x\u{202e}gpj"),
        ] {
            assert_eq!(without_invisible(name), wanted, "{name:?}");
        }
    }
}
