//! GET /incidents/{id}/merge: the form that merges incidents. It asks which one is kept, and which owner
//! and classification it gets where they differ (R11). POST /incidents/merge shows it as well.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::error::{Error, FieldErrors};
use crate::model::incident::Incident;
use crate::model::outcome::Outcome;
use crate::model::user::User;
use crate::operations::merge_incidents::{self, Candidates};
use crate::queue::target::{self, Moving};
use crate::secrets::random_hex;
use crate::web::shared::choices::{Choice, owner_name};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::impacted_assets::{AssetView, assets_of};
use crate::web::shared::layout::Layout;
use crate::web::shared::paths;
use crate::web::shared::state::AppState;
use crate::web::shared::target_view::{self, TargetList};
use crate::web::shared::time_format::ShownTime;

#[derive(Template)]
#[template(path = "incident/merge.html")]
struct MergePage {
    layout: Layout,
    incidents: Vec<Incident>,
    /// Empty if all have the same.
    owners: Vec<Choice>,
    /// Empty if all have the same.
    classifications: Vec<Choice>,
    kept: i64,
    return_to: String,
    idempotency_key: String,
    form: Submitted,
    errors: FieldErrors,
    targets: TargetList,
    /// How many assets each incident has in common with the others.
    shared: BTreeMap<i64, i64>,
}

impl MergePage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    /// Its first and last activity.
    fn activity(&self, incident: &Incident) -> (ShownTime, ShownTime) {
        let zone = &self.layout.zone;
        (zone.show(incident.first_activity), zone.show(incident.last_activity))
    }

    fn assets(&self, incident: &Incident) -> Vec<AssetView> {
        assets_of(incident)
    }

    fn in_common(&self, incident: &Incident) -> String {
        target_view::in_common(self.shared.get(&incident.id).copied().unwrap_or(0))
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn typed(&self, field: &str) -> &str {
        self.form.text(field)
    }
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    if !layout.can_edit() {
        return Err(Error::Forbidden("Only analysts, leads and administrators can merge incidents.").into());
    }
    let mut form = Submitted::parse(request.query_string().as_bytes());
    form.within_limits()?;
    form.set("ids", &id.to_string());
    form.set("return_to", &paths::incident(id));
    page(&state, layout, form, FieldErrors::default(), StatusCode::OK).await
}

/// The form, with what was typed and what is wrong with it.
pub async fn page(
    state: &AppState,
    layout: Layout,
    form: Submitted,
    errors: FieldErrors,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let mut ids = form.ids("ids");
    ids.truncate(merge_incidents::LIMIT);
    let (viewer, typed) = (layout.user.id, form.text("target").to_owned());
    let (Candidates { incidents, owners, outcomes, shared }, found) = state
        .db
        .read(move |conn| {
            let moving = Moving { from: &ids, alerts: &[] };
            let found = if ids.len() < 2 { target::candidates(conn, &typed, moving, viewer)? } else { Vec::new() };
            Ok((merge_incidents::candidates(conn, &ids)?, found))
        })
        .await?;
    // Most people will keep the oldest incident that somebody has worked on.
    let is_worked_on = |incident: &&Incident| incident.assigned_to.is_some() || incident.outcome().is_set();
    let offered = incidents.iter().find(is_worked_on).or(incidents.first()).map_or(0, |incident| incident.id);
    let kept = form.text("kept").parse().unwrap_or(offered);
    let kept_incident = incidents.iter().find(|incident| incident.id == kept);
    let owner = kept_incident.and_then(|incident| incident.assigned_to);
    let outcome = kept_incident.map(Incident::outcome).unwrap_or_default();
    let page = MergePage {
        owners: owner_choices(&owners, owner, form.get("owner")),
        classifications: outcome_choices(&outcomes, outcome, form.get("classification")),
        incidents,
        targets: TargetList::new(form.text("target"), &found, &layout.zone, form.text("related")),
        shared,
        kept,
        return_to: form.return_to("/incidents"),
        idempotency_key: random_hex(16)?,
        form,
        errors,
        layout,
    };
    page.layout.page(status, &page)
}

/// The owners to choose from, if they differ. Without a chosen one, the kept incident's is selected, else
/// the first.
fn owner_choices(owners: &[Option<User>], kept: Option<i64>, chosen: Option<&str>) -> Vec<Choice> {
    if owners.len() < 2 {
        return Vec::new();
    }
    let preselected = kept.or(owners.iter().flatten().next().map(|user| user.id));
    let choice = |owner: &Option<User>| {
        let value = owner.as_ref().map(|user| user.name.clone()).unwrap_or_default();
        let selected = match chosen {
            Some(chosen) => chosen == value,
            None => owner.as_ref().map(|user| user.id) == preselected,
        };
        Choice { value, label: owner_name(owner.as_ref()), selected }
    };
    owners.iter().map(choice).collect()
}

/// The classifications to choose from, if they differ; selected as for owners.
fn outcome_choices(outcomes: &[Outcome], kept: Outcome, chosen: Option<&str>) -> Vec<Choice> {
    if outcomes.len() < 2 {
        return Vec::new();
    }
    let preselected = std::iter::once(&kept).chain(outcomes).find(|outcome| outcome.is_set());
    let choice = |outcome: &Outcome| {
        let value = outcome.form_value();
        let selected = chosen.map_or(Some(outcome) == preselected, |chosen| chosen == value);
        Choice { value, label: outcome.label(), selected }
    };
    outcomes.iter().map(choice).collect()
}
