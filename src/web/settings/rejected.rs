//! GET and POST /settings/refused, GET /settings/refused/{id}: rejected items with the reason, and replaying
//! or discarding them. Only for administrators, since the items may contain secrets.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::clock;
use crate::error::Error;
use crate::formats::format::Format;
use crate::formats::registry::ADAPTERS;
use crate::ingest::rejected::{Filter, Group, RejectedItem};
use crate::ingest::replay::Replayed;
use crate::ingest::{mappings, rejected, replay};
use crate::model::actor::Actor;
use crate::text::counted;
use crate::web::shared::choices::Choice;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::payload::shown;
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

const PATH: &str = "/settings/refused";

/// An item in the list.
struct ItemRow {
    item: RejectedItem,
    at: ShownTime,
    replayed: Option<ShownTime>,
}

/// A reason with the link to its items.
struct GroupView {
    group: Group,
    href: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "settings/refused.html")]
struct RefusedPage {
    layout: Layout,
    groups: Vec<GroupView>,
    total: i64,
    rows: Vec<ItemRow>,
    filter: Filter,
    formats: Vec<Choice>,
    /// A replay that has not finished: when it began, and how many items are left.
    unfinished: Option<(i64, i64)>,
    next_href: Option<String>,
    first_href: Option<String>,
}

impl RefusedPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "refused"
    }

    fn is_filtered(&self) -> bool {
        self.filter != Filter::default()
    }
}

#[derive(Template)]
#[template(path = "settings/refused_item.html")]
struct ItemPage {
    layout: Layout,
    row: ItemRow,
    raw: String,
    formats: Vec<Choice>,
}

impl ItemPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "refused"
    }
}

pub async fn list(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
) -> Result<HttpResponse, Failure> {
    let number = |name: &str| query::value(&request, name).and_then(|text| text.parse::<i64>().ok());
    let text = |name: &str| query::value(&request, name).filter(|text| !text.is_empty());
    let filter = Filter { reason: text("reason"), feed: text("feed") };
    let (before, run) = (number("before"), number("run"));
    let (requested, actor) = (filter.clone(), person.actor());
    let (groups, (items, next), unfinished, mappings) = state
        .db
        .read(move |conn| {
            let unfinished = match run {
                Some(run) => Some((run, replay::left(conn, &actor, &requested, run)?)).filter(|(_, left)| *left > 0),
                None => None,
            };
            let page = rejected::page(conn, &actor, &requested, before)?;
            Ok((rejected::groups(conn, &actor)?, page, unfinished, mappings::list(conn)?))
        })
        .await?;
    let page = RefusedPage {
        total: groups.iter().map(|group| group.count).sum(),
        groups: groups
            .into_iter()
            .map(|group| {
                let of = Filter { reason: Some(group.reason.clone()), feed: Some(group.feed.clone()) };
                GroupView { href: link(&of, None), chosen: of == filter, group }
            })
            .collect(),
        rows: items.into_iter().map(|item| row(item, &layout)).collect(),
        formats: formats(&mappings, &query::value(&request, "format").unwrap_or_default()),
        unfinished,
        next_href: next.map(|before| link(&filter, Some(("before", &before.to_string())))),
        first_href: before.map(|_| link(&filter, None)),
        filter,
        layout,
    };
    page.layout.page(StatusCode::OK, &page)
}

pub async fn show(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    let ((item, raw), mappings) =
        state.db.read(move |conn| Ok((rejected::find(conn, &actor, id)?, mappings::list(conn)?))).await?;
    let page =
        ItemPage { raw: shown(&raw).text, formats: formats(&mappings, &item.format), row: row(item, &layout), layout };
    page.layout.page(StatusCode::OK, &page)
}

/// The items that a form is about.
enum Selection {
    Ids(Vec<i64>),
    /// All of the filter that were rejected before this time.
    All(i64),
}

