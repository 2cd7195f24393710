//! Marks the people who are mentioned.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd, TextMergeStream};

use crate::model::mention::{Names, find};

/// The events of a text, with each mention as an element of its own.
pub(super) fn with_mentions<'a>(events: Vec<Event<'a>>, names: &Names) -> Vec<Event<'a>> {
    if names.is_empty() {
        return events;
    }
    let mut marked = Vec::with_capacity(events.len());
    let mut is_code = false;
    for event in TextMergeStream::new(events.into_iter()) {
        match event {
            Event::Text(text) if !is_code => add(&mut marked, text, names),
            other => {
                match &other {
                    Event::Start(Tag::CodeBlock(_)) => is_code = true,
                    Event::End(TagEnd::CodeBlock) => is_code = false,
                    _ => {}
                }
                marked.push(other);
            }
        }
    }
    marked
}

fn add<'a>(events: &mut Vec<Event<'a>>, text: CowStr<'a>, names: &Names) {
    let mentions = find(&text, names);
    if mentions.is_empty() {
        events.push(Event::Text(text));
        return;
    }
    let part = |from, to| Event::Text(text.get(from..to).unwrap_or_default().to_owned().into());
    let mut end = 0;
    for mention in mentions {
        events.push(part(end, mention.range.start));
        // Nothing else is rendered as this element.
        events.push(Event::InlineHtml("<b>".into()));
        events.push(part(mention.range.start, mention.range.end));
        events.push(Event::InlineHtml("</b>".into()));
        end = mention.range.end;
    }
    events.push(part(end, text.len()));
}
