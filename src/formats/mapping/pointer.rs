//! Where a value comes from: JSON Pointers (RFC 6901), texts, and texts with pointers in them.

use serde_json::Value;

use crate::formats::building::mapped_evidence;

/// Most values that one pointer finds.
const FOUND_MAX: usize = 1_000;
/// Most parts of one pointer; JSON that is deeper is not read at all.
const SEGMENTS_MAX: usize = 128;

/// What pointers are read against: the record, and inside a rule's `each` one item of it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub record: &'a Value,
    pub item: &'a Value,
}

impl<'a> Place<'a> {
    pub fn new(record: &'a Value) -> Self {
        Self { record, item: record }
    }
}

/// A JSON Pointer with two additions: the segment `*` is every item of a list (or every member of
/// an object), and `$` in front begins at the record inside of `each`. `.` is the item itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    text: String,
    from_record: bool,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
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
            return Err(format!("{text:?} is no pointer: a pointer begins with a slash, as in /rule/name."));
        }
        let mut segments = Vec::new();
        for part in rest.split('/').skip(1) {
            let plain = part.replace("~0", "").replace("~1", "");
            if plain.contains('~') {
                return Err(format!("In {text}, ~ is written ~0 and / inside of a name ~1."));
            }
            segments.push(match part {
                "*" => Segment::Each,
                name => Segment::Name(name.replace("~1", "/").replace("~0", "~")),
            });
        }
        if segments.len() > SEGMENTS_MAX {
            return Err(format!("A pointer has at most {SEGMENTS_MAX} parts."));
        }
        Ok(Self { text: text.to_owned(), from_record: text.starts_with('$'), segments })
    }

    /// Every value it leads to; nulls and what is not there count as nothing.
    pub fn find(&self, place: Place<'_>) -> Vec<Value> {
        let mut found = Vec::new();
        walk(if self.from_record { place.record } else { place.item }, &self.segments, &mut found);
        found
    }

    /// What it finds as texts; the items of a list are one each, blank ones are none.
    pub fn texts(&self, place: Place<'_>) -> Vec<String> {
        let text = |value: &Value| mapped_evidence::scalar(value).map(|text| text.trim().to_owned());
        self.find(place)
            .iter()
            .flat_map(|value| match value {
                Value::Array(items) => items.iter().filter_map(text).collect(),
                value => text(value).into_iter().collect::<Vec<_>>(),
            })
            .filter(|text| !text.is_empty())
            .take(FOUND_MAX)
            .collect()
    }

    /// What it finds as things: the items of a list are one each.
    pub fn items(&self, place: Place<'_>) -> Vec<Value> {
        self.find(place)
            .into_iter()
            .flat_map(|value| match mapped_evidence::unpacked(&value).into_owned() {
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

/// Lists and objects that come as a string of JSON are looked into.
fn walk(value: &Value, segments: &[Segment], found: &mut Vec<Value>) {
    if found.len() >= FOUND_MAX || value.is_null() {
        return;
    }
    let Some((first, rest)) = segments.split_first() else {
        found.push(value.clone());
        return;
    };
    let value = mapped_evidence::unpacked(value);
    match (first, &*value) {
        (Segment::Each, Value::Array(items)) => items.iter().for_each(|item| walk(item, rest, found)),
        (Segment::Each, Value::Object(members)) => members.values().for_each(|item| walk(item, rest, found)),
        (Segment::Each, one) => walk(one, rest, found),
        (Segment::Name(name), Value::Object(members)) => {
            if let Some(member) = members.get(name) {
                walk(member, rest, found);
            }
        }
        (Segment::Name(name), Value::Array(items)) => {
            if let Some(item) = name.parse::<usize>().ok().and_then(|index| items.get(index)) {
                walk(item, rest, found);
            }
        }
        _ => {}
    }
}

/// One alternative of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Pointer(Pointer),
    /// The same for every record.
    Text(String),
    /// A text with `{/pointers}` in it; it says nothing when one of them finds nothing.
    Template(Vec<Part>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Pointer(Pointer),
}

impl Source {
    /// `/a` is a pointer, `{/a} on {/b}` a template, anything else a text; `=` in front makes a
    /// text of whatever follows.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(verbatim) = text.strip_prefix('=') {
            return Ok(Self::Text(verbatim.trim().to_owned()));
        }
        if Pointer::looks_like(text) {
            return Ok(Self::Pointer(Pointer::parse(text)?));
        }
        let parts = template(text)?;
        match parts.as_slice() {
            [Part::Text(text)] => Ok(Self::Text(text.clone())),
            _ => Ok(Self::Template(parts)),
        }
    }

    pub fn texts(&self, place: Place<'_>) -> Vec<String> {
        match self {
            Self::Pointer(pointer) => pointer.texts(place),
            Self::Text(text) => vec![text.clone()],
            Self::Template(parts) => filled(parts, place).into_iter().collect(),
        }
    }

    /// The pointers in it, as written.
    pub fn pointers(&self) -> Vec<&str> {
        match self {
            Self::Pointer(pointer) => vec![pointer.as_str()],
            Self::Text(_) => Vec::new(),
            Self::Template(parts) => parts
                .iter()
                .filter_map(|part| match part {
                    Part::Pointer(pointer) => Some(pointer.as_str()),
                    Part::Text(_) => None,
                })
                .collect(),
        }
    }
}

fn template(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        if !Pointer::looks_like(after.split('}').next().unwrap_or_default().trim()) {
            plain.push('{');
            rest = after;
            continue;
        }
        let Some((pointer, after)) = after.split_once('}') else {
            return Err(format!("In {text:?} a curly bracket is opened and not closed."));
        };
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut plain)));
        }
        parts.push(Part::Pointer(Pointer::parse(pointer)?));
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() || parts.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}

