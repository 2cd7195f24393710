//! Several names of entities in one text.

use serde_json::Value;

/// Names as one text: the only one as it is, several as a list in JSON.
/// [`names_in`](crate::formats::building::names_in_text::names_in) takes them apart again.
pub(crate) fn packed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        several => Value::from(several).to_string(),
    }
}
