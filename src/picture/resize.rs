//! [`Picture`] → pixels and tensor at the size of a network's input.
//!
//! Resampling is antialiased and agrees with Pillow's `Image.resize` within 2 of 255. Crops, padding and rounding of sizes agree with
//! torchvision's `Resize` and `CenterCrop` and Pillow's `ImageOps.pad`.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::model::card::{Colour, Fit, InputSpec, Layout, ResampleFilter};
use crate::picture::Picture;

/// The whole picture at `width` × `height` pixels, both at least 1; proportions are not kept.
pub fn resize(picture: &Picture, width: u32, height: u32, filter: ResampleFilter) -> Picture {
    resize_part(picture, (width, height), (0, 0), (width, height), filter)
}

/// The picture as the network sees it: `input.width` × `input.height` pixels, RGB, filled as `input.fit` says.
pub fn fit(picture: &Picture, input: &InputSpec) -> Picture {
    let (width, height) = (input.width, input.height);
    match input.fit {
        Fit::Squash {} => resize(picture, width, height, input.filter),
        Fit::CentreCrop { shorter_side } => {
            let (whole, corner) = centre_crop(full_size(picture), input, shorter_side);
            resize_part(picture, whole, corner, (width, height), input.filter)
        }
        Fit::SquashCrop { .. } => {
            let whole = squashed(input);
            resize_part(picture, whole, middle_of(whole, input), (width, height), input.filter)
        }
        Fit::Letterbox { pad } => {
            let inner = inside(full_size(picture), width, height);
            let inner = resize(picture, inner.0, inner.1, input.filter);
            framed(&inner, width, height, pad)
        }
    }
}

/// The region of a picture of `width` × `height` pixels that the network sees: left, top, width and height, as fractions of the picture's
/// sides. With a letterbox it extends beyond two edges, because the network sees the padding too.
pub fn region_seen(width: u32, height: u32, input: &InputSpec) -> [f32; 4] {
    let size = (width, height);
    // Start and length of the visible region, from pixels of the picture scaled to `whole`.
    let span = |start: u32, len: u32, whole: u32| [start, len].map(|pixels| f64::from(pixels) / f64::from(whole));
    let ([left, width], [top, height]) = match input.fit {
        Fit::Squash {} => ([0.0, 1.0], [0.0, 1.0]),
        Fit::CentreCrop { shorter_side } => {
            let (whole, corner) = centre_crop(size, input, shorter_side);
            (span(corner.0, input.width, whole.0), span(corner.1, input.height, whole.1))
        }
        Fit::SquashCrop { .. } => {
            let whole = squashed(input);
            let corner = middle_of(whole, input);
            (span(corner.0, input.width, whole.0), span(corner.1, input.height, whole.1))
        }
        Fit::Letterbox { .. } => {
            let inner = inside(size, input.width, input.height);
            let around = |outer: u32, inner: u32| {
                let [start, len] = span(middle(outer, inner), outer, inner);
                [0.0 - start, len]
            };
            (around(input.width, inner.0), around(input.height, inner.1))
        }
    };
    [left, top, width, height].map(|fraction| fraction as f32)
}

/// The tensor for one picture: `3 * input.height * input.width` values, (pixel − mean) / std, in the layout and colour order of the
/// card.
pub fn to_tensor(picture: &Picture, input: &InputSpec) -> Vec<f32> {
    tensor_of(&fit(picture, input), input)
}

/// [`to_tensor`] of what [`fit`] gave.
pub(crate) fn tensor_of(fitted: &Picture, input: &InputSpec) -> Vec<f32> {
    let pixels = fitted.pixels().as_chunks::<3>().0;
    // Both `mean` and `std` are in the order of `colour`.
    let value = |pixel: &[u8; 3], channel: usize| {
        let sample = match input.colour {
            Colour::Rgb => pixel[channel],
            Colour::Bgr => pixel[2 - channel],
        };
        (f32::from(sample) - input.mean[channel]) / input.std[channel]
    };
    match input.layout {
        Layout::Nchw => (0..3).flat_map(|channel| pixels.iter().map(move |pixel| value(pixel, channel))).collect(),
        Layout::Nhwc => pixels.iter().flat_map(|pixel| [0, 1, 2].map(|channel| value(pixel, channel))).collect(),
    }
}

