//! JSON Pointers (RFC 6901) with additions for lists.

use serde_json::Value;

use crate::formats::building::json::{parse_embedded_json, scalar_text};
use crate::formats::mapping::steps::{Steps, of_copying, of_visiting};

/// Most values that one pointer can find.
const FOUND_MAX: usize = 1_000;
/// Most parts of one pointer; JSON that is deeper is not read at all.
const SEGMENTS_MAX: usize = 128;

/// The values that pointers are applied to: the record, and within a rule's `each` one item of it.
#[derive(Debug, Clone, Copy)]
pub struct ReadContext<'a> {
    pub record: &'a Value,
    pub item: &'a Value,
    /// How much may still be read; `None` for any amount.
    steps: Option<&'a Steps>,
}

impl<'a> ReadContext<'a> {
    pub fn new(record: &'a Value) -> Self {
        Self { record, item: record, steps: None }
    }

    /// The same record with a limit: once the steps are used up, nothing more is found.
    pub fn within(record: &'a Value, steps: &'a Steps) -> Self {
        Self { record, item: record, steps: Some(steps) }
    }

    /// The same record with one item of it.
    #[must_use]
    pub fn of_item(self, item: &'a Value) -> Self {
        Self { item, ..self }
    }

    /// Takes some steps; false when there are not as many left.
    pub fn take(&self, steps: u64) -> bool {
        self.steps.is_none_or(|left| left.take(steps))
    }
}

/// A JSON Pointer with additions: the segment `*` is every item of a list (or every member of an object),
/// a leading `$` begins at the record instead of the item of `each`, and `.` is the item itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    text: String,
    from_record: bool,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Name(String),
    Each,
}

impl Pointer {
    /// Whether a text is meant as a pointer.
    pub fn looks_like(text: &str) -> bool {
        text == "." || text.starts_with('/') || text.starts_with("$/")
    }

    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let rest = text.strip_prefix('$').unwrap_or(text);
        if !Self::looks_like(text) {
            return Err(format!("{text:?} is not a path: a path begins with a slash, such as /rule/name."));
        }
        let mut segments = Vec::new();
        for part in rest.split('/').skip(1) {
            let plain = part.replace("~0", "").replace("~1", "");
            if plain.contains('~') {
                return Err(format!("In {text}, write ~ as ~0, and / inside a name as ~1."));
            }
            segments.push(match part {
                "*" => Segment::Each,
                name => Segment::Name(name.replace("~1", "/").replace("~0", "~")),
            });
        }
        if segments.len() > SEGMENTS_MAX {
            return Err(format!("A path can have at most {SEGMENTS_MAX} parts."));
        }
        Ok(Self { text: text.to_owned(), from_record: text.starts_with('$'), segments })
    }

    /// The values that it finds, at most a thousand; nulls are left out.
    pub fn find(&self, context: ReadContext<'_>) -> Vec<Value> {
        let mut found = Vec::new();
        walk(if self.from_record { context.record } else { context.item }, &self.segments, context, &mut found);
        found
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The values that it finds, as texts; each item of a list is one, blank ones are left out.
    pub fn texts(&self, context: ReadContext<'_>) -> Vec<String> {
        let text = |value: &Value| scalar_text(value).map(|text| text.trim().to_owned());
        self.find(context)
            .iter()
            .flat_map(|value| match value {
                Value::Array(items) => items.iter().filter_map(text).collect(),
                value => text(value).into_iter().collect::<Vec<_>>(),
            })
            .filter(|text| !text.is_empty())
            .take(FOUND_MAX)
            .collect()
    }

    /// The values that it finds; each item of a list is one.
    pub fn items(&self, context: ReadContext<'_>) -> Vec<Value> {
        self.find(context)
            .into_iter()
            .flat_map(|value| match parse_embedded_json(&value).into_owned() {
                Value::Array(items) => items,
                value => vec![value],
            })
            .take(FOUND_MAX)
            .collect()
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Collects the values of a pointer, also inside of strings that contain JSON.
fn walk(value: &Value, segments: &[Segment], context: ReadContext<'_>, found: &mut Vec<Value>) {
    if !context.take(1) || found.len() >= FOUND_MAX || value.is_null() {
        return;
    }
    let Some((first, rest)) = segments.split_first() else {
        if context.take(of_copying(value)) {
            found.push(value.clone());
        }
        return;
    };
    if !context.take(of_visiting(value)) {
        return;
    }
    let value = parse_embedded_json(value);
    match (first, &*value) {
        (Segment::Each, Value::Array(items)) => items.iter().for_each(|item| walk(item, rest, context, found)),
        (Segment::Each, Value::Object(members)) => members.values().for_each(|item| walk(item, rest, context, found)),
        (Segment::Each, one) => walk(one, rest, context, found),
        (Segment::Name(name), Value::Object(members)) => {
            if let Some(member) = members.get(name) {
                walk(member, rest, context, found);
            }
        }
        (Segment::Name(name), Value::Array(items)) => {
            if let Some(item) = name.parse::<usize>().ok().and_then(|index| items.get(index)) {
                walk(item, rest, context, found);
            }
        }
        _ => {}
    }
}

/// A member's name as it is written in a pointer.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
