//! What the incident page shows, read from the database in one transaction.

use std::collections::HashMap;

use crate::accounts::pane_layout::PaneLayout;
use crate::accounts::preferences::Preferences;
use crate::attachments;
use crate::db::AnyConnection;
use crate::entities::entries;
use crate::entities::entry::EntityEntry;
use crate::error::{Error, Result};
use crate::history::timeline::{self, Before, Kinds};
use crate::incidents::entity_list::{self, EntityList, Wanted};
use crate::incidents::overview::Overview;
use crate::incidents::similar::{self, Similar};
use crate::incidents::summary::{self, Summary};
use crate::incidents::{overview, process_evidence, tags};
use crate::model::importance::Importance;
use crate::model::process_tree::Process;
use crate::model::tag::Tag;
use crate::queue;
use crate::queue::filter::Filter;
use crate::web::alert::pane::AlertPaneData;
use crate::web::incident::attachments::Attachments;
use crate::web::incident::page_parts::Tab;
use crate::web::queue::list_view::ListData;

/// What a tab shows, as read from the database.
pub struct PageData {
    pub overview: Overview,
    /// How many alerts each category has.
    pub categories: Vec<(String, i64)>,
    pub entities: EntityList,
    /// On the Summary tab.
    pub summary: Option<Summary>,
    /// On the tab of similar incidents.
    pub similar: Vec<Similar>,
    /// The listed processes, where only processes are listed.
    pub processes: Vec<Process>,
    /// The last change of importance of the listed assets, by their ids.
    pub marks: HashMap<i64, EntityEntry>,
    /// On the tab of attachments.
    pub attachments: Attachments,
    pub attachment_count: i64,
    pub history: timeline::Page,
    pub known_tags: Vec<Tag>,
    /// The sections of the pane as the person keeps them.
    pub pane: PaneLayout,
    /// Whether the forms beside the Alerts tab are shown.
    pub side_open: bool,
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
        let preferences = Preferences::load(conn, viewer)?;
        Ok(Self {
            overview: overview::load(conn, id)?,
            categories: if tab == Tab::Summary { overview::categories(conn, id)? } else { Vec::new() },
            marks: entries::latest_importance(conn, &marked)?,
            processes: match wanted.kind {
                Some("process") => process_evidence::among(conn, &entities.evidence)?,
                _ => Vec::new(),
            },
            entities,
            summary: if tab == Tab::Summary { Some(summary::load(conn, id)?) } else { None },
            similar: if tab == Tab::Similar { similar::load(conn, id)? } else { Vec::new() },
            attachments: if tab == Tab::Attachments { Attachments::load(conn, id)? } else { Attachments::default() },
            attachment_count: attachments::read::count(conn, id)?,
            history: match paging.entry {
                Some((entry, skipped)) => {
                    timeline::Page { entries: vec![timeline::one(conn, id, entry, skipped)?], more: false }
                }
                None => timeline::of_incident(conn, id, paging.kinds, paging.before)?,
            },
            known_tags: tags::in_use(conn)?,
            pane: preferences.pane(),
            side_open: preferences.is_side_open(),
            entry_count: timeline::count(conn, id)?,
        })
    }
}

fn entities(conn: &mut AnyConnection, id: i64, tab: Tab, wanted: &Wanted) -> Result<EntityList> {
    match tab {
        Tab::Story | Tab::Alerts | Tab::Similar | Tab::Attachments | Tab::History => Ok(EntityList::default()),
        Tab::Summary => Ok(EntityList { entities: overview::assets(conn, id)?, ..EntityList::default() }),
        Tab::Devices | Tab::Users | Tab::Mailboxes | Tab::Evidence => entity_list::load(conn, id, wanted),
    }
}

/// The list of the Alerts tab, and the alert that is open beside it.
pub(crate) struct AlertsData {
    pub list: ListData,
    pub pane: Option<AlertPaneData>,
    pub neighbours: queue::Neighbours,
}

impl AlertsData {
    pub fn load(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Self> {
        let total = queue::count(conn, filter, viewer)?;
        let (pane, neighbours) = match filter.pane {
            Some(id) => {
                let pane = match AlertPaneData::load(conn, id) {
                    Err(Error::NotFound) => None,
                    loaded => Some(loaded?),
                };
                (pane, queue::neighbours(conn, filter, viewer, id)?)
            }
            None => (None, queue::Neighbours::default()),
        };
        Ok(Self { list: ListData::load(conn, filter, viewer, total)?, pane, neighbours })
    }
}
