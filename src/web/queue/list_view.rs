//! A list with its filters, views, columns and pages, ready for the template that every list shares.

use std::sync::Arc;

use crate::accounts::preferences::{Density, Preferences};
use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue;
use crate::queue::filter::{Filter, Ignored, LIMITS};
use crate::queue::groups::{Groups, groups};
use crate::queue::list::List;
use crate::queue::listed::Rows;
use crate::queue::range::Range;
use crate::queue::saved_views::{self, View};
use crate::queue::sort::Cursor;
use crate::text::{capitalised, counted, thousands};
use crate::web::queue::alert_row_view::AlertRowView;
use crate::web::queue::filter_chips::Chip;
use crate::web::queue::row_view::RowView;
use crate::web::queue::saved_view_bar::ViewLink;
use crate::web::queue::sorting::Heading;
use crate::web::queue::{columns, filter_chips, saved_view_bar, sorting};
use crate::web::shared::ignored_parameters::{self, IgnoredView};
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::queue_links::{below, explicit_href, heading, href, path, with_query};

/// The rows of a list, ready for their template.
pub(crate) enum RowViews {
    Incidents(Vec<RowView>),
    Alerts(Vec<AlertRowView>),
}

impl RowViews {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Incidents(rows) => rows.len(),
            Self::Alerts(rows) => rows.len(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A list, ready for `queue/_list.html`.
pub(crate) struct ListView {
    pub(crate) of: List,
    /// Its address.
    pub(crate) path: String,
    pub(crate) rows: RowViews,
    pub(crate) headings: Vec<Heading>,
    pub(crate) sort: String,
    pub(crate) compact: bool,
    pub(crate) own_columns: bool,
    /// The filter for exports: with the chosen columns, from the first page.
    pub(crate) exported: Filter,
    pub(crate) total: String,
    /// Whether the filter finds more than the rows of this page.
    pub(crate) matches_more: bool,
    /// None where the list has no saved views.
    pub(crate) views: Vec<ViewLink>,
    pub(crate) chips: Vec<Chip>,
    pub(crate) filter: Filter,
    pub(crate) ranges: Vec<(&'static str, &'static str, bool)>,
    pub(crate) limits: Vec<(i64, String, bool)>,
    pub(crate) ignored: Vec<IgnoredView>,
    pub(crate) filters_href: String,
    pub(crate) columns_href: String,
    pub(crate) save_view_href: String,
    /// What "Copy link" copies: an address that shows everybody this list.
    pub(crate) link: String,
    pub(crate) reset_href: Option<String>,
    pub(crate) first_href: Option<String>,
    pub(crate) previous_href: Option<String>,
    pub(crate) next_href: Option<String>,
    pub(crate) here: String,
    /// The newest history entry of this page: what is newer is an update.
    pub(crate) since: i64,
}

/// What a list shows, as read from the database.
pub(crate) struct ListData {
    pub(crate) since: i64,
    pub(crate) rows: Rows,
    /// Where the next page begins, and the previous one.
    pub(crate) next: Option<Cursor>,
    pub(crate) before: Option<Cursor>,
    pub(crate) total: i64,
    pub(crate) people: Vec<(String, String)>,
    pub(crate) preferences: Preferences,
    pub(crate) views: Vec<View>,
    /// Alerts with the same title.
    pub(crate) groups: Groups,
    /// Whether only some rows were asked for, each by its ID.
    pub(crate) is_part: bool,
}

impl ListData {
    pub(crate) fn load(conn: &mut AnyConnection, filter: &Filter, viewer: i64, total: i64) -> Result<Self> {
        let since = queue::newest_entry(conn)?;
        let page = queue::load_ids(conn, filter, viewer)?;
        Ok(Self {
            since,
            rows: Rows::load(conn, filter.list, &page.ids)?,
            next: page.next,
            before: queue::page_before(conn, filter, viewer)?,
            total,
            people: users::list(conn)?.into_iter().map(|user| (user.name.clone(), user.shown_name())).collect(),
            preferences: Preferences::load(conn, viewer)?,
            views: saved_views::seen_by(conn, viewer, filter.list)?,
            groups: groups(conn, filter, viewer, &page.ids)?,
            is_part: false,
        })
    }
}

impl ListView {
    pub(crate) fn new(layout: &Layout, mut filter: Filter, mut ignored: Vec<Ignored>, data: ListData) -> Self {
        let list = filter.list;
        let is_known = |name: &str| data.people.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        ignored.extend(filter.ignore_unknown_owners(is_known));
        let has_default_view =
            saved_view_bar::default_of(list).is_some_and(|which| data.preferences.get(which).is_some());
        let to = |filter: &Filter| if has_default_view { explicit_href(filter) } else { href(filter) };
        // The same list without the pane, from its beginning.
        let first_page = Filter { after: None, pane: None, ..filter.clone() };
        let columns: Arc<[queue::Column]> = columns::shown(&filter, &data.preferences).into();
        let own_columns = *columns != *queue::default_columns(list);
        let at = |after: Option<Cursor>| href(&Filter { after, pane: None, ..filter.clone() });
        let rows = row_views(&data, layout, &columns, &filter);
        Self {
            of: list,
            path: path(list),
            matches_more: data.total > i64::try_from(rows.len()).unwrap_or(i64::MAX),
            rows,
            headings: sorting::headings(&filter, &columns, to),
            sort: filter.sort.as_text(),
            compact: data.preferences.density() == Density::Compact,
            own_columns,
            exported: Filter { columns: if own_columns { columns.to_vec() } else { Vec::new() }, ..first_page.clone() },
            total: counted(count(data.total), list.noun()),
            views: saved_view_bar::links(&data.views, &data.preferences, &first_page),
            chips: filter_chips::chips(&filter, &data.people, &layout.zone, to),
            ranges: ranges(&filter, filter.has_dates()),
            limits: LIMITS
                .map(|limit| (limit, to(&Filter { limit, ..first_page.clone() }), limit == filter.limit))
                .to_vec(),
            ignored: ignored_parameters::views(&ignored),
            filters_href: with_query(&below(list, "filters"), &first_page),
            columns_href: with_query(&below(list, "columns"), &first_page),
            save_view_href: with_query(&below(list, "views/new"), &first_page),
            link: explicit_href(&first_page),
            reset_href: (!filter.is_default()).then(|| to(&Filter::of(list))),
            first_href: filter.after.is_some().then(|| to(&first_page)),
            previous_href: filter.after.as_ref().map(|_| at(data.before.clone())),
            next_href: data.next.clone().map(|after| at(Some(after))),
            here: to(&filter),
            since: data.since,
            filter,
        }
    }

    /// "Incidents" or "Alerts".
    pub(crate) fn heading(&self) -> &'static str {
        heading(self.of)
    }

    /// "incident" or "alert".
    pub(crate) fn noun(&self) -> &'static str {
        self.of.noun()
    }

