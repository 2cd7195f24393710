//! Messages about texts that are not JSON.

use serde_json::Value;

/// Why a text is not JSON, as a sentence. `first_line` is the line of the body in which the text begins, where it is
/// known.
pub(super) fn why_not_json(first_line: Option<usize>, text: &[u8]) -> String {
    let what = if text.trim_ascii_end().contains(&b'\n') { "The text" } else { "This line" };
    let Ok(text) = std::str::from_utf8(text) else {
        return format!("{what} is not valid UTF-8 text.");
    };
    let Err(error) = serde_json::from_str::<Value>(text.trim()) else {
        return format!("{what} is not JSON.");
    };
    let message = error.to_string();
    if error.is_eof() {
        format!("{what} is incomplete JSON: the end is missing.")
    } else if message.contains("recursion limit") {
        format!("{what} is nested too deeply.")
    } else if message.contains("out of range") {
        format!("{what} has a number that is too large.")
    } else {
        let line = first_line.unwrap_or(1) + error.line().saturating_sub(1);
        let whose = if first_line.is_none() && error.line() > 1 { "its line" } else { "line" };
        format!("{what} is not JSON: error in {whose} {line}, column {}.", error.column())
    }
}
