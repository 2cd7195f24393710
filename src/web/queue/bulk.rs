//! POST /incidents/bulk: the manage form over the rows that were selected, or over everything that
//! the filter finds, with a preview of what it will change and what it will not.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{Error, FieldErrors, Result};
use crate::incidents::lookup::find_incident;
use crate::incidents::tags;
use crate::model::incident::Incident;
use crate::operations::bulk::preview::{self, Preview};
use crate::operations::bulk::{self, BulkEdit, Done};
use crate::operations::items::{ItemState, Outcome};
use crate::operations::{job_worker, jobs};
use crate::queue;
use crate::queue::filter::Filter;
use crate::secrets::random_hex;
use crate::web::incident::manage_form::{self, Choice, Group};
use crate::web::operations::incidents as incidents_in_words;
use crate::web::queue::strict_filter;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::paths;
use crate::web::shared::state::AppState;

/// Incidents that the form names.
const NAMED: usize = 10;

#[derive(Template)]
#[template(path = "queue/bulk.html")]
struct BulkPage {
    layout: Layout,
    count: usize,
    /// The first few.
    incidents: Vec<Incident>,
    owners: Vec<Choice>,
    classifications: Vec<Group>,
    known_tags: Vec<String>,
    return_to: String,
    /// Everything that the filter finds, not the rows that were selected.
    whole_filter: bool,
    seen: i64,
    /// What this form is known by, so that sent twice it is done once.
    once: String,
    form: Submitted,
    errors: FieldErrors,
}

impl BulkPage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    /// The message for classification: its determination travels in the same control.
    fn classification_error(&self) -> &str {
        self.errors.at("classification").or_else(|| self.errors.at("determination")).unwrap_or_default()
    }

    fn typed(&self, field: &str) -> &str {
        self.form.text(field)
    }

    fn is(&self, field: &str, value: &str) -> bool {
        self.form.text(field) == value
    }

    fn unassigns(&self) -> bool {
        self.form.get("assigned_to") == Some("")
    }

    fn title(&self) -> String {
        format!("Manage {}", counted(self.count))
    }
}

#[derive(Template)]
#[template(path = "queue/bulk_preview.html")]
struct PreviewPage {
    layout: Layout,
    preview: Preview,
    /// How many will change and how many will not, in words.
    changing: String,
    left: String,
    return_to: String,
    whole_filter: bool,
    /// What was typed, to be sent again.
    kept: Vec<(String, String)>,
}

impl PreviewPage {
    fn active(&self) -> &'static str {
        "incidents"
    }
}

/// What the act is about.
#[derive(Debug, Clone)]
enum Scope {
    Ids(Vec<i64>),
    Filter(Box<Filter>),
}

/// An act on more than what was asked for would be worse than none.
const NOTHING: &str = "; nothing was changed";

impl Scope {
    fn of(form: &Submitted) -> Result<Self> {
        if form.text("scope") != "filter" && form.text("act") != "manage-all" {
            return Ok(Self::Ids(form.ids("ids")));
        }
        let query = form.text("filter");
        if !query.starts_with("/incidents") {
            return Err(Error::at_field("filter", "Say which filter; nothing was changed."));
        }
        let query = query.split_once('?').map_or(query.trim_start_matches("/incidents"), |(_, query)| query);
        Ok(Self::Filter(Box::new(strict_filter::read(Submitted::parse(query.as_bytes()).pairs(), NOTHING)?)))
    }

    /// The ids, as the filter finds them now.
    fn ids(&self, conn: &mut AnyConnection, viewer: i64) -> Result<Vec<i64>> {
        match self {
            Self::Ids(ids) => Ok(ids.clone()),
            Self::Filter(filter) => {
                strict_filter::check_owners(conn, filter, NOTHING)?;
                queue::ids(conn, filter, viewer, bulk::LIMIT)
            }
        }
    }
}

