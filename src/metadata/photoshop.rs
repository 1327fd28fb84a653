//! Photoshop's image resources, of which one holds IPTC and another says for which IPTC the XMP was written.

use std::ops::Range;

use md5::{Digest, Md5};

use super::bytes::{take, take_array, take_length};
use super::{damaged, iptc};
use crate::error::Result;

/// How the content of a JPEG's segment with resources begins.
pub const SIGNATURE: &[u8] = b"Photoshop 3.0\0";

/// Signatures that resources have, most of them the first.
const SIGNATURES: [&[u8; 4]; 5] = [b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa"];
const IPTC: u16 = 0x0404;
/// The MD5 of the IPTC, by the Metadata Working Group's guidelines: while it is right, readers take the XMP.
const IPTC_DIGEST: u16 = 0x0425;

/// The resources of a file.
pub struct Resources<'a> {
    bytes: &'a [u8],
    iptc: Option<Range<usize>>,
    digest: Option<Range<usize>>,
}

impl<'a> Resources<'a> {
    /// `bytes`: the contents of all segments, each behind its [`SIGNATURE`].
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut resources = Self { bytes, iptc: None, digest: None };
        let mut rest = bytes;
        // Some programs fill the segment with zeros.
        while rest.iter().any(|&byte| byte != 0) {
            let (id, data) = read_one(&mut rest).ok_or_else(|| damaged("The Photoshop data in this JPEG"))?;
            let end = bytes.len() - rest.len();
            let range = end - data.len()..end;
            match id {
                IPTC => drop(resources.iptc.get_or_insert(range)),
                IPTC_DIGEST => drop(resources.digest.get_or_insert(range)),
                _ => {}
            }
            skip_padding(&mut rest, data.len());
        }
        Ok(resources)
    }

    /// The keywords in the IPTC, if there is one.
    pub fn keywords(&self) -> Result<Vec<String>> {
        self.iptc.as_ref().map_or(Ok(Vec::new()), |data| iptc::keywords(&self.bytes[data.clone()]))
    }

    /// The resources with `keywords` in their IPTC; `None` if they have no IPTC, or all keywords already.
    pub fn with_keywords(&self, keywords: &[String]) -> Result<Option<Vec<u8>>> {
        let Some(range) = &self.iptc else { return Ok(None) };
        let before = &self.bytes[range.clone()];
        let Some(after) = iptc::with_keywords(before, keywords)? else { return Ok(None) };
        let mut bytes = self.bytes.to_vec();
        // A digest of another IPTC says that a program changed the IPTC alone, and readers prefer it: that stays so.
        if let Some(digest) = &self.digest
            && bytes[digest.clone()] == Md5::digest(before)[..]
        {
            bytes[digest.clone()].copy_from_slice(&Md5::digest(&after));
        }
        let mut end = &self.bytes[range.end..];
        skip_padding(&mut end, before.len());
        let end = self.bytes.len() - end.len();
        let len = u32::try_from(after.len()).map_err(|_| damaged("The IPTC in this JPEG"))?;
        let padding = &[0][..after.len() % 2];
        bytes.splice(range.start - 4..end, [&len.to_be_bytes()[..], &after, padding].concat());
        Ok(Some(bytes))
    }
}

/// Takes a resource off the front: its number and its data, which the padding follows.
fn read_one<'a>(rest: &mut &'a [u8]) -> Option<(u16, &'a [u8])> {
    let signature: [u8; 4] = take_array(rest)?;
    if !SIGNATURES.contains(&&signature) {
        return None;
    }
    let id = u16::from_be_bytes(take_array(rest)?);
    let [name_len] = take_array(rest)?;
    // Name and its length are padded to an even number together.
    take(rest, usize::from(name_len) | 1)?;
    let len = take_length(rest)?;
    Some((id, take(rest, len)?))
}

/// Data is padded to an even length, but not by every program.
fn skip_padding(rest: &mut &[u8], data_len: usize) {
    if data_len % 2 == 1 && rest.first() == Some(&0) {
        *rest = &rest[1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(id: u16, name: &str, data: &[u8]) -> Vec<u8> {
        let mut name = [&[name.len() as u8], name.as_bytes()].concat();
        name.resize(name.len().next_multiple_of(2), 0);
        let padding = &[0][..data.len() % 2];
        [&b"8BIM"[..], &id.to_be_bytes(), &name, &(data.len() as u32).to_be_bytes(), data, padding].concat()
    }

    const IIM: &[u8] = b"\x1C\x02\x00\0\x02\0\x04\x1C\x02\x19\0\x03cat\x1C\x02\x78\0\x04text";

    fn with_dog(bytes: &[u8]) -> Option<Vec<u8>> {
        Resources::read(bytes).unwrap().with_keywords(&["dog".to_owned()]).unwrap()
    }

    #[test]
    fn other_resources_are_kept_and_the_digest_is_made_again() {
        let around = [resource(0x03ED, "Resolution", &[1; 15]), resource(0x0FA0, "", b"plugin")];
        let all = |iptc: &[u8], digest: &[u8]| {
            [&around[0][..], &resource(IPTC, "", iptc), &resource(IPTC_DIGEST, "", digest), &around[1]].concat()
        };
        let after = iptc::with_keywords(IIM, &["dog".to_owned()]).unwrap().unwrap();
        assert_eq!(with_dog(&all(IIM, &Md5::digest(IIM))), Some(all(&after, &Md5::digest(&after))));
        assert_eq!(with_dog(&all(IIM, &[7; 16])), Some(all(&after, &[7; 16])), "a digest of another IPTC");
        assert_eq!(with_dog(&all(&after, &[7; 16])), None);
        assert_eq!(with_dog(&around.concat()), None, "without IPTC");
    }

    #[test]
    fn data_without_padding_and_zeros_at_the_end_are_read() {
        let mut unpadded = resource(IPTC, "", b"\x1C\x02\x19\0\x02ab");
        unpadded.pop();
        let bytes = [&unpadded[..], &resource(0x03ED, "", b"1"), &[0; 7]].concat();
        assert_eq!(Resources::read(&bytes).unwrap().keywords().unwrap(), ["ab"]);
        let after = with_dog(&bytes).unwrap();
        assert_eq!(Resources::read(&after).unwrap().keywords().unwrap(), ["ab", "dog"]);
        assert!(after.ends_with(&bytes[unpadded.len()..]));
    }

    #[test]
    fn resources_that_are_cut_off_are_refused() {
        let whole = [resource(IPTC, "name", IIM), resource(IPTC_DIGEST, "", &[7; 16])].concat();
        let first = resource(IPTC, "name", IIM).len();
        for len in (1..whole.len()).filter(|&len| len != first && len != first - 1) {
            assert!(Resources::read(&whole[..len]).is_err(), "{len}");
        }
        assert!(Resources::read(b"8BIM\x04\x04\0\0\xFF\xFF\xFF\xFFabc").is_err());
    }
}
