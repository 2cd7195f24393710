//! GET and POST /incidents/columns and /alerts/columns: the columns of a list and their order, the density of the rows, and
//! the sort keys. Every button of the form saves it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::ordering;
use crate::accounts::preferences::{self, Density, Preference, Preferences};
use crate::error::{Error, FieldErrors};
use crate::queue::columns::{Column, default_columns};
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::queue::saved_views::query::filter_of;
use crate::queue::sort::{Sort, SortKey};
use crate::web::queue::sorting;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::queue_links::{below, explicit_href, heading, list_of, with_query};
use crate::web::shared::state::AppState;

/// A column in the list.
struct ColumnView {
    key: &'static str,
    label: &'static str,
    shown: bool,
    fixed: bool,
    first: bool,
    last: bool,
}

/// A sort key.
struct SortKeyView {
    label: &'static str,
    /// Value, label, chosen.
    keys: Vec<(&'static str, &'static str, bool)>,
    ascending: bool,
}

#[derive(Template)]
#[template(path = "queue/columns.html")]
struct ColumnsPage {
    layout: Layout,
    list: List,
    columns: Vec<ColumnView>,
    densities: Vec<(&'static str, &'static str, bool)>,
    order: Vec<SortKeyView>,
    /// The query string of the queue, for the way back.
    query: String,
    back: String,
    errors: FieldErrors,
}

impl ColumnsPage {
    fn active(&self) -> &'static str {
        if self.list.is_of_alerts() { "alerts" } else { "incidents" }
    }

    /// The address of the form.
    fn action(&self) -> String {
        below(self.list, "columns")
    }

    fn heading(&self) -> &'static str {
        heading(self.list)
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }
}

/// Which preference keeps the columns of a list.
fn preference(list: List) -> Preference {
    match list {
        List::Incidents => Preference::Columns,
        List::Alerts => Preference::AlertColumns,
        List::AlertsOf(_) => Preference::TabColumns,
    }
}

/// The columns of a list: those of the address, else the person's, else the default ones. Those with links to the
/// row's page and pane are always included.
pub fn shown(filter: &Filter, preferences: &Preferences) -> Vec<Column> {
    let list = filter.list;
    let own = || parse(list, preferences.get(preference(list)).unwrap_or_default());
    let chosen = if filter.columns.is_empty() { own() } else { filter.columns.clone() };
    if chosen.is_empty() { default_columns(list) } else { with_fixed(chosen) }
}

fn parse(list: List, text: &str) -> Vec<Column> {
    text.split(',').filter_map(|name| Column::of(list, name)).collect()
}

fn with_fixed(mut columns: Vec<Column>) -> Vec<Column> {
    let missing: Vec<Column> =
        Column::ALL.iter().copied().filter(|column| column.is_fixed() && !columns.contains(column)).collect();
    columns.splice(0..0, missing);
    columns
}

/// GET /incidents/columns?{the list's query}
pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let filter = filter_of(list_of(&request), request.query_string());
    let viewer = layout.user.id;
    let preferences = state.db.read(move |conn| Preferences::load(conn, viewer)).await?;
    let shown = shown(&filter, &preferences);
    page(layout, &filter, &shown, preferences.density(), FieldErrors::default())
}

/// POST /incidents/columns
pub async fn save(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (list, action) = (list_of(&request), form.text("act").to_owned());
    let mut filter = Filter { columns: Vec::new(), ..filter_of(list, form.text("query")) };
    let mut columns = chosen_columns(&form, &listed(list, &form));
    let density = Density::parse(form.text("density")).unwrap_or_default();
    if let Some(keys) = order(list, &form) {
        filter = sorting::with_keys(&filter, &keys);
    }
    let reset = action == "reset";
    match action.split_once(':') {
        Some((direction, key)) => {
            let Some(column) = Column::of(list, key) else {
                return refuse(layout, &filter, &columns, density);
            };
            let mut all = listed(list, &form);
            ordering::shift(&mut all, |known| *known == column, direction == "up");
            columns = chosen_columns(&form, &all);
        }
        None if reset || action.is_empty() || action == "save" => {}
        None => return refuse(layout, &filter, &columns, density),
    }
    let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
    let stored = if reset || columns == default_columns(list) { String::new() } else { names.join(",") };
    let user = person.user.id;
    let stored_density = if density == Density::default() || reset { "" } else { density.as_str() };
    state
        .db
        .write(move |tx| {
            preferences::set(tx, user, Preference::Density, stored_density)?;
            preferences::set(tx, user, preference(list), &stored)
        })
        .await?;
    if action.contains(':') {
        return Ok(see_other(&with_query(&below(list, "columns"), &filter), None));
    }
    let notice = if reset { "Columns reset to default." } else { "Columns saved." };
    Ok(see_other(&explicit_href(&filter), Some(notice)))
}

