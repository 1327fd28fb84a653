//! JPEG: XMP in a segment APP1, and IPTC keywords in a segment APP13 where the file has IPTC.
//!
//! Only segments before the first scan are read. What follows, pixels and whatever programs append, is copied.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use super::iptc::cut;
use super::keywords::Keywords;
use super::xmp::{self, Lists, MAX_PACKET_BYTES, Packet};
use super::{damaged, multi_picture, not_writable, photoshop};
use crate::error::Result;

const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP13: u8 = 0xED;
const START_OF_SCAN: u8 = 0xDA;
const END: u8 = 0xD9;

const EXIF: &[u8] = b"Exif\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// Of an extended packet's segment: the id of the packet, its length, and where in it the segment's bytes belong.
const EXTENDED_HEADER_BYTES: usize = EXTENDED_XMP.len() + 32 + 4 + 4;
/// The limit in the specification of XMP, part 3.
const MAX_XMP_BYTES: usize = 65_502;
/// The length of a segment is two bytes, and counts itself.
const MAX_CONTENT_BYTES: usize = 65_533;

/// A part of the file before the first scan.
#[derive(Clone)]
struct Segment<'a> {
    marker: u8,
    /// With marker and length.
    whole: Cow<'a, [u8]>,
    content_at: usize,
    /// Of `whole` in the file that was read.
    old_len: usize,
}

impl<'a> Segment<'a> {
    /// One that the file does not have. `content` is at most [`MAX_CONTENT_BYTES`].
    fn new(marker: u8, content: &[&[u8]]) -> Self {
        let content = content.concat();
        let len = u16::try_from(content.len() + 2).expect("the caller keeps to the limit");
        let whole = [&[0xFF, marker], &len.to_be_bytes()[..], &content].concat();
        Self { marker, whole: whole.into(), content_at: 4, old_len: 0 }
    }

    fn content(&self) -> &[u8] {
        &self.whole[self.content_at..]
    }

    fn is(&self, marker: u8, signature: &[u8]) -> bool {
        self.marker == marker && self.content().starts_with(signature)
    }

    /// Takes the place of `self`.
    fn replaced(&self, content: &[&[u8]]) -> Segment<'static> {
        Segment { old_len: self.old_len, ..Segment::new(self.marker, content) }
    }
}

/// See [`write_keywords`](super::write_keywords).
pub fn write(file: &[u8], keywords: &Keywords) -> Result<Vec<u8>> {
    let (mut segments, scans) = read(file)?;
    refuse_ours_in_extended_xmp(&segments, keywords)?;
    let places = positions(&segments, APP13, photoshop::SIGNATURE);
    let parts: Vec<&[u8]> = places.iter().map(|&at| &segments[at].content()[photoshop::SIGNATURE.len()..]).collect();
    let resources = parts.concat();
    let resources = photoshop::Resources::read(&resources)?;

    // Where there are only texts, lists of keywords stay as they are.
    let iptc = if keywords.has_no_tags() { Vec::new() } else { resources.keywords()? };
    let flat = write_xmp(&mut segments, keywords, iptc)?;
    if !keywords.has_no_tags()
        && let Some(after) = resources.with_keywords(&flat)?
    {
        replace_resources(&mut segments, &after);
    }
    update_index_of_pictures(&mut segments);

    let mut written = file[..2].to_vec();
    segments.iter().for_each(|segment| written.extend_from_slice(&segment.whole));
    written.extend_from_slice(scans);
    Ok(written)
}

/// The segments before the first scan, and the rest of the file.
fn read(file: &[u8]) -> Result<(Vec<Segment<'_>>, &[u8])> {
    let mut segments = Vec::new();
    let mut at = 2;
    loop {
        let begin = at;
        let cut_off = || damaged("This JPEG");
        let filling = file.get(at..).unwrap_or_default().iter().take_while(|&&byte| byte == 0xFF).count();
        at += filling;
        let marker = *file.get(at).filter(|_| filling > 0).ok_or_else(cut_off)?;
        match marker {
            START_OF_SCAN => return Ok((segments, &file[begin..])),
            0 | END | 0xD8 => return Err(cut_off()),
            // Without a length.
            1 | 0xD0..=0xD7 => at += 1,
            _ => {
                let len = file.get(at + 1..at + 3).map(|len| usize::from(u16::from_be_bytes([len[0], len[1]])));
                at += 1 + len.filter(|&len| len >= 2).ok_or_else(cut_off)?;
            }
        }
        let whole = file.get(begin..at).ok_or_else(cut_off)?;
        let content_at = (filling + 3).min(whole.len());
        segments.push(Segment { marker, whole: whole.into(), content_at, old_len: whole.len() });
    }
}

fn positions(segments: &[Segment], marker: u8, signature: &[u8]) -> Vec<usize> {
    (0..segments.len()).filter(|&at| segments[at].is(marker, signature)).collect()
}

