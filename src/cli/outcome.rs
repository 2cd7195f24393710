//! How a command ends.

use std::process::ExitCode;

use crate::error::Error;

/// Why a command ended: what to print, and the exit code.
pub struct Failed {
    pub(crate) message: String,
    pub(crate) code: u8,
}

impl Failed {
    /// Something in what was asked is wrong: exit 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }

    /// It went wrong while being done: exit 1.
    pub(crate) fn run(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(_) | Error::Forbidden(_) => Self::usage(error.to_string()),
            Error::NotFound => Self::usage("nothing has this name"),
            _ => Self::run(error.to_string()),
        }
    }
}

pub(crate) type Outcome = Result<ExitCode, Failed>;
