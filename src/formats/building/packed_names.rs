//! Several names of entities in one text.

use serde_json::Value;

/// Names as one text, which [`names_in`](crate::formats::building::names_in_text::names_in) takes apart again: the only one as it is, several as a list in JSON.
pub(crate) fn packed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        several => Value::from(several).to_string(),
    }
}
