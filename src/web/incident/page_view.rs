//! The page of an incident as its template shows it.

use std::collections::HashMap;

use askama::Template;

use crate::accounts::pane_layout::Section;
use crate::history::entry::Entry;
use crate::history::timeline::Kinds;
use crate::incidents::overview::Earlier;
use crate::model::importance::Importance;
use crate::model::importance::is_asset;
use crate::model::incident::{Incident, Status};
use crate::model::user::User;
use crate::queue::columns::Column;
use crate::text::source_label;
use crate::web::incident::alerts_tab::AlertsTab;
use crate::web::incident::answering::{Answered, EditForm};
use crate::web::incident::attachments::AttachmentsView;
use crate::web::incident::entity_list::{EntityListView, EntityQuery};
use crate::web::incident::entity_view::{EntityView, entity_views};
use crate::web::incident::manage_form::ManageForm;
use crate::web::incident::page_data::{PageData, Paging};
use crate::web::incident::page_parts::{StageView, Tab, TabLink, href, older, stages, tab_links, tag_names};
use crate::web::incident::priority::PriorityView;
use crate::web::incident::similar::SimilarView;
use crate::web::incident::story::view::StoryView;
use crate::web::incident::summary::SummaryView;
use crate::web::queue::list_view::RowViews;
use crate::web::shared::choices;
use crate::web::shared::entry_runs::{EntryRun, runs};
use crate::web::shared::entry_view::{EntryView, Viewer};
use crate::web::shared::form::Refused;
use crate::web::shared::layout::Layout;
use crate::web::shared::process_tree_view::tree_views;
use crate::web::shared::time_format::ShownTime;

/// Assets that the summary lists.
const TOP_ASSETS: usize = 6;

#[derive(Template)]
#[template(path = "incident/page.html")]
pub struct IncidentPage {
    pub layout: Layout,
    tab: Tab,
    tabs: Vec<TabLink>,
    incident: Incident,
    system_tags: Vec<String>,
    custom_tags: Vec<String>,
    owner: String,
    mine: bool,
    can_edit: bool,
    classification: String,
    priority: PriorityView,
    /// Whether the reasons for it are open, as the person left them.
    priority_open: bool,
    sources: Vec<String>,
    detections: Vec<String>,
    first: ShownTime,
    last: ShownTime,
    created: ShownTime,
    updated: ShownTime,
    resolved: Option<ShownTime>,
    related: Option<Earlier>,
    continued_by: Vec<(i64, String)>,
    stages: Vec<StageView>,
    other_categories: Vec<StageView>,
    pub alerts_tab: AlertsTab,
    /// Present on the Attack story tab.
    pub story: Option<StoryView>,
    /// Whether the forms beside it are shown, as the person left them.
    side_open: bool,
    pub list: EntityListView,
    similar: Vec<SimilarView>,
    /// Empty but on the Summary tab.
    summary: SummaryView,
    /// Present on the tab of attachments.
    pub(super) attachments: Option<AttachmentsView>,
    entries: Vec<EntryRun>,
    history_shows: &'static str,
    older_href: Option<String>,
    kinds: Vec<(&'static str, &'static str, bool)>,
    pub form: ManageForm,
    comment_error: String,
    comment_typed: String,
    /// Present while the person edits a comment.
    edit_form: Option<EditForm>,
    people: HashMap<i64, User>,
}

impl IncidentPage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    fn is(&self, tab: &str) -> bool {
        self.tab.as_str() == tab
    }

    fn here(&self) -> String {
        let list = self.alerts_tab.list.as_ref().map(|list| list.here.clone());
        let story = || self.story.as_ref().map(|story| story.here.clone());
        list.or_else(story).unwrap_or_else(|| href(self.incident.id, self.tab))
    }

    /// Whether the tab lists assets, whose importance can be set.
    fn marks_assets(&self) -> bool {
        matches!(self.tab, Tab::Devices | Tab::Users | Tab::Mailboxes)
    }

    fn levels(&self) -> &'static [Importance] {
        Importance::ALL
    }

    /// Shows what was typed, and what is wrong with it, in the form that was refused.
    pub fn show_refused(&mut self, refused: &Refused) {
        refused.form.text("return_to").clone_into(&mut self.form.return_to);
        if refused.comment {
            refused.errors.at("body").unwrap_or_default().clone_into(&mut self.comment_error);
            refused.form.text("body").clone_into(&mut self.comment_typed);
            return;
        }
        let form = self.form.clone();
        self.form = match &refused.conflict {
            Some(conflict) => form.with_conflict(&refused.form, conflict),
            None => form.with_typed(&refused.form, refused.errors.clone()),
        };
    }

    /// Begins a comment with the one that is quoted, and shows the form of the one that is edited.
    pub(super) fn answer(&mut self, answered: Answered, refused: Option<(String, String)>) {
        if !self.layout.can_edit() {
            return;
        }
        if self.can_edit && self.comment_typed.is_empty() {
            self.comment_typed = answered.quotation(&self.people).unwrap_or_default();
        }
        // Also on a merged incident, which has no other form: an alert links to its comments there.
        self.edit_form = answered.form(&self.layout.actor(), refused);
    }

    fn top_assets(&self) -> Vec<&EntityView> {
        self.list.entities.iter().filter(|entity| is_asset(&entity.kind_value)).take(TOP_ASSETS).collect()
    }
}

