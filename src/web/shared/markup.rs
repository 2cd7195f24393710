//! Renders the Markdown of comments, and removes every HTML element that is not allowed. Images are not
//! allowed, since loading one reveals to its server who reads the comment. Links send no referrer.
//!
//! People paste paths, commands and logs, so nothing that they type disappears. A backslash is a backslash,
//! never an escape; HTML and entities are text; emphasis begins and ends at words; an address is never
//! defined apart from its link. Code, between backticks, fences or indented by four spaces, is kept as it
//! was typed.

mod literal;
mod visible;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Options, Parser, html};

use self::literal::Literal;
use self::visible::{SCHEMES, Visible};

/// Cleaned HTML: the only values that templates do not escape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// Renders Markdown.
    pub fn from_markdown(text: &str) -> Self {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let literal = Literal::new(text);
        let parsed = Parser::new_ext(&literal.text, options).into_offset_iter();
        let mut rendered = String::new();
        html::push_html(&mut rendered, Visible::events(&literal, parsed).into_iter());
        Self(CLEANER.clean(&rendered).to_string())
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