    /// The name of the region that scrolls.
    pub(crate) fn region(&self) -> String {
        format!("{} list", capitalised(self.noun()))
    }

    /// Instead of rows.
    pub(crate) fn none(&self) -> String {
        format!("No {}s match.", self.noun())
    }

    /// The name of the checkboxes of rows.
    pub(crate) fn box_name(&self) -> &'static str {
        if self.of.is_of_alerts() { "alerts" } else { "ids" }
    }

    /// What the search finds, in words.
    pub(crate) fn searched(&self) -> &'static str {
        if self.of.is_of_alerts() { "Search for title, ID or entity" } else { "Search for name, ID or asset" }
    }

    /// The same, as short as the field is in a narrow list.
    pub(crate) fn search_hint(&self) -> &'static str {
        if self.of.is_of_alerts() { "Title, ID or entity" } else { "Name, ID or asset" }
    }

    /// The address of an export, with the chosen columns, else with all.
    pub(crate) fn export_href(&self, ending: &str) -> String {
        let pairs = self.exported.to_pairs();
        let pairs = pairs.iter().filter(|(name, _)| *name != "limit");
        query::link(&format!("{}.{ending}", self.path), pairs.map(|(name, value)| (*name, value.as_str())))
    }

    /// The parameters for which the search form has no field.
    pub(crate) fn kept_by_search(&self) -> Vec<(&'static str, String)> {
        let filter = Filter { q: String::new(), after: None, pane: None, ..self.filter.clone() };
        filter.to_pairs().into_iter().filter(|(name, _)| *name != "range").collect()
    }

    /// The address that shows every row there is.
    pub(crate) fn everything_href(&self) -> String {
        let everything = [("status", "all"), ("severity", "all"), ("range", "all")];
        query::link(&self.path, everything)
    }

    /// Shows every alert of an incident in a row of its own, or those of one title together; none where neither would
    /// change anything.
    pub(crate) fn grouping(&self) -> Option<(&'static str, String)> {
        let filter = Filter { grouped: !self.filter.grouped, after: None, pane: None, ..self.filter.clone() };
        let label = if self.filter.grouped { "List every alert" } else { "Group equal titles" };
        let may = self.of.incident().is_some() && self.filter.title.is_empty();
        may.then(|| (label, href(&filter)))
    }

    /// The number of the total, as shown.
    pub(crate) fn number(&self) -> &str {
        self.total.split(' ').next().unwrap_or_default()
    }
}

fn row_views(data: &ListData, layout: &Layout, columns: &Arc<[queue::Column]>, filter: &Filter) -> RowViews {
    let pane_href = |id: i64| href(&Filter { pane: Some(id), ..filter.clone() });
    let is_open = |id: i64| filter.pane == Some(id);
    match &data.rows {
        Rows::Incidents(rows) => {
            let view = |row: &queue::QueueRow| {
                let id = row.incident.id;
                RowView::new(row, &layout.zone, columns, pane_href(id), is_open(id))
            };
            RowViews::Incidents(rows.iter().map(view).collect())
        }
        Rows::Alerts(rows) => {
            let view = |row: &queue::AlertRow| {
                let id = row.alert.id;
                AlertRowView::new(row, &layout.zone, columns, pane_href(id), is_open(id))
            };
            let with_others = |row: &queue::AlertRow| {
                let first = view(row);
                if let Some(under) = data.groups.first_of.get(&row.alert.id) {
                    return vec![first.folded_under(*under, true)];
                }
                let Some(group) = data.groups.by_first.get(&row.alert.id) else { return vec![first] };
                let title = Filter { title: row.alert.title.clone(), after: None, pane: None, ..filter.clone() };
                let first = first.with_group(group, href(&title));
                let is_shown = group.others.iter().any(|other| is_open(other.alert.id));
                let others = group
                    .others
                    .iter()
                    .filter(|_| !data.is_part)
                    .map(|other| view(other).folded_under(row.alert.id, !is_shown));
                std::iter::once(first).chain(others).collect()
            };
            RowViews::Alerts(rows.iter().flat_map(with_others).collect())
        }
    }
}

/// The time ranges to choose from, "custom" last: value, label, whether it is selected.
pub fn ranges(filter: &Filter, custom: bool) -> Vec<(&'static str, &'static str, bool)> {
    let known = Range::ALL.iter().map(|range| (range.as_str(), range.label(), !custom && *range == filter.range));
    known.chain([("custom", "Custom", custom)]).collect()
}

/// A number of rows as text, at most "10,000+".
pub fn count(count: i64) -> String {
    if count > 10_000 { "10,000+".to_owned() } else { thousands(count) }
}
