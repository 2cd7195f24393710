//! The pages of POST /alerts/bulk: the form, and the preview of what it will change.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::accounts::users;
use crate::alerts::lookup;
use crate::error::FieldErrors;
use crate::model::alert::AlertStatus;
use crate::operations::bulk_alerts::preview::Preview;
use crate::secrets::random_hex;
use crate::text::{counted, thousands};
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::choices::{self, Choice, ChoiceGroup, choice};
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, classification_error};
use crate::web::shared::layout::Layout;
use crate::web::shared::state::AppState;

/// Alerts that the form lists by title.
const LISTED: usize = 10;

/// The alerts that a form is of.
#[derive(Debug, Clone)]
pub struct Selected {
    pub ids: Vec<i64>,
    /// They are everything that the filter finds, not single rows.
    pub by_filter: bool,
    /// They are previewed before they are changed.
    pub needs_preview: bool,
    /// The newest entry of the history when the list was made: what others changed later is not overwritten.
    pub newest_seen: i64,
}

#[derive(Template)]
#[template(path = "alert/bulk.html")]
struct BulkPage {
    layout: Layout,
    count: usize,
    /// The first few.
    alerts: Vec<AlertView>,
    statuses: Vec<Choice>,
    owners: Vec<Choice>,
    classifications: Vec<ChoiceGroup>,
    return_to: String,
    by_filter: bool,
    needs_preview: bool,
    newest_seen: i64,
    idempotency_key: String,
    form: Submitted,
    errors: FieldErrors,
}

impl BulkPage {
    fn active(&self) -> &'static str {
        "alerts"
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

    fn title(&self) -> String {
        format!("Manage {}", alerts(self.count))
    }
}

#[derive(Template)]
#[template(path = "alert/bulk_preview.html")]
struct PreviewPage {
    layout: Layout,
    preview: Preview,
    title: String,
    /// "12 alerts" that will not change.
    unchanged: String,
    /// "3 incidents" that get the comment.
    commented: String,
    return_to: String,
    /// The fields of the form, to be sent again.
    kept: Vec<(String, String)>,
}

impl PreviewPage {
    fn active(&self) -> &'static str {
        "alerts"
    }
}

/// "1 alert", "2,000 alerts".
pub fn alerts(count: usize) -> String {
    counted(thousands(count), "alert")
}

/// The form, with what was typed and what is wrong with it.
pub async fn show(
    state: &AppState,
    layout: Layout,
    form: Submitted,
    selected: Selected,
    errors: FieldErrors,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let Selected { ids, by_filter, needs_preview, newest_seen } = selected;
    let count = ids.len();
    let (alerts, people) = state
        .db
        .read(move |conn| {
            let first = ids.get(..LISTED).unwrap_or(&ids);
            Ok((lookup::oldest_first(conn, first, LISTED)?, users::names(conn)?))
        })
        .await?;
    let page = BulkPage {
        count,
        alerts: alerts.iter().map(|alert| AlertView::new(alert, &layout.zone, &people)).collect(),
        statuses: AlertStatus::ALL
            .iter()
            .map(|status| choice(status.as_str(), status.label(), form.text("status")))
            .collect(),
        owners: owners(choices::owners(people.values(), form.get("assigned_to").unwrap_or("*"))),
        classifications: choices::classifications(form.text("classification")),
        return_to: form.return_to("/alerts"),
        by_filter,
        needs_preview,
        newest_seen,
        idempotency_key: random_hex(16)?,
        form,
        errors,
        layout,
    };
    page.layout.page(status, &page)
}

/// With the choice that changes no owner.
fn owners(owners: Vec<Choice>) -> Vec<Choice> {
    let unchanged = !owners.iter().any(|choice| choice.selected);
    let label = "No change".to_owned();
    std::iter::once(Choice { value: "*".to_owned(), label, selected: unchanged }).chain(owners).collect()
}

pub fn show_preview(
    layout: Layout,
    form: &Submitted,
    selected: &Selected,
    preview: Preview,
) -> Result<HttpResponse, Failure> {
    let replaced = ["act", "csrf", "seen", "scope", "once"];
    let mut kept: Vec<(String, String)> =
        form.pairs().iter().filter(|(name, _)| !replaced.contains(&name.as_str())).cloned().collect();
    if selected.by_filter {
        kept.retain(|(name, _)| name != "alerts");
        kept.push(("scope".to_owned(), "filter".to_owned()));
    }
    kept.push(("seen".to_owned(), selected.newest_seen.to_string()));
    kept.push(("once".to_owned(), random_hex(16)?));
    let title = match (preview.changing, preview.commented) {
        (0, 0) => "Nothing would change".to_owned(),
        (0, _) => "No alert will change".to_owned(),
        (changing, _) => format!("{} will change", alerts(changing)),
    };
    let page = PreviewPage {
        title,
        unchanged: alerts(preview.left),
        commented: counted(thousands(preview.commented), "incident"),
        return_to: form.return_to("/alerts"),
        kept,
        preview,
        layout,
    };
    page.layout.page(StatusCode::OK, &page)
}
