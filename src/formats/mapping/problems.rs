//! What is wrong with a mapping, at the field where it is.

use std::fmt;

/// Messages by place: the names of the form's fields, such as "title", "severity.table" or
/// "evidence.0.name".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<(String, String)>);

impl Problems {
    pub fn add(&mut self, at: impl Into<String>, message: impl Into<String>) {
        self.0.push((at.into(), message.into()));
    }

    /// The first message at a place.
    pub fn at(&self, place: &str) -> Option<&str> {
        self.0.iter().find(|(at, _)| at == place).map(|(_, message)| message.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (at, message)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{at}: {message}")?;
        }
        Ok(())
    }
}