fn filled(parts: &[Part], place: Place<'_>) -> Option<String> {
    parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => Some(text.clone()),
            Part::Pointer(pointer) => pointer.texts(place).into_iter().next(),
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn texts(source: &str, value: &Value) -> Vec<String> {
        Source::parse(source).unwrap().texts(Place::new(value))
    }

    #[test]
    fn pointers_find_members_items_and_everything_of_a_list() {
        let value = json!({
            "a": {"b/c": 1, "m~n": true}, "hosts": [{"name": "x"}, {"name": "y"}, {}], "tags": ["p", "", 7, null],
            "packed": "{\"in\": [{\"k\": \"v\"}]}", "flat.key": "f", "none": null,
        });
        for (pointer, expected) in [
            ("/a/b~1c", vec!["1"]),
            ("/a/m~0n", vec!["true"]),
            ("/hosts/1/name", vec!["y"]),
            ("/hosts/*/name", vec!["x", "y"]),
            ("/tags", vec!["p", "7"]),
            ("/packed/in/0/k", vec!["v"]),
            ("/flat.key", vec!["f"]),
            ("/none", vec![]),
            ("/hosts/9/name", vec![]),
            ("/a", vec![]),
        ] {
            assert_eq!(texts(pointer, &value), expected, "{pointer}");
        }
    }

    #[test]
    fn a_template_says_something_only_when_all_of_it_does() {
        let value = json!({"rule": "Odd login", "host": "web-01"});
        assert_eq!(texts("{/rule} on {/host}", &value), ["Odd login on web-01"]);
        assert!(texts("{/rule} by {/user}", &value).is_empty());
        assert_eq!(texts("a {b} c", &value), ["a {b} c"]);
        assert_eq!(texts("=/not/a/pointer", &value), ["/not/a/pointer"]);
    }

    #[test]
    fn inside_of_a_list_pointers_begin_at_the_item() {
        let record = json!({"site": "north", "ips": ["192.0.2.1"]});
        let item = json!("192.0.2.1");
        let place = Place { record: &record, item: &item };
        let texts = |text: &str| Source::parse(text).unwrap().texts(place);
        assert_eq!(texts("."), ["192.0.2.1"]);
        assert_eq!(texts("$/site"), ["north"]);
        assert_eq!(texts("{.} at {$/site}"), ["192.0.2.1 at north"]);
    }

    #[test]
    fn what_is_no_pointer_is_told() {
        assert!(Pointer::parse("rule.name").unwrap_err().contains("begins with a slash"));
        assert!(Pointer::parse("/a~b").unwrap_err().contains("~0"));
        assert!(Pointer::parse(&"/*".repeat(100_000)).unwrap_err().contains("at most"));
        assert!(Source::parse("{/a on").unwrap_err().contains("not closed"));
    }
}