pub(super) fn entity_list(query: EntityQuery, data: &PageData, tab: Tab, layout: &Layout) -> EntityListView {
    let entities = entity_views(&data.entities.entities, (&data.marks, &data.overview.people), layout);
    let list = EntityListView::new(query, &data.entities, tab, data.overview.incident.id, entities);
    EntityListView { trees: tree_views(&data.processes), ..list }
}

pub(super) fn build(layout: Layout, data: PageData, tab: Tab, paging: Paging) -> IncidentPage {
    let PageData { overview, categories, history, known_tags, pane, entry_count, .. } = data;
    let incident = overview.incident.clone();
    let (zone, people) = (&layout.zone, &overview.people);
    let (reader, undo_forms) = (layout.actor(), layout.undo_token().into());
    let viewer = Viewer { zone, people, incident: Some(incident.id), reader: Some(&reader), undo_forms };
    let (stages, other_categories) = stages(incident.id, &categories);
    let (system_tags, custom_tags) = tag_names(&overview.tags);
    IncidentPage {
        tab,
        tabs: tab_links(&overview, tab, data.attachment_count, entry_count),
        system_tags,
        custom_tags,
        owner: choices::owner_name(overview.owner.as_ref()),
        mine: incident.assigned_to == Some(layout.user.id),
        can_edit: layout.can_edit() && incident.status != Status::Redirected,
        classification: incident.outcome().label(),
        priority: PriorityView::of(&incident),
        priority_open: pane.is_open(Section::Priority),
        sources: incident.scope.service_sources.iter().map(|value| source_label(value)).collect(),
        detections: incident.scope.detection_sources.iter().map(|value| source_label(value)).collect(),
        first: zone.show(incident.first_activity),
        last: zone.show(incident.last_activity),
        created: zone.show(incident.created_at),
        updated: zone.show(incident.updated_at),
        resolved: incident.resolved_at.map(|at| zone.show(at)),
        related: overview.related.clone(),
        continued_by: overview.continued_by.clone(),
        stages,
        other_categories,
        alerts_tab: AlertsTab::default(),
        story: None,
        side_open: data.side_open,
        list: EntityListView::default(),
        summary: data.summary.map(|data| SummaryView::new(&data, &incident, zone)).unwrap_or_default(),
        attachments: None,
        similar: data.similar.iter().map(|one| SimilarView::new(one, &incident, zone)).collect(),
        history_shows: history_shows(paging),
        older_href: history.continues_at().map(|entry| older(incident.id, paging.kinds, entry)),
        entries: runs(entry_views(&history.entries, viewer, paging)),
        kinds: kind_choices(paging),
        form: ManageForm::new(&overview, &known_tags, href(incident.id, tab), layout.csrf.clone()),
        comment_error: String::new(),
        comment_typed: String::new(),
        edit_form: None,
        people: overview.people.clone(),
        incident,
        layout,
    }
}

/// What of new entries a script inserts: they belong on the newest page only.
fn history_shows(paging: Paging) -> &'static str {
    if paging.before.is_some() || paging.entry.is_some() { "none" } else { paging.kinds.as_str() }
}

fn kind_choices(paging: Paging) -> Vec<(&'static str, &'static str, bool)> {
    let chosen = |kind: Kinds| kind == paging.kinds && paging.entry.is_none();
    Kinds::ALL.iter().map(|kind| (kind.as_str(), kind.label(), chosen(*kind))).collect()
}

/// An entry that is shown alone shows its alerts at once.
fn entry_views(entries: &[Entry], viewer: Viewer<'_>, paging: Paging) -> Vec<EntryView> {
    let mut views: Vec<EntryView> = entries.iter().map(|entry| EntryView::new(entry, viewer)).collect();
    for parts in views.iter_mut().filter(|_| paging.entry.is_some()).filter_map(|view| view.parts.as_mut()) {
        parts.open = true;
    }
    views
}
