//! Inspects the input: layout, size and range of pixel values.

use tract_onnx::pb::{NodeProto, ValueInfoProto};

use super::{NetworkInput, Range, shape, spelt};
use crate::error::{Error, ErrorKind, Result};
use crate::model::card::{Colour, Layout};
use crate::model::runtime::graph::{Graph, ints, is_pass_through};

pub fn inspect_input(graph: &Graph, input: &ValueInfoProto) -> Result<NetworkInput> {
    let refuse = |found: String| {
        let detail = format!(
            "The network's input {:?} has {found}; it must be (1, 3, height, width) or (1, height, width, 3). Export a classifier of colour pictures.",
            input.name
        );
        Err(Error::new(ErrorKind::ModelMismatch, detail))
    };
    let first = first_layers(graph, &input.name);
    let shape = shape(input);
    let (height, width, layout) = match shape.as_deref() {
        None | Some([]) => (None, None, first.layout),
        Some(&[_, channels, height, width]) if channels == Some(3) && width != Some(3) => {
            (height, width, Some(Layout::Nchw))
        }
        Some(&[_, height, width, channels]) if channels == Some(3) && height != Some(3) => {
            (height, width, Some(Layout::Nhwc))
        }
        Some(&[_, second, third, fourth]) => {
            let is_open = |channels: Option<u32>| channels.is_none_or(|channels| channels == 3);
            let layout = first.layout.or(match (is_open(second), is_open(fourth)) {
                (true, false) => Some(Layout::Nchw),
                (false, true) => Some(Layout::Nhwc),
                _ => None,
            });
            match layout {
                Some(Layout::Nhwc) if is_open(fourth) => (second, third, layout),
                _ if is_open(second) => (third, fourth, layout),
                _ => return refuse(format!("the shape {}", spelt(shape.as_deref().unwrap_or_default()))),
            }
        }
        Some(other) => return refuse(format!("the shape {}", spelt(other))),
    };
    Ok(NetworkInput { name: input.name.clone(), layout, height, width, range: first.range, colour: first.colour })
}

struct FirstLayers {
    layout: Option<Layout>,
    range: Option<Range>,
    colour: Option<Colour>,
}

/// Follows the input through per-pixel operators to the first layer.
fn first_layers(graph: &Graph, input: &str) -> FirstLayers {
    let (mut value, mut scale, mut shift) = (input, [1.0_f64; 3], [0.0_f64; 3]);
    let mut layout = None;
    for _ in 0..graph.proto.node.len() {
        let Some(node) = graph.sole_consumer(value) else { break };
        match node.op_type.as_str() {
            "Conv" | "QLinearConv" | "ConvInteger" => {
                layout = layout.or(Some(Layout::Nchw));
                break;
            }
            "Transpose" => match ints(node, "perm") {
                Some([0, 3, 1, 2]) => layout = layout.or(Some(Layout::Nhwc)),
                Some([0, 2, 3, 1]) => layout = layout.or(Some(Layout::Nchw)),
                _ => break,
            },
            "Sub" | "Add" | "Mul" | "Div" => {
                if rescale(graph, node, value, &mut scale, &mut shift).is_none() {
                    break;
                }
            }
            _ if is_pass_through(node) => {}
            _ => break,
        }
        let Some(output) = node.output.first() else { break };
        value = output;
    }
    FirstLayers { layout, range: range_of(scale, shift), colour: colour_of(scale, shift) }
}

/// Applies `node` to `value · scale + shift`, if its other operand is one constant or one per colour channel.
fn rescale(graph: &Graph, node: &NodeProto, value: &str, scale: &mut [f64; 3], shift: &mut [f64; 3]) -> Option<()> {
    let [left, right] = &node.input[..] else { return None };
    let is_left = left == value;
    let numbers = graph.constant(if is_left { right } else { left })?;
    let numbers: [f64; 3] = match numbers[..] {
        [one] => [one.into(); 3],
        [red, green, blue] => [red.into(), green.into(), blue.into()],
        _ => return None,
    };
    for ((number, scale), shift) in numbers.into_iter().zip(scale).zip(shift) {
        match (node.op_type.as_str(), is_left) {
            ("Add", _) => *shift += number,
            ("Sub", true) => *shift -= number,
            ("Sub", false) => (*scale, *shift) = (-*scale, number - *shift),
            ("Mul", _) => (*scale, *shift) = (*scale * number, *shift * number),
            ("Div", true) => (*scale, *shift) = (*scale / number, *shift / number),
            _ => return None,
        }
    }
    Some(())
}

/// Normalised values are within a few units of 0, so the size of mean and scale shows the range of the input.
fn range_of(scale: [f64; 3], shift: [f64; 3]) -> Option<Range> {
    if scale == [1.0; 3] && shift == [0.0; 3] {
        return None;
    }
    let std = scale.map(|scale| 1.0 / scale.abs());
    let mean = [0, 1, 2].map(|channel| (shift[channel] / scale[channel]).abs());
    if !std.iter().chain(&mean).all(|number| number.is_finite()) {
        return None;
    }
    if std.iter().all(|&std| std >= 10.0) || mean.iter().all(|&mean| mean >= 10.0) {
        Some(Range::Bytes)
    } else if std.iter().all(|std| (0.05..=1.5).contains(std)) && mean.iter().all(|&mean| mean <= 1.5) {
        Some(Range::Unit)
    } else {
        None
    }
}

