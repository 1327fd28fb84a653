//! Hostile files: the result is an error or a file that can be read again, never a panic.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

fn keywords() -> Keywords {
    let mut keywords = Keywords::default();
    keywords.add("räv", &["animal".to_owned()], &["animal".to_owned()]);
    keywords.set_texts("Räv", "En räv\ni snön", "");
    keywords
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pictures/good");
    fs::read(folder.join(name)).expect("a fixture")
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xFF, marker], &(content.len() as u16 + 2).to_be_bytes()[..], content].concat()
}

/// A JPEG with every kind of metadata that is read.
fn full_jpeg() -> Vec<u8> {
    let plain = fixture("grey.jpg");
    let iptc = b"\x1C\x01\x5A\0\x03\x1B%G\x1C\x02\0\0\x02\0\x04\x1C\x02\x19\0\x03dog";
    let resources =
        [b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0", &[iptc.len() as u8][..], iptc, &[0; 1][..iptc.len() % 2]].concat();
    let entry = [&[0; 4][..], &[0, 1, 0, 0], &[0; 8]].concat();
    let index = [b"MPF\0II*\0\x08\0\0\0\x01\0\x02\xB0\x07\0\x20\0\0\0\x1A\0\0\0\0\0\0\0", &entry[..], &entry].concat();
    let xmp = write_keywords(&plain, &{
        let mut dog = Keywords::default();
        dog.add("dog", &[], &[]);
        dog
    });
    let extended = b"http://ns.adobe.com/xmp/extension/\0GUIDGUIDGUIDGUIDGUIDGUIDGUIDGUID\0\0\0\x09\0\0\0\0<a></a>";
    let xmp = xmp.unwrap();
    [&xmp[..2], &segment(0xE1, extended), &segment(0xE2, &index), &segment(0xED, &resources), &xmp[2..]].concat()
}

/// Pictures of all formats, without and with keywords.
fn seeds() -> &'static [Vec<u8>] {
    static SEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let names = [
            "grey.jpg",
            "orientation_6.jpg",
            "one_bit.png",
            "animated.png",
            "lossy.webp",
            "lossless_alpha.webp",
            "animated.webp",
        ];
        let mut seeds: Vec<_> = names.into_iter().map(fixture).chain([full_jpeg()]).collect();
        let written: Vec<_> = seeds.iter().map(|seed| write_keywords(seed, &keywords()).unwrap()).collect();
        seeds.extend(written);
        seeds.push(sidecar(&keywords()).into_bytes());
        seeds
    })
}

/// Writes twice: what was written can be read, and nothing is added a second time.
fn survives(bytes: &[u8]) -> Option<Vec<u8>> {
    let _ = merge_sidecar(bytes, &keywords())
        .map(|merged| assert_eq!(merge_sidecar(&merged, &keywords()).unwrap(), merged));
    let written = write_keywords(bytes, &keywords()).ok()?;
    assert!(write_keywords(&written, &keywords()).unwrap() == written);
    Some(written)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_never_panic(
        file in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), 0..600usize, any::<bool>(), any::<[u8; 4]>(), 0..5usize), 1..5),
        cut in prop::option::of(any::<Index>()),
    ) {
        let mut bytes = seeds()[file.index(seeds().len())].clone();
        for (anywhere, early, is_early, word, n) in changes {
            let at = if is_early { early % bytes.len() } else { anywhere.index(bytes.len()) };
            let end = bytes.len().min(at + n);
            // Removes, doubles or overwrites.
            match word[0] % 4 {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
                _ => bytes[at..end].copy_from_slice(&word[..end - at]),
            }
            prop_assume!(!bytes.is_empty());
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        survives(&bytes);
    }

    #[test]
    fn other_words_in_packets_never_panic(parts in prop::collection::vec(0..25usize, 0..24)) {
        const PARTS: [&str; 25] = [
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">", "</rdf:RDF>", "<rdf:Description rdf:about=''>", "</rdf:Description>",
            "<dc:subject xmlns:dc=\"http://purl.org/dc/elements/1.1/\">", "</dc:subject>", "<rdf:Bag>", "</rdf:Bag>", "<rdf:Bag/>", "<rdf:li>", "</rdf:li>", "räv",
            "<rdf:Description xmlns:dc=\"http://purl.org/dc/elements/1.1/\" dc:subject=\"a\"/>", "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/>", " ", "\u{feff}", "&#x1F98A;", "<?xpacket end='w'?>",
            "<dc:title xmlns:dc=\"http://purl.org/dc/elements/1.1/\">", "</dc:title>", "<rdf:Alt>", "</rdf:Alt>", "<rdf:Alt/>", "<rdf:li xml:lang='x-default'>",
            "<rdf:Description xmlns:dc=\"http://purl.org/dc/elements/1.1/\" dc:description=\"a\"/>",
        ];
        let packet: String = parts.into_iter().map(|part| PARTS[part]).collect();
        survives(packet.as_bytes());
    }
}

