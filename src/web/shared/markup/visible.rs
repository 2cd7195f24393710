//! Changes what the Markdown parser returns so that nothing typed is invisible: an image, which is never
//! loaded, and a link that may not be followed are shown as they were typed; so is the text after the fence
//! of a code block, the number of each item, and cells beyond the last column of a table.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag, TagEnd};

use super::literal::Literal;

/// The schemes of addresses that links may have.
pub(super) const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// A link that is being read.
struct OpenLink<'a> {
    address: CowStr<'a>,
    title: CowStr<'a>,
    is_link: bool,
    /// Something of it is visible.
    has_text: bool,
}

/// What is known while the events of a text are read.
pub(super) struct Visible<'a> {
    source: &'a str,
    literal: &'a Literal,
    events: Vec<Event<'a>>,
    links: Vec<OpenLink<'a>>,
    /// Of the open lists, whether each is numbered.
    numbered: Vec<bool>,
    columns: usize,
    cell: usize,
    row_end: usize,
    /// How far the source has been read.
    last_end: usize,
}

impl<'a> Visible<'a> {
    /// The events to render of `literal`'s text.
    pub fn events(literal: &'a Literal, parsed: impl Iterator<Item = (Event<'a>, Range<usize>)>) -> Vec<Event<'a>> {
        let mut visible = Self {
            source: &literal.text,
            literal,
            events: Vec::new(),
            links: Vec::new(),
            numbered: Vec::new(),
            columns: 0,
            cell: 0,
            row_end: 0,
            last_end: 0,
        };
        for (event, range) in parsed {
            visible.read(event, &range);
        }
        visible.events
    }

    fn read(&mut self, event: Event<'a>, range: &Range<usize>) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => {
                self.note_text(&text);
                self.events.push(Event::Code(self.literal.restore(&text).into()));
            }
            Event::SoftBreak => self.events.push(Event::HardBreak),
            Event::Start(tag) => {
                self.last_end = range.start;
                self.start(tag, range);
                return;
            }
            Event::End(tag) => self.end(tag, range),
            other => self.events.push(other),
        }
        self.last_end = range.end;
    }

    fn text(&mut self, text: &str) {
        self.note_text(text);
        self.events.push(Event::Text(self.literal.restore(text).into()));
    }

    fn note_text(&mut self, text: &str) {
        if let Some(link) = self.links.last_mut() {
            link.has_text |= !text.trim().is_empty();
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: &Range<usize>) {
        match tag {
            Tag::Link { dest_url, title, link_type, id } => {
                let address: CowStr<'a> = self.literal.restore(&dest_url).into();
                let is_link = may_be_followed(&address);
                self.links.push(OpenLink { address: address.clone(), title, is_link, has_text: false });
                if is_link {
                    let tag = Tag::Link { link_type, dest_url: address, title: CowStr::Borrowed(""), id };
                    self.events.push(Event::Start(tag));
                } else {
                    self.opening("[");
                }
            }
            Tag::Image { dest_url, title, .. } => {
                self.note_text("!");
                self.links.push(OpenLink { address: dest_url, title, is_link: false, has_text: false });
                self.opening("![");
            }
            Tag::CodeBlock(kind) => self.code_block(kind),
            Tag::List(first) => {
                self.numbered.push(first.is_some());
                self.events.push(Event::Start(Tag::List(first)));
            }
            Tag::Item if self.numbered.last() == Some(&true) => self.numbered_item(range),
            Tag::HtmlBlock => self.events.push(Event::Start(Tag::Paragraph)),
            Tag::Table(columns) => {
                self.columns = columns.len();
                self.events.push(Event::Start(Tag::Table(columns)));
            }
            Tag::TableHead | Tag::TableRow => {
                (self.cell, self.row_end) = (0, range.end);
                self.events.push(Event::Start(tag));
            }
            other => self.events.push(Event::Start(other)),
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Link | TagEnd::Image => self.end_link(range),
            TagEnd::List(_) => {
                self.numbered.pop();
                self.events.push(Event::End(tag));
            }
            TagEnd::Item if self.numbered.last() == Some(&true) => self.events.push(Event::Html("</li>\n".into())),
            TagEnd::HtmlBlock => self.events.push(Event::End(TagEnd::Paragraph)),
            TagEnd::TableCell => {
                self.cell += 1;
                if self.cell == self.columns {
                    self.cells_left_over(range.end);
                }
                self.events.push(Event::End(tag));
            }
            _ => self.events.push(Event::End(tag)),
        }
    }

    fn opening(&mut self, bracket: &'static str) {
        self.last_end += bracket.len();
        self.events.push(Event::Text(bracket.into()));
    }

    fn end_link(&mut self, range: &Range<usize>) {
        let Some(link) = self.links.pop() else { return };
        if !link.is_link {
            let rest = self.source.get(self.last_end..range.end).unwrap_or_default();
            self.text(rest);
            return;
        }
        if !link.has_text {
            self.events.push(Event::Text(link.address));
        }
        self.events.push(Event::End(TagEnd::Link));
        if !link.title.is_empty() {
            self.text(&format!(" ({})", link.title));
        }
    }

    /// The text after the fence is mostly a language, but may be the first line of what was pasted.
    fn code_block(&mut self, kind: CodeBlockKind<'a>) {
        if let CodeBlockKind::Fenced(info) = &kind
            && !info.trim().is_empty()
        {
            self.events.push(Event::Start(Tag::Paragraph));
            self.text(info);
            self.events.push(Event::End(TagEnd::Paragraph));
        }
        self.events.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)));
    }

    fn numbered_item(&mut self, range: &Range<usize>) {
        let source = self.source.get(range.clone()).unwrap_or_default();
        let number: String = source.trim_start().chars().take_while(char::is_ascii_digit).collect();
        self.events.push(Event::Html(format!("<li value=\"{number}\">").into()));
    }

    /// The parser leaves out cells beyond the last column.
    fn cells_left_over(&mut self, end: usize) {
        let rest = self.source.get(end..self.row_end).unwrap_or_default();
        let rest = rest.trim().trim_matches('|').trim();
        if !rest.is_empty() {
            self.text(&format!(" | {rest}"));
        }
    }
}

fn may_be_followed(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}
