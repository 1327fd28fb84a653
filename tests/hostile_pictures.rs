//! Truncates, mutates and splices picture files at random: the result is an error or a picture within the limits, never a panic.
//! `fuzz/` continues with coverage guidance.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;
use tagsmith::picture::{Limits, decode};
use tagsmith::picture::{PictureFormat, promised_size};

/// Small limits, so that a mutated header cannot make a case slow.
const LIMITS: Limits =
    Limits { max_file_bytes: 1 << 20, max_side: Some(500), max_pixels: Some(50_000), ..Limits::DEFAULT };

/// All good and bad fixtures.
fn seeds() -> &'static [Vec<u8>] {
    static SEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures");
        let files = ["good", "bad"].into_iter().flat_map(|name| fs::read_dir(folder.join(name)).expect("fixtures"));
        let mut paths: Vec<_> = files.map(|entry| entry.expect("a readable folder").path()).collect();
        paths.sort();
        paths.iter().map(|path| fs::read(path).expect("a readable file")).collect()
    })
}

#[derive(Debug, Clone)]
enum Mutation {
    Flip(Index, u8),
    /// Near the start, because headers are short and most errors are in them.
    FlipEarly(u8, u8),
    Word(Index, u32),
    Cut(Index),
    Remove(Index, u8),
    Repeat(Index, u8),
    /// Replaces the rest by that of another file.
    Splice(Index, Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let extreme = prop_oneof![Just(0), Just(1), Just(0x7FFF_FFFF), Just(0x8000_0000), Just(u32::MAX), any::<u32>()];
    prop_oneof![
        4 => (any::<Index>(), 1..=255u8).prop_map(|(at, bits)| Mutation::Flip(at, bits)),
        4 => (any::<u8>(), 1..=255u8).prop_map(|(at, bits)| Mutation::FlipEarly(at, bits)),
        2 => (any::<Index>(), extreme).prop_map(|(at, word)| Mutation::Word(at, word)),
        1 => any::<Index>().prop_map(Mutation::Cut),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, n)| Mutation::Remove(at, n)),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, n)| Mutation::Repeat(at, n)),
        1 => (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(at, file, from)| Mutation::Splice(at, file, from)),
    ]
}

fn apply(bytes: &mut Vec<u8>, mutation: &Mutation) {
    if bytes.is_empty() {
        return;
    }
    let len = bytes.len();
    match mutation {
        Mutation::Flip(at, bits) => bytes[at.index(len)] ^= bits,
        Mutation::FlipEarly(at, bits) => bytes[usize::from(*at) % len] ^= bits,
        Mutation::Word(at, word) => {
            let at = at.index(len);
            let end = len.min(at + 4);
            bytes[at..end].copy_from_slice(&word.to_be_bytes()[..end - at]);
        }
        Mutation::Cut(at) => bytes.truncate(at.index(len)),
        Mutation::Remove(at, n) => drop(bytes.drain(at.index(len)..len.min(at.index(len) + usize::from(*n)))),
        Mutation::Repeat(at, n) => {
            let at = at.index(len);
            let part = bytes[at..len.min(at + usize::from(*n))].to_vec();
            bytes.splice(at..at, part);
        }
        Mutation::Splice(at, file, from) => {
            let other = &seeds()[file.index(seeds().len())];
            bytes.truncate(at.index(len));
            bytes.extend(&other[from.index(other.len() + 1)..]);
        }
    }
}

fn decodes_within_limits(bytes: &[u8], shorter_side: Option<u32>) {
    if let Ok((_, picture)) = decode(bytes, &LIMITS, shorter_side) {
        let (width, height) = (picture.full_width(), picture.full_height());
        assert!(LIMITS.check_size(width, height).is_ok());
        assert!(picture.width() <= width && picture.height() <= height && picture.width() > 0 && picture.height() > 0);
        assert_eq!(picture.pixels().len(), 3 * picture.width() as usize * picture.height() as usize);
    }
}

