//! GET and POST /settings/rules/hidden: what a rule hid, also of one that is deleted; bringing it back, and forgetting
//! it. GET /settings/rules/hidden/{id}: the payload of one of these alerts.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::AnyConnection;
use crate::error::Error;
use crate::ingest::bring_back::{BroughtBack, bring_back};
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::rules::hidden::keep::KEPT;
use crate::rules::hidden::list::{self as stored, HiddenAlert, HiddenCounts};
use crate::rules::store;
use crate::text::{counted, source_label, thousands};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::payload::{self, PayloadView};
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone};

const PATH: &str = "/settings/rules/hidden";

/// What a rule hid, ready for its template.
pub struct HiddenView {
    pub rule: i64,
    /// "12 times", and of how many alerts what became.
    pub hidden: String,
    pub kept: String,
    pub brought_back: String,
    pub pushed_out: String,
    pub forgotten: String,
    pub rows: Vec<HiddenRow>,
    pub first_href: Option<String>,
    pub next_href: Option<String>,
}

/// A row of the list.
pub struct HiddenRow {
    pub id: i64,
    pub title: String,
    pub asset: String,
    pub source: String,
    pub at: ShownTime,
    /// How often it was hidden; empty for once.
    pub times: String,
}

/// A page of what a rule hid, as read from the database.
pub struct HiddenPart {
    counts: HiddenCounts,
    rows: Vec<HiddenAlert>,
    next: Option<i64>,
}

/// Reads a page of what a rule hid.
pub fn load(conn: &mut AnyConnection, rule: i64, before: Option<i64>) -> Result<HiddenPart, Error> {
    let (rows, next) = stored::page(conn, rule, before)?;
    Ok(HiddenPart { counts: stored::counts_of(conn, rule)?, rows, next })
}

impl HiddenView {
    /// `None` where the rule has hidden nothing.
    pub fn new(part: HiddenPart, before: Option<i64>, zone: &Zone) -> Option<Self> {
        let HiddenPart { counts, rows, next } = part;
        let rule = counts.rule_id;
        let number = |count: i64| if count > 0 { thousands(count) } else { String::new() };
        (counts.hidden > 0).then(|| Self {
            rule,
            hidden: counted(thousands(counts.hidden), "time"),
            kept: counted(thousands(counts.kept), "alert"),
            brought_back: number(counts.brought_back),
            pushed_out: number(counts.pushed_out),
            forgotten: number(counts.forgotten),
            rows: rows.into_iter().map(|row| view(row, zone)).collect(),
            first_href: before.map(|_| link(rule, None)),
            next_href: next.map(|before| link(rule, Some(before))),
        })
    }
}

fn view(row: HiddenAlert, zone: &Zone) -> HiddenRow {
    HiddenRow {
        id: row.id,
        title: row.title,
        asset: row.asset,
        source: source_label(&row.source),
        at: zone.show(row.at),
        times: if row.times > 1 { counted(thousands(row.times), "time") } else { String::new() },
    }
}

fn link(rule: i64, before: Option<i64>) -> String {
    let (rule, before) = (rule.to_string(), before.map(|before| before.to_string()));
    let more = before.iter().map(|before| ("before", before.as_str()));
    query::link(PATH, std::iter::once(("rule", rule.as_str())).chain(more))
}

#[derive(Template)]
#[template(path = "settings/rule_hidden.html")]
struct ListPage {
    layout: Layout,
    name: String,
    /// Its page still exists.
    exists: bool,
    hidden: Option<HiddenView>,
}

impl ListPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "rules"
    }
}

pub async fn list(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let number = |name: &str| query::value(&request, name).and_then(|text| text.parse::<i64>().ok());
    let Some(rule) = number("rule") else { return Ok(see_other("/settings/rules", None)) };
    let before = number("before");
    let (part, stored) = state
        .db
        .read(move |conn| Ok((load(conn, rule, before)?, store::all(conn)?.into_iter().find(|one| one.id == rule))))
        .await?;
    if stored.is_none() && part.counts.hidden == 0 {
        return Err(Error::NotFound.into());
    }
    let exists = stored.is_some();
    let name = stored.map_or_else(|| part.counts.name.clone(), |rule| rule.name);
    let page = ListPage { name, exists, hidden: HiddenView::new(part, before, &layout.zone), layout: layout.clone() };
    layout.page(StatusCode::OK, &page)
}

#[derive(Template)]
#[template(path = "settings/rule_hidden_alert.html")]
struct AlertPage {
    layout: Layout,
    row: HiddenRow,
    rule_href: String,
    payload: PayloadView,
}

impl AlertPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "rules"
    }
}

pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let (row, text) = state.db.read(move |conn| stored::find(conn, id)).await?;
    let rule_href = link(row.rule_id, None);
    let page =
        AlertPage { rule_href, row: view(row, &layout.zone), payload: payload::shown(&text), layout: layout.clone() };
    layout.page(StatusCode::OK, &page)
}

/// POST /settings/rules/hidden: brings selected or all alerts back, or forgets them.
pub async fn act(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let actor = person.actor();
    require(&actor, Action::ApproveRule)?;
    let rule: i64 = form.text("rule").parse().map_err(|_| Error::at_field("rule", "Open the rule again."))?;
    let ids = if form.get("all").is_some() {
        state.db.read(move |conn| stored::ids(conn, rule, KEPT)).await?
    } else {
        form.ids("ids")
    };
    let back = link(rule, None);
    if ids.is_empty() {
        return Ok(see_other(&back, Some("Select at least one alert first.")));
    }
    let notice = match form.text("act") {
        "bring_back" => run_bring_back(&state, actor, rule, ids).await?,
        "forget" => {
            let forgotten = state.db.write(move |tx| stored::forget(tx, &actor, rule, &ids)).await?;
            format!("{} deleted.", counted(forgotten, "alert"))
        }
        _ => return Err(Error::at_field("act", "Choose an action.").into()),
    };
    Ok(see_other(&back, Some(&notice)))
}

/// On a thread of its own: a thousand alerts take seconds.
async fn run_bring_back(state: &AppState, actor: Actor, rule: i64, ids: Vec<i64>) -> Result<String, Failure> {
    let db = state.db.clone();
    let work = move || bring_back(&db, &actor, rule, &ids);
    let BroughtBack { ingested, hidden } = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    Ok(match hidden {
        0 => format!("{} restored.", counted(ingested, "alert")),
        hidden => format!("{} restored, {hidden} hidden by another rule.", counted(ingested, "alert")),
    })
}
