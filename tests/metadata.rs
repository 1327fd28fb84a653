//! Keywords inside picture files: only the metadata differs from the file before, and exiftool reads what was meant.
//!
//! The tests in `exiftool` need that program (Debian's package libimage-exiftool-perl), which makes most files here too.

use std::fs;
use std::path::{Path, PathBuf};

use tagsmith::{Keywords, write_keywords};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn case(name: &str) -> PathBuf {
    root().join("tests/cases").join(name)
}

fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures/pictures/good").join(name)
}

/// A cat, an animal, and a fox in Swedish.
fn keywords() -> Keywords {
    let mut keywords = Keywords::default();
    keywords.add("cat", &["animal".to_owned()], &["animal".to_owned()]);
    keywords.add("räv & <fågel>", &[], &[]);
    keywords
}

const FLAT: [&str; 3] = ["cat", "animal", "räv & <fågel>"];
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The name and content of every part of a file, and what follows them. Panics if the structure is not right.
fn parts(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut parts = Vec::new();
    let mut at;
    let number =
        |at: usize, len: usize| file[at..at + len].iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
    if file.starts_with(b"RIFF") {
        at = 12;
        let little = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
        let end = little(4) + 8;
        while at < end {
            let (name, len) = (String::from_utf8_lossy(&file[at..at + 4]).into_owned(), little(at + 4));
            parts.push((name, file[at + 8..at + 8 + len].to_vec()));
            at += 8 + len;
            assert!(len % 2 == 0 || file[at] == 0, "the padding");
            at += len % 2;
        }
        assert_eq!(at, end, "the size of the file in its header");
    } else if file.starts_with(b"\x89PNG") {
        at = 8;
        while parts.last().is_none_or(|(name, _)| name != "IEND") {
            let (name, len) = (String::from_utf8_lossy(&file[at + 4..at + 8]).into_owned(), number(at, 4));
            assert_eq!(number(at + 8 + len, 4), crc32(&file[at + 4..at + 8 + len]) as usize, "the checksum of {name}");
            parts.push((name, file[at + 8..at + 8 + len].to_vec()));
            at += 12 + len;
        }
    } else {
        at = 2;
        while file[at + 1] != 0xDA {
            let (name, len) = (format!("{:X}", number(at, 2)), number(at + 2, 2));
            parts.push((name, file[at + 4..at + 2 + len].to_vec()));
            at += 2 + len;
        }
    }
    parts.push(("rest".into(), file[at..].to_vec()));
    parts
}

/// The checksum of PNG.
fn crc32(bytes: &[u8]) -> u32 {
    let shifted = |sum: u32| if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
    !bytes.iter().fold(!0, |sum, &byte| (0..8).fold(sum ^ u32::from(byte), |sum, _| shifted(sum)))
}

fn is_for_keywords((name, content): &(String, Vec<u8>)) -> bool {
    match name.as_str() {
        "FFE1" => content.starts_with(XMP),
        "FFED" => content.starts_with(b"Photoshop 3.0\0"),
        "iTXt" => content.starts_with(b"XML:com.adobe.xmp\0"),
        // Compared on its own.
        "XMP " | "VP8X" => true,
        _ => false,
    }
}

/// `before` with keywords. Every other part is equal, in the same order, and writing again changes nothing.
fn written(before: &[u8]) -> Vec<u8> {
    let after = write_keywords(before, &keywords()).unwrap();
    let others = |file: &[u8]| parts(file).into_iter().filter(|part| !is_for_keywords(part)).collect::<Vec<_>>();
    assert!(others(before) == others(&after), "other bytes differ");
    assert!(write_keywords(&after, &keywords()).unwrap() == after, "writing again changes the file");
    after
}

fn names(file: &[u8]) -> Vec<String> {
    parts(file).into_iter().map(|(name, _)| name).collect()
}

/// The content of the part of that name, if there is one.
fn part(file: &[u8], name: &str) -> Option<Vec<u8>> {
    parts(file).into_iter().find(|(found, _)| found == name).map(|(_, content)| content)
}

