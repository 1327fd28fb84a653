//! Tells the raw photographs of cameras from TIFF, the container that most of them share.

use super::PictureFormat;
use crate::picture::directory::{Directory, File};

mod tag {
    pub const SUBFILE_KIND: u16 = 0x00FE;
    pub const COMPRESSION: u16 = 0x0103;
    pub const PHOTOMETRIC: u16 = 0x0106;
    pub const MAKE: u16 = 0x010F;
    pub const SUB_DIRECTORIES: u16 = 0x014A;
    pub const DNG_VERSION: u16 = 0xC612;
}

/// Colours as a sensor has them: behind a mosaic of filters, or linear.
const SENSOR_COLOURS: [u64; 2] = [32_803, 34_892];
/// Those of Sony, Nikon (two), Samsung (two), Kodak and Pentax.
const CAMERA_COMPRESSIONS: [u64; 8] = [32_767, 32_769, 34_713, 32_770, 32_772, 65_000, 32_867, 65_535];

/// The format of a file in a TIFF container, of which all bytes are needed for a certain answer.
pub fn sniff_tiff(bytes: &[u8]) -> PictureFormat {
    match bytes.get(8..12) {
        Some([b'C', b'R', ..]) => return PictureFormat::Cr2,
        // Phase One.
        Some(b"IIII" | b"MMMM") => return PictureFormat::Raw,
        _ => {}
    }
    let found = File::new(bytes).map(File::directories).unwrap_or_default();
    let Some(first) = found.first() else { return PictureFormat::Tiff };
    if first.has(tag::DNG_VERSION) {
        return PictureFormat::Dng;
    }
    // The first picture of an ordinary TIFF is not a small version of one within it, unlike that of a camera.
    let begins_small =
        first.number(tag::SUBFILE_KIND) == Some(1) && first.has(tag::MAKE) && first.has(tag::SUB_DIRECTORIES);
    if begins_small || found.iter().any(is_of_a_sensor) {
        return by_make(first.text(tag::MAKE));
    }
    PictureFormat::Tiff
}

/// Whether the pixels are those of a sensor, which nobody should see as they are.
pub fn is_of_a_sensor(directory: &Directory) -> bool {
    let is_one_of = |tag, values: &[u64]| directory.number(tag).is_some_and(|value| values.contains(&value));
    is_one_of(tag::PHOTOMETRIC, &SENSOR_COLOURS) || is_one_of(tag::COMPRESSION, &CAMERA_COMPRESSIONS)
}

fn by_make(make: &[u8]) -> PictureFormat {
    let make = make.to_ascii_lowercase();
    let formats = [
        (&b"nikon"[..], PictureFormat::Nef),
        (b"sony", PictureFormat::Arw),
        (b"pentax", PictureFormat::Pef),
        (b"ricoh", PictureFormat::Pef),
        (b"samsung", PictureFormat::Srw),
        (b"canon", PictureFormat::Cr2),
    ];
    let named = formats.into_iter().find(|(name, _)| make.starts_with(name));
    named.map_or(PictureFormat::Raw, |(_, format)| format)
}
