//! The pages of POST /incidents/bulk: the form, and the preview of what it will change.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{Error, FieldErrors, Result};
use crate::incidents::lookup::find_incident;
use crate::incidents::tags;
use crate::model::incident::Incident;
use crate::operations::bulk::preview::Preview;
use crate::secrets::random_hex;
use crate::text::{counted, thousands};
use crate::web::shared::choices::{self, Choice, ChoiceGroup};
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, classification_error};
use crate::web::shared::layout::Layout;
use crate::web::shared::state::AppState;

/// Incidents that the form lists by name.
const LISTED: usize = 10;

/// The incidents that a form is about.
#[derive(Debug, Clone)]
pub struct Selected {
    pub ids: Vec<i64>,
    /// They are everything that the filter finds, not single rows.
    pub by_filter: bool,
    /// The newest entry of the history when the form was first shown: what others changed later is
    /// not overwritten.
    pub newest_seen: i64,
}

#[derive(Template)]
#[template(path = "queue/bulk.html")]
struct BulkPage {
    layout: Layout,
    count: usize,
    /// The first few.
    incidents: Vec<Incident>,
    owners: Vec<Choice>,
    classifications: Vec<ChoiceGroup>,
    known_tags: Vec<String>,
    return_to: String,
    by_filter: bool,
    newest_seen: i64,
    idempotency_key: String,
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

    fn classification_error(&self) -> &str {
        classification_error(&self.errors)
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
        format!("Manage {}", incidents(self.count))
    }
}

#[derive(Template)]
#[template(path = "queue/bulk_preview.html")]
struct PreviewPage {
    layout: Layout,
    preview: Preview,
    /// "12 incidents" that will change, and that will not.
    changing: String,
    unchanged: String,
    return_to: String,
    by_filter: bool,
    /// The fields of the form, to be sent again.
    kept: Vec<(String, String)>,
}

impl PreviewPage {
    fn active(&self) -> &'static str {
        "incidents"
    }
}

/// "1 incident", "2,000 incidents".
pub fn incidents(count: usize) -> String {
    counted(thousands(count), "incident")
}

/// The form, with what was typed and what is wrong with it.
pub async fn show(
    state: &AppState,
    layout: Layout,
    form: Submitted,
    selected: Selected,
    errors: FieldErrors,
    status: StatusCode,
) -> std::result::Result<HttpResponse, Failure> {
    let Selected { ids, by_filter, newest_seen } = selected;
    let count = ids.len();
    let (incidents, people, known) = state
        .db
        .read(move |conn| {
            Ok((existing(conn, ids.get(..LISTED).unwrap_or(&ids))?, users::list(conn)?, tags::in_use(conn)?))
        })
        .await?;
    let page = BulkPage {
        count,
        incidents,
        owners: choices::owners(people.iter(), "?").into_iter().filter(|choice| !choice.value.is_empty()).collect(),
        classifications: choices::classifications(form.text("classification")),
        known_tags: known.into_iter().filter(|tag| !tag.system).map(|tag| tag.name).collect(),
        return_to: form.return_to("/incidents"),
        by_filter,
        newest_seen,
        idempotency_key: random_hex(16)?,
        form,
        errors,
        layout,
    };
    page.layout.page(status, &page)
}

/// Those of some incidents that exist.
fn existing(conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<Incident>> {
    let found = ids.iter().map(|id| find_incident(conn, *id));
    found.filter(|incident| !matches!(incident, Err(Error::NotFound))).collect()
}

pub fn show_preview(
    layout: Layout,
    form: &Submitted,
    selected: &Selected,
    preview: Preview,
) -> std::result::Result<HttpResponse, Failure> {
    let replaced = ["act", "csrf", "seen", "scope", "once"];
    let mut kept: Vec<(String, String)> =
        form.pairs().iter().filter(|(name, _)| !replaced.contains(&name.as_str())).cloned().collect();
    if selected.by_filter {
        kept.retain(|(name, _)| name != "ids");
        kept.push(("scope".to_owned(), "filter".to_owned()));
    }
    kept.push(("seen".to_owned(), selected.newest_seen.to_string()));
    kept.push(("once".to_owned(), random_hex(16)?));
    let (changing, unchanged) = (incidents(preview.changing), incidents(preview.left));
    let (return_to, by_filter) = (form.return_to("/incidents"), selected.by_filter);
    let page = PreviewPage { layout, preview, changing, unchanged, return_to, by_filter, kept };
    page.layout.page(StatusCode::OK, &page)
}
