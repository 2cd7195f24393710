//! Who is acting: a person, a token, Watchdesk itself, or somebody that an import names.

use crate::model::user::User;

/// Whoever does something; every entry of the history names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Person(User),
    Token {
        id: i64,
        name: String,
        scope: Scope,
    },
    /// A rule of Watchdesk itself, such as "Correlation".
    System(&'static str),
    /// A house rule, by what the history calls it.
    Rule(String),
    /// Somebody named by an imported record, who may not exist here.
    Import(String),
}

impl Actor {
    /// The stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Token { .. } => "token",
            Self::System(_) | Self::Rule(_) => "system",
            Self::Import(_) => "import",
        }
    }

    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Person(person) => Some(person.id),
            Self::Token { id, .. } => Some(*id),
            Self::System(_) | Self::Rule(_) | Self::Import(_) => None,
        }
    }

    /// The stored name; for people the current display name is looked up when shown.
    pub fn label(&self) -> &str {
        match self {
            Self::Person(person) => &person.display_name,
            Self::Token { name, .. } | Self::Import(name) | Self::Rule(name) => name,
            Self::System(rule) => rule,
        }
    }

    pub fn person(&self) -> Option<&User> {
        match self {
            Self::Person(person) => Some(person),
            _ => None,
        }
    }
}

crate::text_enum! {
    /// What a token may do; it can never do more.
    pub enum Scope {
        Ingest = "ingest" / "Ingest",
        Read = "read" / "Read",
        Write = "write" / "Write",
    }
}