#[test]
fn a_file_cut_anywhere_before_its_pixels_is_damaged() {
    for seed in seeds().iter().filter(|seed| !seed.starts_with(b"<")) {
        let pixels = [&b"\xFF\xDA"[..], b"IDAT", b"VP8 ", b"VP8L", b"ANMF"].into_iter();
        let pixels = pixels.filter_map(|mark| seed.windows(mark.len()).position(|found| found == mark)).min().unwrap();
        for len in (12..pixels).step_by(1 + pixels / 500) {
            let error = write_keywords(&seed[..len], &keywords()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::PictureDamaged, "{len}: {error}");
        }
    }
}

#[test]
fn lengths_of_100_mb_and_more_allocate_nothing() {
    let begin = Instant::now();
    let png = fixture("one_bit.png");
    for len in [100_000_000u32, i32::MAX as u32, u32::MAX] {
        let chunk = [&len.to_be_bytes()[..], b"iTXtXML:com.adobe.xmp\0\0\0\0\0"].concat();
        assert!(write_keywords(&[&png[..33], &chunk, &png[33..]].concat(), &keywords()).is_err());
        let webp = fixture("lossy.webp");
        for at in [4, 16] {
            let mut lying = webp.clone();
            lying[at..at + 4].copy_from_slice(&len.to_le_bytes());
            assert!(write_keywords(&lying, &keywords()).is_err());
        }
        let resources = [b"Photoshop 3.0\08BIM\x04\x04\0\0", &len.to_be_bytes()[..], b"abc"].concat();
        let jpeg = fixture("grey.jpg");
        assert!(write_keywords(&[&jpeg[..2], &segment(0xED, &resources), &jpeg[2..]].concat(), &keywords()).is_err());
    }
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

/// 100 MB of spaces in 100 KB.
#[test]
fn a_packet_that_unpacks_to_too_much_is_refused() {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(&vec![b' '; 100 << 20], 1);
    let mut text = [b"iTXtXML:com.adobe.xmp\0\x01\0\0\0", &packed[..]].concat();
    text.extend(png::crc32(&text).to_be_bytes());
    let chunk = [&(text.len() as u32 - 8).to_be_bytes()[..], &text].concat();
    let plain = fixture("one_bit.png");
    let error = write_keywords(&[&plain[..33], &chunk, &plain[33..]].concat(), &keywords()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PictureDamaged);
    assert!(error.detail().contains("XMP"), "{error}");
}

#[test]
fn many_small_parts_are_read_in_moments() {
    let begin = Instant::now();
    let plain = fixture("grey.jpg");
    let extended =
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0GUIDGUIDGUIDGUIDGUIDGUIDGUIDGUID\0\0\0\x09\0\0\0\0<");
    let resources = segment(0xED, b"Photoshop 3.0\08BIM\x03\xED\0\0\0\0\0\0");
    let several = [&plain[..2], &extended.repeat(50_000), &resources.repeat(50_000), &plain[2..]].concat();
    assert!(survives(&several).is_some());
    let plain = fixture("one_bit.png");
    let chunk = &plain[8..33];
    let several = [&plain[..33], &chunk.repeat(200_000), &plain[33..]].concat();
    assert!(survives(&several).is_some());
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

#[test]
fn a_damaged_xmp_or_iptc_is_named_and_never_written_over() {
    let plain = fixture("grey.jpg");
    let with = |segment: Vec<u8>| [&plain[..2], &segment, &plain[2..]].concat();
    let xmp = with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta"));
    assert_eq!(write_keywords(&xmp, &keywords()).unwrap_err().kind(), ErrorKind::XmpInvalid);
    let iptc = with(segment(0xED, b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x06\x1C\x02\x19\0\x09a"));
    let error = write_keywords(&iptc, &keywords()).unwrap_err();
    assert!(error.detail().contains("IPTC"), "{error}");
    let mut png = write_keywords(&fixture("one_bit.png"), &keywords()).unwrap();
    let at = png.windows(4).position(|name| name == b"iTXt").unwrap() + 60;
    png[at] ^= 1;
    let error = write_keywords(&png, &keywords()).unwrap_err();
    assert!(error.detail().contains("XMP in this PNG"), "{error}");
}

#[test]
fn without_keywords_a_file_stays_as_it_is() {
    for seed in seeds().iter().filter(|seed| !seed.starts_with(b"<")) {
        assert!(write_keywords(seed, &Keywords::default()).unwrap() == *seed);
    }
    assert_eq!(merge_sidecar(b"anything", &Keywords::default()).unwrap(), b"anything");
}
