//! The bundled model on pictures in which nothing varies, of which its network is sure all the same.

mod bundled;

use bundled::bundled;
use tagsmith::picture::Picture;

#[test]
fn a_blank_picture_has_no_tags_whatever_the_network_says() {
    let tagger = bundled();
    for rgb in [[255; 3], [0; 3], [250, 245, 230]] {
        let picture = Picture::from_rgb(300, 200, rgb.repeat(300 * 200));
        let inference = tagger.infer(&picture, String::new(), "png").unwrap();
        assert!(inference.candidates.is_empty(), "{rgb:?}: {:?}", inference.candidates);
        assert!(!inference.scores.is_empty(), "the scores stay, for who asks for them");
    }
}
