//! The one error of the domain. `web::shared::error` turns it into a status and a page, `web::api::error`
//! into JSON, the command line into one line. None of them shows the text of an internal error.

use std::fmt;

pub use crate::error::unavailable::Unavailable;
use crate::model::conflict::Conflict;

mod unavailable;

/// What can go wrong in an operation.
#[derive(Debug)]
pub enum Error {
    /// No such thing, or nothing that this person may see. 404.
    NotFound,
    /// Known, signed in, and not allowed. 403. The text says what is needed.
    Forbidden(&'static str),
    /// What was typed cannot be taken. 422, with a message at each field; nothing was changed.
    Invalid(FieldErrors),
    /// Somebody else changed it since the form was opened (R13). 409.
    Conflict(Box<Conflict>),
    /// The database gave up because two transactions waited for each other; the same again may work.
    Retry(String),
    /// The database cannot be used now. 503; the text is for the log only.
    Unavailable(Unavailable, String),
    /// The database or this program failed. 500; the text is for the log only.
    Internal(String),
}

/// The result of every domain operation.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// One refused field.
    pub fn at_field(field: &'static str, message: impl Into<String>) -> Self {
        let mut errors = FieldErrors::default();
        errors.add(field, message);
        Self::Invalid(errors)
    }

    /// The messages at one field, at the field of a form that has them elsewhere.
    #[must_use]
    pub fn moved(self, from: &'static str, to: &'static str) -> Self {
        let Self::Invalid(FieldErrors(messages)) = self else { return self };
        let moved = messages.into_iter().map(|(field, message)| (if field == from { to } else { field }, message));
        Self::Invalid(FieldErrors(moved.collect()))
    }

    pub fn internal(message: impl fmt::Display) -> Self {
        Self::Internal(message.to_string())
    }

    /// The same failure of the database for another write of the same transaction.
    #[must_use]
    pub fn repeat(&self) -> Self {
        match self {
            Self::Unavailable(why, message) => Self::Unavailable(*why, message.clone()),
            other => Self::Internal(other.to_string()),
        }
    }

    /// Whether the database or this program failed, instead of something being wrong with what was asked.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Internal(_) | Self::Retry(_) | Self::Unavailable(..))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::Forbidden(what) => f.write_str(what),
            Self::Invalid(errors) => errors.fmt(f),
            Self::Conflict(_) => f.write_str("somebody else changed it in the meantime"),
            Self::Internal(message) | Self::Retry(message) => f.write_str(message),
            Self::Unavailable(why, message) => write!(f, "{}: {message}", why.sentence()),
        }
    }
}

impl std::error::Error for Error {}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::NotFound,
            diesel::result::Error::DatabaseError(kind, what)
                // A reference to a row that another transaction took away just now is a lost race as well, and so is
                // a name or key that another transaction added after this one looked for it.
                if matches!(
                    kind,
                    diesel::result::DatabaseErrorKind::SerializationFailure
                        | diesel::result::DatabaseErrorKind::ForeignKeyViolation
                        | diesel::result::DatabaseErrorKind::UniqueViolation
                )
                    || what.message().contains("deadlock") =>
            {
                Self::Retry(what.message().to_owned())
            }
            other => {
                let message = other.to_string();
                match Unavailable::of(&other, &message) {
                    Some(why) => Self::Unavailable(why, message),
                    None => Self::Internal(message),
                }
            }
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Messages by field name, in the order they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(&'static str, String)>);

impl FieldErrors {
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push((field, message.into()));
    }

    pub fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, message)| message.as_str())
    }

    /// Takes another's messages in.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing was found wrong.
    pub fn into_result(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (_, message)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(message)?;
        }
        Ok(())
    }
}
