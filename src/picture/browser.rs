//! Which of the files that this crate does not decode a browser may be asked for.

use crate::error::Result;
use crate::picture::decode;
use crate::picture::format::PictureFormat;
use crate::picture::{Limits, promised_size};

/// A file for the browser's decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForBrowser {
    pub format: PictureFormat,
    /// Pixels, from the file's header; as stored for JPEG, else upright.
    pub width: u32,
    pub height: u32,
}

/// `None` for a format that no browser, or none safely, decodes better than this crate (BMP, TIFF, SVG …); where the header does not state the
/// size: the browser would allocate memory for whatever comes; and for a JPEG that is cut off, which a browser shows with grey below.
///
/// # Errors
/// Those of [`Limits::check_size`].
pub fn for_browser(bytes: &[u8], limits: &Limits) -> Result<Option<ForBrowser>> {
    let format = PictureFormat::sniff(bytes);
    let size = match format {
        Some(PictureFormat::Jpeg | PictureFormat::Avif | PictureFormat::Heic) => promised_size(bytes),
        _ => None,
    };
    let (Some(format), Some((width, height))) = (format, size) else { return Ok(None) };
    limits.check_size(width, height)?;
    if format == PictureFormat::Jpeg && !decode::is_whole_jpeg(bytes) {
        return Ok(None);
    }
    Ok(Some(ForBrowser { format, width, height }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    /// Arithmetic coding, which only other decoders read.
    const JPEG: &[u8] = b"\xFF\xD8\xFF\xFE\0\x04hi\xFF\xC9\0\x0B\x08\x01\0\x02\0\x01\x01\x11\0\xFF\xDA\0\x08\x01\x01\0\0\x3F\0\x12\xFF\xD9";

    #[test]
    fn a_jpeg_is_handed_over_with_the_size_in_its_header() {
        let file = for_browser(JPEG, &Limits::default()).unwrap();
        assert_eq!(file, Some(ForBrowser { format: PictureFormat::Jpeg, width: 512, height: 256 }));
        let small = Limits { max_side: Some(511), ..Limits::default() };
        assert_eq!(for_browser(JPEG, &small).unwrap_err().kind(), ErrorKind::PictureSideTooLong);
    }

    #[test]
    fn nothing_is_handed_over_whose_size_is_not_known_or_that_no_browser_should_see() {
        for bytes in
            [&JPEG[..12], b"<svg width='9' height='9'/>", b"II*\0\x08\0\0\0", b"", b"\0\0\0\x14ftypavif\0\0\0\0avif"]
        {
            assert_eq!(for_browser(bytes, &Limits::default()).unwrap(), None);
        }
    }
}