/// A packet that is too long for its segment goes on in others, which a hash holds together: a program that moved lists of
/// keywords or a text there is left to change them.
fn refuse_ours_in_extended_xmp(segments: &[Segment], keywords: &Keywords) -> Result<()> {
    let mut packets: BTreeMap<&[u8], Vec<(u32, &[u8])>> = BTreeMap::new();
    for segment in segments.iter().filter(|segment| segment.is(APP1, EXTENDED_XMP)) {
        let Some((header, part)) = segment.content().split_at_checked(EXTENDED_HEADER_BYTES) else { continue };
        let id = &header[EXTENDED_XMP.len()..EXTENDED_XMP.len() + 32];
        let offset = header.last_chunk::<4>().map_or(0, |offset| u32::from_be_bytes(*offset));
        packets.entry(id).or_default().push((offset, part));
    }
    for mut parts in packets.into_values() {
        parts.sort_by_key(|(offset, _)| *offset);
        let packet: Vec<u8> = parts.iter().flat_map(|(_, part)| *part).copied().collect();
        let is_too_long = packet.len() > MAX_PACKET_BYTES;
        // One that cannot be read holds nothing that others can read.
        let has_ours = |packet: Packet| packet.has_lists() || packet.has_texts_of(keywords);
        if is_too_long || Packet::read(&packet).ok().flatten().is_some_and(has_ours) {
            return Err(not_writable(
                "The keywords or texts in this JPEG are in its extended XMP, where only the program that wrote them can change them. Save a \
                 sidecar instead.",
            ));
        }
    }
    Ok(())
}

/// Adds the keywords to the file's XMP, or XMP with them. `iptc`: those in its IPTC. Returns the flat list that it then has.
fn write_xmp(segments: &mut Vec<Segment>, keywords: &Keywords, iptc: Vec<String>) -> Result<Vec<String>> {
    let places = positions(segments, APP1, XMP);
    let mut flat: Vec<String> = Vec::new();
    for &at in &places {
        if let Some(packet) = Packet::read(&segments[at].content()[XMP.len()..])? {
            flat.extend_from_slice(packet.flat());
        }
    }
    // Not those that the XMP has or will have in full where the IPTC had no room for it.
    let ours = keywords.flat();
    let known: HashSet<&str> = flat.iter().chain(&ours).map(|keyword| cut(keyword)).collect();
    let only_in_iptc = iptc.into_iter().filter(|keyword| !known.contains(keyword.as_str())).collect();
    let lists = Lists::new(keywords, only_in_iptc);

    for &at in &places {
        let old = &segments[at].content()[XMP.len()..];
        let new = Packet::read(old)?.map_or_else(|| Ok(xmp::new_packet(&lists)), |packet| packet.with(&lists))?;
        if new.as_bytes() != old {
            segments[at] = segments[at].replaced(&[XMP, fit(new)?.as_bytes()]);
        }
    }
    if places.is_empty() {
        let is_before = |segment: &Segment| segment.marker == APP0 || segment.is(APP1, EXIF);
        let at = segments.iter().take_while(|segment| is_before(segment)).count();
        segments.insert(at, Segment::new(APP1, &[XMP, fit(xmp::new_packet(&lists))?.as_bytes()]));
    }
    flat.extend_from_slice(lists.flat());
    Ok(flat)
}

fn fit(packet: String) -> Result<String> {
    let n_bytes = packet.len();
    xmp::fit(packet, MAX_XMP_BYTES).ok_or_else(|| {
        not_writable(format!(
            "With these keywords, the XMP of this JPEG would have {n_bytes} bytes, and {MAX_XMP_BYTES} is the most that it can. Save \
             a sidecar instead, or fewer keywords."
        ))
    })
}

/// Writes Photoshop's resources into as few segments as hold them, at the place of the first.
fn replace_resources(segments: &mut Vec<Segment>, resources: &[u8]) {
    let places = positions(segments, APP13, photoshop::SIGNATURE);
    let parts = resources.chunks(MAX_CONTENT_BYTES - photoshop::SIGNATURE.len());
    let mut written: Vec<Segment> = parts.map(|part| Segment::new(APP13, &[photoshop::SIGNATURE, part])).collect();
    let Some((&first, others)) = places.split_first() else { return };
    written[0].old_len = places.iter().map(|&at| segments[at].old_len).sum();
    others.iter().rev().for_each(|&at| drop(segments.remove(at)));
    segments.splice(first..=first, written);
}

/// Phones append pictures (gain maps, other lenses) and list where they are: these positions move along.
fn update_index_of_pictures(segments: &mut [Segment]) {
    let growth = |segments: &[Segment]| -> i64 {
        segments.iter().map(|segment| segment.whole.len() as i64 - segment.old_len as i64).sum()
    };
    let Some(at) = positions(segments, APP2, multi_picture::SIGNATURE).first().copied() else { return };
    let (whole, after) = (growth(segments), growth(&segments[at + 1..]));
    let index = &segments[at].content()[multi_picture::SIGNATURE.len()..];
    if let Some(moved) = multi_picture::moved(index, whole, after) {
        segments[at] = segments[at].replaced(&[multi_picture::SIGNATURE, &moved]);
    }
}
