//! Renders the Markdown of comments, and removes every HTML element that is not allowed. Images are not
//! allowed, since loading one reveals to its server who reads the comment. Links send no referrer.
//!
//! People paste paths, commands and logs, so nothing that they type disappears. A backslash is a backslash,
//! never an escape; HTML and entities are text; emphasis begins and ends at words; an address is never
//! defined apart from its link. Code, between backticks, fences or indented by four spaces, is kept as it
//! was typed.

mod literal;
mod marked;
mod visible;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html};

use crate::history::mentions;
use crate::model::mention::Names;
use crate::model::user::User;

use self::literal::Literal;
use self::visible::{SCHEMES, Visible};

/// Cleaned HTML: the only values that templates do not escape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// Renders the Markdown of a comment, in which some of these people may be mentioned. A text that is nested deeper,
    /// or has more cells, than anybody writes is shown as it was typed.
    pub fn of_comment(text: &str, people: &HashMap<i64, User>) -> Self {
        let names = if text.contains('@') { mentions::names(people.values()) } else { Names::new() };
        Self::from_markdown(text, &names)
    }

    fn from_markdown(text: &str, names: &Names) -> Self {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let literal = Literal::new(text);
        let mut bounds = Bounds::default();
        let parsed = Parser::new_ext(&literal.text, options).into_offset_iter();
        let parsed: Vec<_> = parsed.take_while(|(event, _)| bounds.allow(event)).collect();
        let mut rendered = String::new();
        if bounds.are_exceeded {
            let as_typed = CodeBlockKind::Indented;
            let events =
                [Event::Start(Tag::CodeBlock(as_typed)), Event::Text(text.into()), Event::End(TagEnd::CodeBlock)];
            html::push_html(&mut rendered, events.into_iter());
        } else {
            let visible = Visible::events(&literal, parsed.into_iter());
            html::push_html(&mut rendered, marked::with_mentions(visible, names).into_iter());
        }
        Self(CLEANER.clean(&rendered).to_string())
    }
}

/// How deep quotations, lists and emphasis are within each other, which browsers and the cleaner take time in
/// the square of, and how many cells tables have, to which each row adds those that were not typed.
#[derive(Default)]
struct Bounds {
    depth: usize,
    cells: usize,
    are_exceeded: bool,
}

impl Bounds {
    const DEPTH: usize = 32;
    const CELLS: usize = 3_000;

    fn allow(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                self.cells += usize::from(*tag == Tag::TableCell);
            }
            Event::End(_) => self.depth -= 1,
            _ => {}
        }
        self.are_exceeded = self.depth > Self::DEPTH || self.cells > Self::CELLS;
        !self.are_exceeded
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "b",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("li", HashSet::from(["value"]))]))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

#[cfg(test)]
mod tests;