pub async fn submit(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let text = |name: &str| form.owned(name).filter(|text| !text.is_empty());
    let filter = Filter { reason: text("reason"), feed: text("feed") };
    let run = form.text("run").parse().unwrap_or_else(|_| clock::now());
    let selection = if form.get("all").is_some() { Selection::All(run) } else { Selection::Ids(form.ids("ids")) };
    if let Selection::Ids(ids) = &selection {
        if ids.is_empty() {
            return Ok(see_other(&link(&filter, None), Some("Select at least one item first.")));
        }
        if ids.len() > replay::AT_ONCE {
            return Err(Error::at_field("ids", "You can select at most 500 items at once.").into());
        }
    }
    if form.text("act") == "discard" {
        return discard(&state, person.actor(), filter, selection).await;
    }
    let name = form.text("format").to_owned();
    let format_name = name.clone();
    let format = state.db.read(move |conn| mappings::resolve(conn, Some(&format_name), None)).await?;
    let (replayed, left) = run_replay(&state, person.actor(), filter.clone(), selection, format).await?;
    state.attention.expire();
    let notice = replay_notice(replayed, left);
    // Back to the filter only if it still has items.
    let back = match (left, replayed.rejected) {
        (0, 0) => PATH.to_owned(),
        (0, _) => link(&Filter { reason: None, ..filter }, None),
        _ => format!("{}&{}", link(&filter, Some(("run", &run.to_string()))), format_pair(&name)),
    };
    Ok(see_other(&back, Some(&notice)))
}

async fn discard(
    state: &AppState,
    actor: Actor,
    filter: Filter,
    selection: Selection,
) -> Result<HttpResponse, Failure> {
    let back = if matches!(selection, Selection::All(_)) { PATH.to_owned() } else { link(&filter, None) };
    let mut discarded = 0;
    match selection {
        Selection::Ids(ids) => discarded = state.db.write(move |tx| rejected::discard(tx, &actor, &ids)).await?,
        Selection::All(run) => loop {
            let (actor, filter) = (actor.clone(), filter.clone());
            let step = state.db.write(move |tx| rejected::discard_all(tx, &actor, &filter, run)).await?;
            discarded += step;
            if step == 0 {
                break;
            }
        },
    }
    state.attention.expire();
    Ok(see_other(&back, Some(&format!("{} discarded.", counted(discarded, "item")))))
}

async fn run_replay(
    state: &AppState,
    actor: Actor,
    filter: Filter,
    selection: Selection,
    format: Format,
) -> Result<(Replayed, i64), Failure> {
    let db = state.db.clone();
    let done = tokio::task::spawn_blocking(move || match selection {
        Selection::Ids(ids) => Ok::<_, Error>((replay::replay(&db, &actor, &ids, &format)?, 0)),
        Selection::All(run) => {
            let ids = db.read_now(|conn| replay::waiting(conn, &actor, &filter, run))?;
            let replayed = replay::replay(&db, &actor, &ids, &format)?;
            Ok((replayed, db.read_now(|conn| replay::left(conn, &actor, &filter, run))?))
        }
    });
    Ok(done.await.map_err(Error::internal)??)
}

fn replay_notice(Replayed { ingested, rejected }: Replayed, left: i64) -> String {
    let left = if left > 0 { format!(" {left} remaining.") } else { String::new() };
    match rejected {
        0 => format!("{ingested} accepted.{left}"),
        rejected => format!("{ingested} accepted, {rejected} rejected again.{left}"),
    }
}

/// The formats to choose from, with stored mappings first.
fn formats(mappings: &[mappings::Listed], chosen: &str) -> Vec<Choice> {
    let own = mappings.iter().map(|listed| (listed.mapping.name.as_str(), listed.mapping.name.as_str()));
    let known = ADAPTERS.iter().map(|adapter| (adapter.name, adapter.label));
    std::iter::once(("auto", "Automatic"))
        .chain(own)
        .chain(known)
        .map(|(value, label)| Choice { value: value.to_owned(), label: label.to_owned(), selected: value == chosen })
        .collect()
}

fn row(item: RejectedItem, layout: &Layout) -> ItemRow {
    ItemRow { at: layout.zone.show(item.at), replayed: item.replayed_at.map(|at| layout.zone.show(at)), item }
}

fn link(filter: &Filter, more: Option<(&str, &str)>) -> String {
    let pairs = [("reason", filter.reason.as_deref()), ("feed", filter.feed.as_deref())];
    query::link(PATH, pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).chain(more))
}

fn format_pair(name: &str) -> String {
    query::link("", [("format", name)]).trim_start_matches('?').to_owned()
}