#[test]
fn xmp_of_a_jpeg_follows_jfif_and_exif() {
    let order = |path: PathBuf| names(&written(&fs::read(path).unwrap()));
    assert_eq!(order(case("coffee/picture.jpg"))[..3], ["FFE0", "FFE1", "FFDB"]);
    let exif = order(case("chelsea_orientation_6/picture.jpg"));
    let last = exif.iter().rposition(|name| name == "FFE1").unwrap();
    assert!(
        part(&written(&fs::read(case("chelsea_orientation_6/picture.jpg")).unwrap()), "FFE1")
            .unwrap()
            .starts_with(b"Exif\0")
    );
    assert!(exif[..last].iter().all(|name| ["FFE0", "FFE1"].contains(&name.as_str())), "{exif:?}");
}

#[test]
fn xmp_of_a_png_comes_before_its_pixels() {
    for path in [
        case("drawn_crossword_one_bit/picture.png"),
        fixture("animated.png"),
        fixture("icc.png"),
        fixture("palette.png"),
    ] {
        let after = names(&written(&fs::read(path).unwrap()));
        let place = |name: &str| after.iter().position(|found| found == name);
        assert!(
            place("iTXt").unwrap() < place("IDAT").unwrap() && place("iTXt") < Some(place("fcTL").unwrap_or(99)),
            "{after:?}"
        );
        assert_eq!(after.iter().filter(|name| *name == "iTXt").count(), 1);
    }
}

/// Flags, width and height in the header of an extended file.
fn canvas(file: &[u8]) -> (u8, u32, u32) {
    let header = part(file, "VP8X").unwrap();
    assert_eq!(header.len(), 10);
    let side = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], 0]) + 1;
    (header[0], side(4), side(7))
}

#[test]
fn a_webp_says_that_it_has_xmp_and_what_it_had_before() {
    for (name, flags) in [
        ("lossy", 0x04),
        ("lossless", 0x04),
        ("lossless_alpha", 0x14),
        ("lossy_alpha", 0x14),
        ("animated", 0x06),
        ("animated_lossy", 0x06),
        ("icc", 0x24),
        ("orientation_8", 0x0C),
    ] {
        let before = fs::read(fixture(&format!("{name}.webp"))).unwrap();
        let after = written(&before);
        // Alpha in frames is announced or not as the file's program liked.
        let announced = part(&before, "VP8X").map_or(0, |header| header[0]);
        let (found, width, height) = canvas(&after);
        assert_eq!(
            (found & !(announced & 0x10), found & announced),
            (flags & !(announced & 0x10), announced),
            "{name}"
        );
        assert_eq!(names(&after)[0], "VP8X");
        if announced != 0 {
            assert_eq!(part(&before, "VP8X").unwrap()[1..], part(&after, "VP8X").unwrap()[1..]);
        }
        #[cfg(feature = "inference")]
        {
            let limits = tagsmith::Limits::default();
            let (_, picture) = tagsmith::picture::decode(&after, &limits, None).unwrap();
            let sides = (picture.full_width(), picture.full_height());
            assert!(sides == (width, height) || sides == (height, width), "{name}");
        }
        assert!(width > 0 && height > 0);
        let last: Vec<String> = names(&after).into_iter().rev().take(2).collect();
        assert_eq!(last, ["rest", "XMP "]);
    }
}

#[cfg(feature = "inference")]
#[test]
fn pixels_are_the_same() {
    for name in [
        "cmyk.jpg",
        "progressive.jpg",
        "orientation_6.jpg",
        "interlaced_16.png",
        "palette_transparent.png",
        "lossy_alpha.webp",
        "lossless.webp",
        "animated.webp",
    ] {
        let before = fs::read(fixture(name)).unwrap();
        let pixels = |file: &[u8]| {
            let (_, picture) = tagsmith::picture::decode(file, &tagsmith::Limits::default(), None).unwrap();
            picture.pixels().to_vec()
        };
        assert!(pixels(&before) == pixels(&written(&before)), "{name}");
    }
}