fn refuse(layout: Layout, filter: &Filter, columns: &[Column], density: Density) -> Result<HttpResponse, Failure> {
    let Error::Invalid(errors) = Error::at_field("act", "Choose an action.") else {
        return Err(Error::NotFound.into());
    };
    page(layout, filter, columns, density, errors)
}

/// All columns in the order of the form, shown or not.
fn listed(list: List, form: &Submitted) -> Vec<Column> {
    let mut all: Vec<Column> = Vec::new();
    let names = form.all("order").into_iter().chain(form.all("columns"));
    for column in names.filter_map(|name| Column::of(list, name)) {
        if !all.contains(&column) {
            all.push(column);
        }
    }
    all
}

/// The columns that are chosen, and those that are always shown.
fn chosen_columns(form: &Submitted, listed: &[Column]) -> Vec<Column> {
    let chosen: Vec<Column> = form.all("columns").into_iter().filter_map(Column::parse).collect();
    with_fixed(listed.iter().copied().filter(|column| chosen.contains(column)).collect())
}

/// The sort keys of the form; none if the form has no such fields.
fn order(list: List, form: &Submitted) -> Option<Vec<Sort>> {
    form.get("sort1")?;
    let mut keys: Vec<Sort> = Vec::new();
    for place in 1..=sorting::keys_of(list) {
        let key = SortKey::parse(form.text(&format!("sort{place}")));
        if let Some(key) = key.filter(|key| keys.iter().all(|known| known.key != *key)) {
            keys.push(Sort { key, descending: form.text(&format!("direction{place}")) != "up" });
        }
    }
    Some(keys)
}

fn page(
    layout: Layout,
    filter: &Filter,
    shown: &[Column],
    density: Density,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let hidden = Column::all_of(filter.list).filter(|column| !shown.contains(column));
    let view = |(index, column): (usize, Column)| ColumnView {
        key: column.as_str(),
        label: column.label_in(filter.list),
        shown: index < shown.len(),
        fixed: column.is_fixed(),
        first: index == 0,
        last: index + 1 >= shown.len(),
    };
    let without_columns = Filter { columns: Vec::new(), ..filter.clone() };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ColumnsPage {
        columns: shown.iter().copied().chain(hidden).enumerate().map(view).collect(),
        densities: Density::ALL.iter().map(|one| (one.as_str(), one.label(), *one == density)).collect(),
        order: key_views(filter.list, filter.sort.keys()),
        list: filter.list,
        query: query::link("", without_columns.to_pairs().iter().map(|(name, value)| (*name, value.as_str())))
            .trim_start_matches('?')
            .to_owned(),
        back: explicit_href(filter),
        errors,
        layout: layout.clone(),
    };
    layout.page(status, &page)
}

fn key_views(list: List, keys: &[Sort]) -> Vec<SortKeyView> {
    ["Sort by", "Then by", "And then by"]
        .into_iter()
        .take(sorting::keys_of(list))
        .enumerate()
        .map(|(place, label)| {
            let sort = keys.get(place);
            let nothing = std::iter::once(("", "None", sort.is_none()));
            let is_chosen = |key: SortKey| sort.is_some_and(|sort| sort.key == key);
            let known = list.sort_keys().iter().map(|key| (key.as_str(), list.label_of(*key), is_chosen(*key)));
            SortKeyView {
                label,
                keys: if place == 0 { known.collect() } else { nothing.chain(known).collect() },
                ascending: sort.is_some_and(|sort| !sort.descending),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_moves_one_place_and_not_beyond_the_ends() {
        let mut columns = vec![Column::Name, Column::Id, Column::Tags];
        ordering::shift(&mut columns, |column| *column == Column::Tags, true);
        assert_eq!(columns, [Column::Name, Column::Tags, Column::Id]);
        ordering::shift(&mut columns, |column| *column == Column::Name, true);
        ordering::shift(&mut columns, |column| *column == Column::Id, false);
        assert_eq!(columns, [Column::Name, Column::Tags, Column::Id]);
    }

    #[test]
    fn what_leads_further_cannot_be_left_out() {
        assert_eq!(with_fixed(vec![Column::Severity]), [Column::Name, Column::Id, Column::Severity]);
        assert_eq!(with_fixed(vec![Column::Id, Column::Tags, Column::Name]).len(), 3);
    }
}
