//! What an own tag is trained on: a picture's embedding and that of its mirror image, and the square that the network saw.
//!
//! A square is kept with a library, so that a set of pictures can be trained again for another network where the originals are out of reach.

use crate::error::{Error, ErrorKind, Result};
use crate::model::card::InputSpec;
use crate::model::runtime::WantedOutputs;
use crate::picture::resize::{fit, resize, tensor_of};
use crate::picture::{Limits, Picture};
use crate::tagging::tagger::{TagOptions, Tagger};
use crate::tags::embedding::Embedding;

/// A picture, embedded for training.
#[derive(Debug, Clone, PartialEq)]
pub struct EmbeddedViews {
    /// Of the picture itself, which is the one that [`Tagger::tag`] gives, and then of its mirror image.
    pub views: Vec<Embedding>,
    /// The pixels that the network saw: the size of its input.
    pub square: Picture,
    /// Pixels of the upright original's longer side; of a square those are not known: 0.
    pub longer_side: u32,
}

impl Tagger {
    /// Embeds a file for training. Costs as much as tagging it twice.
    ///
    /// # Errors
    /// Those of [`Tagger::decode`] and [`Tagger::embed_picture`].
    pub fn embed_views(&self, bytes: &[u8], limits: &Limits) -> Result<EmbeddedViews> {
        let options = TagOptions { limits: *limits, ..TagOptions::default() };
        self.embed_picture(&self.decode(bytes, &options)?.picture)
    }

    /// The embedding of a file's picture itself, without what else tagging does.
    ///
    /// # Errors
    /// As [`Tagger::embed_views`].
    pub fn embed_file(&self, bytes: &[u8], limits: &Limits) -> Result<Embedding> {
        let options = TagOptions { limits: *limits, ..TagOptions::default() };
        self.embed(&fit(&self.decode(bytes, &options)?.picture, &self.card.input))
    }

    /// [`Tagger::embed_views`] of a decoded picture.
    ///
    /// # Errors
    /// [`ErrorKind::ModelMismatch`] if the model has no embedding; [`ErrorKind::InferenceFailed`] and [`ErrorKind::ScoresInvalid`].
    pub fn embed_picture(&self, picture: &Picture) -> Result<EmbeddedViews> {
        let longer_side = picture.full_width().max(picture.full_height());
        Ok(EmbeddedViews { longer_side, ..self.embed_square(&fit(picture, &self.card.input))? })
    }

    /// Embeds the square of a picture ([`EmbeddedViews::square`]), also of a network with an input of another size: then it is scaled as a whole.
    ///
    /// # Errors
    /// As [`Tagger::embed_picture`].
    pub fn embed_square(&self, square: &Picture) -> Result<EmbeddedViews> {
        let InputSpec { width, height, filter, .. } = self.card.input;
        let square = if (square.width(), square.height()) == (width, height) {
            square.clone()
        } else {
            resize(square, width, height, filter)
        };
        let views = [self.embed(&square)?, self.embed(&mirrored(&square))?];
        Ok(EmbeddedViews { views: views.into(), square, longer_side: 0 })
    }

    fn embed(&self, fitted: &Picture) -> Result<Embedding> {
        let outputs = self.runtime.run(&tensor_of(fitted, &self.card.input), WantedOutputs::Tags)?;
        let values = outputs.embedding.ok_or_else(|| {
            let detail = format!(
                "The model {:?} gives no embedding, so nothing can be trained on it. Name one in the card's outputs, or use the bundled model.",
                self.card.id
            );
            Error::new(ErrorKind::ModelMismatch, detail)
        })?;
        Embedding::new(&values).ok_or_else(|| {
            let detail = "The network's embedding of this picture is not finite. Use another picture or another model.";
            Error::new(ErrorKind::ScoresInvalid, detail)
        })
    }
}

fn mirrored(picture: &Picture) -> Picture {
    let rows = picture.pixels().chunks_exact(3 * picture.width() as usize);
    let pixels = rows.flat_map(|row| row.as_chunks::<3>().0.iter().rev().flatten().copied()).collect();
    Picture::from_rgb(picture.width(), picture.height(), pixels)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::companion::read_from_dir;

    fn tagger(fixture: &str) -> Tagger {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models").join(fixture);
        Tagger::from_dir(folder).unwrap()
    }

    /// Every pixel differs from its neighbours, and left from right.
    fn ramp(width: u32, height: u32) -> Picture {
        let pixels =
            (0..height).flat_map(|y| (0..width).flat_map(move |x| [(x * 5) as u8, (y * 3) as u8, (x + y) as u8]));
        Picture::from_rgb(width, height, pixels.collect())
    }

    #[test]
    fn the_first_view_is_what_tagging_gives_and_the_second_that_of_the_mirror_image() {
        let tagger = tagger("float32");
        let picture = ramp(90, 60);
        let embedded = tagger.embed_picture(&picture).unwrap();
        let tagged = tagger.infer(&picture, String::new(), "png").unwrap().embedding.unwrap();
        assert_eq!(embedded.views[0], Embedding::new(&tagged).unwrap());
        let mirror = tagger.embed_picture(&mirrored(&picture)).unwrap();
        assert_ne!(mirror.views[0], embedded.views[0]);
        assert_eq!([&mirror.views[1], &mirror.views[0]], [&embedded.views[0], &embedded.views[1]]);
        assert_eq!(embedded.longer_side, 90);
    }

    #[test]
    fn a_square_gives_the_same_views_again_and_one_of_another_size_is_scaled_as_a_whole() {
        let tagger = tagger("float32");
        let embedded = tagger.embed_picture(&ramp(90, 60)).unwrap();
        let again = tagger.embed_square(&embedded.square).unwrap();
        assert_eq!((&again.views, &again.square), (&embedded.views, &embedded.square));
        let InputSpec { width, height, .. } = tagger.card().input;
        let large = resize(&embedded.square, 3 * width, 3 * height, crate::model::card::ResampleFilter::Nearest);
        let scaled = tagger.embed_square(&large).unwrap();
        assert_eq!((scaled.square.width(), scaled.square.height()), (width, height));
        let apart =
            scaled.square.pixels().iter().zip(embedded.square.pixels()).map(|(one, other)| one.abs_diff(*other));
        assert!(apart.max().unwrap() < 24, "neither cropped nor moved");
    }

    #[test]
    fn a_model_without_an_embedding_is_refused() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/models/float32");
        let without = |path: &str, most: u64| {
            let file = read_from_dir(&folder, path, most)?;
            let json = String::from_utf8_lossy(&file).replace("\"embedding\": \"embedding\"", "\"embedding\": null");
            Ok(if path == "model.json" { json.into_bytes() } else { file })
        };
        let error = Tagger::from_reader(&without).unwrap().embed_picture(&ramp(9, 9)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ModelMismatch, "{error}");
    }
}
