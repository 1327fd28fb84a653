//! Python's notation of lists and dictionaries of names: `['cat', 'dog']`, `{0: 'cat', 1: "jack-o'-lantern"}`. Exporters write it into an
//! ONNX file's metadata, and people into files of labels.

/// The names in a list or tuple, or a dictionary with a number per name, either way round.
#[derive(Debug, PartialEq, Eq)]
pub enum Literal {
    List(Vec<String>),
    Numbered(Vec<(u64, String)>),
}

enum Atom {
    Number(u64),
    Text(String),
}

/// Parses `text` as a whole; `None` if it is anything else. Names may stand without quotes, as in YAML, unless they hold a bracket or a
/// colon.
pub fn parse_literal(text: &str) -> Option<Literal> {
    let mut rest = text.trim();
    let open = rest.chars().next()?;
    let close = match open {
        '[' => ']',
        '(' => ')',
        '{' => '}',
        _ => return None,
    };
    rest = rest[1..].trim_start();
    let (mut names, mut numbered) = (Vec::new(), Vec::new());
    while !rest.starts_with(close) {
        let key = atom(&mut rest)?;
        if open == '{' {
            rest = rest.trim_start().strip_prefix(':')?.trim_start();
            numbered.push(match (key, atom(&mut rest)?) {
                (Atom::Number(number), Atom::Text(name)) | (Atom::Text(name), Atom::Number(number)) => (number, name),
                (Atom::Number(number), Atom::Number(name)) => (number, name.to_string()),
                // JSON's and YAML's keys are text, even if they are numbers.
                (Atom::Text(key), Atom::Text(name)) => (key.parse().ok()?, name),
            });
        } else {
            names.push(match key {
                Atom::Text(name) => name,
                Atom::Number(number) => number.to_string(),
            });
        }
        rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None if rest.starts_with(close) => {}
            None => return None,
        }
    }
    let after = &rest[1..];
    if !after.trim().is_empty() {
        return None;
    }
    Some(if open == '{' { Literal::Numbered(numbered) } else { Literal::List(names) })
}

/// The next number or name.
fn atom(rest: &mut &str) -> Option<Atom> {
    let quote = rest.chars().next()?;
    if quote == '\'' || quote == '"' {
        let (text, after) = unquote(&rest[1..], quote)?;
        *rest = after;
        return Some(Atom::Text(text));
    }
    let end = rest.find([',', ':', '[', ']', '{', '}', '(', ')', '\n'])?;
    let word = rest[..end].trim();
    *rest = &rest[end..];
    match word.parse() {
        Ok(number) => Some(Atom::Number(number)),
        Err(_) => (!word.is_empty() && !word.contains(['\'', '"'])).then(|| Atom::Text(word.to_owned())),
    }
}

/// The text before the closing `quote`, and what follows it.
pub fn unquote(text: &str, quote: char) -> Option<(String, &str)> {
    let mut unquoted = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => match characters.next()?.1 {
                'n' | 't' | 'r' => unquoted.push(' '),
                'x' => unquoted.push(escaped(&mut characters, 2)?),
                'u' => unquoted.push(escaped(&mut characters, 4)?),
                other => unquoted.push(other),
            },
            _ if character == quote => return Some((unquoted, &text[at + quote.len_utf8()..])),
            _ => unquoted.push(character),
        }
    }
    None
}

/// A character by its hexadecimal number.
fn escaped(characters: &mut std::str::CharIndices, n_digits: usize) -> Option<char> {
    let digits: String = characters.take(n_digits).map(|(_, digit)| digit).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_dictionaries_are_read_whole_or_not_at_all() {
        let list = |names: &[&str]| Some(Literal::List(names.iter().map(|&name| name.to_owned()).collect()));
        for (text, names) in [
            ("['ant', \"bee's\", 'c\\'d']", &["ant", "bee's", "c'd"][..]),
            ("('ant', 'bee',)", &["ant", "bee"]),
            ("[ant, bee fly]", &["ant", "bee fly"]),
            ("['k\\xf6ttbullar, hot', '\\u9db4']", &["köttbullar, hot", "鶴"]),
            ("[]", &[]),
        ] {
            assert_eq!(parse_literal(text), list(names), "{text}");
        }
        let both = Some(Literal::Numbered(vec![(0, "ant".into()), (1, "bee: a".into())]));
        for text in ["{0: 'ant', 1: 'bee: a'}", "{'ant': 0, 'bee: a': 1,\n}", "{\"0\": \"ant\",\n \"1\": \"bee: a\"}"] {
            assert_eq!(parse_literal(text), both, "{text}");
        }
        for text in [
            "['ant'",
            "['ant' 'bee']",
            "{0: 'ant'} more",
            "{0 'ant'}",
            "[[1, 2]]",
            "{'a': 'b'}",
            "ant",
            "",
            "['\\u12']",
            "[,]",
            "{",
        ] {
            assert_eq!(parse_literal(text), None, "{text}");
        }
    }
}
