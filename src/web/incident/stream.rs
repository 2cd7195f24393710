//! GET /incidents/{id}/stream: new entries and the state of an incident, as an event stream.

use actix_session::Session;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::attachments;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::timeline::{self, Page};
use crate::incidents::lookup::find_incident;
use crate::incidents::overview;
use crate::model::field::Field;
use crate::web::incident::manage_form;
use crate::web::incident::priority::PriorityFragment;
use crate::web::shared::choices::owner_name;
use crate::web::shared::error::Failure;
use crate::web::shared::event_stream::{self, LiveState, Subject};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::state::AppState;

/// The notice of an incident whose alerts their sources have all resolved (R19).
pub const ALL_ALERTS_RESOLVED: &str = "All alerts resolved at the source.";

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
) -> std::result::Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let newest = state.db.read(move |conn| find_incident(conn, id)).await?.revision;
    let subject = Subject { id, shown_in: Some(id), incident: id, newest, entries, state: live_state };
    Ok(event_stream::open(&request, &state, &person, &session, subject))
}

fn entries(conn: &mut AnyConnection, id: i64, after: i64) -> Result<(i64, Page)> {
    Ok((id, timeline::after(conn, id, after)?))
}

fn live_state(conn: &mut AnyConnection, id: i64) -> Result<LiveState> {
    let overview = overview::load(conn, id)?;
    let incident = &overview.incident;
    let owner = overview.owner.as_ref();
    Ok(LiveState {
        revision: incident.revision,
        redirect_to: incident.redirect_to,
        text: vec![
            ("name", incident.name.clone()),
            ("status", incident.status.label().to_owned()),
            ("severity", incident.severity.label().to_owned()),
            ("owner", owner_name(owner)),
            ("classification", incident.outcome().label()),
            ("activeAlerts", format!("{}/{}", incident.open_alert_count, incident.alert_count)),
            ("alertCount", incident.alert_count.to_string()),
            ("deviceCount", incident.device_count.to_string()),
            ("userCount", incident.user_count.to_string()),
            ("mailboxCount", incident.mailbox_count.to_string()),
            ("attachmentCount", attachments::read::count(conn, id)?.to_string()),
            ("entryCount", timeline::count(conn, id)?.to_string()),
            ("allAlertsResolved", if incident.all_alerts_resolved { ALL_ALERTS_RESOLVED } else { "" }.to_owned()),
            ("followUp", incident.follow_up_label().unwrap_or_default()),
            ("note", incident.resolving_note.clone().unwrap_or_default()),
        ],
        fields: Field::ALL
            .iter()
            .filter_map(|field| Some((field.as_str(), manage_form::field_value(incident, owner, *field)?)))
            .collect(),
        tags: overview.tags.iter().filter(|tag| !tag.system).map(|tag| tag.name.clone()).collect(),
        priority: PriorityFragment::text(incident)?,
        reasons: Vec::new(),
    })
}
