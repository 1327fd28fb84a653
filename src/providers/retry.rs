//! When to ask again, by what an answer says: a header, or a time in the text, since pages can rarely read the header.

use super::Answer;

/// A day: what asks for more waiting than this gets no other answer today.
const MAX_MS: u64 = 86_400_000;

/// The time that `Retry-After` asks for, in seconds or as a date. A date is told from the answer's own `Date`, as no clock is read here.
pub(super) fn retry_after_ms(answer: &Answer) -> Option<u64> {
    let text = answer.header("retry-after")?.trim();
    seconds_ms(text).or_else(|| {
        let wait_s = http_date_s(text)? - http_date_s(answer.header("date")?.trim())?;
        Some((u64::try_from(wait_s).unwrap_or(0) * 1000).min(MAX_MS))
    })
}

/// A time in what a server says: "Try again in 26 seconds", "retry after 40 seconds", "retry after 500 milliseconds".
pub(super) fn time_in_text(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    let after = |mark: &str| {
        text.match_indices(mark).find_map(|(at, _)| {
            let rest = text[at + mark.len()..].trim_start();
            let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (digits, unit) = rest.split_at(n_digits);
            let n: u64 = digits.parse().ok()?;
            let is = |name: &str| unit.trim_start().starts_with(name) && unit.starts_with(' ');
            if is("second") {
                Some(n.saturating_mul(1000).min(MAX_MS))
            } else if is("millisecond") {
                Some(n.min(MAX_MS))
            } else {
                None
            }
        })
    };
    after("try again in ").or_else(|| after("retry after "))
}

/// Milliseconds, rounded up, in "31" or "1.5".
pub(super) fn seconds_ms(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let seconds: f64 = text.parse().ok()?;
    Some(((seconds * 1000.0).ceil() as u64).min(MAX_MS))
}

/// Seconds from 1970 of a date as HTTP writes it: "Sun, 06 Nov 1994 08:49:37 GMT".
fn http_date_s(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text.split_once(", ")?.1.split(' ');
    let day: i64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = 1 + MONTHS.iter().position(|name| *name == month)? as i64;
    let year: i64 = parts.next()?.parse().ok().filter(|year| (1970..10_000).contains(year))?;
    let mut time = parts.next()?.split(':').map(|part| part.parse::<i64>().ok().filter(|n| (0..=60).contains(n)));
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    if parts.next() != Some("GMT") || !(1..=31).contains(&day) {
        return None;
    }
    // Days from 1970, counting years from March so that the day in leap years comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(headers: &[(&str, &str)]) -> Option<u64> {
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        retry_after_ms(&Answer { status: 429, headers: &headers, body: b"" })
    }

    #[test]
    fn the_header_is_read_as_seconds_and_as_a_date() {
        assert_eq!(after(&[("retry-after", "26")]), Some(26_000));
        assert_eq!(after(&[("retry-after", "999999999999")]), Some(MAX_MS));
        let dates = [("retry-after", "Wed, 29 Feb 2028 00:00:30 GMT"), ("date", "Tue, 28 Feb 2028 23:59:00 GMT")];
        assert_eq!(after(&dates), Some(90_000));
        assert_eq!(after(&dates[..1]), None, "without the server's clock");
        for odd in ["", "-1", "soon", "1e9", "Sun, 06 Nov 1994", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(after(&[("retry-after", odd), dates[1]]), None, "{odd}");
        }
    }

    #[test]
    fn dates_are_counted_from_1970() {
        assert_eq!(http_date_s("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(http_date_s("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
    }

    #[test]
    fn times_are_found_in_what_servers_say() {
        for (text, wanted) in [
            ("Rate limit is exceeded. Try again in 26 seconds.", Some(26_000)),
            ("Try again in 1 second.", Some(1000)),
            ("Please retry after 40 seconds. Please contact", Some(40_000)),
            ("retry after 500 milliseconds", Some(500)),
            ("Try again later. Retry after 7 seconds", Some(7000)),
            ("Quota will be replenished in 2.12 days.", None),
            ("try again in 5 minutes", None),
            ("try again in 99999999999999999999999 seconds", None),
        ] {
            assert_eq!(time_in_text(text), wanted, "{text}");
        }
    }
}
