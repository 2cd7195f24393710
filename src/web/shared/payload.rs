//! Payloads of providers as pages show them.

/// Indents a payload if it is JSON.
pub fn indented(payload: &str) -> String {
    serde_json::from_str::<serde_json::Value>(payload)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| payload.to_owned())
}
