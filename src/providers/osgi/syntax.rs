//! The syntax of `.config` files, as Apache Felix writes and reads them: `key="value"`, typed values (`I"1"`), arrays (`["a","b"]`) and
//! collections (`("a","b")`), `\` before a character that would mean something, and before a line's end that means nothing.

const MAX_BYTES: usize = 64 * 1024;
const MAX_ENTRIES: usize = 200;
const MAX_VALUES: usize = 64;

/// One line of a file: a key with its values, of which a simple one has one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub key: String,
    pub values: Vec<String>,
}

/// What cannot be read, and in which line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub line: usize,
    pub reason: &'static str,
}

/// The entries of a file, in their order.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, SyntaxError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { rest: text, line: 1 };
    if text.len() > MAX_BYTES {
        return Err(reader.error("the file is larger than any such file"));
    }
    let mut entries = Vec::new();
    while reader.next_entry() {
        if entries.len() == MAX_ENTRIES {
            return Err(reader.error("the file has too many entries"));
        }
        let entry = reader.entry()?;
        if entries.iter().any(|known: &Entry| known.key == entry.key) {
            return Err(reader.error("a key stands there twice"));
        }
        entries.push(entry);
    }
    Ok(entries)
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn error(&self, reason: &'static str) -> SyntaxError {
        SyntaxError { line: self.line, reason }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn take(&mut self, wanted: char) -> bool {
        self.peek() == Some(wanted) && self.next().is_some()
    }

    /// White space, ends of lines among it, and those that a `\` takes back.
    fn skip_white(&mut self) {
        loop {
            let is_continued = ["\\\n", "\\\r\n"].iter().any(|end| self.rest.starts_with(end));
            if !is_continued && !self.peek().is_some_and(char::is_whitespace) {
                return;
            }
            self.next();
        }
    }

    /// Goes to the next entry, past empty lines and comments.
    fn next_entry(&mut self) -> bool {
        loop {
            self.skip_white();
            match self.peek() {
                None => return false,
                Some('#') => while self.next().is_some_and(|c| c != '\n') {},
                Some(_) => return true,
            }
        }
    }

    fn entry(&mut self) -> Result<Entry, SyntaxError> {
        let mut key = String::new();
        loop {
            match self.next() {
                Some('=') => break,
                Some('\\') => key.push(self.escaped()?),
                Some('\n') | None => return Err(self.error("a key without = after it")),
                Some(c) => key.push(c),
            }
        }
        let key = key.trim().to_owned();
        if key.is_empty() {
            return Err(self.error("a = without a key before it"));
        }
        while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
            self.next();
        }
        // The type of what follows: for us, everything is text.
        if self.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
            self.next();
        }
        let values = match self.next() {
            Some('"') => vec![self.quoted()?],
            Some('[') => self.list(']')?,
            Some('(') => self.list(')')?,
            _ => return Err(self.error("a value without quotes")),
        };
        Ok(Entry { key, values })
    }

    fn list(&mut self, end: char) -> Result<Vec<String>, SyntaxError> {
        let mut values = Vec::new();
        loop {
            self.skip_white();
            if self.take(end) {
                return Ok(values);
            }
            if values.len() == MAX_VALUES {
                return Err(self.error("a list that is too long"));
            }
            if !self.take('"') {
                return Err(self.error("a list with something that has no quotes"));
            }
            values.push(self.quoted()?);
            self.skip_white();
            self.take(',');
        }
    }

    fn quoted(&mut self) -> Result<String, SyntaxError> {
        let mut value = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(value),
                Some('\\') => value.push(self.escaped()?),
                // Felix escapes them; a line's end means that quotes are missing.
                Some('\n') | None => return Err(self.error("quotes that do not end")),
                Some(c) => value.push(c),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, SyntaxError> {
        Ok(match self.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let digits: String = (0..4).filter_map(|_| self.next()).collect();
                let is_hex = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                let code = if is_hex { u32::from_str_radix(&digits, 16).ok() } else { None };
                code.and_then(char::from_u32).ok_or_else(|| self.error("a \\u without a character's number"))?
            }
            Some('\r' | '\n') | None => return Err(self.error("quotes that do not end")),
            Some(c) => c,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(text: &str) -> Vec<(String, Vec<String>)> {
        read(text).unwrap().into_iter().map(|entry| (entry.key, entry.values)).collect()
    }

    #[test]
    fn what_felix_writes_is_read() {
        let text = "\u{feff}# a comment = \"x\"\r\n:org.apache.felix.configadmin.revision:=L\"2\"\r\na.b=\"x\\ y\\=z\\\\\\\"\\u00e9\\t\"\n\nlist=[ \\\r\n  \"a\", \\\r\n  \"b\", \\\r\n  ]\nset=(\"\\\"iss\\\"\\ :\\ \\\"X\\\"\")\nn=I\"1\"\nflag = B\"true\"\nempty=[]\nints=I[\"1\",\"2\"]";
        let wanted: Vec<(String, Vec<String>)> = [
            (":org.apache.felix.configadmin.revision:", vec!["2"]),
            ("a.b", vec!["x y=z\\\"é\t"]),
            ("list", vec!["a", "b"]),
            ("set", vec!["\"iss\" : \"X\""]),
            ("n", vec!["1"]),
            ("flag", vec!["true"]),
            ("empty", vec![]),
            ("ints", vec!["1", "2"]),
        ]
        .into_iter()
        .map(|(key, values)| (key.to_owned(), values.into_iter().map(str::to_owned).collect()))
        .collect();
        assert_eq!(entries(text), wanted);
        assert_eq!(entries(""), []);
    }

    #[test]
    fn what_is_no_such_file_is_refused_with_its_line() {
        for (text, line) in [
            ("a", 1),
            ("a=b", 1),
            ("a=\"b", 1),
            ("x=\"1\"\na=\"b\nc=\"d\"", 3),
            ("=\"b\"", 1),
            ("a=[\"b\"", 1),
            ("a=[b]", 1),
            ("a=\"\\u12\"", 1),
            ("a=\"\\ud800\"", 1),
            ("a=\"x\"\na=\"y\"", 2),
            ("{\"a\": \"b\"}", 1),
        ] {
            assert_eq!(read(text).map_err(|error| error.line), Err(line), "{text}");
        }
        assert!(read(&"a".repeat(MAX_BYTES + 1)).is_err());
        let many: String = (0..=MAX_ENTRIES).map(|n| format!("k{n}=\"\"\n")).collect();
        assert!(read(&many).is_err());
        assert!(read(&format!("a=[{}]", "\"x\",".repeat(MAX_VALUES + 1))).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([a-c.]|=|\"|\\[|\\]|\\(|\\)|,|\\\\|u00e9|\n|\r|#| |I){0,80}") {
            let _ = read(&text);
        }
    }
}
