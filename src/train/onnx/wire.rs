//! Protocol Buffers, as much as is needed to take a message apart and to put it together again, with what is not understood as it was.

use crate::error::{Error, ErrorKind, Result};

/// A field of a message.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    pub number: u32,
    /// All of it, its number included.
    pub raw: &'a [u8],
    /// Of a message, a text or bytes.
    pub payload: Option<&'a [u8]>,
    /// Of a whole number.
    pub varint: Option<u64>,
}

impl<'a> Field<'a> {
    pub fn text(&self) -> Option<&'a str> {
        std::str::from_utf8(self.payload?).ok()
    }
}

/// The fields of a message, in their order.
///
/// # Errors
/// [`ErrorKind::ModelInvalid`] if it is cut off or has a field of no known kind.
pub fn fields(message: &[u8]) -> Result<Vec<Field<'_>>> {
    let mut all = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        let begin = rest;
        let key = varint(&mut rest)?;
        let number = u32::try_from(key >> 3).map_err(|_| damaged())?;
        let (mut payload, mut value) = (None, None);
        match key & 7 {
            0 => value = Some(varint(&mut rest)?),
            1 => drop(take(&mut rest, 8)?),
            2 => {
                let length = varint(&mut rest)?;
                payload = Some(take(&mut rest, length)?);
            }
            5 => drop(take(&mut rest, 4)?),
            _ => return Err(damaged()),
        }
        all.push(Field { number, raw: &begin[..begin.len() - rest.len()], payload, varint: value });
    }
    Ok(all)
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Result<&'a [u8]> {
    let length = usize::try_from(length).map_err(|_| damaged())?;
    let (taken, behind) = rest.split_at_checked(length).ok_or_else(damaged)?;
    *rest = behind;
    Ok(taken)
}

fn varint(rest: &mut &[u8]) -> Result<u64> {
    let mut value = 0;
    for place in 0..10 {
        let byte = take(rest, 1)?[0];
        value |= u64::from(byte & 0x7F) << (7 * place);
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(damaged())
}

fn damaged() -> Error {
    Error::new(ErrorKind::ModelInvalid, "The network's file is damaged. Download the model again.")
}

/// A message that is being written.
#[derive(Debug, Default)]
pub struct Message {
    bytes: Vec<u8>,
}

impl Message {
    pub fn bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A field as it was.
    pub fn raw(&mut self, field: &[u8]) {
        self.bytes.extend_from_slice(field);
    }

    pub fn number(&mut self, field: u32, value: u64) {
        self.varint(u64::from(field) << 3);
        self.varint(value);
    }

    pub fn text(&mut self, field: u32, text: &str) {
        self.payload(field, text.as_bytes());
    }

    pub fn payload(&mut self, field: u32, payload: &[u8]) {
        self.varint(u64::from(field) << 3 | 2);
        self.varint(payload.len() as u64);
        self.raw(payload);
    }

    pub fn message(&mut self, field: u32, message: &Message) {
        self.payload(field, &message.bytes);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_apart_as_it_was_put_together() {
        let mut inner = Message::default();
        inner.text(1, "ö");
        let mut message = Message::default();
        message.number(1, u64::MAX);
        message.message(300, &inner);
        message.raw(&[5 << 3 | 5, 1, 2, 3, 4, 6 << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8]);
        let bytes = message.bytes();
        let all = fields(&bytes).unwrap();
        assert_eq!(all.iter().map(|field| field.number).collect::<Vec<_>>(), [1, 300, 5, 6]);
        assert_eq!((all[0].varint, fields(all[1].payload.unwrap()).unwrap()[0].text()), (Some(u64::MAX), Some("ö")));
        assert_eq!(all.iter().flat_map(|field| field.raw).copied().collect::<Vec<_>>(), bytes);
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        for bytes in [
            &[8][..],
            &[0x12, 5, 1],
            &[0x80; 12],
            &[0x0b],
            &[9, 1, 2],
            &[0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
        ] {
            assert_eq!(fields(bytes).unwrap_err().kind(), ErrorKind::ModelInvalid, "{bytes:?}");
        }
    }
}
