//! Scans JSON byte by byte: finds the end of a value, and the first byte that is not allowed. Numbers and
//! words such as `true` are not checked; the parser does that later.

/// Deepest nesting that is read; the JSON parser has the same limit.
const DEPTH_MAX: u32 = 127;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// A value or the end of the list that has just begun.
    FirstValue,
    Name,
    /// A name or the end of the object that has just begun.
    FirstName,
    Colon,
    /// A comma, or the end of the open list or object.
    More,
    Text,
    Escaped,
    /// In a number or a word such as `true`.
    Scalar,
}

/// The effect of a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The value continues.
    Open,
    /// This byte was its last.
    Closed,
    /// The byte before was its last.
    ClosedBefore,
    /// The byte is not allowed here.
    Invalid,
}

/// Follows one value from its first byte.
#[derive(Debug, Clone)]
pub(super) struct JsonScanner {
    /// One bit for each level, the innermost lowest: 1 is an object, 0 a list.
    objects: u128,
    depth: u32,
    expect: Expect,
    /// Whether the text that is being read is the name of a member.
    name: bool,
    too_deep: bool,
}

impl JsonScanner {
    pub(super) fn new() -> Self {
        Self { objects: 0, depth: 0, expect: Expect::Value, name: false, too_deep: false }
    }

    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    /// Whether the next byte may begin a value, apart from the first of a list.
    pub(super) fn wants_value(&self) -> bool {
        self.expect == Expect::Value
    }

    pub(super) fn wants_name(&self) -> bool {
        matches!(self.expect, Expect::Name | Expect::FirstName)
    }

    /// Whether a name has just ended.
    pub(super) fn wants_colon(&self) -> bool {
        self.expect == Expect::Colon
    }

    /// Whether it is inside a text, where only quotes, backslashes and line breaks matter.
    pub(super) fn in_text(&self) -> bool {
        self.expect == Expect::Text
    }

    /// Whether the last byte was invalid only because it opened one level too many.
    pub(super) fn too_deep(&self) -> bool {
        self.too_deep
    }

    /// The open brackets.
    pub(super) fn brackets(&self) -> Brackets {
        Brackets { objects: self.objects, depth: u64::from(self.depth) }
    }

    /// Continues as if the expected value had been read.
    pub(super) fn skip_value(&mut self) {
        self.expect = Expect::More;
    }

    pub(super) fn push(&mut self, byte: u8) -> Step {
        match self.expect {
            Expect::Text => self.push_in_text(byte),
            Expect::Escaped => {
                self.expect = Expect::Text;
                if byte == b'\n' { Step::Invalid } else { Step::Open }
            }
            Expect::Scalar if is_scalar(byte) => Step::Open,
            Expect::Scalar => {
                if self.depth == 0 {
                    return Step::ClosedBefore;
                }
                self.expect = Expect::More;
                self.push(byte)
            }
            _ if byte.is_ascii_whitespace() => Step::Open,
            Expect::Value | Expect::FirstValue => self.begin_value(byte),
            Expect::Name | Expect::FirstName => match byte {
                b'"' => self.begin_text(true),
                b'}' if self.expect == Expect::FirstName => self.close(),
                _ => Step::Invalid,
            },
            Expect::Colon if byte == b':' => self.expect_next(Expect::Value),
            Expect::Colon => Step::Invalid,
            Expect::More => self.after_value(byte),
        }
    }

    fn push_in_text(&mut self, byte: u8) -> Step {
        match byte {
            b'"' if self.name => self.expect_next(Expect::Colon),
            b'"' if self.depth == 0 => Step::Closed,
            b'"' => self.expect_next(Expect::More),
            b'\\' => self.expect_next(Expect::Escaped),
            // A JSON text has no line breaks, so the line was cut off here.
            b'\n' => Step::Invalid,
            _ => Step::Open,
        }
    }

    fn begin_value(&mut self, byte: u8) -> Step {
        match byte {
            b'{' => self.open(true),
            b'[' => self.open(false),
            b'"' => self.begin_text(false),
            b']' if self.expect == Expect::FirstValue => self.close(),
            _ if is_scalar(byte) => self.expect_next(Expect::Scalar),
            _ => Step::Invalid,
        }
    }

