//! Keeps characters that Markdown would take away: backslashes, `&`, `<` and the marks of emphasis inside of
//! paths, identifiers and globs. Each is replaced by a private-use character before parsing, and restored in
//! what the parser returns, so that code and addresses keep them too.

/// What is replaced. `:` only after `]`, where it would make an invisible definition of a link's address.
const REPLACED: [char; 7] = ['\\', '&', '<', '*', '_', '~', ':'];

/// A text without the characters that are to be shown as they were typed.
pub(super) struct Literal {
    pub text: String,
    /// In the order of [`REPLACED`].
    stand_ins: Vec<char>,
}

impl Literal {
    pub fn new(typed: &str) -> Self {
        // The plane of private use has 65,534 characters, more than a comment.
        let stand_ins: Vec<char> =
            ('\u{f0000}'..='\u{ffffd}').filter(|c| !typed.contains(*c)).take(REPLACED.len()).collect();
        let stand_in = |c: char| {
            let found = REPLACED.iter().zip(&stand_ins).find(|(replaced, _)| **replaced == c);
            found.map_or(c, |(_, stand_in)| *stand_in)
        };
        let mut text = String::with_capacity(typed.len() + 64);
        let mut surroundings = Surroundings::new(typed);
        let mut at = 0;
        while let Some(rest) = typed.get(at..)
            && let Some(first) = rest.chars().next()
        {
            let length = match first {
                '*' | '_' | '~' => rest.len() - rest.trim_start_matches(first).len(),
                _ => first.len_utf8(),
            };
            let (run, after) = rest.split_at(length);
            if is_literal(&mut surroundings, at, run, after) {
                text.extend(run.chars().map(stand_in));
            } else {
                text.push_str(run);
            }
            at += length;
        }
        Self { text, stand_ins }
    }

    /// The text as it was typed.
    pub fn restore(&self, text: &str) -> String {
        let typed = |c: char| {
            let found = self.stand_ins.iter().zip(REPLACED).find(|(stand_in, _)| **stand_in == c);
            found.map_or(c, |(_, replaced)| replaced)
        };
        text.chars().map(typed).collect()
    }
}

/// Whether a character, or a run of one mark of emphasis, is shown as it was typed.
fn is_literal(surroundings: &mut Surroundings<'_>, at: usize, run: &str, after: &str) -> bool {
    match run.chars().next() {
        Some('\\' | '&') => true,
        // `<https://example.org>` is a link. Anything else would be HTML.
        Some('<') => !["http://", "https://", "mailto:"].iter().any(|scheme| after.starts_with(scheme)),
        Some(':') => surroundings.before(at).ends_with(']'),
        Some('~') if run.len() == 1 => true,
        // `~~~` begins a block of code.
        Some('~') if run.len() > 2 => false,
        Some('*' | '_' | '~') => !surroundings.emphasizes(at, run, after),
        _ => false,
    }
}

/// What is around the marks of emphasis at a place. It is found once for all marks that are beside each
/// other and once for all in a word: doing so for each would take minutes for a comment of such marks.
struct Surroundings<'t> {
    typed: &'t str,
    marks: Marks,
    word: Word,
}

/// Marks of emphasis beside each other.
#[derive(Default)]
struct Marks {
    end: usize,
    previous: Option<char>,
    next: Option<char>,
    /// What follows them after the end of a sentence.
    next_after_stop: Option<char>,
}

/// Letters, digits and underscores beside each other.
#[derive(Default)]
struct Word {
    end: usize,
    /// It is one such as `__init__`.
    is_within_underscores: bool,
}

impl<'t> Surroundings<'t> {
    fn new(typed: &'t str) -> Self {
        Self { typed, marks: Marks::default(), word: Word::default() }
    }

    fn before(&self, at: usize) -> &'t str {
        self.typed.get(..at).unwrap_or_default()
    }

    /// Whether a run of marks begins or ends emphasis, or begins an item or a line across: only at the
    /// border of a word, never beside a slash, a backslash or the dot of a glob.
    fn emphasizes(&mut self, at: usize, run: &str, after: &str) -> bool {
        let (previous, next) = (self.before(at).chars().next_back(), after.chars().next());
        if is_blank(previous) && is_blank(next) {
            return true;
        }
        // "*" within quotation marks, as in a policy.
        if is_quote(previous) && is_quote(next) {
            return false;
        }
        if run.starts_with('_') && self.word(at).is_within_underscores {
            return false;
        }
        let marks = self.marks(at);
        marks.open() || marks.close(run.len())
    }

    /// The marks of which one is at a place.
    fn marks(&mut self, at: usize) -> &Marks {
        if at >= self.marks.end {
            let after = self.typed.get(at..).unwrap_or_default().trim_start_matches(is_mark);
            self.marks = Marks {
                end: self.typed.len() - after.len(),
                previous: self.before(at).chars().next_back(),
                next: after.chars().next(),
                next_after_stop: after.trim_start_matches(['.', ':', '!', '?']).chars().next(),
            };
        }
        &self.marks
    }

    /// The word of which a character is at a place.
    fn word(&mut self, at: usize) -> &Word {
        if at >= self.word.end {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let start = self.before(at).trim_end_matches(is_word).len();
            let end = self.typed.len() - self.typed.get(at..).unwrap_or_default().trim_start_matches(is_word).len();
            let word = self.typed.get(start..end).unwrap_or_default();
            let is_within_underscores =
                word.starts_with("__") && word.ends_with("__") && word.contains(char::is_alphanumeric);
            self.word = Word { end, is_within_underscores };
        }
        &self.word
    }
}

impl Marks {
    fn open(&self) -> bool {
        let is_border = is_blank(self.previous) || self.previous.is_some_and(|c| "([{\"'|>".contains(c));
        is_border && self.next.is_some_and(|c| c.is_alphanumeric() || "\"'([{<`#@$&".contains(c) || is_symbol(c))
    }

    fn close(&self, run_length: usize) -> bool {
        let follows = self.previous.is_some_and(|c| {
            c.is_alphanumeric()
                || "\"')]}>`%!?".contains(c)
                || is_symbol(c)
                // `*foo.*` is a glob.
                || (".,:;".contains(c) && run_length > 1)
        });
        let next = self.next_after_stop;
        let is_adjacent = self.next == next;
        follows && (is_blank(next) || (is_adjacent && next.is_some_and(|c| ",;)]}\"'|".contains(c))))
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '*' | '_' | '~')
}

fn is_blank(c: Option<char>) -> bool {
    c.is_none_or(char::is_whitespace)
}

fn is_quote(c: Option<char>) -> bool {
    matches!(c, Some('"' | '\''))
}

/// A sign such as an arrow or a picture.
fn is_symbol(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::Literal;

    #[test]
    fn everything_is_restored_even_beside_private_use_characters() {
        let typed = "\u{f0000}C:\\a_b*\u{f0003}& <b> [x]: y ~z~ **bold**";
        let literal = Literal::new(typed);
        assert_eq!(literal.restore(&literal.text), typed);
        assert!(!literal.text.contains('\\') && literal.text.contains("**bold**"));
    }
}
