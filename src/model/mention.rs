//! People who are mentioned in a text: `@name`, with the user name in any case, outside of code.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd, TextMergeStream};

/// Longest user name that is looked for, in characters.
const LONGEST: usize = 100;

/// Those who can be mentioned: ids by user name in lower case.
pub type Names = HashMap<String, i64>;

/// A mention in a text: where it stands, with the `@`, and who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub range: Range<usize>,
    pub user: i64,
}

/// The people whom a Markdown text mentions.
pub fn mentioned(markdown: &str, names: &Names) -> BTreeSet<i64> {
    if !markdown.contains('@') {
        return BTreeSet::new();
    }
    let mut found = BTreeSet::new();
    let mut is_code = false;
    for event in TextMergeStream::new(Parser::new(markdown)) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(text) if !is_code => {
                found.extend(find(&text, names).into_iter().map(|mention| mention.user));
            }
            _ => {}
        }
    }
    found
}

/// The mentions in a plain text, in order. The `@` follows nothing, a blank or a mark, so that an e-mail address is
/// none; of names that begin alike the longest one counts.
pub fn find(text: &str, names: &Names) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for (at, sign) in text.match_indices('@') {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        if before.is_some_and(|c| c.is_alphanumeric() || c == '@' || c == '/') {
            continue;
        }
        let start = at + sign.len();
        let rest = text.get(start..).unwrap_or_default();
        if let Some((length, user)) = name_at_start(rest, names) {
            found.push(Mention { range: at..start + length, user });
        }
    }
    found
}

/// The longest name that a text begins with, in bytes of the text, and whose it is.
fn name_at_start(text: &str, names: &Names) -> Option<(usize, i64)> {
    let word = text.split(|c: char| c.is_whitespace() || c == ',' || c == ':').next()?;
    let ends: Vec<usize> = word.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST).collect();
    ends.into_iter().rev().find_map(|end| {
        let (name, after) = word.split_at_checked(end)?;
        let is_whole = !after.chars().next().is_some_and(char::is_alphanumeric);
        let user = names.get(&name.to_lowercase()).filter(|_| is_whole)?;
        Some((end, *user))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        [("ben", 1), ("ben.ali", 2), ("mei@contoso.test", 3), ("jörg", 4)].map(|(name, id)| (name.into(), id)).into()
    }

    fn in_text(text: &str) -> Vec<i64> {
        mentioned(text, &names()).into_iter().collect()
    }

    #[test]
    fn a_name_after_an_at_sign_is_a_mention() {
        assert_eq!(in_text("@ben"), [1]);
        assert_eq!(in_text("Can you look, @Ben? Or (@JÖRG)."), [1, 4]);
        assert_eq!(in_text("**@ben.ali**: see _@mei@contoso.test_."), [2, 3]);
    }

    #[test]
    fn the_longest_name_counts_and_only_a_whole_one() {
        assert_eq!(in_text("@ben.ali."), [2]);
        assert_eq!(in_text("@ben."), [1]);
        assert_eq!(in_text("@benny and @ben_x"), [1], "an underscore may be emphasis");
        assert_eq!(in_text("@nobody"), [0; 0]);
    }

    #[test]
    fn addresses_paths_and_code_mention_nobody() {
        for text in ["mail ben@ben", "x@@ben", "/home/@ben", "`@ben`", "```\n@ben\n```", "    @ben"] {
            assert_eq!(in_text(text), [0; 0], "{text}");
        }
    }

    #[test]
    fn a_mention_is_found_where_it_stands() {
        let text = "Hi @jörg, hi";
        let found = find(text, &names());
        assert_eq!(found.iter().map(|one| &text[one.range.clone()]).collect::<Vec<_>>(), ["@jörg"]);
    }
}
