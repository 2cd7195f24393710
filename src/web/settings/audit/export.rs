//! GET /settings/audit.jsonl: the audit log as lines of JSON, the first entry first, for a system that collects logs. Taking
//! it out is itself in the log. It is read and sent in parts, so that its size takes no memory.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::{self, StreamExt as _};
use serde_json::json;

use crate::audit::{self, Filter};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::web::settings::audit::filter::Asked;
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::reader_shares::Export;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::Zone;

pub async fn json_lines(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
) -> std::result::Result<HttpResponse, Failure> {
    let actor = person.actor();
    require(&actor, Action::Administer)?;
    let asked = Asked::of(&request, &Zone::of(&request));
    if !asked.errors.is_empty() {
        return Err(Error::Invalid(asked.errors).into());
    }
    let export = state.reader_shares.export(person.user.id)?;
    let detail = json!({ "filter": request.query_string() });
    let recording = actor.clone();
    let last = state
        .db
        .write(move |tx| {
            audit::record_export(tx, &recording, "the audit log", &detail)?;
            audit::last_id(tx.conn)
        })
        .await?;
    let source = Source { db: state.db.clone(), actor, filter: asked.filter, after: 0, last, _export: export };
    let chunks = stream::unfold(Some(source), |source| async move {
        let mut source = source?;
        match source.next().await {
            Ok(Some(chunk)) => Some((Ok(chunk), Some(source))),
            Ok(None) => None,
            Err(error) => {
                tracing::error!("an export of the audit log broke off: {error}");
                Some((Err(error), None))
            }
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header(("Content-Type", "application/x-ndjson; charset=utf-8"))
        .insert_header(("Content-Disposition", "attachment; filename=\"watchdesk-audit.jsonl\""))
        .insert_header(("Cache-Control", "no-store"))
        .streaming(chunks.boxed_local()))
}

/// Reads the file part by part. No database connection is held between two parts.
struct Source {
    db: Db,
    actor: Actor,
    filter: Filter,
    /// The last entry that was read, and the last that is to be.
    after: i64,
    last: i64,
    /// A person writes one export at a time.
    _export: Export,
}

impl Source {
    /// The next part of the file; none at its end.
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let (actor, filter, range) = (self.actor.clone(), self.filter.clone(), (self.after, self.last));
        let entries = self.db.read(move |conn| audit::part(conn, &actor, &filter, range)).await?;
        let Some(last) = entries.last() else { return Ok(None) };
        self.after = last.id;
        let mut text = String::new();
        for entry in &entries {
            text.push_str(&entry.json().to_string());
            text.push('\n');
        }
        Ok(Some(Bytes::from(text)))
    }
}