/// The order of the colours by ImageNet's mean, whose red is 1.19 times its blue.
fn colour_of(scale: [f64; 3], shift: [f64; 3]) -> Option<Colour> {
    let mean = [0, 2].map(|channel| -shift[channel] / scale[channel]);
    match mean[0] / mean[1] {
        ratio if (1.1..1.3).contains(&ratio) => Some(Colour::Rgb),
        ratio if (1.0 / 1.3..1.0 / 1.1).contains(&ratio) => Some(Colour::Bgr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::inspect_graph;
    use super::super::test_graph::{nodes, normalising, with_ints};
    use super::*;

    #[test]
    fn normalisation_inside_the_network_gives_the_range_of_pixel_values() {
        let mean: &[f32] = &[0.485, 0.456, 0.406];
        let std: &[f32] = &[0.229, 0.224, 0.225];
        for (constants, lines, range) in [
            (&[("m", mean), ("s", std)][..], &["Sub x m > a", "Div a s > y"][..], Some(Range::Unit)),
            (
                &[("c", &[255.0]), ("m", mean), ("s", std)],
                &["Div x c > b", "Sub b m > a", "Div a s > y"],
                Some(Range::Bytes),
            ),
            (&[("c", &[1.0 / 127.5]), ("o", &[1.0])], &["Mul c x > a", "Sub a o > y"], Some(Range::Bytes)),
            (&[("c", &[1.0 / 255.0])], &["Cast x > a", "Mul a c > y"], Some(Range::Bytes)),
            (&[("c", &[123.0, 117.0, 104.0])], &["Sub x c > y"], Some(Range::Bytes)),
            (&[("c", &[-123.0, -117.0, -104.0])], &["Add x c > y"], Some(Range::Bytes)),
            (&[("c", &[2.0]), ("o", &[1.0])], &["Mul x c > a", "Sub a o > y"], Some(Range::Unit)),
            (&[("c", &[255.0])], &["Sub c x > a", "Div a c > y"], Some(Range::Bytes)),
            (&[("c", &[0.0])], &["Div x c > y"], None),
            (&[("c", &[f32::NAN])], &["Sub x c > y"], None),
            (&[("c", &[255.0, 1.0])], &["Div x c > y"], None),
            (&[], &["Identity x > y"], None),
        ] {
            let network = inspect_graph(&normalising(&[1, 3, 8, 8], constants, lines)).unwrap();
            assert_eq!(network.input.range, range, "{lines:?}");
        }
    }

    #[test]
    fn the_mean_of_imagenet_inside_the_network_gives_the_order_of_the_colours() {
        for (constants, lines, colour) in [
            (&[("c", &[-104.0, -117.0, -123.0][..])][..], &["Add x c > y"][..], Some(Colour::Bgr)),
            (
                &[("m", &[0.485, 0.456, 0.406]), ("s", &[0.229, 0.224, 0.225])],
                &["Sub x m > a", "Div a s > y"],
                Some(Colour::Rgb),
            ),
            (&[("c", &[1.0 / 127.5]), ("o", &[1.0])], &["Mul c x > a", "Sub a o > y"], None),
            (&[("c", &[0.0, 0.0, 0.0])], &["Sub x c > y"], None),
        ] {
            let network = inspect_graph(&normalising(&[1, 3, 8, 8], constants, lines)).unwrap();
            assert_eq!(network.input.colour, colour, "{lines:?}");
        }
    }

    #[test]
    fn the_layout_follows_from_the_colour_channels_or_the_first_layer() {
        let layout = |sides: &[i64], first: NodeProto| {
            let mut graph = normalising(sides, &[], &["Identity x > y"]);
            graph.node[0] = first;
            inspect_graph(&graph).map(|network| (network.input.layout, network.input.height, network.input.width))
        };
        let plain = || nodes(&["Identity x > y"]).remove(0);
        let turned = || with_ints(nodes(&["Transpose x > y"]).remove(0), "perm", &[0, 3, 1, 2]);
        let unknown = || nodes(&["Relu x > y"]).remove(0);
        let (nchw, nhwc) = (Some(Layout::Nchw), Some(Layout::Nhwc));
        assert_eq!(layout(&[0, 3, 6, 8], plain()).unwrap(), (nchw, Some(6), Some(8)));
        assert_eq!(layout(&[1, 6, 8, 3], unknown()).unwrap(), (nhwc, Some(6), Some(8)));
        assert_eq!(layout(&[0, 3, 0, 0], unknown()).unwrap(), (nchw, None, None));
        assert_eq!(layout(&[0, 0, 0, 0], turned()).unwrap(), (nhwc, None, None));
        assert_eq!(layout(&[0, 0, 0, 0], unknown()).unwrap(), (None, None, None));
        assert_eq!(layout(&[1, 3, 7, 3], turned()).unwrap(), (nhwc, Some(3), Some(7)));
        assert_eq!(layout(&[1, 3, 7, 3], plain()).unwrap(), (nchw, Some(7), Some(3)));
        assert_eq!(layout(&[], plain()).unwrap(), (nchw, None, None));
        for sides in [&[1, 1, 8, 8][..], &[1, 768], &[3, 8, 8], &[1, 4, 8, 8]] {
            let error = layout(sides, plain()).expect_err("no picture");
            assert_eq!(error.kind(), ErrorKind::ModelMismatch);
            assert!(error.detail().contains("colour pictures"), "{error}");
        }
    }
}
