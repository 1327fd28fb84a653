#![no_main]

use libfuzzer_sys::fuzz_target;
use tagsmith::picture::{Limits, decode};
use tagsmith::picture::promised_size;

/// Small limits, so that a slow or large case shows that a limit is not enforced.
const LIMITS: Limits = Limits { max_file_bytes: 1 << 20, max_side: Some(2_000), max_pixels: Some(500_000), ..Limits::DEFAULT };

fuzz_target!(|bytes: &[u8]| {
    let _ = promised_size(bytes);
    for shorter_side in [None, Some(16)] {
        if let Ok((_, picture)) = decode(bytes, &LIMITS, shorter_side) {
            let (width, height) = (picture.full_width(), picture.full_height());
            assert!(LIMITS.check_size(width, height).is_ok());
            assert_eq!(picture.pixels().len() as u64, 3 * u64::from(picture.width()) * u64::from(picture.height()));
        }
    }
});
