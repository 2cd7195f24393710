//! Conditions: which records, or which items of a list, a mapping reads.

use crate::formats::mapping::pointer::{Pointer, ReadContext};

/// `/type = detection | alert`, `/type != heartbeat`, `/score >= 5`, `/alert` (is there) or
/// `!/muted` (is not there). Words compare without regard to case.
#[derive(Debug, Clone)]
pub struct Condition {
    text: String,
    pointer: Pointer,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Exists,
    Missing,
    Is(Vec<String>),
    IsNot(Vec<String>),
    Number(Order, f64),
}

#[derive(Debug, Clone, Copy)]
enum Order {
    AtLeast,
    AtMost,
    Above,
    Below,
}

impl Condition {
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (pointer, test) = if let Some(missing) = text.strip_prefix('!') {
            (missing, Test::Missing)
        } else if let Some(start) = text.find(['=', '!', '<', '>']) {
            let (pointer, rest) = text.split_at(start);
            (pointer, Test::parse(rest, text)?)
        } else {
            (text, Test::Exists)
        };
        Ok(Self { text: text.to_owned(), pointer: Pointer::parse(pointer)?, test })
    }

    pub fn holds(&self, context: ReadContext<'_>) -> bool {
        let texts = self.pointer.texts(context);
        let is = |values: &[String]| texts.iter().any(|text| values.contains(&text.to_lowercase()));
        match &self.test {
            Test::Exists => !self.pointer.find(context).is_empty(),
            Test::Missing => self.pointer.find(context).is_empty(),
            Test::Is(values) => is(values),
            Test::IsNot(values) => !is(values),
            Test::Number(order, than) => {
                texts.iter().filter_map(|text| text.parse().ok()).any(|number: f64| match order {
                    Order::AtLeast => number >= *than,
                    Order::AtMost => number <= *than,
                    Order::Above => number > *than,
                    Order::Below => number < *than,
                })
            }
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Test {
    fn parse(rest: &str, whole: &str) -> Result<Self, String> {
        let values = |text: &str| -> Result<Vec<String>, String> {
            let values: Vec<String> =
                text.split('|').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect();
            if values.is_empty() { Err(format!("{whole:?} has no value to compare with.")) } else { Ok(values) }
        };
        let number = |text: &str| text.trim().parse().map_err(|_| format!("{whole:?} has no number to compare with."));
        Ok(if let Some(text) = rest.strip_prefix("!=") {
            Self::IsNot(values(text)?)
        } else if let Some(text) = rest.strip_prefix(">=") {
            Self::Number(Order::AtLeast, number(text)?)
        } else if let Some(text) = rest.strip_prefix("<=") {
            Self::Number(Order::AtMost, number(text)?)
        } else if let Some(text) = rest.strip_prefix('>') {
            Self::Number(Order::Above, number(text)?)
        } else if let Some(text) = rest.strip_prefix('<') {
            Self::Number(Order::Below, number(text)?)
        } else if let Some(text) = rest.strip_prefix("==").or_else(|| rest.strip_prefix('=')) {
            Self::Is(values(text)?)
        } else {
            return Err(format!("{whole:?} is not a condition. Write /type = alert, /type != alert, /type or !/type."));
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_condition_holds_where_it_says_so() {
        let record = json!({"type": "Alert", "score": "7", "tags": ["a", "b"], "flag": false, "none": null, "o": {}});
        for (condition, expected) in [
            ("/type = alert", true),
            ("/type = detection | alert", true),
            ("/type != alert", false),
            ("/missing != alert", true),
            ("/tags = b", true),
            ("/score >= 7", true),
            ("/score > 7", false),
            ("/score<8", true),
            ("/missing < 8", false),
            ("/flag = false", true),
            ("/flag", true),
            ("/o", true),
            ("/none", false),
            ("!/none", true),
            ("!/type", false),
        ] {
            assert_eq!(Condition::parse(condition).unwrap().holds(ReadContext::new(&record)), expected, "{condition}");
        }
    }

    #[test]
    fn what_is_no_condition_is_told() {
        for (text, message) in
            [("type = a", "slash"), ("/a =", "no value"), ("/a > b", "no number"), ("/a ! b", "not a condition")]
        {
            assert!(Condition::parse(text).unwrap_err().contains(message), "{text}");
        }
    }
}
