//! What the page of an entity shows, read from the database in one transaction.

use crate::accounts::setting_changes::SettingChange;
use crate::db::AnyConnection;
use crate::entities::activity::{self, Activity};
use crate::entities::incidents::{After, IncidentOfEntity};
use crate::entities::known_facts::{self, KnownFacts};
use crate::entities::lookup::{Entity, find};
use crate::entities::lookups::Lookup;
use crate::entities::overview::Overview;
use crate::entities::{incidents, lookups, notes, overview, together};
use crate::error::Result;
use crate::model::alert::Alert;

/// What the page shows, as read from the database.
pub(super) struct PageData {
    pub overview: Overview,
    pub incidents: Vec<IncidentOfEntity>,
    pub next: Option<After>,
    pub activity: Activity,
    pub newest: Vec<Alert>,
    pub facts: KnownFacts,
    pub together: Vec<(Entity, i64)>,
    pub note_changes: Vec<SettingChange>,
    pub lookups: Vec<Lookup>,
}

impl PageData {
    pub fn load(conn: &mut AnyConnection, id: i64, after: Option<After>) -> Result<Self> {
        let entity = find(conn, id)?;
        let id = entity.id;
        let (incidents, next) = incidents::page(conn, id, after)?;
        Ok(Self {
            incidents,
            next,
            activity: activity::activity(conn, id)?,
            newest: activity::newest(conn, id)?,
            facts: known_facts::load(conn, id)?,
            together: together::load(conn, id)?,
            note_changes: notes::changes(conn, id)?,
            lookups: lookups::all(conn)?,
            overview: overview::load(conn, entity)?,
        })
    }
}
