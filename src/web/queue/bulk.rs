//! POST /incidents/bulk: changes the selected incidents, or everything that the filter finds, with the
//! manage form and a preview before that.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::db::{AnyConnection, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::operations::bulk::{BulkEdit, Done, Outcomes, preview};
use crate::operations::items::ItemState;
use crate::operations::{bulk, jobs};
use crate::queue;
use crate::queue::filter::Filter;
use crate::web::queue::bulk_form::{self, Selected};
use crate::web::queue::strict_filter;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::paths;
use crate::web::shared::resolved_notice::changed_notice;
use crate::web::shared::state::AppState;

/// Which incidents the form is about.
#[derive(Debug, Clone)]
enum Selection {
    Ids(Vec<i64>),
    Filter(Box<Filter>),
}

impl Selection {
    fn from_form(form: &Submitted) -> Result<Self> {
        if !strict_filter::is_asked(form) {
            return Ok(Self::Ids(form.ids("ids")));
        }
        let filter = strict_filter::of_form(form)?;
        if filter.list.is_of_alerts() {
            return Err(Error::at_field("filter", "This is a filter of alerts. Nothing was changed."));
        }
        Ok(Self::Filter(Box::new(filter)))
    }

    /// The ids, without duplicates: of a filter, those that it finds now.
    fn ids(&self, conn: &mut AnyConnection, viewer: i64) -> Result<Vec<i64>> {
        let mut ids = match self {
            Self::Ids(ids) => ids.clone(),
            Self::Filter(filter) => strict_filter::ids(conn, filter, viewer, bulk::LIMIT)?,
        };
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}

pub async fn submit(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    Typed { mut form, checked }: Typed,
) -> std::result::Result<HttpResponse, Failure> {
    if !layout.can_edit() {
        return Err(Error::Forbidden("Only analysts, leads and administrators can change incidents and alerts.").into());
    }
    let selection = Selection::from_form(&form)?;
    let by_filter = matches!(selection, Selection::Filter(_));
    let viewer = person.user.id;
    let (ids, newest) =
        state.db.read(move |conn| Ok((selection.ids(conn, viewer)?, queue::newest_entry(conn)?))).await?;
    if ids.is_empty() {
        let notice =
            if by_filter { "No incident matches the filter any more." } else { "Select at least one incident first." };
        return Ok(see_other(&form.return_to("/incidents"), Some(notice)));
    }
    // What does not fit on a page of the queue is previewed first.
    let needs_preview = by_filter || ids.len() > jobs::AT_ONCE;
    let selected = Selected { ids, by_filter, newest_seen: form.text("seen").parse().unwrap_or(newest) };
    if let Err(error) = checked {
        return refuse(&state, layout, form, selected, error).await;
    }
    let action = form.text("act").to_owned();
    if action == "assign-to-me" {
        form.set("assigned_to", &person.user.name);
    }
    if matches!(action.as_str(), "manage" | "manage-all") {
        return bulk_form::show(&state, layout, form, selected, FieldErrors::default(), StatusCode::OK).await;
    }
    if action == "preview" || (needs_preview && action != "apply") {
        return show_preview(&state, layout, &person, form, selected).await;
    }
    apply(&state, layout, &person, form, selected).await
}

async fn show_preview(
    state: &AppState,
    layout: Layout,
    person: &SignedIn,
    form: Submitted,
    selected: Selected,
) -> std::result::Result<HttpResponse, Failure> {
    let (actor, edit, ids) = (person.actor(), edit(&form), selected.ids.clone());
    match state.db.read(move |conn| preview::preview(conn, &actor, &edit, &ids)).await {
        Ok(preview) => bulk_form::show_preview(layout, &form, &selected, preview),
        Err(error) => refuse(state, layout, form, selected, error).await,
    }
}

async fn apply(
    state: &AppState,
    layout: Layout,
    person: &SignedIn,
    form: Submitted,
    selected: Selected,
) -> std::result::Result<HttpResponse, Failure> {
    let back = form.return_to("/incidents");
    let (actor, edit, ids) = (person.actor(), edit(&form), selected.ids.clone());
    let work = move |tx: &mut Tx<'_>| bulk::edit_incidents(tx, &actor, &ids, &edit);
    match state.jobs.write_and_run(&state.db, person.user.id, work, Done::job).await {
        Ok(Done::Nothing(_)) => Ok(see_other(&back, Some("Nothing was changed."))),
        Ok(Done::Now { operation, outcomes }) => {
            let verb = if form.text("act") == "assign-to-me" { "assigned to you" } else { "changed" };
            Ok(done(&back, &notice_of(&outcomes, verb), Some(operation)))
        }
        Ok(Done::Before { operation } | Done::Started { operation }) => {
            Ok(see_other(&paths::operation(operation), None))
        }
        Err(error) => refuse(state, layout, form, selected, error).await,
    }
}

/// The form again, if it can show what is wrong.
async fn refuse(
    state: &AppState,
    layout: Layout,
    form: Submitted,
    selected: Selected,
    error: Error,
) -> std::result::Result<HttpResponse, Failure> {
    match error {
        Error::Invalid(errors) => {
            bulk_form::show(state, layout, form, selected, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        other => Err(other.into()),
    }
}

/// The value of "Assigned to" that changes no owner. An empty value unassigns, as in the manage form.
const UNCHANGED: &str = "*";

/// Reads the form. Except for the owner, an empty value changes nothing. The form does not show the
/// tags that each incident has, so it has one field that adds tags and one that removes them.
fn edit(form: &Submitted) -> BulkEdit {
    let chosen = |name: &str| form.owned(name).filter(|value| !value.is_empty());
    let tags = [form.all("tags"), form.all("add_tags")].concat();
    BulkEdit {
        status: chosen("status"),
        severity: chosen("severity"),
        classification: chosen("classification"),
        resolving_note: chosen("resolving_note"),
        determination: chosen("determination"),
        assigned_to: form.owned("assigned_to").filter(|name| name != UNCHANGED),
        follow_up_at: chosen("follow_up_at"),
        clear_follow_up: form.get("clear_follow_up").is_some(),
        add_tags: tags.join(","),
        remove_tags: form.text("remove_tags").to_owned(),
        comment: form.text("comment").to_owned(),
        seen: form.text("seen").parse().ok(),
        form: form.idempotency_key(),
    }
}

fn notice_of(outcomes: &Outcomes, verb: &str) -> String {
    let Outcomes { items, resolved } = outcomes;
    let changed = items.iter().filter(|item| item.state == ItemState::Done).count();
    let mut notice = changed_notice(changed, resolved, "incident", verb);
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for item in items.iter().filter(|item| item.state != ItemState::Done) {
        match reasons.iter_mut().find(|(reason, _)| *reason == item.reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((&item.reason, 1)),
        }
    }
    for (reason, count) in reasons {
        let _ = match reason {
            bulk::SO_ALREADY => write!(notice, " {count} already had these values."),
            bulk::REDIRECTED => write!(notice, " {count} skipped: redirected."),
            other => write!(notice, " {count} skipped: {}.", other.trim_end_matches('.')),
        };
    }
    notice
}
