//! Files of few bytes that state much.

/// RGBA of 32-bit floats in one strip, of which there is nothing.
pub fn tiff(width: u32, height: u32) -> Vec<u8> {
    let tags: [(u16, u32); 9] =
        [(256, width), (257, height), (258, 32), (259, 1), (262, 2), (273, 8), (277, 4), (279, 0xFFFF_FFF0), (339, 3)];
    let mut file = b"II*\0\x08\0\0\0\x09\0".to_vec();
    for (tag, value) in tags {
        file.extend(tag.to_le_bytes());
        file.extend([4, 0, 1, 0, 0, 0]);
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file
}

/// Black and white; the pixels of the frame end after a few.
pub fn gif(canvas: (u16, u16), frame: (u16, u16)) -> Vec<u8> {
    let sides = |(width, height): (u16, u16)| [width.to_le_bytes(), height.to_le_bytes()].concat();
    let (canvas, frame) = (sides(canvas), sides(frame));
    [b"GIF89a", &canvas[..], b"\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0", &frame, b"\0\x02\x02D\x01\0;"].concat()
}

/// Sequential, in four inks, `side` pixels wide and high, with `n_scans` scans of `n_bytes` each.
pub fn jpeg(side: u16, n_scans: usize, n_bytes: usize) -> Vec<u8> {
    let side = side.to_be_bytes();
    let mut file = [&b"\xFF\xD8\xFF\xDB\0\x43\0"[..], &[1; 64], b"\xFF\xC0\0\x14\x08", &side, &side, b"\x04"].concat();
    file.extend([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0]);
    // One code of one bit: no difference, and one more coefficient.
    for (class, value) in [(0x00, 0), (0x10, 1)] {
        file.extend([0xFF, 0xC4, 0, 20, class, 1]);
        file.extend([0; 15]);
        file.push(value);
    }
    for _ in 0..n_scans {
        file.extend(b"\xFF\xDA\0\x0E\x04\x01\0\x02\0\x03\0\x04\0\0\x3F\0");
        file.extend(vec![0; n_bytes]);
    }
    file.extend([0xFF, 0xD9]);
    file
}

/// A bitmap with run lengths that ends at once.
pub fn bmp(width: i32, height: i32) -> Vec<u8> {
    let mut file = b"BM".to_vec();
    let longs =
        [0, 0, 14 + 40 + 1024, 40, width.cast_unsigned(), height.cast_unsigned(), 1 | 8 << 16, 1, 0, 0, 0, 0, 0];
    file.extend(longs.iter().flat_map(|long: &u32| long.to_le_bytes()));
    file.extend([0; 1024]);
    file.extend([0, 1]);
    file
}

/// A whole bitmap, each of whose rows is a few runs of black.
pub fn bmp_of_runs(width: u16, height: u16) -> Vec<u8> {
    let mut file = bmp(width.into(), height.into());
    file.truncate(file.len() - 2);
    let runs = (0..width).step_by(250).flat_map(|from| [(width - from).min(250) as u8, 0]);
    let row: Vec<u8> = runs.chain([0, 0]).collect();
    (0..height).for_each(|_| file.extend(&row));
    file.extend([0, 1]);
    file
}

/// One pixel, lossless, which says that it uses the last of so many groups of prefix codes.
pub fn webp_with_code_groups(n_groups: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    // Signature, two sides minus 1, no alpha, version; no transform, no cache, several groups in blocks of 512.
    [(0x2F, 8), (0, 14), (0, 14), (0, 1), (0, 3), (0, 1), (0, 1), (1, 1), (7, 3)]
        .into_iter()
        .for_each(|(value, n)| bits.write(value, n));
    // The picture of groups has one pixel: green and red are the number of the last.
    bits.write(0, 1);
    let last = n_groups - 1;
    [last & 0xFF, last >> 8, 0, 0, 0].into_iter().for_each(|symbol| bits.single(symbol));
    for _ in 0..n_groups {
        bits.single(0);
        (0..3).for_each(|_| bits.all_of_eight_bits());
        bits.single(0);
    }
    bits.write(0, 32);
    let chunk = bits.bytes();
    let mut file = b"RIFF".to_vec();
    file.extend((chunk.len() as u32 + 12).to_le_bytes());
    file.extend(b"WEBPVP8L");
    file.extend((chunk.len() as u32).to_le_bytes());
    file.extend(chunk);
    file
}

/// Writes from the lowest bit on.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    word: u64,
    n: u32,
}

impl Bits {
    fn write(&mut self, value: u32, n: u32) {
        self.word |= u64::from(value) << self.n;
        self.n += n;
        while self.n >= 8 {
            self.bytes.push(self.word as u8);
            self.word >>= 8;
            self.n -= 8;
        }
    }

    /// A code of one symbol, which takes no bits.
    fn single(&mut self, symbol: u32) {
        [(1, 1), (0, 1), (1, 1), (symbol, 8)].into_iter().for_each(|(value, n)| self.write(value, n));
    }

    /// A code of 256 symbols: the lengths are coded by a code with one symbol, the length 8, which is the twelfth in its order.
    fn all_of_eight_bits(&mut self) {
        [(0, 1), (12 - 4, 4)].into_iter().for_each(|(value, n)| self.write(value, n));
        (1..=12).for_each(|place| self.write(u32::from(place == 12), 3));
        self.write(0, 1);
    }

    /// Of an even number.
    fn bytes(mut self) -> Vec<u8> {
        self.bytes.push(self.word as u8);
        if self.bytes.len() % 2 == 1 {
            self.bytes.push(0);
        }
        self.bytes
    }
}
