//! The languages in which each version names tags.

use super::Version;
use crate::error::{Error, ErrorKind, Result};

const OF_V2: [&str; 5] = ["en", "es", "ja", "pt", "zh"];
/// Of tags; descriptions and categories have those of 2.0 only.
const OF_V3: [&str; 52] = [
    "ar", "az", "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "gl", "he",
    "hi", "hr", "hu", "id", "it", "ja", "kk", "ko", "lt", "lv", "mk", "ms", "nb", "nl", "pl", "prs", "pt", "pt-BR",
    "pt-PT", "ro", "ru", "sk", "sl", "sr-Cyrl", "sr-Latn", "sv", "th", "tr", "uk", "vi", "zh", "zh-Hans", "zh-Hant",
];

/// The language as the version writes it.
/// # Errors
/// [`ErrorKind::ProviderLanguageUnsupported`] if the version does not have it. What 4.0 has is not published as a list: it is asked.
pub(super) fn known(version: Version, language: &str) -> Result<String> {
    let language = language.trim();
    let refused = |detail: String| Err(Error::new(ErrorKind::ProviderLanguageUnsupported, detail));
    let known: &[&str] = match version {
        Version::V2 => &OF_V2,
        Version::V3 => &OF_V3,
        Version::V4 => {
            let is_tag = (2..=35).contains(&language.len())
                && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            return if is_tag { Ok(language.into()) } else { refused(format!("{language:?} is no language code.")) };
        }
    };
    let find = |wanted: &str| known.iter().find(|one| one.eq_ignore_ascii_case(wanted)).map(|one| (*one).to_owned());
    // Chinese and Serbian are written in two ways, so their regions do not go into one.
    let of_region = || language.split_once('-').map(|(base, _)| base).filter(|base| !["zh", "sr"].contains(base));
    match find(language).or_else(|| find(of_region()?)) {
        Some(known) => Ok(known),
        None => {
            let (version, list) = (version.name(), known.join(", "));
            refused(format!("Version {version} has no tags in {language:?}. Choose one of: {list}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_asked_only_for_languages_that_it_has() {
        let known = |version, language| known(version, language).ok();
        assert_eq!(known(Version::V3, "sv").as_deref(), Some("sv"));
        assert_eq!(known(Version::V3, "PT-br").as_deref(), Some("pt-BR"));
        assert_eq!(known(Version::V3, "en-GB").as_deref(), Some("en"));
        assert_eq!(known(Version::V2, "sv"), None);
        assert_eq!(known(Version::V3, "zh-TW"), None);
        assert_eq!(known(Version::V3, "is"), None);
        assert_eq!(known(Version::V4, "is").as_deref(), Some("is"));
        assert_eq!(known(Version::V4, "en&features=people"), None);
        assert_eq!(known(Version::V3, ""), None);
    }
}
