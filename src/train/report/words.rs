//! The words of a report's tables, in English and Swedish.

use crate::train::report::suspects::SuspectKind;
use crate::train::report::tags::{Reason, ReasonCode, TagStatus};

/// The words of one language.
pub struct Words {
    language: &'static str,
    /// Names of the sheets.
    pub sheets: [&'static str; 4],
    /// Headings of the table of tags.
    pub tags: [&'static str; 18],
    /// Of the overview, in the order of its rows.
    pub overview: [&'static str; 15],
    pub pairs: [&'static str; 5],
    pub suspects: [&'static str; 5],
    statuses: [&'static str; 3],
    /// With `{n}` for the number.
    reasons: [&'static str; 5],
    kinds: [&'static str; 2],
    pub yes_no: [&'static str; 2],
    /// Where a picture has no name.
    picture: &'static str,
}

const ALL: [Words; 2] = [
    Words {
        language: "en",
        sheets: ["Tags", "Training", "Confused", "Suspected"],
        tags: [
            "Tag",
            "Status",
            "What is missing",
            "Pictures",
            "Different pictures",
            "Rejected",
            "Precision (%)",
            "Precision, from",
            "Precision, to",
            "Recall (%)",
            "Recall, from",
            "Recall, to",
            "Average precision (%)",
            "Average precision, from",
            "Average precision, to",
            "Threshold (%)",
            "Best examples",
            "Worst examples",
        ],
        overview: [
            "Title",
            "Description",
            "Tagger",
            "Version",
            "Trained",
            "Network",
            "Seed",
            "Pictures",
            "Different pictures",
            "Other pictures",
            "Pictures unlike all examples get no tag",
            "Surest tag is right (%)",
            "Mean average precision (%)",
            "Confidences are off by (percentage points)",
            "All figures are of pictures that were not learnt from. From and to: the true figure is between them in 95 of 100 cases.",
        ],
        pairs: ["Tag", "Taken for", "Pictures", "Of all with the tag (%)", "Which"],
        suspects: ["Picture", "Suspicion", "Tag", "Looks like", "Confidence (%)"],
        statuses: ["Trained", "Not completely trained", "Not in this training"],
        reasons: [
            "{n} more pictures",
            "{n} more pictures that are no copies",
            "only {n} of 100 are right or found",
            "{n} more pictures, to be trained at all",
            "no picture has it",
        ],
        kinds: ["The tag is probably wrong", "The tag is probably missing"],
        yes_no: ["Yes", "No"],
        picture: "picture",
    },
    Words {
        language: "sv",
        sheets: ["Taggar", "Träning", "Förväxlade", "Misstänkta"],
        tags: [
            "Tagg",
            "Status",
            "Vad som saknas",
            "Bilder",
            "Olika bilder",
            "Avvisade",
            "Precision (%)",
            "Precision, från",
            "Precision, till",
            "Täckning (%)",
            "Täckning, från",
            "Täckning, till",
            "Medelprecision (%)",
            "Medelprecision, från",
            "Medelprecision, till",
            "Tröskel (%)",
            "Bästa exempel",
            "Sämsta exempel",
        ],
        overview: [
            "Titel",
            "Beskrivning",
            "Taggare",
            "Version",
            "Tränad",
            "Nätverk",
            "Slumpfrö",
            "Bilder",
            "Olika bilder",
            "Andra bilder",
            "Bilder som inte liknar något exempel får ingen tagg",
            "Den säkraste taggen är rätt (%)",
            "Genomsnittlig medelprecision (%)",
            "Säkerheterna avviker med (procentenheter)",
            "Alla tal gäller bilder som inte ingick i lärandet. Från och till: det sanna talet ligger däremellan i 95 fall av 100.",
        ],
        pairs: ["Tagg", "Tas för", "Bilder", "Av alla med taggen (%)", "Vilka"],
        suspects: ["Bild", "Misstanke", "Tagg", "Liknar", "Säkerhet (%)"],
        statuses: ["Tränad", "Inte färdigtränad", "Inte med i denna träning"],
        reasons: [
            "{n} bilder till",
            "{n} bilder till som inte är kopior",
            "bara {n} av 100 är rätt eller hittas",
            "{n} bilder till för att alls kunna tränas",
            "ingen bild har den",
        ],
        kinds: ["Taggen är troligen fel", "Taggen saknas troligen"],
        yes_no: ["Ja", "Nej"],
        picture: "bild",
    },
];

impl Words {
    /// Of a language such as "sv" or "sv-SE"; English for any other.
    pub fn of(language: &str) -> &'static Self {
        let main = language.split(['-', '_']).next().unwrap_or_default();
        ALL.iter().find(|words| words.language.eq_ignore_ascii_case(main)).unwrap_or(&ALL[0])
    }

    pub fn status(&self, status: TagStatus) -> &'static str {
        self.statuses[match status {
            TagStatus::Trained => 0,
            TagStatus::Incomplete => 1,
            TagStatus::LeftOut => 2,
        }]
    }

    pub fn reasons(&self, reasons: &[Reason]) -> String {
        let sentence = |reason: &Reason| {
            let text = self.reasons[match reason.code {
                ReasonCode::MoreExamples => 0,
                ReasonCode::MoreDistinct => 1,
                ReasonCode::OftenWrong => 2,
                ReasonCode::TooFew => 3,
                ReasonCode::NoneHere => 4,
            }];
            text.replace("{n}", &reason.n.to_string())
        };
        reasons.iter().map(sentence).collect::<Vec<_>>().join(", ")
    }

    pub fn kind(&self, kind: SuspectKind) -> &'static str {
        self.kinds[match kind {
            SuspectKind::Wrong => 0,
            SuspectKind::Missing => 1,
        }]
    }

    pub fn picture(&self, id: u32) -> String {
        format!("{} {id}", self.picture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_a_table_differ_so_that_programs_can_tell_columns_apart() {
        for words in &ALL {
            for headings in [&words.tags[..], &words.pairs, &words.suspects] {
                let all: std::collections::BTreeSet<&str> = headings.iter().copied().collect();
                assert_eq!(all.len(), headings.len(), "{headings:?}");
            }
        }
    }

    #[test]
    fn a_region_has_the_words_of_its_language_and_any_other_has_english_ones() {
        assert_eq!(Words::of("sv_SE").sheets[0], "Taggar");
        assert_eq!(Words::of("EN-gb").sheets[0], "Tags");
        assert_eq!(Words::of("").sheets[0], "Tags");
    }

    #[test]
    fn a_reason_says_how_many() {
        let reasons = [(ReasonCode::MoreExamples, 5), (ReasonCode::OftenWrong, 40)].map(|(code, n)| Reason { code, n });
        assert_eq!(Words::of("en").reasons(&reasons), "5 more pictures, only 40 of 100 are right or found");
        assert_eq!(Words::of("sv").reasons(&[]), "");
    }
}
