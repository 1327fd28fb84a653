//! The picture of the smallest request.

use super::Picture;

/// A grey gradient of 64 × 64 pixels without metadata: more than the 50 × 50 that some providers ask for, and few bytes.
const PICTURE: &[u8] = include_bytes!("probe.jpg");
const SIDE: u32 = 64;

pub(super) fn picture() -> Picture<'static> {
    Picture { bytes: PICTURE, media_type: "image/jpeg", width: SIDE, height: SIDE }
}

#[cfg(all(test, feature = "pictures"))]
mod tests {
    use super::*;
    use crate::picture::{Limits, decode};

    #[test]
    fn it_is_a_picture_of_the_size_that_it_says() {
        let (_, decoded) = decode(PICTURE, &Limits::default(), None).unwrap();
        assert_eq!((decoded.width(), decoded.height()), (SIDE, SIDE));
        assert!(PICTURE.len() < 1000);
    }
}