/// A small copy whose longer side is at most `max_side` (at least 1) pixels; never larger than the picture.
pub fn thumbnail(picture: &Picture, max_side: u32) -> Picture {
    let max_side = max_side.min(picture.width().max(picture.height()));
    let (width, height) = inside(full_size(picture), max_side, max_side);
    resize(picture, width, height, ResampleFilter::Bilinear)
}

fn full_size(picture: &Picture) -> (u32, u32) {
    (picture.full_width(), picture.full_height())
}

/// The size that the whole picture is scaled to, and the top left corner of the crop.
fn centre_crop(size: (u32, u32), input: &InputSpec, shorter_side: u32) -> ((u32, u32), (u32, u32)) {
    let whole = whole_at_shorter_side(size, shorter_side.max(input.width).max(input.height));
    (whole, middle_of(whole, input))
}

/// The size (width, height) that both sides are scaled to before the crop; never smaller than the input.
fn squashed(input: &InputSpec) -> (u32, u32) {
    match input.fit {
        Fit::SquashCrop { height, width } => (width.max(input.width), height.max(input.height)),
        _ => (input.width, input.height),
    }
}

/// The top left corner of the input in the middle of `whole`.
fn middle_of(whole: (u32, u32), input: &InputSpec) -> (u32, u32) {
    (middle(whole.0, input.width), middle(whole.1, input.height))
}

/// The offset at which `inner` pixels are centred in `outer`.
fn middle(outer: u32, inner: u32) -> u32 {
    (f64::from(outer - inner) / 2.0).round_ties_even() as u32
}

/// The size of the whole picture when its shorter side is scaled to `side`; the longer one is rounded down, as in torchvision.
fn whole_at_shorter_side(size: (u32, u32), side: u32) -> (u32, u32) {
    let (width, height) = (u64::from(size.0), u64::from(size.1));
    let longer = (u64::from(side) * width.max(height) / width.min(height)).min(u64::from(u32::MAX)) as u32;
    if width < height { (side, longer) } else { (longer, side) }
}

/// The largest size of the picture's proportions inside `width` × `height`, as in Pillow's `ImageOps.contain`.
fn inside(size: (u32, u32), width: u32, height: u32) -> (u32, u32) {
    let (full_width, full_height) = (f64::from(size.0), f64::from(size.1));
    let side = |exact: f64, most: u32| (exact.round_ties_even() as u32).clamp(1, most);
    if full_width / full_height > f64::from(width) / f64::from(height) {
        (width, side(full_height / full_width * f64::from(width), height))
    } else {
        (side(full_width / full_height * f64::from(height), width), height)
    }
}

/// Centres `inner` on a background of `pad`, as in Pillow's `ImageOps.pad`.
fn framed(inner: &Picture, width: u32, height: u32, pad: [u8; 3]) -> Picture {
    let (left, top) = (middle(width, inner.width()) as usize, middle(height, inner.height()) as usize);
    let mut pixels = pad.repeat(width as usize * height as usize);
    let (row, inner_row) = (3 * width as usize, 3 * inner.width() as usize);
    let rows = pixels.chunks_exact_mut(row).skip(top);
    for (outer, inner) in rows.zip(inner.pixels().chunks_exact(inner_row)) {
        outer[3 * left..3 * left + inner_row].copy_from_slice(inner);
    }
    Picture::from_rgb(width, height, pixels)
}

