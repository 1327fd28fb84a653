//! `multipart/form-data` (RFC 7578): bodies with files, written and read.

use std::borrow::Cow;

/// Parts of an answer; more make it unreadable.
const MAX_PARTS: usize = 32;
const MAX_HEADER_BYTES: usize = 8 * 1024;

/// One part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    pub name: Cow<'a, str>,
    /// Only files have one.
    pub file_name: Option<Cow<'a, str>>,
    pub media_type: Option<Cow<'a, str>>,
    pub body: &'a [u8],
}

impl<'a> Part<'a> {
    pub fn text(name: &'a str, text: &'a str) -> Self {
        Self { name: name.into(), file_name: None, media_type: None, body: text.as_bytes() }
    }

    pub fn json(name: &'a str, json: &'a str) -> Self {
        Self { media_type: Some("application/json".into()), ..Self::text(name, json) }
    }

    /// The name that the file has on this device is not sent: it may say more than its picture.
    pub fn picture(name: &'a str, bytes: &'a [u8], media_type: &'a str) -> Self {
        let file_name = if media_type == "image/png" { "picture.png" } else { "picture.jpg" };
        Self { name: name.into(), file_name: Some(file_name.into()), media_type: Some(media_type.into()), body: bytes }
    }
}

/// The value of `Content-Type`, and the body. The boundary depends on the parts only, so that a request can be made again byte by byte.
pub fn written(parts: &[Part]) -> (String, Vec<u8>) {
    let boundary = free_boundary(parts);
    let mut body = Vec::with_capacity(parts.iter().map(|part| part.body.len() + 256).sum());
    for part in parts {
        let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&part.name));
        if let Some(file_name) = &part.file_name {
            head.push_str(&format!("; filename=\"{}\"", quoted(file_name)));
        }
        if let Some(media_type) = &part.media_type {
            head.push_str(&format!("\r\nContent-Type: {}", media_type.replace(['\r', '\n'], "")));
        }
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(part.body);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// As the HTML standard writes names in quotes.
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}

fn free_boundary(parts: &[Part]) -> String {
    (0u32..)
        .map(|n| format!("tagsmith-{n:08x}"))
        .find(|boundary| !parts.iter().any(|part| contains(part.body, boundary.as_bytes())))
        .expect("a body holds fewer boundaries than there are numbers")
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    find(bytes, wanted).is_some()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The boundary that a `Content-Type` names, if it is one of multipart.
pub fn boundary(content_type: &str) -> Option<String> {
    let (media_type, rest) = content_type.split_once(';')?;
    if !media_type.trim().get(..10)?.eq_ignore_ascii_case("multipart/") {
        return None;
    }
    let value = parameters(rest).find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?.1;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "'()+_,-./:=? ".contains(c);
    ((1..=70).contains(&value.len()) && value.chars().all(is_allowed)).then_some(value)
}

/// The parts of a body, or `None` where it is cut off or is none.
pub fn read<'a>(boundary: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let delimiter = format!("--{boundary}");
    let mut rest = &body[find(body, delimiter.as_bytes())? + delimiter.len()..];
    let inner = format!("\r\n{delimiter}");
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        if parts.len() == MAX_PARTS {
            return None;
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let head_end = find(&rest[..rest.len().min(MAX_HEADER_BYTES)], b"\r\n\r\n");
        let (head, after) = match head_end {
            Some(end) => (&rest[..end], &rest[end + 4..]),
            // A part without any header begins with an empty line.
            None => (&rest[..0], rest.strip_prefix(b"\r\n")?),
        };
        let end = find(after, inner.as_bytes())?;
        parts.push(part(head, &after[..end])?);
        rest = &after[end + inner.len()..];
    }
}

fn part<'a>(head: &[u8], body: &'a [u8]) -> Option<Part<'a>> {
    let mut part = Part { name: "".into(), file_name: None, media_type: None, body };
    for line in std::str::from_utf8(head).ok()?.split("\r\n").filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-type") {
            part.media_type = Some(value.trim().to_owned().into());
        } else if name.eq_ignore_ascii_case("content-disposition") {
            for (name, value) in parameters(value.split_once(';').map_or("", |(_, rest)| rest)) {
                match name.to_ascii_lowercase().as_str() {
                    "name" => part.name = value.into(),
                    "filename" => part.file_name = Some(value.into()),
                    _ => {}
                }
            }
        }
    }
    Some(part)
}

