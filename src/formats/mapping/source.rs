//! One alternative of a field: a pointer, a text, or a text with pointers in it.

use crate::formats::mapping::pointer::{Pointer, ReadContext};

/// One alternative of a field: where its text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Pointer(Pointer),
    /// A constant for all records.
    Text(String),
    /// A text with `{/pointers}` in it; it gives nothing when one of them finds nothing.
    Template(Vec<Part>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Pointer(Pointer),
}

impl Source {
    /// `/a` is a pointer, `{/a} on {/b}` a template, anything else a text; a leading `=` makes
    /// everything after it a text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(verbatim) = text.strip_prefix('=') {
            return Ok(Self::Text(verbatim.trim().to_owned()));
        }
        if Pointer::looks_like(text) {
            return Ok(Self::Pointer(Pointer::parse(text)?));
        }
        let parts = parse_template(text)?;
        match parts.as_slice() {
            [Part::Text(text)] => Ok(Self::Text(text.clone())),
            _ => Ok(Self::Template(parts)),
        }
    }

    pub fn texts(&self, context: ReadContext<'_>) -> Vec<String> {
        match self {
            Self::Pointer(pointer) => pointer.texts(context),
            Self::Text(text) => vec![text.clone()],
            Self::Template(parts) => fill_template(parts, context).into_iter().collect(),
        }
    }

    /// The texts of the record that it is made of: of a template, one for each of its pointers.
    pub fn parts(&self, context: ReadContext<'_>) -> Vec<String> {
        match self {
            Self::Pointer(pointer) => pointer.texts(context),
            Self::Text(_) => Vec::new(),
            Self::Template(parts) => {
                let pointers = parts.iter().filter_map(|part| match part {
                    Part::Pointer(pointer) => Some(pointer),
                    Part::Text(_) => None,
                });
                pointers.filter_map(|pointer| pointer.texts(context).into_iter().next()).collect()
            }
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

fn parse_template(text: &str) -> Result<Vec<Part>, String> {
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
            return Err(format!("In {text:?}, a curly bracket is not closed."));
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

fn fill_template(parts: &[Part], context: ReadContext<'_>) -> Option<String> {
    parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => Some(text.clone()),
            Part::Pointer(pointer) => pointer.texts(context).into_iter().next(),
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn texts(source: &str, value: &Value) -> Vec<String> {
        Source::parse(source).unwrap().texts(ReadContext::new(value))
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
    fn a_template_has_a_text_only_when_all_its_pointers_do() {
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
        let context = ReadContext::new(&record).of_item(&item);
        let texts = |text: &str| Source::parse(text).unwrap().texts(context);
        assert_eq!(texts("."), ["192.0.2.1"]);
        assert_eq!(texts("$/site"), ["north"]);
        assert_eq!(texts("{.} at {$/site}"), ["192.0.2.1 at north"]);
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        assert!(Pointer::parse("rule.name").unwrap_err().contains("begins with a slash"));
        assert!(Pointer::parse("/a~b").unwrap_err().contains("~0"));
        assert!(Pointer::parse(&"/*".repeat(100_000)).unwrap_err().contains("at most"));
        assert!(Source::parse("{/a on").unwrap_err().contains("not closed"));
    }
}