    fn after_value(&mut self, byte: u8) -> Step {
        let object = self.objects & 1 == 1;
        match byte {
            b',' => self.expect_next(if object { Expect::Name } else { Expect::Value }),
            b'}' if object => self.close(),
            b']' if !object => self.close(),
            _ => Step::Invalid,
        }
    }

    fn open(&mut self, object: bool) -> Step {
        if self.depth >= DEPTH_MAX {
            self.too_deep = true;
            return Step::Invalid;
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u128::from(object);
        self.expect_next(if object { Expect::FirstName } else { Expect::FirstValue })
    }

    fn close(&mut self) -> Step {
        self.depth -= 1;
        self.objects >>= 1;
        self.expect = Expect::More;
        if self.depth == 0 { Step::Closed } else { Step::Open }
    }

    fn begin_text(&mut self, name: bool) -> Step {
        self.name = name;
        self.expect_next(Expect::Text)
    }

    fn expect_next(&mut self, expect: Expect) -> Step {
        self.expect = expect;
        Step::Open
    }
}

/// The open brackets of a damaged value. A closing bracket also closes the unclosed ones inside of it.
/// Beyond 128 levels they are only counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brackets {
    objects: u128,
    depth: u64,
}

impl Brackets {
    pub(super) fn is_empty(self) -> bool {
        self.depth == 0
    }

    fn known(self) -> u128 {
        if self.depth >= 128 { u128::MAX } else { (1 << self.depth) - 1 }
    }

    pub(super) fn has_list(self) -> bool {
        !self.objects & self.known() != 0
    }

    pub(super) fn open(&mut self, byte: u8) {
        self.depth += 1;
        self.objects = self.objects << 1 | u128::from(byte == b'{');
    }

    pub(super) fn close(&mut self, byte: u8) {
        let object = byte == b'}';
        let matching = if object { self.objects & self.known() } else { !self.objects & self.known() };
        if matching == 0 {
            return;
        }
        let levels = matching.trailing_zeros() + 1;
        self.depth -= u64::from(levels);
        self.objects = self.objects.checked_shr(levels).unwrap_or(0);
    }
}

fn is_scalar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

/// Whether a line is one complete object or list, optionally with a comma after it.
pub(super) fn is_whole(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let line = line.strip_suffix(b",").unwrap_or(line).trim_ascii_end();
    if !matches!(line.first(), Some(b'{' | b'[')) {
        return false;
    }
    let mut scanner = JsonScanner::new();
    let end = line.iter().position(|&byte| scanner.push(byte) != Step::Open);
    end.is_some_and(|at| at + 1 == line.len()) && scanner.depth() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> (usize, Step) {
        let mut scanner = JsonScanner::new();
        for (at, byte) in text.bytes().enumerate() {
            let step = scanner.push(byte);
            if step != Step::Open {
                return (at, step);
            }
        }
        (text.len(), Step::Open)
    }

    #[test]
    fn a_value_ends_where_it_ends() {
        assert_eq!(run(r#"{"a":[1,{"b":"}\"]"}],"c":null} x"#).1, Step::Closed);
        assert_eq!(run("[[],{}] "), (6, Step::Closed));
        assert_eq!(run("12e9,"), (4, Step::ClosedBefore));
        assert_eq!(run(r#"{"a":1"#).1, Step::Open);
    }

    #[test]
    fn the_first_byte_that_cannot_stand_is_found() {
        assert_eq!(run("{\"a\":1\n{"), (7, Step::Invalid));
        assert_eq!(run("{\"a\":\"x\n"), (7, Step::Invalid));
        assert_eq!(run("[1}"), (2, Step::Invalid));
        assert_eq!(run("{,}"), (1, Step::Invalid));
        assert_eq!(run(&"[".repeat(500)), (127, Step::Invalid));
    }

    #[test]
    fn a_line_is_whole_or_not() {
        assert!(is_whole(b" {\"a\":[1]}, "));
        for part in ["{\"a\":", "{} {}", "\"text\"", "", ",", "]"] {
            assert!(!is_whole(part.as_bytes()), "{part}");
        }
    }
}
