//! Why the database cannot be used, told from what it says. Neither database gives its codes through the query
//! builder, so the texts are compared; those that are not known stay internal errors.

use diesel::result::{DatabaseErrorKind, Error as Failure};

/// Why the database cannot be used now. Nothing was changed, unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// Others keep it busy for longer than a request waits.
    Busy,
    /// The disk is full.
    Full,
    /// Its file, disk or server takes no writes.
    ReadOnly,
    /// A part of its file cannot be read, or the disk reports errors.
    Damaged,
    /// The file at its path is another one than the server opened.
    Replaced,
    /// It cannot be reached.
    Gone,
    /// The connection was lost or the disk failed during a commit, so that it may have been stored.
    Unconfirmed,
}

/// Texts of both databases, in lower case, and what they mean.
const TEXTS: [(&str, Unavailable); 22] = [
    ("database is locked", Unavailable::Busy),
    ("table is locked", Unavailable::Busy),
    ("statement timeout", Unavailable::Busy),
    ("lock timeout", Unavailable::Busy),
    ("too many clients", Unavailable::Busy),
    ("connection slots are reserved", Unavailable::Busy),
    ("disk is full", Unavailable::Full),
    ("no space left", Unavailable::Full),
    ("readonly database", Unavailable::ReadOnly),
    ("read-only", Unavailable::ReadOnly),
    ("disk image is malformed", Unavailable::Damaged),
    ("file is not a database", Unavailable::Damaged),
    ("disk i/o error", Unavailable::Damaged),
    ("invalid page in block", Unavailable::Damaged),
    ("could not read block", Unavailable::Damaged),
    ("unable to open database file", Unavailable::Gone),
    ("could not connect", Unavailable::Gone),
    ("connection to server", Unavailable::Gone),
    ("server closed the connection", Unavailable::Gone),
    ("terminating connection", Unavailable::Gone),
    ("the database system is", Unavailable::Gone),
    ("no connection to the server", Unavailable::Gone),
];

impl Unavailable {
    const ALL: [Self; 7] =
        [Self::Busy, Self::Full, Self::ReadOnly, Self::Damaged, Self::Replaced, Self::Gone, Self::Unconfirmed];

    /// `None` for errors that say nothing about the database as a whole.
    pub(super) fn of(error: &Failure, message: &str) -> Option<Self> {
        match error {
            Failure::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
            | Failure::BrokenTransactionManager => Some(Self::Gone),
            Failure::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _) => Some(Self::ReadOnly),
            _ => Self::of_text(message),
        }
    }

    /// What a text of the database means.
    pub fn of_text(message: &str) -> Option<Self> {
        let message = message.to_lowercase();
        TEXTS.iter().find(|(text, _)| message.contains(text)).map(|(_, why)| *why)
    }

    /// The reason whose sentence a text has, such as the text of an error that was passed on by others.
    pub fn said_in(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| text.contains(why.sentence()))
    }

    /// For the person or program that asked.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Busy => "Watchdesk is busy. Nothing was changed. Try again in a moment.",
            Self::Full => "The disk is full. Nothing was changed. Contact your administrator.",
            Self::ReadOnly => "The database is read-only. Nothing was changed. Contact your administrator.",
            Self::Damaged => "Part of the database cannot be read. Nothing was changed. Contact your administrator.",
            Self::Replaced => {
                "The database file was replaced while Watchdesk was running. Nothing was changed. Contact your \
                 administrator."
            }
            Self::Gone => "The database cannot be reached. Nothing was changed. Try again in a moment.",
            Self::Unconfirmed => {
                "The database failed while saving. Check whether the change was saved before you try again."
            }
        }
    }

    /// In how many seconds a program may try again.
    pub fn retry_after(self) -> u32 {
        match self {
            Self::Busy | Self::Gone | Self::Unconfirmed => 5,
            Self::Full | Self::ReadOnly | Self::Damaged | Self::Replaced => 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_databases_are_told_apart() {
        for (text, why) in [
            ("database or disk is full", Unavailable::Full),
            ("could not extend file \"base/1/2\": No space left on device", Unavailable::Full),
            ("attempt to write a readonly database", Unavailable::ReadOnly),
            ("cannot execute UPDATE in a read-only transaction", Unavailable::ReadOnly),
            ("database disk image is malformed", Unavailable::Damaged),
            ("canceling statement due to statement timeout", Unavailable::Busy),
            ("FATAL:  the database system is starting up", Unavailable::Gone),
        ] {
            assert_eq!(Unavailable::of_text(text), Some(why), "{text}");
        }
        assert_eq!(Unavailable::of_text("syntax error at or near \"x\""), None);
    }
}
