//! GET /incidents/filters and /alerts/filters: every filter there is, a page of its own that the list's script shows
//! in place. `apply=1` takes the form and leads to the list that it describes.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::error::FieldErrors;
use crate::incidents::tags;
use crate::queue::choices::{self, Choices};
use crate::queue::dimension::{Dimension, Kind};
use crate::queue::filter::{Filter, OVER_LIMIT, Why};
use crate::queue::list::List;
use crate::web::queue::filter_choices::{Group, Offered};
use crate::web::queue::{filter_choices, list_view};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::queue_links::{below, explicit_href, heading, list_of};
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::Zone;
use crate::web::shared::{query, time_format};

/// A custom range as it stands in the form.
#[derive(Debug, Clone, Default)]
struct Custom {
    from: String,
    to: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "queue/filters.html")]
struct FiltersPage {
    layout: Layout,
    list: List,
    groups: Vec<Group>,
    ranges: Vec<(&'static str, &'static str, bool)>,
    custom: Custom,
    /// Whether the form was made with a custom range in effect.
    was_custom: bool,
    errors: FieldErrors,
    /// What of the list's state the form has no field for.
    kept: Vec<(&'static str, String)>,
    back: String,
}

impl FiltersPage {
    fn active(&self) -> &'static str {
        if self.list.is_of_alerts() { "alerts" } else { "incidents" }
    }

    /// The address of the form.
    fn action(&self) -> String {
        below(self.list, "filters")
    }

    fn heading(&self) -> &'static str {
        heading(self.list)
    }

    /// Whether a group is shown opened: something of it is in effect, or refused.
    fn is_open(&self, group: &Group) -> bool {
        group.is_open() || group.texts.iter().any(|text| self.errors.at(text.name).is_some())
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let (list, pairs) = (list_of(&request), query::pairs(&request));
    let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    if value("apply").is_empty() {
        let (filter, _) = Filter::from_pairs(list, &pairs);
        let custom = of_filter(&filter, value("range") == "custom", &layout.zone);
        return page(&state, layout, filter, custom, FieldErrors::default()).await;
    }
    let custom = Custom {
        from: value("fromTime").trim().to_owned(),
        to: value("toTime").trim().to_owned(),
        chosen: value("range") == "custom" || value("wasCustom").is_empty(),
    };
    let (filter, errors) = asked(list, &pairs);
    if !errors.is_empty() {
        let custom = Custom { chosen: value("range") == "custom", ..custom };
        return page(&state, layout, filter, custom, errors).await;
    }
    match with_custom(&filter, &custom, value("range") == "custom", &layout.zone) {
        Ok(filter) => Ok(see_other(&explicit_href(&filter), None)),
        Err(errors) => page(&state, layout, filter, Custom { chosen: true, ..custom }, errors).await,
    }
}

/// What the form asks, and what is over the limits, at the fields of texts. In it, nothing ticked is any value.
fn asked(list: List, pairs: &[(String, String)]) -> (Filter, FieldErrors) {
    let mut pairs: Vec<(String, String)> = pairs
        .iter()
        .filter(|(name, value)| match name.as_str() {
            "from" | "to" | "after" | "pane" => false,
            "range" => value != "custom",
            _ => true,
        })
        .cloned()
        .collect();
    for dimension in Dimension::WITH_ALL {
        if !pairs.iter().any(|(name, _)| name == dimension.as_str()) {
            pairs.push((dimension.as_str().to_owned(), "all".to_owned()));
        }
    }
    let (filter, ignored) = Filter::from_pairs(list, &pairs);
    let mut errors = FieldErrors::default();
    for one in ignored.iter().filter(|one| one.why == Why::OverLimit) {
        let field = Dimension::of_parameter(&one.name).filter(|dimension| dimension.kind(list) == Kind::PartOfName);
        if let Some(field) = field.filter(|field| errors.at(field.as_str()).is_none()) {
            errors.add(field.as_str(), format!("Ignored {:?}: {OVER_LIMIT}.", one.value));
        }
    }
    (Filter { after: None, pane: None, ..filter }, errors)
}

fn of_filter(filter: &Filter, wanted: bool, zone: &Zone) -> Custom {
    let field = |at: Option<i64>| at.map(|at| zone.field(at)).unwrap_or_default();
    Custom { from: field(filter.from), to: field(filter.to), chosen: wanted || filter.has_dates() }
}

/// The filter with the range that was typed. A range that was typed counts even where nobody
/// ticked "Custom", unless the form came with one and something else was ticked since.
fn with_custom(filter: &Filter, custom: &Custom, ticked: bool, zone: &Zone) -> Result<Filter, FieldErrors> {
    let filter = filter.without_custom_range();
    let typed = !custom.from.is_empty() || !custom.to.is_empty();
    let meant = ticked || (custom.chosen && typed);
    if !meant {
        return Ok(filter);
    }
    let mut errors = FieldErrors::default();
    if !typed {
        errors.add("from", "Enter when the range starts, when it ends, or both.");
    }
    let mut read = |text: &str, field: &'static str, end: bool| {
        let at = zone.read(text, end);
        if at.is_none() && !text.is_empty() {
            errors.add(field, "Enter a date such as 2026-11-22, with or without a time such as 10:30.");
        }
        at
    };
    let (from, to) = (read(&custom.from, "from", false), read(&custom.to, "to", true));
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        errors.add("to", "The range ends before it starts.");
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let text = |at: Option<i64>| at.map(time_format::rfc3339).unwrap_or_default();
    Ok(Filter { range: filter.list.default_range(), from, to, from_text: text(from), to_text: text(to), ..filter })
}

async fn page(
    state: &AppState,
    layout: Layout,
    filter: Filter,
    custom: Custom,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let (choices, tags, people): (Choices, Vec<String>, Vec<(String, String)>) = state
        .db
        .read(|conn| {
            let tags = tags::in_use(conn)?.into_iter().map(|tag| tag.name).collect();
            let people = users::list(conn)?.into_iter().map(|user| (user.name.clone(), user.shown_name())).collect();
            Ok((choices::load(conn)?, tags, people))
        })
        .await?;
    let filter = Filter { after: None, pane: None, ..filter };
    let list = filter.list;
    let is_kept = |name: &str| {
        Dimension::of_parameter(name).is_none_or(|one| matches!(one.kind(list), Kind::Text | Kind::Search))
    };
    let offered = Offered { choices: &choices, tags: &tags, people: &people };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = FiltersPage {
        groups: filter_choices::groups(&filter, offered),
        ranges: list_view::ranges(&filter, custom.chosen),
        was_custom: custom.chosen,
        custom,
        errors,
        kept: filter.to_pairs().into_iter().filter(|(name, _)| is_kept(name)).collect(),
        back: explicit_href(&filter),
        list: filter.list,
        layout: layout.clone(),
    };
    layout.page(status, &page)
}
