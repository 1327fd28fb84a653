//! Picture formats, recognised by content and never by name.

mod raw;

pub(crate) use raw::is_of_a_sensor;

macro_rules! formats {
    ($($(#[doc = $doc:literal])* $format:ident = $label:literal, $name:literal;)+) => {
        /// The encoding of a picture file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum PictureFormat { $($(#[doc = $doc])* $format,)+ }

        impl PictureFormat {
            /// Every format.
            pub const ALL: &[PictureFormat] = &[$(PictureFormat::$format,)+];

            /// Lower-case name, for reports.
            pub fn name(self) -> &'static str {
                match self { $(PictureFormat::$format => $name,)+ }
            }

            /// Name for people.
            pub fn label(self) -> &'static str {
                match self { $(PictureFormat::$format => $label,)+ }
            }
        }
    };
}

formats! {
    Jpeg = "JPEG", "jpeg";
    Png = "PNG", "png";
    Gif = "GIF", "gif";
    WebP = "WebP", "webp";
    Bmp = "BMP", "bmp";
    Tiff = "TIFF", "tiff";
    /// Icons and cursors.
    Ico = "ICO", "ico";
    /// A raw photograph of a Canon camera.
    Cr2 = "CR2", "cr2";
    /// A raw photograph of a newer Canon camera.
    Cr3 = "CR3", "cr3";
    /// A raw photograph of a Nikon camera.
    Nef = "NEF", "nef";
    /// A raw photograph of a Sony camera.
    Arw = "ARW", "arw";
    /// A raw photograph in Adobe's format, which phones write too.
    Dng = "DNG", "dng";
    /// A raw photograph of a Fujifilm camera.
    Raf = "RAF", "raf";
    /// A raw photograph of an Olympus camera.
    Orf = "ORF", "orf";
    /// A raw photograph of a Panasonic or Leica camera.
    Rw2 = "RW2", "rw2";
    /// A raw photograph of a Pentax or Ricoh camera.
    Pef = "PEF", "pef";
    /// A raw photograph of a Samsung camera.
    Srw = "SRW", "srw";
    /// A raw photograph of another camera.
    Raw = "RAW", "raw";
    /// Only a browser may be able to decode it.
    Avif = "AVIF", "avif";
    /// Only a browser may be able to decode it.
    Heic = "HEIC", "heic";
    /// Only a browser may be able to decode it.
    Jxl = "JPEG XL", "jxl";
    /// Only a browser may be able to decode it.
    Jp2 = "JPEG 2000", "jp2";
    /// Only a browser can draw it.
    Svg = "SVG", "svg";
    /// Layers of Photoshop, small or large.
    Psd = "PSD", "psd";
    /// Layers of GIMP.
    Xcf = "XCF", "xcf";
}

/// An SVG is searched for in this many bytes, because comments and a document type may precede it.
const SVG_SEARCH: usize = 4096;

impl PictureFormat {
    /// The format of a file that begins with `bytes`, or `None` if it is unknown. The first 4 KiB are enough, but for the raw photographs
    /// in a TIFF container, which are taken for TIFF where they are not whole.
    pub fn sniff(bytes: &[u8]) -> Option<PictureFormat> {
        Some(match bytes {
            [0xFF, 0xD8, 0xFF, ..] => PictureFormat::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => PictureFormat::Png,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => PictureFormat::Gif,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => PictureFormat::WebP,
            // The size of the next header distinguishes a bitmap from text that begins with "BM".
            [b'B', b'M', _, _, _, _, _, _, _, _, _, _, _, _, 12..=124, 0, 0, 0, ..] => PictureFormat::Bmp,
            [40 | 108 | 124, 0, 0, 0, rest @ ..] if looks_like_dib(rest) => PictureFormat::Bmp,
            [b'I', b'I', b'R', b'O' | b'S', ..] | [b'M', b'M', b'O', b'R', ..] => PictureFormat::Orf,
            [b'I', b'I', b'U', 0, ..] => PictureFormat::Rw2,
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => raw::sniff_tiff(bytes),
            [b'I', b'I', 43, 0, ..] | [b'M', b'M', 0, 43, ..] => PictureFormat::Tiff,
            [0, 0, 1 | 2, 0, n, m, ..] if (*n, *m) != (0, 0) => PictureFormat::Ico,
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => return sniff_brands(bytes),
            [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', b'\r', b'\n', 0x87, b'\n', ..] => {
                PictureFormat::Jxl
            }
            [0xFF, 0x4F, 0xFF, 0x51, ..] | [0, 0, 0, 12, b'j', b'P', b' ', b' ', b'\r', b'\n', 0x87, b'\n', ..] => {
                PictureFormat::Jp2
            }
            [b'8', b'B', b'P', b'S', 0, 1 | 2, ..] => PictureFormat::Psd,
            _ if bytes.starts_with(b"FUJIFILMCCD-RAW") => PictureFormat::Raf,
            // Minolta, Sigma, and Canon before 2004.
            _ if [&b"\0MRM"[..], b"FOVb", b"II\x1A\0\0\0HEAPCCDR"].iter().any(|mark| bytes.starts_with(mark)) => {
                PictureFormat::Raw
            }
            _ if bytes.starts_with(b"gimp xcf ") => PictureFormat::Xcf,
            _ if looks_like_svg(&bytes[..bytes.len().min(SVG_SEARCH)]) => PictureFormat::Svg,
            _ => return None,
        })
    }