/// What is behind the pictures, such as the film of a phone, is copied.
#[test]
fn what_follows_the_picture_is_kept() {
    for path in [fixture("film_behind_it.jpg"), fixture("rgb.png"), fixture("lossy.webp")] {
        let mut before = fs::read(&path).unwrap();
        before.extend_from_slice(b"something behind it");
        assert!(written(&before).ends_with(b"something behind it"), "{}", path.display());
    }
}

#[test]
fn other_formats_are_refused_by_name() {
    for name in ["still.gif", "rgb.bmp", "rgb_16.tif", "png_inside.ico"] {
        let error = write_keywords(&fs::read(fixture(name)).unwrap(), &keywords()).unwrap_err();
        assert_eq!(error.kind().code(), "keywords_not_writable", "{name}");
        assert!(error.detail().contains("JPEG, PNG and WebP"), "{error}");
    }
}

mod exiftool {
    use std::process::Command;

    use serde_json::{Map, Value};
    use tagsmith::{merge_sidecar, sidecar};

    use super::*;

    fn run(arguments: &[&str], files: &[&Path]) -> String {
        let mut command = Command::new("exiftool");
        let output = command.args(arguments).args(files).output().expect(
            "exiftool is needed. Install it (Debian: libimage-exiftool-perl), or leave these tests out: cargo test -- --skip exiftool::",
        );
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
        text
    }

    /// A path for a file of a test; tests run side by side, so `name` is the test's own.
    fn path(name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("metadata");
        fs::create_dir_all(&folder).unwrap();
        folder.join(name)
    }

