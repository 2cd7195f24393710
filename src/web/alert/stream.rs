//! GET /alerts/{id}/stream: new entries and the state of an alert, as an event stream.

use actix_session::Session;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::users;
use crate::alerts::lookup::find_alert;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::alert_timeline;
use crate::history::timeline::Page;
use crate::web::shared::choices::owner_name;
use crate::web::shared::error::Failure;
use crate::web::shared::event_stream::{self, LiveState, Subject};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::state::AppState;

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
) -> std::result::Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let alert = state.db.read(move |conn| {
        let incident = find_alert(conn, id)?.incident_id;
        Ok((incident, alert_timeline::newest_of_alert(conn, id)?))
    });
    let (incident, newest) = alert.await?;
    let subject = Subject { id, shown_in: None, incident, newest, entries, state: live_state };
    Ok(event_stream::open(&request, &state, &person, &session, subject))
}

/// The alert may be in another incident than at the last call.
fn entries(conn: &mut AnyConnection, id: i64, after: i64) -> Result<(i64, Page)> {
    Ok((find_alert(conn, id)?.incident_id, alert_timeline::of_alert_after(conn, id, after)?))
}

fn live_state(conn: &mut AnyConnection, id: i64) -> Result<LiveState> {
    let alert = find_alert(conn, id)?;
    let owner = match alert.assigned_to {
        Some(owner) => Some(users::find(conn, owner)?),
        None => None,
    };
    Ok(LiveState {
        revision: alert.revision,
        redirect_to: None,
        text: vec![
            ("status", alert.status.label().to_owned()),
            ("severity", alert.severity.label().to_owned()),
            ("owner", owner_name(owner.as_ref())),
            ("classification", alert.outcome().label()),
            ("linkedBy", alert.linked_by.explanation.clone()),
        ],
        fields: vec![
            ("status", alert.status.as_str().to_owned()),
            ("classification", alert.outcome().form_value()),
            ("assigned_to", owner.map(|user| user.name).unwrap_or_default()),
        ],
        tags: Vec::new(),
        priority: String::new(),
        reasons: alert.linked_by.reasons_in_words(),
    })
}
