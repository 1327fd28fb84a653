//! Numbers and slices out of bytes that may be too short.

/// Takes `n` bytes off the front.
pub fn take<'a>(bytes: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(n)?;
    *bytes = rest;
    Some(taken)
}

/// Takes a fixed number of bytes off the front.
pub fn take_array<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    take(bytes, N).and_then(|taken| taken.try_into().ok())
}

/// Takes a length of four bytes, the highest first, off the front.
pub fn take_length(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(take_array(bytes)?)).ok()
}