/// Computes only `size` pixels from `corner` (left, top) of the picture scaled to `whole`.
fn resize_part(
    picture: &Picture,
    whole: (u32, u32),
    corner: (u32, u32),
    size: (u32, u32),
    filter: ResampleFilter,
) -> Picture {
    let (extent, held) = (picture.extent(), (picture.width(), picture.height()));
    let columns = Stretch::new((extent.left, extent.width, held.0), whole.0, corner.0, size.0);
    let rows = Stretch::new((extent.top, extent.height, held.1), whole.1, corner.1, size.1);
    if filter == ResampleFilter::Nearest {
        let (columns, rows) = (
            nearest((extent.left, extent.width, held.0), whole.0, corner.0, size.0),
            nearest((extent.top, extent.height, held.1), whole.1, corner.1, size.1),
        );
        let pixel = |row: usize, column: usize| &picture.pixels()[3 * (row * held.0 as usize + column)..][..3];
        let pixels = rows.iter().flat_map(|&row| columns.iter().flat_map(move |&column| pixel(row, column)));
        return Picture::from_rgb(size.0, size.1, pixels.copied().collect());
    }

    let pixels = if rows_first(held, whole) {
        let (first, n) = columns.samples_needed(filter);
        let area = (first.into(), rows.start, n.into(), rows.len);
        let narrow = resample(picture.pixels(), held, area, (n, size.1), filter);
        let area = (columns.start - f64::from(first), 0.0, columns.len, size.1.into());
        resample(&narrow, (n, size.1), area, size, filter)
    } else {
        let (first, n) = rows.samples_needed(filter);
        let area = (columns.start, first.into(), columns.len, n.into());
        let low = resample(picture.pixels(), held, area, (size.0, n), filter);
        let area = (0.0, rows.start - f64::from(first), size.0.into(), rows.len);
        resample(&low, (size.0, n), area, size, filter)
    };
    Picture::from_rgb(size.0, size.1, pixels)
}

/// The nearest source sample of each of `n` target samples from `from`; the first argument as in [`Stretch::new`]. Summed up step by step as
/// Pillow does, which decides what lies just between two samples.
fn nearest((start, len, n_samples): (f64, f64, u32), whole: u32, from: u32, n: u32) -> Vec<usize> {
    let step = len / f64::from(whole);
    let positions = std::iter::successors(Some(start + step * 0.5), |position| Some(position + step));
    let sample = |position: f64| (position as usize).min(n_samples as usize - 1);
    positions.skip(from as usize).take(n as usize).map(sample).collect()
}

/// Whether Pillow 13 resamples rows before columns (earlier versions never do). The first pass rounds to 8 bits and clamps overshoot, so the
/// other order differs by up to 20 of 255 next to sharp edges.
fn rows_first(from: (u32, u32), to: (u32, u32)) -> bool {
    let less = |from: u32, to: u32| i64::from(from) - i64::from(to);
    let (columns, rows) = (less(from.0, to.0), less(from.1, to.1));
    rows > 0 && 2 * columns < rows
}

/// The span of one axis that is resampled, in source samples.
struct Stretch {
    start: f64,
    len: f64,
    /// Source samples per target sample.
    step: f64,
    n_samples: u32,
}

impl Stretch {
    /// The first argument has the original's start and length, and the number of source samples. The original becomes `whole` samples, of
    /// which `n`, starting at `from`, are computed.
    fn new((start, len, n_samples): (f64, f64, u32), whole: u32, from: u32, n: u32) -> Self {
        let step = len / f64::from(whole);
        let start = start + f64::from(from) * step;
        // Rounding must not move it beyond the end.
        let len = (f64::from(n) * step).min(f64::from(n_samples) - start);
        Self { start, len, step, n_samples }
    }

    /// The first source sample that the filter needs, and how many.
    fn samples_needed(&self, filter: ResampleFilter) -> (u32, u32) {
        let radius = match filter {
            ResampleFilter::Lanczos => 3.0,
            ResampleFilter::Bicubic => 2.0,
            ResampleFilter::Bilinear | ResampleFilter::Hamming => 1.0,
            ResampleFilter::Box | ResampleFilter::Nearest => 0.5,
        };
        let reach = radius * self.step.max(1.0) + 1.0;
        let first = (self.start - reach).floor().max(0.0) as u32;
        let end = (self.start + self.len + reach).ceil().min(f64::from(self.n_samples)) as u32;
        (first, end - first)
    }
}

