//! Renders the Markdown of comments, and removes every HTML element that is not allowed. Images are not
//! allowed, since loading one reveals to its server who reads the comment. Links send no referrer.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// Cleaned HTML: the only values that templates do not escape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// Renders Markdown.
    pub fn from_markdown(text: &str) -> Self {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        // HTML in a comment is shown as text.
        let events = Parser::new_ext(text, options).map(|event| match event {
            Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            Event::SoftBreak => Event::HardBreak,
            other => other,
        });
        let mut rendered = String::new();
        html::push_html(&mut rendered, events);
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
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

#[cfg(test)]
mod tests {
    use super::Markup;

    fn render(text: &str) -> String {
        Markup::from_markdown(text).to_string()
    }

    #[test]
    fn markdown_is_rendered() {
        assert_eq!(render("**bold** and `code`").trim(), "<p><strong>bold</strong> and <code>code</code></p>");
    }

    #[test]
    fn html_in_a_comment_is_text() {
        let shown = render("<script>alert(1)</script>");
        assert!(!shown.contains("<script") && shown.contains("&lt;script&gt;"), "{shown}");
        assert!(!render("a <img src=x onerror=alert(1)> b").contains("<img"));
    }

    #[test]
    fn links_cannot_run_anything_and_images_are_not_loaded() {
        assert!(!render("[x](javascript:alert(1))").contains("javascript"));
        assert!(!render("![x](https://evil.example/pixel.png)").contains("<img"));
        assert!(render("[x](https://example.org)").contains("noreferrer"));
    }
}