pub async fn act(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    mut form: Submitted,
) -> std::result::Result<HttpResponse, Failure> {
    if !layout.can_edit() {
        return Err(Error::Forbidden("Only analysts and administrators can change incidents and alerts.").into());
    }
    let scope = Scope::of(&form)?;
    let whole_filter = matches!(scope, Scope::Filter(_));
    let back = form.return_to("/incidents");
    let viewer = person.0.id;
    let asked_scope = scope.clone();
    let (mut ids, seen) =
        state.db.read(move |conn| Ok((asked_scope.ids(conn, viewer)?, queue::newest_entry(conn)?))).await?;
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        let said = if whole_filter { "No incident matches any more." } else { "Select at least one incident first." };
        return Ok(see_other(&back, Some(said)));
    }
    let act = form.text("act").to_owned();
    if act == "assign-to-me" {
        form.set("assigned_to", &person.0.name);
    }
    let looked = form.text("seen").parse().unwrap_or(seen);
    if matches!(act.as_str(), "manage" | "manage-all") {
        return show(&state, layout, form, ids, (whole_filter, looked), FieldErrors::default(), StatusCode::OK).await;
    }
    let asked = asked(&form);
    // What is more than a page is looked at before it is done.
    let unseen = whole_filter || ids.len() > jobs::AT_ONCE;
    let answer = if act == "preview" || (unseen && act != "apply") {
        let (actor, asked, chosen) = (person.actor(), asked, ids.clone());
        let found = state.db.read(move |conn| preview::preview(conn, &actor, &asked, &chosen)).await;
        match found {
            Ok(preview) => return show_preview(layout, form, looked, whole_filter, preview),
            Err(error) => Err(error),
        }
    } else {
        let (actor, chosen) = (person.actor(), ids.clone());
        state.db.write(move |tx| bulk::act(tx, &actor, &chosen, &asked)).await
    };
    match answer {
        Ok(Done::Nothing(_)) => Ok(see_other(&back, Some("Nothing was changed."))),
        Ok(Done::Now { operation, outcomes }) => Ok(done(&back, &said(&outcomes), Some(operation))),
        Ok(Done::Before { operation }) => Ok(see_other(&paths::operation(operation), None)),
        Ok(Done::Started { operation }) => {
            job_worker::spawn(&state.db, operation);
            Ok(see_other(&paths::operation(operation), None))
        }
        Err(Error::Invalid(errors)) => {
            show(&state, layout, form, ids, (whole_filter, looked), errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The choice of the bulk form that leaves the owner as each incident has it; an empty one takes it
/// away, as in the manage form.
const UNCHANGED: &str = "*";

/// In the bulk form an empty choice leaves a field that cannot be empty as each incident has it. Tags
/// are added, since those that an incident has are not shown.
fn asked(form: &Submitted) -> BulkEdit {
    let chosen = |name: &str| form.owned(name).filter(|value| !value.is_empty());
    let tags = [form.all("tags"), form.all("add_tags")].concat();
    BulkEdit {
        status: chosen("status"),
        severity: chosen("severity"),
        classification: chosen("classification"),
        resolving_note: chosen("resolving_note"),
        determination: chosen("determination"),
        assigned_to: form.owned("assigned_to").filter(|name| name != UNCHANGED),
        add_tags: tags.join(","),
        remove_tags: form.text("remove_tags").to_owned(),
        comment: form.text("comment").to_owned(),
        seen: form.text("seen").parse().ok(),
        form: form.once(),
    }
}

fn said(outcomes: &[Outcome]) -> String {
    let changed = outcomes.iter().filter(|one| one.state == ItemState::Done).count();
    let mut said = format!("{} changed.", counted(changed));
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for one in outcomes.iter().filter(|one| one.state != ItemState::Done) {
        match reasons.iter_mut().find(|(reason, _)| *reason == one.reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((&one.reason, 1)),
        }
    }
    for (reason, count) in reasons {
        let _ = match reason {
            bulk::SO_ALREADY => write!(said, " {count} were so already."),
            bulk::REDIRECTED => write!(said, " {count} redirected left alone."),
            other => write!(said, " {count} left alone: {}.", other.trim_end_matches('.')),
        };
    }
    said
}

fn counted(count: usize) -> String {
    incidents_in_words(i64::try_from(count).unwrap_or(i64::MAX))
}

async fn show(
    state: &AppState,
    layout: Layout,
    form: Submitted,
    ids: Vec<i64>,
    (whole_filter, seen): (bool, i64),
    errors: FieldErrors,
    status: StatusCode,
) -> std::result::Result<HttpResponse, Failure> {
    let count = ids.len();
    let (incidents, people, known) = state
        .db
        .read(move |conn| {
            let mut incidents = Vec::with_capacity(NAMED);
            for id in ids.into_iter().take(NAMED) {
                incidents.push(find_incident(conn, id)?);
            }
            Ok((incidents, users::list(conn)?, tags::in_use(conn)?))
        })
        .await?;
    let page = BulkPage {
        count,
        incidents,
        owners: manage_form::owners(people.iter(), "?").into_iter().filter(|choice| !choice.value.is_empty()).collect(),
        classifications: manage_form::classifications(form.text("classification")),
        known_tags: known.into_iter().filter(|tag| !tag.system).map(|tag| tag.name).collect(),
        return_to: form.return_to("/incidents"),
        whole_filter,
        seen,
        once: random_hex(16)?,
        form,
        errors,
        layout,
    };
    page.layout.page(status, &page)
}

fn show_preview(
    layout: Layout,
    form: Submitted,
    seen: i64,
    whole_filter: bool,
    preview: Preview,
) -> std::result::Result<HttpResponse, Failure> {
    let dropped = ["act", "csrf", "seen", "scope", "once"];
    let mut kept: Vec<(String, String)> =
        form.pairs().iter().filter(|(name, _)| !dropped.contains(&name.as_str())).cloned().collect();
    if whole_filter {
        kept.retain(|(name, _)| name != "ids");
        kept.push(("scope".to_owned(), "filter".to_owned()));
    }
    kept.push(("seen".to_owned(), seen.to_string()));
    kept.push(("once".to_owned(), random_hex(16)?));
    let (changing, left) = (counted(preview.changing), counted(preview.left));
    let return_to = form.return_to("/incidents");
    let page = PreviewPage { layout, preview, changing, left, return_to, whole_filter, kept };
    page.layout.page(StatusCode::OK, &page)
}