/// Resamples the `area` (left, top, width, height) of `pixels` (RGB8, size `from`) to size `to`.
fn resample(
    pixels: &[u8],
    from: (u32, u32),
    area: (f64, f64, f64, f64),
    to: (u32, u32),
    filter: ResampleFilter,
) -> Vec<u8> {
    let filter = match filter {
        ResampleFilter::Bicubic => FilterType::CatmullRom,
        ResampleFilter::Bilinear => FilterType::Bilinear,
        ResampleFilter::Lanczos => FilterType::Lanczos3,
        ResampleFilter::Hamming => FilterType::Hamming,
        // Nearest samples are taken before: see `resize_part`.
        ResampleFilter::Box | ResampleFilter::Nearest => FilterType::Box,
    };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).crop(area.0, area.1, area.2, area.3);
    let mut resampled = vec![0; 3 * to.0 as usize * to.1 as usize];
    // Typed views link only the code for RGB8.
    let source = TypedImageRef::<U8x3>::from_buffer(from.0, from.1, pixels);
    let target = TypedImage::<U8x3>::from_buffer(to.0, to.1, &mut resampled);
    let (source, mut target) = source.ok().zip(target.ok()).expect("both buffers are as long as their sides say");
    Resizer::new().resize_typed(&source, &mut target, &options).expect("the box lies in the picture");
    resampled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(width: u32, height: u32, fit: Fit) -> InputSpec {
        InputSpec {
            name: "image".into(),
            height,
            width,
            layout: Layout::Nchw,
            colour: Colour::Rgb,
            mean: [0.0; 3],
            std: [1.0; 3],
            fit,
            filter: ResampleFilter::Bilinear,
        }
    }

    fn plain(width: u32, height: u32, colour: [u8; 3]) -> Picture {
        Picture::from_rgb(width, height, colour.repeat((width * height) as usize))
    }

    /// Every pixel differs from its neighbours.
    fn ramp(width: u32, height: u32) -> Picture {
        let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| [x as u8, y as u8, (x * 7 + y * 13) as u8]));
        Picture::from_rgb(width, height, pixels.collect())
    }

    #[test]
    fn a_picture_of_the_target_size_is_unchanged() {
        let picture = ramp(17, 9);
        assert_eq!(resize(&picture, 17, 9, ResampleFilter::Bicubic), picture);
    }

    #[test]
    fn a_centre_crop_takes_the_middle() {
        let fitted = fit(&ramp(40, 20), &input(10, 10, Fit::CentreCrop { shorter_side: 20 }));
        assert_eq!(fitted.pixels()[..3], ramp(40, 20).pixels()[3 * (5 * 40 + 15)..][..3]);
    }

    #[test]
    fn computing_only_the_crop_equals_cropping_the_whole() {
        let picture = ramp(97, 61);
        let fitted = fit(&picture, &input(24, 24, Fit::CentreCrop { shorter_side: 32 }));
        let whole = resize(&picture, 32 * 97 / 61, 32, ResampleFilter::Bilinear);
        let left = (f64::from(whole.width() - 24) / 2.0).round_ties_even() as usize;
        for y in 0..24 {
            let expected = &whole.pixels()[3 * ((y + 4) * whole.width() as usize + left)..][..72];
            let off = fitted.pixels()[72 * y..][..72].iter().zip(expected).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(off <= Some(1), "row {y} is off by {off:?}");
        }
    }

    #[test]
    fn a_letterbox_is_padded_on_both_sides() {
        let fitted = fit(&plain(20, 10, [200, 0, 0]), &input(8, 8, Fit::Letterbox { pad: [1, 2, 3] }));
        let row = |y: usize| fitted.pixels()[24 * y..][..3].to_vec();
        assert_eq!((row(1), row(2), row(5), row(6)), (vec![1, 2, 3], vec![200, 0, 0], vec![200, 0, 0], vec![1, 2, 3]));
    }

    #[test]
    fn the_network_sees_all_of_a_squashed_picture() {
        assert_eq!(region_seen(640, 100, &input(224, 224, Fit::Squash {})), [0.0, 0.0, 1.0, 1.0]);
    }

    #[test]
    fn the_network_sees_the_middle_of_a_cropped_picture() {
        // 60 × 30 becomes 40 × 20, of which 10 × 10 are cut out at (15, 5).
        let input = input(10, 10, Fit::CentreCrop { shorter_side: 20 });
        assert_eq!(region_seen(60, 30, &input), [15.0 / 40.0, 5.0 / 20.0, 10.0 / 40.0, 10.0 / 20.0]);
        assert_eq!(region_seen(30, 60, &input), [5.0 / 20.0, 15.0 / 40.0, 10.0 / 20.0, 10.0 / 40.0]);
    }

    #[test]
    fn the_region_seen_of_a_letterboxed_picture_includes_the_padding() {
        // 20 × 10 becomes 8 × 4, with two rows of frame above and below.
        let input = input(8, 8, Fit::Letterbox { pad: [0; 3] });
        assert_eq!(region_seen(20, 10, &input), [0.0, -0.5, 1.0, 2.0]);
        assert_eq!(region_seen(10, 20, &input), [-0.5, 0.0, 2.0, 1.0]);
    }

    #[test]
    fn the_region_seen_is_where_the_fitted_pixels_come_from() {
        // Every pixel encodes its position, so a fitted pixel shows where it comes from.
        let picture =
            Picture::from_rgb(200, 100, (0..100).flat_map(|y| (0..200).flat_map(move |x| [x, y, 0])).collect());
        let squashed = Fit::SquashCrop { height: 60, width: 50 };
        for fit_kind in [Fit::Squash {}, squashed, Fit::CentreCrop { shorter_side: 64 }, Fit::Letterbox { pad: [0; 3] }]
        {
            let input = input(40, 50, fit_kind);
            let [left, top, width, height] = region_seen(200, 100, &input);
            let fitted = fit(&picture, &input);
            let pixel = &fitted.pixels()[3 * (25 * 40 + 10)..][..2];
            let expected = [(left + width * 10.5 / 40.0) * 200.0 - 0.5, (top + height * 25.5 / 50.0) * 100.0 - 0.5];
            for (found, expected) in pixel.iter().zip(expected) {
                assert!((f32::from(*found) - expected).abs() <= 1.0, "{fit_kind:?}: {pixel:?} for {expected}");
            }
        }
    }

    #[test]
    fn extreme_proportions_give_at_least_one_pixel() {
        for picture in [plain(5000, 1, [9, 9, 9]), plain(1, 5000, [9, 9, 9])] {
            for fit_kind in [Fit::Squash {}, Fit::CentreCrop { shorter_side: 256 }, Fit::Letterbox { pad: [0; 3] }] {
                assert_eq!(fit(&picture, &input(224, 224, fit_kind)).pixels().len(), 3 * 224 * 224);
            }
            let small = thumbnail(&picture, 360);
            assert_eq!(small.width().max(small.height()), 360);
        }
    }

    #[test]
    fn a_thumbnail_is_never_enlarged() {
        assert_eq!(thumbnail(&ramp(30, 20), 360), ramp(30, 20));
        let small = thumbnail(&ramp(200, 100), 50);
        assert_eq!((small.width(), small.height()), (50, 25));
    }

    #[test]
    fn channels_and_axes_are_in_the_cards_order() {
        let picture = Picture::from_rgb(2, 1, vec![10, 20, 30, 40, 50, 60]);
        let mut input = input(2, 1, Fit::Squash {});
        assert_eq!(to_tensor(&picture, &input), [10.0, 40.0, 20.0, 50.0, 30.0, 60.0]);
        input.layout = Layout::Nhwc;
        input.colour = Colour::Bgr;
        input.mean = [30.0, 20.0, 10.0];
        input.std = [2.0, 1.0, 1.0];
        assert_eq!(to_tensor(&picture, &input), [0.0, 0.0, 0.0, 15.0, 30.0, 30.0]);
    }
}
