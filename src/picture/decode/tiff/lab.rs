//! CIE L*a*b* of 8 bits, with the white of print (D50) as Photoshop and ICC profiles have it -> sRGB.

/// Linear light is looked up in so many steps.
const STEPS: usize = 4096;
/// D50.
const WHITE: [f32; 3] = [0.9642, 1.0, 0.8249];
/// XYZ under D50 -> linear sRGB (Bradford).
const TO_RGB: [[f32; 3]; 3] = [
    [3.133_856, -1.616_866_7, -0.490_614_6],
    [-0.978_768_4, 1.916_141_5, 0.033_454_0],
    [0.071_945_3, -0.228_991_4, 1.405_242_7],
];

pub struct Lab {
    /// Whether a and b are stored with 128 added, as ICC profiles do, instead of signed.
    is_offset: bool,
    /// sRGB of linear light.
    gamma: Vec<u8>,
}

impl Lab {
    pub fn new(is_offset: bool) -> Self {
        let gamma = |step: usize| {
            let light = step as f32 / STEPS as f32;
            let value = if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
            (value * 255.0).round() as u8
        };
        Self { is_offset, gamma: (0..=STEPS).map(gamma).collect() }
    }

    pub fn rgb(&self, [l, a, b]: [u8; 3]) -> [u8; 3] {
        let signed = |value: u8| if self.is_offset { f32::from(value) - 128.0 } else { f32::from(value as i8) };
        let y = (f32::from(l) * (100.0 / 255.0) + 16.0) / 116.0;
        let roots = [y + signed(a) / 500.0, y, y - signed(b) / 200.0];
        let light = |root: f32| {
            let linear = (116.0 * root - 16.0) / 903.3;
            if root > 6.0 / 29.0 { root * root * root } else { linear }
        };
        let [x, y, z] = std::array::from_fn(|idx| light(roots[idx]) * WHITE[idx]);
        TO_RGB.map(|row| {
            let linear = row[0] * x + row[1] * y + row[2] * z;
            self.gamma[(linear.clamp(0.0, 1.0) * STEPS as f32).round() as usize]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_are_those_of_srgb() {
        let lab = Lab::new(false);
        assert_eq!(lab.rgb([255, 0, 0]), [255, 255, 255]);
        assert_eq!(lab.rgb([0, 0, 0]), [0, 0, 0]);
        // Pure red: L 54.29, a 80.81, b 69.89.
        let red = lab.rgb([138, 81, 70]);
        assert!(red[0] >= 253 && red[1] <= 3 && red[2] <= 3, "{red:?}");
        assert_eq!(Lab::new(true).rgb([138, 128 + 81, 128 + 70]), red);
    }
}
