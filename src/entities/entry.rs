//! An entry of the comments and history of an entity, as it is stored and as it is read.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::history::entry::CommentText;
use crate::model::actor::Actor;
use crate::model::importance::Importance;
use crate::model::user::User;
use crate::schema::entity_entries;

/// What happened to an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityChange {
    /// Empty texts for none.
    Note {
        from: String,
        to: String,
    },
    Importance {
        from: Importance,
        to: Importance,
    },
    Tagged(String),
    Untagged(String),
    Commented(String),
    CommentEdited {
        /// The entry of the comment.
        comment: i64,
        body: String,
    },
}

crate::text_enum! {
    /// The kinds of entries, as stored.
    pub enum Kind {
        Note = "note" / "Note",
        Importance = "importance" / "Importance",
        Tag = "tag" / "Tag",
        Comment = "comment" / "Comment",
        CommentEdit = "commentEdit" / "Edit of a comment",
    }
}

/// Kind, text before, text after, and the comment that is edited.
type Stored<'a> = (Kind, Option<&'a str>, Option<&'a str>, Option<i64>);

impl EntityChange {
    pub(super) fn stored(&self) -> Stored<'_> {
        fn some(text: &str) -> Option<&str> {
            Some(text).filter(|text| !text.is_empty())
        }
        match self {
            Self::Note { from, to } => (Kind::Note, some(from), some(to), None),
            Self::Importance { from, to } => (Kind::Importance, Some(from.as_str()), Some(to.as_str()), None),
            Self::Tagged(name) => (Kind::Tag, None, Some(name), None),
            Self::Untagged(name) => (Kind::Tag, Some(name), None, None),
            Self::Commented(body) => (Kind::Comment, None, Some(body), None),
            Self::CommentEdited { comment, body } => (Kind::CommentEdit, None, Some(body), Some(*comment)),
        }
    }

    /// What happened, without who and when. Plain text; the page escapes it.
    pub fn sentence(&self) -> String {
        let text = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
        match self {
            Self::Note { from, to } => format!("Known to us as: {} → {}", text(from), text(to)),
            Self::Importance { from, to } => format!("Importance: {from} → {to}"),
            Self::Tagged(name) => format!("Tag added: {name}"),
            Self::Untagged(name) => format!("Tag removed: {name}"),
            Self::Commented(_) => "Commented".to_owned(),
            Self::CommentEdited { .. } => "Comment edited.".to_owned(),
        }
    }

    /// What somebody wrote; nothing of a change.
    pub fn comment(&self) -> Option<&str> {
        match self {
            Self::Commented(body) | Self::CommentEdited { body, .. } => Some(body),
            _ => None,
        }
    }
}

/// A stored entry.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = entity_entries)]
pub(super) struct Row {
    pub id: i64,
    pub entity_id: i64,
    kind: String,
    old_text: Option<String>,
    new_text: Option<String>,
    comment_id: Option<i64>,
    actor_kind: String,
    actor_id: Option<i64>,
    actor_name: String,
    at: i64,
}

impl Row {
    /// The size of its texts.
    pub fn bytes(&self) -> usize {
        [&self.old_text, &self.new_text].into_iter().flatten().map(String::len).sum()
    }

    fn change(&mut self) -> EntityChange {
        let (old, new) = (self.old_text.take().unwrap_or_default(), self.new_text.take().unwrap_or_default());
        let level = |text: &str| Importance::parse(text).unwrap_or_default();
        match Kind::parse(&self.kind) {
            Some(Kind::Importance) => EntityChange::Importance { from: level(&old), to: level(&new) },
            Some(Kind::Tag) if new.is_empty() => EntityChange::Untagged(old),
            Some(Kind::Tag) => EntityChange::Tagged(new),
            Some(Kind::Comment) => EntityChange::Commented(new),
            Some(Kind::CommentEdit) => {
                EntityChange::CommentEdited { comment: self.comment_id.unwrap_or_default(), body: new }
            }
            // An entry of a later version is shown as far as this one understands it.
            Some(Kind::Note) | None => EntityChange::Note { from: old, to: new },
        }
    }
}

/// One entry: who did what, when.
#[derive(Debug, Clone)]
pub struct EntityEntry {
    pub id: i64,
    pub entity: i64,
    pub change: EntityChange,
    pub actor_kind: String,
    actor_id: Option<i64>,
    actor_name: String,
    /// Microseconds UTC.
    pub at: i64,
    /// Of a comment that was edited: its earlier texts, the first one first, and when it got the present one.
    pub earlier: Vec<CommentText>,
    pub edited: Option<i64>,
}

impl From<Row> for EntityEntry {
    fn from(mut row: Row) -> Self {
        Self {
            change: row.change(),
            id: row.id,
            entity: row.entity_id,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            at: row.at,
            earlier: Vec::new(),
            edited: None,
        }
    }
}

impl EntityEntry {
    /// Who did it, by today's display name.
    pub fn actor(&self, people: &HashMap<i64, User>) -> String {
        let person = self.actor_id.filter(|_| self.actor_kind == "person").and_then(|id| people.get(&id));
        person.map_or_else(|| self.actor_name.clone(), |user| user.display_name.clone())
    }

    /// Whether somebody did it.
    pub fn is_by(&self, actor: &Actor) -> bool {
        self.actor_kind == actor.kind() && self.actor_id == actor.id()
    }
}