proptest! {
    // Takes about 10 s on two busy cores. Failures print their input; nothing is written to the source tree.
    #![proptest_config(ProptestConfig { cases: 300_000, failure_persistence: None, max_shrink_time: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn mutated_pictures_never_panic(
        file in any::<Index>(),
        mutations in prop::collection::vec(mutation(), 1..6),
        shorter_side in prop_oneof![Just(None), (1..40u32).prop_map(Some)],
    ) {
        let mut bytes = seeds()[file.index(seeds().len())].clone();
        mutations.iter().for_each(|mutation| apply(&mut bytes, mutation));
        decodes_within_limits(&bytes, shorter_side);
        let _ = promised_size(&bytes);
    }

    #[test]
    fn noise_after_a_signature_never_panics(file in any::<Index>(), noise in prop::collection::vec(any::<u8>(), 0..300)) {
        let seed = &seeds()[file.index(seeds().len())];
        let mut bytes = seed[..seed.len().min(16)].to_vec();
        bytes.extend(noise);
        decodes_within_limits(&bytes, None);
    }
}

#[test]
fn truncating_any_picture_causes_no_panic_and_no_hang() {
    for seed in seeds() {
        let step = (seed.len() / 60).max(1);
        for end in (0..seed.len()).step_by(step) {
            decodes_within_limits(&seed[..end], None);
        }
    }
}

/// Kinds that share little code: directories, tiles and planes, and a decoder of each kind.
const TIFFS: [&str; 9] = [
    "big_endian_big_tiff",
    "fax_group_3_two_dimensions",
    "fax_group_4_strips",
    "float_predictor",
    "jpeg_tiles",
    "lzw",
    "old_jpeg_tables",
    "ycbcr_subsampled",
    "zstd",
];

#[test]
fn cut_and_changed_tiffs_cause_no_panic_and_no_hang() {
    let mut random = 1u32;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % below
    };
    for name in TIFFS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/pictures/good/{name}.tif"));
        let whole = fs::read(path).expect("fixtures");
        (0..whole.len()).step_by(3).for_each(|end| decodes_within_limits(&whole[..end], None));
        for round in 0..500 {
            let mut changed = whole.clone();
            // Every other time in the directory, which is at the beginning or the end.
            let at = next(if round % 2 == 0 { whole.len() } else { whole.len().min(300) });
            let at = if round % 4 == 1 { whole.len() - 1 - at } else { at };
            changed[at] ^= 1 << next(8);
            changed[(at + next(9)) % whole.len()] = next(256) as u8;
            decodes_within_limits(&changed, None);
        }
    }
}

#[test]
fn the_seeds_have_every_format() {
    for &format in PictureFormat::ALL {
        assert!(seeds().iter().any(|seed| PictureFormat::sniff(seed) == Some(format)), "{format:?}");
    }
}

/// Deeply nested boxes and frames and endless scans take time proportional to the file, and no stack.
#[test]
fn deeply_nested_and_long_files_end_soon() {
    let anmf: Vec<u8> = [b"ANMF".as_slice(), &[0xFF, 0xFF, 0xFF, 0x7F], &[0; 16]].concat().repeat(40_000);
    let webp = [b"RIFF".as_slice(), &(anmf.len() as u32 + 4).to_le_bytes(), b"WEBP", &anmf].concat();
    decodes_within_limits(&webp, None);
    assert_eq!(promised_size(&[0, 0, 0, 8, b'f', b'r', b'e', b'e'].repeat(100_000)), None);

    let progressive =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures/good/progressive.jpg")).unwrap();
    let scan = progressive.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    let mut many_scans = progressive[..scan].to_vec();
    many_scans.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0].repeat(50_000));
    many_scans.extend([0xFF, 0xD9]);
    let error = decode(&many_scans, &LIMITS, None).unwrap_err();
    assert!(error.detail().contains("scans"), "{error}");
}
