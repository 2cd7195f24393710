//! What the page of an entity shows, read from the database in one transaction.

use std::collections::HashMap;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::entities::activity::{self, Activity};
use crate::entities::entries;
use crate::entities::entry::EntityEntry;
use crate::entities::incidents::{After, IncidentOfEntity};
use crate::entities::known_facts::{self, KnownFacts};
use crate::entities::links_outside::OutsideLink;
use crate::entities::lookup::{Entity, find};
use crate::entities::overview::Overview;
use crate::entities::{incidents, links_outside, overview, tags, together};
use crate::error::{Error, Result};
use crate::model::alert::Alert;
use crate::model::user::User;

/// What the address asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    /// The incidents after this place.
    pub after: Option<After>,
    /// The history before this entry.
    pub before: Option<i64>,
    /// A comment that is edited.
    pub edit: Option<i64>,
}

/// What people say of an entity.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    pub history: entries::Page,
    /// Whether the history is not the newest.
    pub is_later_page: bool,
    pub edited: Option<EntityEntry>,
    /// Tags that are suggested.
    pub known_tags: Vec<String>,
    pub people: HashMap<i64, User>,
}

/// What the page shows, as read from the database.
pub(super) struct PageData {
    pub overview: Overview,
    pub incidents: Vec<IncidentOfEntity>,
    pub next: Option<After>,
    pub activity: Activity,
    pub newest: Vec<Alert>,
    pub facts: KnownFacts,
    pub together: Vec<(Entity, i64)>,
    pub links_outside: Vec<OutsideLink>,
    pub said: Said,
}

impl PageData {
    pub fn load(conn: &mut AnyConnection, id: i64, asked: Asked) -> Result<Self> {
        let entity = find(conn, id)?;
        let id = entity.id;
        let (incidents, next) = incidents::page(conn, id, asked.after)?;
        Ok(Self {
            incidents,
            next,
            activity: activity::activity(conn, id)?,
            newest: activity::newest(conn, id)?,
            facts: known_facts::load(conn, id, known_facts::READ)?,
            together: together::load(conn, id)?,
            links_outside: links_outside::all(conn)?,
            said: Said::load(conn, id, asked)?,
            overview: overview::load(conn, entity)?,
        })
    }
}

impl Said {
    fn load(conn: &mut AnyConnection, id: i64, asked: Asked) -> Result<Self> {
        let edited = match asked.edit.map(|entry| entries::comment(conn, id, entry)) {
            None | Some(Err(Error::NotFound)) => None,
            Some(loaded) => Some(loaded?),
        };
        Ok(Self {
            history: entries::page(conn, id, asked.before)?,
            is_later_page: asked.before.is_some(),
            edited,
            known_tags: tags::in_use(conn)?,
            people: users::names(conn)?,
        })
    }
}
