//! GET /settings/audit: the newest entries first, found by activity, person, target and date; the last checkpoint, its key,
//! and when somebody last verified the record.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::audit::{self, Activity, AuditEntry};
use crate::error::Error;
use crate::model::user::User;
use crate::permissions::{Action, require};
use crate::proof::checkpoint::Checkpoint;
use crate::proof::store;
use crate::text::{beginning, counted, thousands};
use crate::web::settings::audit::filter::Asked;
use crate::web::shared::choices::{Choice, choice};
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone};

const PATH: &str = "/settings/audit";
/// Characters of a detail that are shown; the file has all.
const SHOWN: usize = 2_000;

/// An entry in the list.
struct Row {
    id: i64,
    when: ShownTime,
    who: String,
    sentence: String,
    address: String,
    details: Vec<(String, String)>,
    hash: String,
}

/// The last checkpoint.
struct Last {
    number: i64,
    when: ShownTime,
    covers: String,
    hash: String,
}

/// When somebody verified the record, and whether something was wrong.
struct Verified {
    when: ShownTime,
    found: String,
}

#[derive(Template)]
#[template(path = "settings/audit.html")]
struct AuditPage {
    layout: Layout,
    asked: Asked,
    activities: Vec<Choice>,
    people: Vec<Choice>,
    rows: Vec<Row>,
    first_href: Option<String>,
    next_href: Option<String>,
    file_href: String,
    last: Option<Last>,
    verified: Option<Verified>,
    public_key: String,
}

impl AuditPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "audit"
    }

    fn error(&self, field: &str) -> &str {
        self.asked.errors.at(field).unwrap_or_default()
    }
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
) -> Result<HttpResponse, Failure> {
    let actor = person.actor();
    require(&actor, Action::Administer)?;
    let asked = Asked::of(&request, &layout.zone);
    let before = query::value(&request, "before").and_then(|text| text.parse::<i64>().ok());
    // What cannot be understood finds nothing, rather than everything.
    let filter = asked.errors.is_empty().then(|| asked.filter.clone());
    let (people, (entries, is_more), last, verified) = state
        .db
        .read(move |conn| {
            let found = match &filter {
                Some(filter) => audit::page(conn, &actor, filter, before)?,
                None => (Vec::new(), false),
            };
            let verified = audit::latest(conn, Activity::Verified)?;
            Ok::<_, Error>((users::list(conn)?, found, store::latest(conn)?, verified))
        })
        .await?;
    let zone = &layout.zone;
    let with = |more: Option<&str>| query::link(PATH, asked.pairs().chain(more.map(|id| ("before", id))));
    let next = entries.last().filter(|_| is_more).map(|last| last.id.to_string());
    let page = AuditPage {
        activities: activities(asked.typed("activity")),
        rows: entries.into_iter().map(|entry| row(entry, &people, zone)).collect(),
        people: people_choices(&people, asked.typed("by")),
        first_href: before.map(|_| with(None)),
        next_href: next.map(|id| with(Some(&id))),
        file_href: query::link("/settings/audit.jsonl", asked.pairs()),
        last: last.map(|checkpoint| last_checkpoint(checkpoint, zone)),
        verified: verified.map(|entry| verification(&entry, zone)),
        public_key: state.public_key.clone(),
        asked,
        layout,
    };
    let status = if page.asked.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page.layout.page(status, &page)
}

fn activities(chosen: &str) -> Vec<Choice> {
    let all = Activity::ALL.iter().map(|activity| choice(activity.as_str(), activity.label(), chosen));
    std::iter::once(choice("", "Any", chosen)).chain(all).collect()
}

fn people_choices(people: &[User], chosen: &str) -> Vec<Choice> {
    let all = people.iter().map(|user| choice(&user.id.to_string(), user.shown_name(), chosen));
    let others = [choice("tokens", "Tokens", chosen), choice("system", "Command line and system", chosen)];
    std::iter::once(choice("", "Anybody", chosen)).chain(all).chain(others).collect()
}

fn row(entry: AuditEntry, people: &[User], zone: &Zone) -> Row {
    let person = entry.actor_id.filter(|_| entry.actor_kind == "person");
    let person = person.and_then(|id| people.iter().find(|user| user.id == id));
    let details = entry.details().into_iter().map(|(label, value)| (label, shortened(&value)));
    Row {
        id: entry.id,
        when: zone.show(entry.at),
        who: person.map_or_else(|| entry.actor_name.clone(), User::shown_name),
        sentence: entry.sentence(),
        details: details.collect(),
        address: entry.address.unwrap_or_default(),
        hash: entry.hash,
    }
}

fn shortened(value: &str) -> String {
    let shown = beginning(value, SHOWN);
    if shown.len() < value.len() { format!("{shown}…") } else { shown.to_owned() }
}

fn last_checkpoint(checkpoint: Checkpoint, zone: &Zone) -> Last {
    Last {
        number: checkpoint.id,
        when: zone.show(checkpoint.at),
        covers: format!(
            "{} of incidents, {} of entities, {} of this log",
            counted(thousands(checkpoint.last_entry), "entry"),
            thousands(checkpoint.last_entity_entry),
            thousands(checkpoint.last_audit_entry)
        ),
        hash: checkpoint.hash,
    }
}

fn verification(entry: &AuditEntry, zone: &Zone) -> Verified {
    let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_default();
    let found = match detail.get("problems").and_then(serde_json::Value::as_i64) {
        Some(0) => "nothing was wrong".to_owned(),
        Some(count) => format!("{} found", counted(thousands(count), "problem")),
        None => "with an unknown result".to_owned(),
    };
    Verified { when: zone.show(entry.at), found }
}
