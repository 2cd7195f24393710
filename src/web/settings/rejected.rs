//! GET, POST /settings/refused and GET /settings/refused/{id}: what could not be taken, why, and
//! reading it again. For administrators: the texts may hold secrets.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::clock;
use crate::error::Error;
use crate::formats::format::Format;
use crate::formats::registry::ADAPTERS;
use crate::ingest::rejected::{Filter, Group, KEPT, RejectedItem};
use crate::ingest::replay::Replayed;
use crate::ingest::{mappings, rejected, replay};
use crate::model::actor::Actor;
use crate::text::counted;
use crate::web::shared::choices::Choice;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::payload::indented;
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

const PATH: &str = "/settings/refused";

/// An item as the list shows it.
struct Row {
    item: RejectedItem,
    at: ShownTime,
    replayed: Option<ShownTime>,
}

/// A reason with what leads to its items.
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
    rows: Vec<Row>,
    filter: Filter,
    formats: Vec<Choice>,
    /// A replay that has not come to all of its items: when it began, and how many are left.
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

    fn kept(&self) -> String {
        format!("{},{:03}", KEPT / 1_000, KEPT % 1_000)
    }

    fn is_filtered(&self) -> bool {
        self.filter != Filter::default()
    }
}

#[derive(Template)]
#[template(path = "settings/refused_item.html")]
struct ItemPage {
    layout: Layout,
    row: Row,
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
    let (asked, actor) = (filter.clone(), person.actor());
    let (groups, (items, next), unfinished, mappings) = state
        .db
        .read(move |conn| {
            let unfinished = match run {
                Some(run) => Some((run, replay::left(conn, &actor, &asked, run)?)).filter(|(_, left)| *left > 0),
                None => None,
            };
            let page = rejected::page(conn, &actor, &asked, before)?;
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
    let layout = page.layout.clone();
    layout.page(StatusCode::OK, &page)
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
        ItemPage { raw: indented(&raw), formats: formats(&mappings, &item.format), row: row(item, &layout), layout };
    let layout = page.layout.clone();
    layout.page(StatusCode::OK, &page)
}

/// Which items a form means.
enum Which {
    Selected(Vec<i64>),
    /// All of the filter that were there at a moment.
    All(i64),
}

pub async fn act(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let text = |name: &str| form.owned(name).filter(|text| !text.is_empty());
    let filter = Filter { reason: text("reason"), feed: text("feed") };
    let run = form.text("run").parse().unwrap_or_else(|_| clock::now());
    let which = if form.get("all").is_some() { Which::All(run) } else { Which::Selected(form.ids("ids")) };
    let actor = person.actor();
    if matches!(&which, Which::Selected(ids) if ids.is_empty()) {
        return Ok(see_other(&link(&filter, None), Some("Select at least one item first.")));
    }
    if matches!(&which, Which::Selected(ids) if ids.len() > replay::AT_ONCE) {
        return Err(Error::at_field("ids", "At most 500 items are selected at once.").into());
    }
    if form.text("act") == "discard" {
        let asked = filter.clone();
        let gone = state
            .db
            .write(move |tx| match &which {
                Which::Selected(ids) => rejected::discard(tx, &actor, ids),
                Which::All(run) => rejected::discard_all(tx, &actor, &asked, *run),
            })
            .await?;
        state.attention.expire();
        let back = if form.get("all").is_some() { PATH.to_owned() } else { link(&filter, None) };
        return Ok(see_other(&back, Some(&format!("{} discarded.", counted(gone, "item")))));
    }
    let named = form.text("format").to_owned();
    let asked = named.clone();
    let format = state.db.read(move |conn| mappings::resolve(conn, Some(&asked), None)).await?;
    let (replayed, left) = run_replay(&state, actor, filter.clone(), which, format).await?;
    state.attention.expire();
    let notice = replay_notice(replayed, left);
    let (run, none_left) = (run.to_string(), left == 0);
    // Where nothing of the filter is left there is nothing to come back to.
    let back = match (none_left, replayed.rejected) {
        (true, 0) => PATH.to_owned(),
        (true, _) => link(&Filter { reason: None, ..filter }, None),
        (false, _) => format!("{}&{}", link(&filter, Some(("run", &run))), format_pair(&named)),
    };
    Ok(see_other(&back, Some(&notice)))
}

async fn run_replay(
    state: &AppState,
    actor: Actor,
    filter: Filter,
    which: Which,
    format: Format,
) -> Result<(Replayed, i64), Failure> {
    let db = state.db.clone();
    let done = tokio::task::spawn_blocking(move || match which {
        Which::Selected(ids) => Ok::<_, Error>((replay::replay(&db, &actor, &ids, &format)?, 0)),
        Which::All(run) => {
            let ids = db.read_now(|conn| replay::waiting(conn, &actor, &filter, run))?;
            let replayed = replay::replay(&db, &actor, &ids, &format)?;
            Ok((replayed, db.read_now(|conn| replay::left(conn, &actor, &filter, run))?))
        }
    });
    Ok(done.await.map_err(Error::internal)??)
}

fn replay_notice(Replayed { ingested, rejected }: Replayed, left: i64) -> String {
    let left = if left > 0 { format!(" {left} are left.") } else { String::new() };
    match rejected {
        0 => format!("{ingested} taken.{left}"),
        rejected => format!("{ingested} taken, {rejected} refused again.{left}"),
    }
}

/// The formats to choose from, mappings of one's own first; an item's own is the one to begin with.
fn formats(mappings: &[mappings::Listed], chosen: &str) -> Vec<Choice> {
    let own = mappings.iter().map(|listed| (listed.mapping.name.as_str(), listed.mapping.name.as_str()));
    let known = ADAPTERS.iter().map(|adapter| (adapter.name, adapter.label));
    std::iter::once(("auto", "Automatic"))
        .chain(own)
        .chain(known)
        .map(|(value, label)| Choice { value: value.to_owned(), label: label.to_owned(), selected: value == chosen })
        .collect()
}

fn row(item: RejectedItem, layout: &Layout) -> Row {
    Row { at: layout.zone.show(item.at), replayed: item.replayed_at.map(|at| layout.zone.show(at)), item }
}

fn link(filter: &Filter, more: Option<(&str, &str)>) -> String {
    let pairs = [("reason", filter.reason.as_deref()), ("feed", filter.feed.as_deref())];
    query::link(PATH, pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).chain(more))
}

fn format_pair(name: &str) -> String {
    query::link("", [("format", name)]).trim_start_matches('?').to_owned()
}
