//! The checklist of the first hour: in the place of the queue until the first alert has come, and at
//! /settings/start from then on.

use actix_web::HttpRequest;

use crate::accounts::tokens::SentIn;
use crate::clock;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::ingest::first_hour::{self, FirstHour, TEST_SOURCE};
use crate::queue;
use crate::text::source_label;
use crate::web::settings::start::guide::{Filled, test_command};
use crate::web::settings::start::made_token::MadeToken;
use crate::web::shared::layout::Layout;
use crate::web::shared::own_address::own_address;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::rfc3339;

/// The name that is proposed for the first token.
const TOKEN_NAME: &str = "getting-started";

/// The checklist as it is shown.
#[derive(Debug)]
pub struct Checklist {
    /// Whether the person can do what it says; nobody else sees more than that there are no alerts.
    pub administers: bool,
    pub csrf: String,
    pub made: MadeToken,
    /// The newest token that sends alerts.
    pub token: Option<String>,
    pub sent: bool,
    pub incident: Option<i64>,
    pub people: usize,
    /// What is connected, as people read it.
    pub sources: String,
    /// The command that sends the test alert.
    pub command: String,
    /// Whether senders' address was configured, instead of guessed from this request.
    pub has_public_address: bool,
    /// The newest entry: the page asks for what comes after it.
    pub since: i64,
}

impl Checklist {
    /// How many of the five steps are done.
    pub fn done(&self) -> usize {
        let steps =
            [self.token.is_some(), self.sent, self.incident.is_some(), self.people > 1, !self.sources.is_empty()];
        steps.into_iter().filter(|done| *done).count()
    }
}

/// What the checklist is made from.
#[derive(Debug)]
pub struct ChecklistData {
    hour: FirstHour,
    since: i64,
}

/// Reads it.
pub fn load(conn: &mut AnyConnection) -> Result<ChecklistData> {
    Ok(ChecklistData { since: queue::newest_entry(conn)?, hour: first_hour::load(conn)? })
}

/// Reads it if no alert has ever come in.
pub fn load_without_alerts(conn: &mut AnyConnection) -> Result<Option<ChecklistData>> {
    if first_hour::has_alerts(conn)? { Ok(None) } else { load(conn).map(Some) }
}

impl ChecklistData {
    /// The checklist for a page, with the token if one was made just now.
    pub fn view(self, request: &HttpRequest, state: &AppState, layout: &Layout, made: Option<MadeToken>) -> Checklist {
        let made = made.unwrap_or_else(|| MadeToken::proposed(TOKEN_NAME));
        let (base, now) = (own_address(request, state), rfc3339(clock::now()));
        let with = Filled { base: &base, token: made.token.as_deref(), now: &now };
        let address = format!("{base}/api/v1/alerts");
        let FirstHour { token, sent, incident, people, sources } = self.hour;
        Checklist {
            administers: layout.administers(),
            csrf: layout.csrf.clone(),
            command: test_command(&address, SentIn::Header, &with, &test_alert(&now)),
            made,
            token,
            sent,
            incident,
            people,
            sources: sources.iter().map(|source| source_label(source)).collect::<Vec<_>>().join(", "),
            has_public_address: state.public_origin.is_some(),
            since: self.since,
        }
    }
}

/// The alert that says that everything works.
fn test_alert(now: &str) -> String {
    format!(
        "{{\"id\":\"first-alert\",\"title\":\"Test alert: Watchdesk receives alerts\",\"severity\":\"low\",\
         \"serviceSource\":\"{TEST_SOURCE}\",\"createdDateTime\":\"{now}\",\n       \
         \"evidence\":[{{\"@odata.type\":\"#microsoft.graph.security.deviceEvidence\",\
         \"deviceDnsName\":\"test-pc.example\"}}]}}"
    )
}
