//! The few words of exports, in the languages of the vocabulary.

/// The headings of a spreadsheet, in the order of its columns.
pub const N_COLUMNS: usize = 13;

/// The words of one language.
struct Words {
    language: &'static str,
    headings: [&'static str; N_COLUMNS],
    /// How an alternative text begins, and what is between its tags.
    alt_text: (&'static str, &'static str),
    /// In the last column, of a picture that did not come whole.
    incomplete: &'static str,
}

const ALL: [Words; 6] = [
    Words {
        language: "en",
        headings: [
            "File",
            "Folder",
            "Tags",
            "Broader tags",
            "Category",
            "Alternative text",
            "Lowest confidence (%)",
            "Added by hand",
            "Width",
            "Height",
            "Problem",
            "Title",
            "Description",
        ],
        alt_text: ("Picture: ", ", "),
        incomplete: "Incomplete: part of the file is missing.",
    },
    Words {
        language: "sv",
        headings: [
            "Fil",
            "Mapp",
            "Taggar",
            "Överordnade taggar",
            "Kategori",
            "Alternativtext",
            "Lägsta säkerhet (%)",
            "Tillagda för hand",
            "Bredd",
            "Höjd",
            "Problem",
            "Titel",
            "Beskrivning",
        ],
        alt_text: ("Bild: ", ", "),
        incomplete: "Ofullständig: en del av filen saknas.",
    },
    Words {
        language: "de",
        headings: [
            "Datei",
            "Ordner",
            "Stichwörter",
            "Oberbegriffe",
            "Kategorie",
            "Alternativtext",
            "Geringste Sicherheit (%)",
            "Von Hand ergänzt",
            "Breite",
            "Höhe",
            "Problem",
            "Titel",
            "Beschreibung",
        ],
        alt_text: ("Bild: ", ", "),
        incomplete: "Unvollständig: Ein Teil der Datei fehlt.",
    },
    Words {
        language: "fr",
        headings: [
            "Fichier",
            "Dossier",
            "Mots-clés",
            "Termes génériques",
            "Catégorie",
            "Texte alternatif",
            "Certitude minimale (%)",
            "Ajoutés à la main",
            "Largeur",
            "Hauteur",
            "Problème",
            "Titre",
            "Description",
        ],
        alt_text: ("Image\u{a0}: ", ", "),
        incomplete: "Incomplète\u{a0}: une partie du fichier manque.",
    },
    Words {
        language: "es",
        headings: [
            "Archivo",
            "Carpeta",
            "Etiquetas",
            "Términos generales",
            "Categoría",
            "Texto alternativo",
            "Certeza mínima (%)",
            "Añadidas a mano",
            "Ancho",
            "Alto",
            "Problema",
            "Título",
            "Descripción",
        ],
        alt_text: ("Imagen: ", ", "),
        incomplete: "Incompleta: falta una parte del archivo.",
    },
    Words {
        language: "ja",
        headings: [
            "ファイル",
            "フォルダー",
            "タグ",
            "上位のタグ",
            "カテゴリー",
            "代替テキスト",
            "最低信頼度（％）",
            "手動で追加",
            "幅",
            "高さ",
            "問題",
            "タイトル",
            "説明",
        ],
        alt_text: ("画像：", "、"),
        incomplete: "不完全：ファイルの一部が欠けています。",
    },
];

pub fn headings(language: &str) -> [&'static str; N_COLUMNS] {
    of(language).headings
}

/// How an alternative text begins, and what is between its tags.
pub fn alt_text(language: &str) -> (&'static str, &'static str) {
    of(language).alt_text
}

/// Of a picture that did not come whole.
pub fn incomplete(language: &str) -> &'static str {
    of(language).incomplete
}

/// The words of a language tag such as "de-AT"; English ones if there are none.
fn of(language: &str) -> &'static Words {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    ALL.iter().find(|words| words.language.eq_ignore_ascii_case(primary)).unwrap_or(&ALL[0])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_language_of_the_bundled_vocabulary_has_headings_of_its_own() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/models/efficientnet-lite0/vocabulary.json");
        let vocabulary: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let languages: Vec<&str> =
            vocabulary["languages"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(languages, ALL.map(|words| words.language));
        let all: HashSet<_> = languages.iter().map(|language| headings(language)).collect();
        assert_eq!(all.len(), languages.len());
        for headings in all {
            assert_eq!(HashSet::from(headings).len(), N_COLUMNS, "{headings:?}");
        }
        assert_eq!((headings("sv-FI")[0], headings("xx")[0], headings("")[0]), ("Fil", "File", "File"));
    }
}
