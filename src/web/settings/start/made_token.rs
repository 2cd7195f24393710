//! Making a token that sends alerts, from the name that a page of this folder asks for.

use actix_web::http::StatusCode;

use crate::accounts::new_token::{self, NewToken};
use crate::accounts::tokens::SentIn;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::permissions::{Action, require};

/// The form of a new token, as a page shows it: before, after, and when it was refused.
#[derive(Debug, Clone, Default)]
pub struct MadeToken {
    /// As typed, or as proposed.
    pub name: String,
    /// What is wrong with the name.
    pub error: String,
    /// The token, shown this once.
    pub token: Option<String>,
}

impl MadeToken {
    /// The form before anything is typed.
    pub fn proposed(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Makes the token.
    pub async fn make(db: &Db, actor: Actor, name: &str, sent_in: SentIn) -> Result<Self> {
        require(&actor, Action::Administer)?;
        let new = NewToken::that_sends(name.trim(), sent_in);
        match db.write(move |tx| new_token::make(tx, &actor, &new)).await {
            Ok(token) => Ok(Self { name: name.trim().to_owned(), token: Some(token), ..Self::default() }),
            Err(Error::Invalid(errors)) => {
                let error = errors.at("name").map_or_else(|| errors.to_string(), str::to_owned);
                Ok(Self { name: name.to_owned(), error, ..Self::default() })
            }
            Err(error) => Err(error),
        }
    }

    /// The status of the page that shows it.
    pub fn status(&self) -> StatusCode {
        if self.error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}
