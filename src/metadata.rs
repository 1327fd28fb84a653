//! Keywords inside picture files, and in sidecars beside them.
//!
//! [`write_keywords`] makes a copy of a JPEG, PNG or WebP file in which only the metadata that holds keywords differs: the picture
//! is not decoded, and every other byte stays as it is. [`merge_sidecar`] does the same for an XMP file beside a picture.
//! Keywords that other programs wrote are kept, and those of ours that are missing are added behind them.
//!
//! Files are hostile until they are parsed: lengths are checked against what is there, and what is not understood is refused by
//! name rather than written over.

mod bytes;
mod iptc;
mod jpeg;
mod keywords;
mod multi_picture;
mod photoshop;
mod png;
mod webp;
mod xmp;

pub use self::keywords::Keywords;
pub use self::xmp::{merge_sidecar, sidecar, sidecar_keywords};
use crate::error::{Error, ErrorKind, Result};

/// A copy of `file`, a JPEG, PNG or WebP picture, with `keywords` inside. Without keywords it is an equal copy.
///
/// # Errors
/// [`ErrorKind::PictureDamaged`] if the file's structure is broken, [`ErrorKind::XmpInvalid`] if it holds XMP that cannot be
/// read, and [`ErrorKind::KeywordsNotWritable`] for other formats and where the keywords do not fit.
pub fn write_keywords(file: &[u8], keywords: &Keywords) -> Result<Vec<u8>> {
    let write = match file {
        [0xFF, 0xD8, 0xFF, ..] => jpeg::write,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => png::write,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp::write,
        _ => {
            return Err(not_writable(
                "Keywords can be written into JPEG, PNG and WebP files only. Save a sidecar instead.",
            ));
        }
    };
    if keywords.is_empty() { Ok(file.to_vec()) } else { write(file, keywords) }
}

/// `detail` says what is in the way and what to do.
fn not_writable(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::KeywordsNotWritable, detail)
}

/// `what` is the part of a file that is cut off or contradicts itself.
fn damaged(what: &str) -> Error {
    let detail =
        format!("{what} is cut off or damaged, so no keywords are written. Copy the file from the original again.");
    Error::new(ErrorKind::PictureDamaged, detail)
}

#[cfg(test)]
mod tests;
