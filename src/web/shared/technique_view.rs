//! An ATT&CK technique as pages show it: its number, its name, and the page of ATT&CK about it.

use crate::model::techniques;

/// A technique, ready for templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TechniqueView {
    /// "T1059.001 PowerShell"; the number alone where its name is not known.
    pub label: String,
    /// Present for what has the form of a technique's number.
    pub href: Option<String>,
}

impl TechniqueView {
    pub fn new(id: &str) -> Self {
        let label = techniques::name(id).map_or_else(|| id.to_owned(), |name| format!("{id} {name}"));
        Self { label, href: techniques::address(id) }
    }
}
