//! The language of the tag names.

/// The one of `known` that is meant, whatever its case, region and encoding: "sv" by "SV", "sv-SE" and "sv_SE.UTF-8".
///
/// # Errors
/// A sentence that lists `known`.
pub fn choose(asked: &str, known: &[String]) -> Result<String, String> {
    let tag = asked.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    let shorter = |tag: &&str| tag.rsplit_once('-').map(|(shorter, _)| shorter).unwrap_or_default().len();
    let forms =
        std::iter::successors(Some(tag.as_str()), |tag| Some(&tag[..shorter(tag)]).filter(|tag| !tag.is_empty()));
    let exact = forms.clone().find_map(|form| known.iter().find(|known| known.eq_ignore_ascii_case(form)));
    // "pt" is at home where there is only "pt-BR".
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let found = exact.or_else(|| known.iter().find(|known| primary(known) == primary(&tag)));
    let unknown = || format!("There are no tag names in {asked:?}. --lang takes one of: {}.", known.join(", "));
    found.cloned().ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_region_and_encoding_make_no_difference_and_the_unknown_is_refused() {
        let known = ["en", "sv", "pt-BR", "zh-Hant"].map(str::to_owned);
        for (asked, wanted) in [
            ("sv", "sv"),
            ("SV", "sv"),
            ("sv-SE", "sv"),
            ("sv_SE.UTF-8", "sv"),
            ("en_GB@euro", "en"),
            ("PT_br", "pt-BR"),
            ("pt", "pt-BR"),
            ("zh-hant-TW", "zh-Hant"),
        ] {
            assert_eq!(choose(asked, &known).as_deref(), Ok(wanted), "{asked}");
        }
        for asked in ["xx", "", "svenska", "-", "C.UTF-8"] {
            assert!(choose(asked, &known).is_err_and(|error| error.contains("en, sv, pt-BR")), "{asked}");
        }
    }
}