/// `a=b; c="d;e"`
fn parameters(text: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once('=')?;
        let value;
        if let Some(inner) = after.trim_start().strip_prefix('"') {
            let mut unquoted = String::new();
            let mut chars = inner.char_indices();
            let end = loop {
                match chars.next()? {
                    (at, '"') => break at + 1,
                    (_, '\\') => unquoted.push(chars.next()?.1),
                    (_, c) => unquoted.push(c),
                }
            };
            value = unquoted;
            rest = inner[end..].trim_start();
            rest = rest.strip_prefix(';').unwrap_or(rest);
        } else {
            let (plain, after) = after.split_once(';').unwrap_or((after, ""));
            value = plain.trim().to_owned();
            rest = after;
        }
        Some((name.trim(), value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_body_is_written_as_forms_are() {
        let (media_type, body) =
            written(&[Part::text("limit", "5"), Part::picture("image", b"\xff\xd8", "image/jpeg")]);
        assert_eq!(media_type, "multipart/form-data; boundary=tagsmith-00000000");
        let wanted = b"--tagsmith-00000000\r\nContent-Disposition: form-data; name=\"limit\"\r\n\r\n5\r\n--tagsmith-00000000\r\nContent-Disposition: form-data; name=\"image\"; filename=\"picture.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--tagsmith-00000000--\r\n";
        assert_eq!(body, wanted);
    }

    #[test]
    fn a_name_cannot_leave_its_quotes_and_a_body_cannot_end_itself() {
        let (_, body) = written(&[Part::text("a\"\r\nX: y", "--tagsmith-00000000--")]);
        let text = String::from_utf8(body).unwrap();
        assert!(text.contains("name=\"a%22%0D%0AX: y\"") && text.ends_with("--tagsmith-00000001--\r\n"), "{text}");
    }

    #[test]
    fn an_answer_in_parts_is_read() {
        let boundary = boundary("Multipart/Form-Data; charset=x; boundary=\"a b:c\"").unwrap();
        let body = b"preamble\r\n--a b:c\r\nContent-Disposition: form-data; name=\"result\"; filename=\"r;\\\".json\"\r\nContent-Type: application/json\r\n\r\n[]\r\n--a b:c\r\n\r\nplain\r\n--a b:c--\r\nend";
        let parts = read(&boundary, body).unwrap();
        assert_eq!(
            (parts[0].name.as_ref(), parts[0].file_name.as_deref(), parts[0].body),
            ("result", Some("r;\".json"), b"[]".as_slice())
        );
        assert_eq!((parts[1].name.as_ref(), parts[1].body), ("", b"plain".as_slice()));
        assert_eq!(super::boundary("application/json; boundary=x"), None);
        assert_eq!(super::boundary("multipart/form-data"), None);
    }

    #[test]
    fn a_body_that_is_cut_off_is_none() {
        let (media_type, body) = written(&[Part::json("result", "[1,2]"), Part::text("x", "y")]);
        let boundary = boundary(&media_type).unwrap();
        assert!(read(&boundary, &body[..body.len() - 2]).is_some());
        for end in 0..body.len() - 4 {
            assert_eq!(read(&boundary, &body[..end]), None, "{end}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            parts in prop::collection::vec(("[a-z_]{1,9}", prop::collection::vec(any::<u8>(), 0..60)), 0..5)
        ) {
            let parts: Vec<Part> = parts.iter().map(|(name, body)| Part::picture(name, body, "image/jpeg")).collect();
            let (media_type, body) = written(&parts);
            prop_assert_eq!(read(&boundary(&media_type).unwrap(), &body), Some(parts));
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(prop::sample::select(b"--ab\r\n:;=\"\\xC".to_vec()), 0..200), head in "\\PC{0,60}") {
            let _ = read("ab", &bytes);
            let _ = boundary(&head);
            let _ = boundary(&format!("multipart/x; boundary={head}"));
        }
    }
}
