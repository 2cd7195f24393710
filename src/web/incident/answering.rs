//! A comment that is quoted in a new one, or edited by its author: `quote` and `edit` in the address of the history.

use actix_web::HttpRequest;

use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::history::entry::Entry;
use crate::history::timeline;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::user::User;
use crate::web::shared::query;

/// What the address asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Answering {
    pub quote: Option<i64>,
    pub edit: Option<i64>,
    /// What was typed into an edit that was refused, and why.
    pub refused: Option<(String, String)>,
}

/// The comment, as read from the database.
#[derive(Debug, Clone, Default)]
pub(super) struct Answered {
    quote: Option<Entry>,
    edit: Option<Entry>,
}

/// The form that edits a comment.
#[derive(Debug, Clone)]
pub(super) struct EditForm {
    pub entry: i64,
    pub typed: String,
    /// Empty for none.
    pub problem: String,
}

impl Answering {
    pub fn read(request: &HttpRequest) -> Self {
        let number = |name: &str| query::value(request, name).and_then(|text| text.parse().ok());
        Self { quote: number("quote"), edit: number("edit"), refused: None }
    }

    pub fn load(&self, conn: &mut AnyConnection) -> Result<Answered> {
        let mut comment = |entry: Option<i64>| match entry.map(|entry| timeline::comment(conn, entry)) {
            None | Some(Err(Error::NotFound)) => Ok(None),
            Some(loaded) => loaded.map(Some),
        };
        Ok(Answered { quote: comment(self.quote)?, edit: comment(self.edit)? })
    }
}

impl Answered {
    /// The quoted comment as Markdown, with who wrote it, for a new comment to begin with.
    pub fn quotation(&self, people: &std::collections::HashMap<i64, User>) -> Option<String> {
        let entry = self.quote.as_ref()?;
        let Change::Commented { body, .. } = &entry.change else { return None };
        let lines: Vec<String> = body.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
        Some(format!("> **{}**:\n{}\n\n", entry.actor(people), lines.join("\n")))
    }

    /// The form for its author.
    pub fn form(self, reader: &Actor, refused: Option<(String, String)>) -> Option<EditForm> {
        let entry = self.edit.filter(|entry| entry.is_by(reader))?;
        let Change::Commented { body, .. } = entry.change else { return None };
        let (typed, problem) = refused.unwrap_or((body, String::new()));
        Some(EditForm { entry: entry.id, typed, problem })
    }
}
