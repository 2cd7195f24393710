//! How much work the reading of one record may be. A mapping within all limits can ask for millions of values of a
//! small record: each item of a list beside each item of another, for every field of fifty evidence rules.

use std::cell::Cell;

use serde_json::Value;

/// Steps that reading one record may take, some 50 ms.
pub const STEPS_MAX: u64 = 200_000;
/// Bytes of a text that are copied in one step.
const COPIED: u64 = 256;
/// Bytes of JSON inside of a text that are read in one step.
const PARSED: u64 = 32;

/// The steps that are left. Each value that a pointer comes to is one, and so is each value that it copies.
#[derive(Debug)]
pub struct Steps(Cell<u64>);

impl Default for Steps {
    fn default() -> Self {
        Self(Cell::new(STEPS_MAX))
    }
}

impl Steps {
    /// Takes some steps; false when there are not as many, and from then on.
    pub fn take(&self, count: u64) -> bool {
        let left = self.0.get().saturating_sub(count);
        self.0.set(left);
        left > 0
    }

    pub fn are_used_up(&self) -> bool {
        self.0.get() == 0
    }
}

/// The steps of copying a value.
pub(super) fn of_copying(value: &Value) -> u64 {
    match value {
        Value::String(text) => 1 + bytes(text) / COPIED,
        Value::Array(items) => 1 + items.iter().map(of_copying).sum::<u64>(),
        Value::Object(members) => {
            1 + members.iter().map(|(name, value)| bytes(name) / COPIED + of_copying(value)).sum::<u64>()
        }
        _ => 1,
    }
}

/// The steps of looking into a value, which may be a text that contains JSON.
pub(super) fn of_visiting(value: &Value) -> u64 {
    match value {
        Value::String(text) if text.trim_start().starts_with(['[', '{']) => 1 + bytes(text) / PARSED,
        _ => 1,
    }
}

fn bytes(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}
