//! Picture formats, recognised by content and never by name.

/// The encoding of a picture file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    Jpeg,
    Png,
    Gif,
    WebP,
    Bmp,
    Tiff,
    Ico,
    /// Only a browser may be able to decode it.
    Avif,
    /// Only a browser may be able to decode it.
    Heic,
    /// Only a browser can draw it.
    Svg,
}

/// An SVG is searched for in this many bytes, because comments and a document type may precede it.
const SVG_SEARCH: usize = 4096;
/// Boxes nested deeper, or more of them, are not followed.
const MAX_BOXES: usize = 4096;

impl PictureFormat {
    /// Every format.
    pub const ALL: [PictureFormat; 10] = [
        PictureFormat::Jpeg,
        PictureFormat::Png,
        PictureFormat::Gif,
        PictureFormat::WebP,
        PictureFormat::Bmp,
        PictureFormat::Tiff,
        PictureFormat::Ico,
        PictureFormat::Avif,
        PictureFormat::Heic,
        PictureFormat::Svg,
    ];

    /// The format of a file that begins with `bytes`; the first 4 KiB are enough. `None` if the format is unknown.
    pub fn sniff(bytes: &[u8]) -> Option<PictureFormat> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(PictureFormat::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(PictureFormat::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(PictureFormat::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(PictureFormat::WebP),
            // The size of the next header distinguishes a bitmap from text that begins with "BM".
            [b'B', b'M', _, _, _, _, _, _, _, _, _, _, _, _, 12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0, ..] => {
                Some(PictureFormat::Bmp)
            }
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(PictureFormat::Tiff),
            [0, 0, 1, 0, n, m, ..] if (*n, *m) != (0, 0) => Some(PictureFormat::Ico),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => sniff_brands(bytes),
            _ => looks_like_svg(&bytes[..bytes.len().min(SVG_SEARCH)]).then_some(PictureFormat::Svg),
        }
    }

    /// Lower-case name, for reports.
    pub fn name(self) -> &'static str {
        match self {
            PictureFormat::Jpeg => "jpeg",
            PictureFormat::Png => "png",
            PictureFormat::Gif => "gif",
            PictureFormat::WebP => "webp",
            PictureFormat::Bmp => "bmp",
            PictureFormat::Tiff => "tiff",
            PictureFormat::Ico => "ico",
            PictureFormat::Avif => "avif",
            PictureFormat::Heic => "heic",
            PictureFormat::Svg => "svg",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            PictureFormat::Jpeg => "JPEG",
            PictureFormat::Png => "PNG",
            PictureFormat::Gif => "GIF",
            PictureFormat::WebP => "WebP",
            PictureFormat::Bmp => "BMP",
            PictureFormat::Tiff => "TIFF",
            PictureFormat::Ico => "ICO",
            PictureFormat::Avif => "AVIF",
            PictureFormat::Heic => "HEIC",
            PictureFormat::Svg => "SVG",
        }
    }
}

/// AVIF or HEIC by the brands of an ISO base media file; other files of that family, such as MP4, are not pictures.
fn sniff_brands(bytes: &[u8]) -> Option<PictureFormat> {
    let len = u32::from_be_bytes(bytes[..4].try_into().expect("matched at least 8 bytes")) as usize;
    let ftyp = &bytes[..len.clamp(8, bytes.len().min(256))];
    // The major brand, then (after a version number) the compatible ones.
    let mut heic = false;
    for brand in ftyp[8..].chunks_exact(4) {
        match brand {
            b"avif" | b"avis" => return Some(PictureFormat::Avif),
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

/// The upright (width, height) in pixels of the largest image in an AVIF or HEIC file, from its header, so that limits can be checked before
/// a browser decodes it. `None` if the header does not state it, and for image sequences.
pub fn promised_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut left = MAX_BOXES;
    let meta = boxes(bytes, &mut left).find(|(kind, _)| kind == b"meta")?.1.get(4..)?;
    let iprp = boxes(meta, &mut left).find(|(kind, _)| kind == b"iprp")?.1;
    let ipco = boxes(iprp, &mut left).find(|(kind, _)| kind == b"ipco")?.1;

    let word = |body: &[u8], at: usize| Some(u32::from_be_bytes(body.get(at..at + 4)?.try_into().ok()?));
    let mut largest: Option<(u32, u32)> = None;
    let mut turned = false;
    for (kind, body) in boxes(ipco, &mut left) {
        match &kind {
            b"ispe" => {
                let size = (word(body, 4)?, word(body, 8)?);
                let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
                if largest.is_none_or(|so_far| area(size) > area(so_far)) {
                    largest = Some(size);
                }
            }
            b"irot" => turned |= body.first().is_some_and(|quarter_turns| quarter_turns % 2 == 1),
            _ => {}
        }
    }
    largest.map(|(width, height)| if turned { (height, width) } else { (width, height) })
}

/// The consecutive boxes in `bytes`: type and content. Stops at the first that does not fit.
fn boxes<'a>(mut bytes: &'a [u8], left: &mut usize) -> impl Iterator<Item = ([u8; 4], &'a [u8])> {
    std::iter::from_fn(move || {
        *left = left.checked_sub(1)?;
        let short = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        let kind: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
        let (start, end) = match short {
            0 => (8, bytes.len()),
            1 => (16, usize::try_from(u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?)).ok()?),
            len => (8, len as usize),
        };
        let body = bytes.get(start..end)?;
        bytes = &bytes[end..];
        Some((kind, body))
    })
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
    fn names_are_lower_case_labels() {
        for format in PictureFormat::ALL {
            assert_eq!(format.name(), format.label().to_lowercase());
        }
    }

    fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
    }

    fn heif(properties: &[u8]) -> Vec<u8> {
        let iprp = boxed(b"iprp", &boxed(b"ipco", properties));
        [boxed(b"ftyp", b"heic\0\0\0\0heic"), boxed(b"meta", &[&[0; 4], &iprp[..]].concat())].concat()
    }

    fn ispe(width: u32, height: u32) -> Vec<u8> {
        boxed(b"ispe", &[[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat())
    }

    #[test]
    fn the_largest_size_in_the_header_is_read_upright() {
        let tiles = [ispe(512, 512), ispe(4032, 3024), ispe(320, 240)].concat();
        assert_eq!(promised_size(&heif(&tiles)), Some((4032, 3024)));
        assert_eq!(promised_size(&heif(&[&tiles[..], &boxed(b"irot", &[3])].concat())), Some((3024, 4032)));
        assert_eq!(promised_size(&heif(&[])), None);
    }

    #[test]
    fn no_cut_of_a_header_is_a_panic() {
        let whole = heif(&ispe(17_000, 17_000));
        for end in 0..whole.len() {
            assert_eq!(promised_size(&whole[..end]), None);
        }
    }
}
