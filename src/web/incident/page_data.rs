//! What the incident page shows, read from the database in one transaction.

use std::collections::HashMap;

use crate::accounts::pane_layout::PaneLayout;
use crate::accounts::preferences::Preferences;
use crate::accounts::setting_changes::SettingChange;
use crate::db::AnyConnection;
use crate::entities::importance;
use crate::error::Result;
use crate::history::timeline::{self, Before, Kinds};
use crate::incidents::entity_list::{self, EntityList, Wanted};
use crate::incidents::overview::Overview;
use crate::incidents::{overview, process_evidence, tags};
use crate::model::alert::Alert;
use crate::model::importance::Importance;
use crate::model::process_tree::Process;
use crate::model::tag::Tag;
use crate::web::incident::page_parts::Tab;

/// What a tab shows, as read from the database.
pub struct PageData {
    pub overview: Overview,
    pub alerts: Vec<Alert>,
    /// How many alerts each category has.
    pub categories: Vec<(String, i64)>,
    pub entities: EntityList,
    /// The listed processes, where only processes are listed.
    pub processes: Vec<Process>,
    /// The last change of importance of the listed assets, by their ids.
    pub marks: HashMap<i64, SettingChange>,
    pub history: timeline::Page,
    pub known_tags: Vec<Tag>,
    /// The sections of the pane as the person keeps them.
    pub pane: PaneLayout,
    pub entry_count: i64,
}

/// Which page of a long list is shown.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    pub kinds: Kinds,
    /// The history before this entry.
    pub before: Option<Before>,
    /// Only this entry, with its alerts after the first so many.
    pub entry: Option<(i64, usize)>,
    /// The last alert of the page before: its first activity and id.
    pub alerts_after: Option<(i64, i64)>,
}

impl PageData {
    pub fn load(
        conn: &mut AnyConnection,
        id: i64,
        tab: Tab,
        paging: Paging,
        wanted: &Wanted,
        viewer: i64,
    ) -> Result<Self> {
        let entities = entities(conn, id, tab, wanted)?;
        let marked = entities.entities.iter().filter(|entity| entity.importance != Importance::Normal);
        let marked: Vec<i64> = marked.map(|entity| entity.id).collect();
        Ok(Self {
            overview: overview::load(conn, id)?,
            alerts: match tab {
                Tab::Alerts => overview::alerts(conn, id, overview::ALERTS_LISTED, paging.alerts_after)?,
                Tab::Summary => overview::alerts(conn, id, overview::ALERTS_TOLD, None)?,
                _ => Vec::new(),
            },
            categories: if tab == Tab::Summary { overview::categories(conn, id)? } else { Vec::new() },
            marks: importance::latest_changes(conn, &marked)?,
            processes: match wanted.kind {
                Some("process") => process_evidence::among(conn, &entities.evidence)?,
                _ => Vec::new(),
            },
            entities,
            history: match paging.entry {
                Some((entry, skipped)) => {
                    timeline::Page { entries: vec![timeline::one(conn, id, entry, skipped)?], more: false }
                }
                None => timeline::of_incident(conn, id, paging.kinds, paging.before)?,
            },
            known_tags: tags::in_use(conn)?,
            pane: Preferences::load(conn, viewer)?.pane(),
            entry_count: timeline::count(conn, id)?,
        })
    }
}

fn entities(conn: &mut AnyConnection, id: i64, tab: Tab, wanted: &Wanted) -> Result<EntityList> {
    match tab {
        Tab::Alerts | Tab::History => Ok(EntityList::default()),
        Tab::Summary => Ok(EntityList { entities: overview::assets(conn, id)?, ..EntityList::default() }),
        Tab::Devices | Tab::Users | Tab::Mailboxes | Tab::Evidence => entity_list::load(conn, id, wanted),
    }
}