    fn save(name: &str, content: &[u8]) -> PathBuf {
        let path = path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// A copy of a picture, changed by exiftool.
    fn made(name: &str, picture: &Path, changes: &[&str]) -> Vec<u8> {
        let made = path(name);
        let _ = fs::remove_file(&made);
        let changes = [changes, &["-q", "-o", made.to_str().unwrap()]].concat();
        run(&changes, &[picture]);
        fs::read(made).unwrap()
    }

    fn tags(file: &Path) -> Map<String, Value> {
        let read = run(&["-j", "-struct", "-G1", "-a", "-charset", "iptc=UTF8"], &[file]);
        let Value::Array(files) = serde_json::from_str(&read).unwrap() else { panic!("{read}") };
        let Some(Value::Object(tags)) = files.into_iter().next() else { panic!("{read}") };
        tags
    }

    fn list(tags: &Map<String, Value>, name: &str) -> Vec<String> {
        let entries = tags.get(name).and_then(Value::as_array).into_iter().flatten();
        entries.map(|entry| entry.as_str().unwrap().to_owned()).collect()
    }

    /// What exiftool says against a file.
    fn warnings(file: &Path) -> String {
        run(&["-validate", "-warning", "-a"], &[file])
    }

    /// Writes keywords into `before`. The tags after are those before, with `old` and the new ones as keywords, and exiftool has
    /// no more to say than before. Returns the tags and the file.
    fn check(name: &str, before: &[u8], old: &[&str]) -> (Map<String, Value>, Vec<u8>) {
        let after = written(before);
        let (before, path) = (save(&format!("before_{name}"), before), save(&format!("after_{name}"), &after));
        let (tags_before, tags) = (tags(&before), tags(&path));
        assert_eq!(list(&tags, "XMP-dc:Subject"), [old, &FLAT].concat(), "{name}");
        assert_eq!(list(&tags, "XMP-lr:HierarchicalSubject"), ["animal|cat", "räv & <fågel>"], "{name}");
        assert_eq!(list(&tags, "XMP-digiKam:TagsList"), ["animal/cat", "räv & <fågel>"], "{name}");
        assert_eq!(warnings(&path), warnings(&before), "{name}");
        let mine = [
            "XMP-dc:Subject",
            "XMP-lr:",
            "XMP-digiKam:",
            "IPTC:Keywords",
            "IPTC:CodedCharacterSet",
            "System:",
            "SourceFile",
        ];
        let digests = ["Photoshop:IPTCDigest", "File:CurrentIPTCDigest", "RIFF:WebP_Flags", "File:FileType"];
        let is_other = |(name, _): &(&String, &Value)| !mine.iter().chain(&digests).any(|mine| name.starts_with(mine));
        let others = |tags: &Map<String, Value>| {
            tags.iter().filter(is_other).map(|(n, v)| (n.clone(), v.clone())).collect::<Map<_, _>>()
        };
        assert_eq!(others(&tags), others(&tags_before), "{name}");
        (tags, after)
    }

    #[test]
    fn reads_keywords_in_pictures_without_metadata() {
        for name in [
            "coffee/picture.jpg",
            "chelsea_orientation_6/picture.jpg",
            "chelsea_small_png/picture.png",
            "clock_webp/picture.webp",
        ] {
            check(&name.replace('/', "_"), &fs::read(case(name)).unwrap(), &[]);
        }
        for name in [
            "cmyk.jpg",
            "icc.jpg",
            "animated.png",
            "lossy.webp",
            "lossless.webp",
            "lossless_alpha.webp",
            "lossy_alpha.webp",
            "animated.webp",
        ] {
            check(name, &fs::read(fixture(name)).unwrap(), &[]);
        }
    }

    #[test]
    fn reads_keywords_beside_those_of_other_programs() {
        let changes = [
            "-XMP-dc:Subject=dog",
            "-XMP-dc:Subject=cat & mouse",
            "-XMP-xmp:Rating=3",
            "-XMP-dc:Title=a",
            "-Exif:Make=Maker",
        ];
        let compact = [&changes[..], &["-api", "Compact=Shorthand,NoIndent,NoNewline,OneDesc"]].concat();
        let old = ["dog", "cat & mouse"];
        for (name, picture) in [("xmp.jpg", "coffee/picture.jpg"), ("xmp.png", "chelsea_small_png/picture.png")] {
            check(name, &made(name, &case(picture), &changes), &old);
            let name = format!("compact_{name}");
            check(&name, &made(&name, &case(picture), &compact), &old);
        }
    }

    #[test]
    fn reads_texts_beside_those_in_other_languages() {
        let mut texts = Keywords::default();
        texts.set_texts("A <cat> & more", "On a sofa.\nIt is late.", "En katt som sover på en soffa");
        let expect = |path: &Path| {
            let tags = tags(path);
            assert_eq!(tags["XMP-dc:Title"], "A <cat> & more", "{tags:?}");
            assert_eq!(tags["XMP-dc:Description"], "On a sofa.\nIt is late.");
            assert_eq!(tags["XMP-iptcCore:AltTextAccessibility"], "En katt som sover på en soffa");
            assert_eq!(warnings(path).trim().rsplit(' ').next(), Some("OK"));
            tags
        };
        let changes = [
            "-XMP-dc:Title=Old",
            "-XMP-dc:Title-sv=Gammal",
            "-XMP-dc:Description-de=Katze",
            "-XMP-dc:Creator=me",
            "-XMP-dc:Subject=dog",
        ];
        for (name, picture) in [
            ("texts.jpg", "coffee/picture.jpg"),
            ("texts.png", "chelsea_small_png/picture.png"),
            ("texts.webp", "clock_webp/picture.webp"),
        ] {
            let plain = fs::read(case(picture)).unwrap();
            let copy = write_keywords(&plain, &texts).unwrap();
            assert!(write_keywords(&copy, &texts).unwrap() == copy, "writing again changes the file");
            let tags = expect(&save(&format!("plain_{name}"), &copy));
            assert!(!tags.contains_key("XMP-dc:Subject"));
            if name != "texts.webp" {
                let before = made(name, &case(picture), &changes);
                let after = save(&format!("after_{name}"), &write_keywords(&before, &texts).unwrap());
                let tags = expect(&after);
                assert_eq!(
                    (&tags["XMP-dc:Title-sv"], &tags["XMP-dc:Description-de"]),
                    (&"Gammal".into(), &"Katze".into())
                );
                assert_eq!(list(&tags, "XMP-dc:Subject"), ["dog"]);
                assert_eq!(list(&tags, "XMP-dc:Creator"), ["me"]);
            }
        }
        expect(&save("texts.xmp", sidecar(&texts).as_bytes()));
        let merged = merge_sidecar(sidecar(&keywords()).as_bytes(), &texts).unwrap();
        assert_eq!(list(&expect(&save("texts_merged.xmp", &merged)), "XMP-dc:Subject"), FLAT);
    }

    #[test]
    fn reads_keywords_in_a_png_with_compressed_xmp() {
        let changes = ["-XMP-dc:Subject=dog", "-XMP-xmp:Rating=3"];
        let plain = made("plain.png", &case("chelsea_small_png/picture.png"), &changes);
        let text = part(&plain, "iTXt").unwrap();
        let (header, packet) = text.split_at(b"XML:com.adobe.xmp\0\0\0\0\0".len());
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(packet, 6);
        let chunk = [b"iTXt", &header[..18], &[1], &header[19..], &packed].concat();
        let chunk = [&(chunk.len() as u32 - 4).to_be_bytes(), &chunk[..], &crc32(&chunk).to_be_bytes()].concat();
        let at = plain.windows(4).position(|name| name == b"iTXt").unwrap() - 4;
        // Behind the pixels, where many readers do not look for it.
        let end = plain.len() - 12;
        let late = [&plain[..at], &plain[at + 12 + text.len()..end], &chunk, &plain[end..]].concat();
        let early = [&plain[..at], &chunk, &plain[at + 12 + text.len()..]].concat();
        for before in [early, late] {
            let after = save("compressed_after.png", &written(&before));
            let tags = tags(&after);
            assert_eq!(list(&tags, "XMP-dc:Subject"), [&["dog"][..], &FLAT].concat());
            assert_eq!(tags["XMP-xmp:Rating"], 3);
            assert_eq!(warnings(&after).trim().rsplit(' ').next(), Some("OK"));
        }
    }

    #[test]
    fn reads_keywords_in_a_webp_that_has_some() {
        let mut dog = Keywords::default();
        dog.add("dog", &[], &[]);
        for name in ["lossy.webp", "lossy_alpha.webp", "animated.webp"] {
            let before = write_keywords(&fs::read(fixture(name)).unwrap(), &dog).unwrap();
            let before = save(&format!("dog_{name}"), &before);
            let after = save(&format!("dog_after_{name}"), &written(&fs::read(&before).unwrap()));
            assert_eq!(list(&tags(&after), "XMP-dc:Subject"), [&["dog"][..], &FLAT].concat());
            assert_eq!(warnings(&after), warnings(&before));
        }
    }

    #[test]
    fn reads_keywords_beside_xmp_that_goes_on_in_other_segments() {
        let text = save("long.txt", "long ".repeat(30_000).as_bytes());
        let long = format!("-XMP-dc:Description<={}", text.display());
        let before =
            made("extended.jpg", &case("coffee/picture.jpg"), &[&long, "-XMP-dc:Subject=dog", "-XMP-xmp:Rating=3"]);
        assert!(names(&before).iter().filter(|name| *name == "FFE1").count() >= 4, "it has extended XMP");
        let (tags, _) = check("extended.jpg", &before, &["dog"]);
        assert!(tags.contains_key("XMP-xmpNote:HasExtendedXMP"));
        assert_eq!(tags["XMP-dc:Description"].as_str().unwrap().len(), 5 * 30_000);

        // A list that is itself in these segments cannot be added to without breaking the hash that holds them together.
        let many: Vec<String> = (0..6000).map(|n| format!("-XMP-dc:Subject=keyword number {n}")).collect();
        let arguments = save("many.txt", many.join("\n").as_bytes());
        let before = made("many.jpg", &case("coffee/picture.jpg"), &["-@", arguments.to_str().unwrap()]);
        let error = write_keywords(&before, &keywords()).unwrap_err();
        assert!(error.detail().contains("extended XMP"), "{error}");
    }

    #[test]
    fn finds_no_room_for_more_xmp_by_name_unless_there_is_padding() {
        let text = |len: usize| "x".repeat(len);
        let with = |len: usize, arguments: &[&str]| {
            let text = save("room.txt", text(len).as_bytes());
            let long = format!("-XMP-dc:Description<={}", text.display());
            made("room.jpg", &case("coffee/picture.jpg"), &[&[long.as_str()], arguments].concat())
        };
        check("padded.jpg", &with(62_300, &[]), &[]);
        let error = write_keywords(&with(64_900, &["-api", "Compact=NoPadding"]), &keywords()).unwrap_err();
        assert_eq!(error.kind().code(), "keywords_not_writable");
        assert!(error.detail().contains("65502") && error.detail().contains("sidecar"), "{error}");
    }

    #[test]
    fn reads_keywords_in_iptc_where_there_was_iptc() {
        let long = "å".repeat(40);
        let changes =
            ["-IPTC:Keywords=dog", "-IPTC:Keywords=seen", "-IPTC:Caption-Abstract=text", "-Photoshop:XResolution=72"];
        let plain = made("iptc.jpg", &case("coffee/picture.jpg"), &changes);
        let (tags, _) = check("iptc.jpg", &plain, &["dog", "seen"]);
        assert_eq!(list(&tags, "IPTC:Keywords"), [&["dog", "seen"][..], &FLAT].concat());
        assert_eq!(tags["IPTC:CodedCharacterSet"], "UTF8");
        assert!(!tags.contains_key("Photoshop:IPTCDigest"));

        let with_digest = made("digest.jpg", &path("iptc.jpg"), &["-IPTCDigest=new", "-XMP-dc:Subject=seen"]);
        let (tags, _) = check("digest.jpg", &with_digest, &["seen", "dog"]);
        let digests = run(&["-s3", "-IPTCDigest", "-CurrentIPTCDigest"], &[&path("after_digest.jpg")]);
        let digests: Vec<&str> = digests.lines().collect();
        assert_eq!((digests.len(), digests[0]), (2, digests[1]));
        let mwg = run(&["-use", "MWG", "-MWG:Keywords", "-s3", "-sep", "; "], &[&path("after_digest.jpg")]);
        assert_eq!(mwg.trim(), ["seen; dog; ", &FLAT.join("; ")].concat());
        assert_eq!(list(&tags, "IPTC:Keywords").len(), 5);

        // A keyword that the IPTC had no room for is not there twice.
        let subject = format!("-XMP-dc:Subject={long}");
        let cut = made(
            "cut.jpg",
            &case("coffee/picture.jpg"),
            &[&subject, &format!("-IPTC:Keywords={}", "å".repeat(32)), "-codedcharacterset=utf8"],
        );
        check("cut.jpg", &cut, &[&long]);
    }

    #[test]
    fn reads_iptc_that_spans_segments() {
        let plain = made("spans.jpg", &case("coffee/picture.jpg"), &["-IPTC:Keywords=dog", "-IPTC:Headline=text"]);
        let signature = b"Photoshop 3.0\0";
        let segment = |content: &[u8]| [b"\xFF\xED", &(content.len() as u16 + 2).to_be_bytes()[..], content].concat();
        let old = part(&plain, "FFED").unwrap();
        let path = [b"8BIM\x07\xD0\0\0\0\0\xFF\xC8", &[7; 0xFFC8][..], &old[signature.len()..]].concat();
        let (first, second) = path.split_at(65_500);
        let at = plain.windows(old.len()).position(|found| found == old).unwrap();
        let [first, second] = [first, second].map(|part| segment(&[signature, part].concat()));
        let before = [&plain[..at - 4], &first, &second, &plain[at + old.len()..]].concat();
        let (tags, after) = check("spans.jpg", &before, &["dog"]);
        assert_eq!(list(&tags, "IPTC:Keywords"), [&["dog"][..], &FLAT].concat());
        assert_eq!(names(&after).iter().filter(|name| *name == "FFED").count(), 2);
    }

    #[test]
    fn reads_latin_text_as_before() {
        let before = made(
            "latin.jpg",
            &case("coffee/picture.jpg"),
            &["-charset", "iptc=Latin", "-IPTC:City=München", "-IPTC:Keywords=dog"],
        );
        let error = write_keywords(&before, &keywords()).unwrap_err();
        assert!(error.detail().contains("old character set"), "{error}");
        let mut plain = Keywords::default();
        plain.add("cat", &[], &[]);
        let after = save("latin_after.jpg", &write_keywords(&before, &plain).unwrap());
        let read = run(&["-s3", "-IPTC:City", "-IPTC:Keywords", "-sep", "; "], &[&after]);
        assert_eq!(read.lines().collect::<Vec<_>>(), ["München", "dog; cat"]);
    }

    #[test]
    fn reads_sidecars_new_and_of_other_programs() {
        let new = save("new.xmp", sidecar(&keywords()).as_bytes());
        assert_eq!(list(&tags(&new), "XMP-dc:Subject"), FLAT);
        assert_eq!(warnings(&new).trim().rsplit(' ').next(), Some("OK"));
        let made = made(
            "made.xmp",
            &case("coffee/picture.jpg"),
            &["-XMP-xmp:Rating=4", "-XMP-dc:Subject=dog", "-XMP-lr:HierarchicalSubject=pet|dog"],
        );
        let merged = save("merged.xmp", &merge_sidecar(&made, &keywords()).unwrap());
        let read = tags(&merged);
        assert_eq!(read["XMP-xmp:Rating"], 4);
        assert_eq!(list(&read, "XMP-dc:Subject"), [&["dog"][..], &FLAT].concat());
        assert_eq!(list(&read, "XMP-lr:HierarchicalSubject"), ["pet|dog", "animal|cat", "räv & <fågel>"]);
        assert_eq!(warnings(&merged), warnings(&path("made.xmp")));
    }

    #[test]
    fn finds_appended_pictures_where_the_index_says() {
        let before = made("index.jpg", &case("coffee/picture.jpg"), &["-IPTC:Keywords=dog"]);
        let appended = fs::read(fixture("grey.jpg")).unwrap();
        // The index goes before the IPTC, so that the IPTC's growth moves what follows.
        let at = 2 + 2 + parts(&before)[0].1.len() + 2;
        let long = |number: usize| (number as u32).to_le_bytes();
        let index_len = 4 + 8 + 2 + 12 + 4 + 32;
        let size = before.len() + index_len + 4;
        let mut index =
            [&b"\xFF\xE2"[..], &(index_len as u16 + 2).to_be_bytes(), b"MPF\0II*\0\x08\0\0\0\x01\0\x02\xB0\x07\0"]
                .concat();
        index.extend([long(32), long(26), long(0), long(0x0003_0000), long(size), long(0), long(0)].concat());
        index.extend([long(0), long(appended.len()), long(size - at - 8), long(0)].concat());
        let before = [&before[..at], &index, &before[at..], &appended].concat();
        let after = write_keywords(&before, &keywords()).unwrap();
        for (name, file) in [("index_before.jpg", &before), ("index_after.jpg", &after)] {
            let found =
                Command::new("exiftool").args(["-b", "-MPImage2"]).arg(save(name, file)).output().unwrap().stdout;
            assert!(found == appended, "{name}: {} bytes", found.len());
        }
        let length = run(&["-s3", "-MPImage1:MPImageLength"], &[&path("index_after.jpg")]);
        assert_eq!(length.trim(), (after.len() - appended.len()).to_string());
    }
}
