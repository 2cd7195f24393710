//! Who is acting: a person, a token, Watchdesk itself, or somebody that an import names.

use std::net::IpAddr;

use crate::model::user::{Role, User};

/// Whoever does something; every entry of the history names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Person {
        user: User,
        /// Where the request came from; none for jobs.
        address: Option<IpAddr>,
    },
    Token {
        id: i64,
        name: String,
        scope: Scope,
        /// The role of the person whose token it is: it can do no more than they.
        owner_role: Option<Role>,
        address: Option<IpAddr>,
    },
    /// A rule of Watchdesk itself, such as "Correlation".
    System(&'static str),
    /// A house rule, by what the history calls it.
    Rule(String),
    /// Somebody named by an imported record, who may not exist here.
    Import(String),
    /// Somebody who has not signed in.
    Stranger { address: IpAddr },
}

/// The actor of commands on the machine itself.
pub const CONSOLE: Actor = Actor::System("Console");

/// A person without a request, such as one whose job runs.
impl From<User> for Actor {
    fn from(user: User) -> Self {
        Self::Person { user, address: None }
    }
}

impl Actor {
    /// The stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person { .. } => "person",
            Self::Token { .. } => "token",
            Self::System(_) | Self::Rule(_) => "system",
            Self::Import(_) => "import",
            Self::Stranger { .. } => "stranger",
        }
    }

    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Person { user, .. } => Some(user.id),
            Self::Token { id, .. } => Some(*id),
            Self::System(_) | Self::Rule(_) | Self::Import(_) | Self::Stranger { .. } => None,
        }
    }

    /// The stored name; for people the current display name is looked up when shown.
    pub fn label(&self) -> &str {
        match self {
            Self::Person { user, .. } => &user.display_name,
            Self::Token { name, .. } | Self::Import(name) | Self::Rule(name) => name,
            Self::System(rule) => rule,
            Self::Stranger { .. } => "Somebody",
        }
    }

    /// Where the request came from, for people and tokens.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Person { address, .. } | Self::Token { address, .. } => *address,
            Self::Stranger { address } => Some(*address),
            Self::System(_) | Self::Rule(_) | Self::Import(_) => None,
        }
    }

    pub fn person(&self) -> Option<&User> {
        match self {
            Self::Person { user, .. } => Some(user),
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
