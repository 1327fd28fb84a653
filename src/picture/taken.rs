//! When a picture was taken, as the camera's clock showed it: `DateTimeOriginal` of EXIF.

use crate::picture::directory::File;
use crate::picture::format::PictureFormat;
use crate::picture::{jpeg_marker, png_chunk, webp_chunk};

/// In the first directory: where the one of EXIF is.
const EXIF_DIRECTORY: u16 = 0x8769;
/// Not to be confused with `DateTime`, which programs set when they write the file.
const DATE_TIME_ORIGINAL: u16 = 0x9003;
const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// Ms from 1970 to the date and time in a file, both without a time zone; `None` where it states none that a calendar has.
pub fn taken_ms(format: PictureFormat, bytes: &[u8]) -> Option<i64> {
    let exif = match format {
        PictureFormat::Jpeg => jpeg_marker::segments(bytes)
            .find_map(|(marker, content)| content.strip_prefix(b"Exif\0\0").filter(|_| marker == 0xE1))?,
        PictureFormat::Png => png_chunk::Chunks::of(bytes)?.find(|(kind, _)| *kind == b"eXIf")?.1,
        PictureFormat::WebP => {
            let (_, exif) = webp_chunk::Chunks(bytes.get(12..)?).find(|(kind, _)| *kind == b"EXIF")?;
            exif.strip_prefix(b"Exif\0\0").unwrap_or(exif)
        }
        _ => bytes,
    };
    let file = File::new(exif)?;
    let at = file.directories().iter().find_map(|directory| directory.number(EXIF_DIRECTORY))?;
    date_time(file.directory(at)?.text(DATE_TIME_ORIGINAL))
}

/// "2026:08:01 12:30:59", perhaps with an end.
fn date_time(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text.strip_suffix(b"\0").unwrap_or(text)).ok()?.trim();
    let (date, time) = text.split_once(' ')?;
    let [year, month, day] = numbers(date, ['-', ':'])?;
    let [hour, minute, second] = numbers(time, [':', ':'])?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let is_date = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days).contains(&day);
    let is_time = hour < 24 && minute < 60 && second < 60;
    let seconds = (hour * 60 + minute) * 60 + second;
    (is_date && is_time).then(|| days_since_1970(year, month, day) * MS_PER_DAY + seconds * 1000)
}

/// Three numbers without signs, with one of `between` between them.
fn numbers(text: &str, between: [char; 2]) -> Option<[i64; 3]> {
    let mut parts = text.split(between);
    let mut next = || {
        let part = parts.next()?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let found = [next()?, next()?, next()?];
    parts.next().is_none().then_some(found)
}

/// Of the Gregorian calendar, counted in years that begin in March: then the leap day is the last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
        - 719_469
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (text, ms) in [
            ("1970:01:01 00:00:00\0", 0),
            ("2026:08:01 12:30:59\0", 1_785_587_459_000),
            ("2024-02-29 23:59:59", 1_709_251_199_000),
            ("1969:12:31 23:59:59", -1000),
            ("2000:03:01 00:00:00", 951_868_800_000),
        ] {
            assert_eq!(date_time(text.as_bytes()), Some(ms), "{text}");
        }
        for text in [
            "0000:00:00 00:00:00",
            "2023:02:29 00:00:00",
            "1900:02:29 00:00:00",
            "2026:13:01 00:00:00",
            "2026:04:31 00:00:00",
            "2026:08:01 24:00:00",
            "2026:08:01",
            "    :  :     :  :  ",
            "2026:08:01 12:30:59:1",
            "2026:-8:01 12:30:59",
            "\u{fffd}",
            "",
        ] {
            assert_eq!(date_time(text.as_bytes()), None, "{text}");
        }
    }

    /// EXIF with the date alone.
    fn exif(date: &[u8; 20]) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
        bytes.extend(b"\x01\0\x03\x90\x02\0\x14\0\0\0\x2c\0\0\0\0\0\0\0");
        bytes.extend(date);
        bytes
    }

    /// The beginnings of files with EXIF.
    fn files(exif: &[u8]) -> [(PictureFormat, Vec<u8>); 4] {
        let length = |more: usize| u16::try_from(exif.len() + more).unwrap().to_be_bytes();
        let jpeg = [b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xE1", &length(8)[..], b"Exif\0\0", exif].concat();
        let png = [b"\x89PNG\r\n\x1a\n\0\0", &length(0)[..], b"eXIf", exif, b"crc!"].concat();
        let len = u32::try_from(exif.len()).unwrap().to_le_bytes();
        let webp = [b"RIFF\0\0\0\0WEBPEXIF", &len[..], exif].concat();
        [
            (PictureFormat::Jpeg, jpeg),
            (PictureFormat::Png, png),
            (PictureFormat::WebP, webp),
            (PictureFormat::Tiff, exif.to_vec()),
        ]
    }

    #[test]
    fn the_date_is_found_in_every_format_that_has_one() {
        for (format, bytes) in files(&exif(b"2026:08:01 12:30:59\0")) {
            assert_eq!(taken_ms(format, &bytes), Some(1_785_587_459_000), "{format:?}");
            for end in 0..bytes.len() {
                _ = taken_ms(format, &bytes[..end]);
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), at in 0_usize..60) {
            for (format, mut file) in files(&exif(b"2026:08:01 12:30:59\0")) {
                let (at, len) = (at.min(file.len()), bytes.len().min(file.len() - at.min(file.len())));
                file[at..at + len].copy_from_slice(&bytes[..len]);
                _ = taken_ms(format, &file);
            }
        }
    }
}