    /// Whether it is a raw photograph of a camera.
    pub fn is_raw(self) -> bool {
        matches!(
            self,
            PictureFormat::Cr2
                | PictureFormat::Cr3
                | PictureFormat::Nef
                | PictureFormat::Arw
                | PictureFormat::Dng
                | PictureFormat::Raf
                | PictureFormat::Orf
                | PictureFormat::Rw2
                | PictureFormat::Pef
                | PictureFormat::Srw
                | PictureFormat::Raw
        )
    }
}

/// Whether the rest of a header fits a bitmap without a file header: one plane, and a known number of bits.
fn looks_like_dib(rest: &[u8]) -> bool {
    matches!(rest, [_, _, _, _, _, _, _, _, 1, 0, 1 | 4 | 8 | 16 | 24 | 32, 0, 0..=3, 0, 0, 0, ..])
}

/// AVIF, HEIC or CR3 by the brands of an ISO base media file; other files of that family, such as MP4, are not pictures.
fn sniff_brands(bytes: &[u8]) -> Option<PictureFormat> {
    let len = u32::from_be_bytes(bytes[..4].try_into().expect("matched at least 8 bytes")) as usize;
    let ftyp = &bytes[..len.clamp(8, bytes.len().min(256))];
    // The major brand, then (after a version number) the compatible ones.
    let mut heic = false;
    for brand in ftyp[8..].chunks_exact(4) {
        match brand {
            b"avif" | b"avis" => return Some(PictureFormat::Avif),
            b"crx " => return Some(PictureFormat::Cr3),
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => heic = true,
            _ => {}
        }
    }
    heic.then_some(PictureFormat::Heic)
}

fn looks_like_svg(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let named_svg = |i: usize| matches!(head.get(i + 4), Some(b' ' | b'>' | b'\t' | b'\r' | b'\n' | b'/'));
    match head {
        [b'<', b'?' | b'!' | b's', ..] => head.windows(4).enumerate().any(|(i, word)| word == b"<svg" && named_svg(i)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_recognised_by_content() {
        assert_eq!(PictureFormat::sniff(b"\xFF\xD8\xFF\xE0"), Some(PictureFormat::Jpeg));
        assert_eq!(PictureFormat::sniff(b"GIF89a"), Some(PictureFormat::Gif));
        assert_eq!(PictureFormat::sniff(b"\0\0\0\x14ftypmif1\0\0\0\0avif"), Some(PictureFormat::Avif));
        assert_eq!(PictureFormat::sniff(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"), Some(PictureFormat::Heic));
        assert_eq!(PictureFormat::sniff(b"\0\0\0\x14ftypisom\0\0\0\0mp42"), None, "a video");
        assert_eq!(PictureFormat::sniff(b"BM is how this letter begins"), None);
        assert_eq!(
            PictureFormat::sniff(b"\xEF\xBB\xBF <?xml version='1.0'?><!-- a --><svg width='1'/>"),
            Some(PictureFormat::Svg)
        );
        assert_eq!(PictureFormat::sniff(b"<!doctype html><p>svg</p>"), None);
        assert_eq!(PictureFormat::sniff(b""), None);
    }

    #[test]
    fn names_are_lower_case_and_unique() {
        let mut names: Vec<_> = PictureFormat::ALL.iter().map(|format| format.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PictureFormat::ALL.len());
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())));
    }
}
