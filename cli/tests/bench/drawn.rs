//! Pictures that nobody has to keep: each is another one.

/// A BMP of 48 × 48 pixels, drawn from `seed`: a few rectangles over a gradient.
pub fn picture(seed: u32) -> Vec<u8> {
    const SIDE: usize = 48;
    let mut random = Random(u64::from(seed));
    let mut pixels = vec![[0_u8; 3]; SIDE * SIDE];
    for (at, pixel) in pixels.iter_mut().enumerate() {
        *pixel = [at / SIDE * 5, at % SIDE * 5, seed as usize * 37].map(|channel| channel as u8);
    }
    for _ in 0..4 {
        let [left, top, width, height] = std::array::from_fn(|_| random.below(SIDE as u64 / 2) as usize);
        let colour = std::array::from_fn(|_| random.below(256) as u8);
        for y in top..top + height {
            pixels[y * SIDE + left..y * SIDE + left + width].fill(colour);
        }
    }
    let n_bytes = 54 + pixels.len() * 3;
    let mut file = b"BM".to_vec();
    for number in [n_bytes as u32, 0, 54, 40, SIDE as u32, SIDE as u32, 1 | 24 << 16, 0, 0, 0, 0, 0, 0] {
        file.extend(number.to_le_bytes());
    }
    file.extend(pixels.as_flattened());
    file
}

/// A small generator of numbers that look random, the same every time.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}
