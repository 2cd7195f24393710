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
        let mut done = "";
        let mut rest = typed;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '*' | '_' | '~' => rest.len() - rest.trim_start_matches(first).len(),
                _ => first.len_utf8(),
            };
            let (run, after) = rest.split_at(length);
            if is_literal(done, run, after) {
                text.extend(run.chars().map(stand_in));
            } else {
                text.push_str(run);
            }
            done = typed.get(..typed.len() - after.len()).unwrap_or_default();
            rest = after;
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
fn is_literal(before: &str, run: &str, after: &str) -> bool {
    match run.chars().next() {
        Some('\\' | '&') => true,
        // `<https://example.org>` is a link. Anything else would be HTML.
        Some('<') => !["http://", "https://", "mailto:"].iter().any(|scheme| after.starts_with(scheme)),
        Some(':') => before.ends_with(']'),
        Some('~') if run.len() == 1 => true,
        // `~~~` begins a block of code.
        Some('~') if run.len() > 2 => false,
        Some('*' | '_' | '~') => !emphasizes(before, run, after),
        _ => false,
    }
}

/// Whether a run of marks begins or ends emphasis, or begins an item or a line across: only at the border of
/// a word, never beside a slash, a backslash or the dot of a glob.
fn emphasizes(before: &str, run: &str, after: &str) -> bool {
    let (previous, next) = (before.chars().next_back(), after.chars().next());
    if is_blank(previous) && is_blank(next) {
        return true;
    }
    // "*" within quotation marks, as in a policy.
    if is_quote(previous) && is_quote(next) {
        return false;
    }
    if run.starts_with('_') && is_within_underscores(before, run, after) {
        return false;
    }
    opens(before, after) || closes(before, run, after)
}

fn opens(before: &str, after: &str) -> bool {
    let previous = before.trim_end_matches(is_mark).chars().next_back();
    let next = after.trim_start_matches(is_mark).chars().next();
    let is_border = is_blank(previous) || previous.is_some_and(|c| "([{\"'|>".contains(c));
    is_border && next.is_some_and(|c| c.is_alphanumeric() || "\"'([{<`#@$&".contains(c) || is_symbol(c))
}

fn closes(before: &str, run: &str, after: &str) -> bool {
    let previous = before.trim_end_matches(is_mark).chars().next_back();
    let follows = previous.is_some_and(|c| {
        c.is_alphanumeric()
            || "\"')]}>`%!?".contains(c)
            || is_symbol(c)
            // `*foo.*` is a glob.
            || (".,:;".contains(c) && run.len() > 1)
    });
    let next = after.trim_start_matches(is_mark).trim_start_matches(['.', ':', '!', '?']).chars().next();
    let is_adjacent = after.trim_start_matches(is_mark).chars().next() == next;
    follows && (is_blank(next) || (is_adjacent && next.is_some_and(|c| ",;)]}\"'|".contains(c))))
}

/// A word such as `__init__`, in any of whose underscores the run may be.
fn is_within_underscores(before: &str, run: &str, after: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let start = before.len() - before.trim_end_matches(is_word).len();
    let end = after.len() - after.trim_start_matches(is_word).len();
    let head = before.get(before.len() - start..).unwrap_or_default();
    let word = format!("{head}{run}{}", after.get(..end).unwrap_or_default());
    word.starts_with("__") && word.ends_with("__") && word.contains(char::is_alphanumeric)
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
