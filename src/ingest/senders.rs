//! Which tokens send which sources: noted with each batch, for the page of sources.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::accounts::tokens::{self, ApiToken};
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::actor::Scope;
use crate::schema::source_tokens;

/// A token that sends alerts, with the sources of what it has sent.
#[derive(Debug, Clone)]
pub struct Sending {
    pub token: ApiToken,
    /// By name.
    pub sources: Vec<String>,
    /// When an alert of it was last taken.
    pub last_alert: Option<i64>,
}

/// When an alert of a source last came by any token.
pub(super) fn last_alert(conn: &mut AnyConnection, source: &str) -> Result<Option<i64>> {
    Ok(source_tokens::table
        .filter(source_tokens::source.eq(source))
        .select(diesel::dsl::max(source_tokens::last_alert))
        .first(conn)?)
}

/// Notes that alerts of a source came by a token.
pub(super) fn note(tx: &mut Tx<'_>, source: &str, token: i64, now: i64) -> Result<()> {
    let known = diesel::update(source_tokens::table.find((source, token)))
        .set(source_tokens::last_alert.eq(now))
        .execute(tx.conn)?;
    if known == 0 {
        let row =
            (source_tokens::source.eq(source), source_tokens::token_id.eq(token), source_tokens::last_alert.eq(now));
        diesel::insert_into(source_tokens::table).values(row).execute(tx.conn)?;
    }
    Ok(())
}

/// Forgets which tokens sent a source.
pub(super) fn forget(tx: &mut Tx<'_>, source: &str) -> Result<()> {
    diesel::delete(source_tokens::table.filter(source_tokens::source.eq(source))).execute(tx.conn)?;
    Ok(())
}

/// Every token with the scope ingest that has not been revoked, in the order in which they were made.
pub fn list(conn: &mut AnyConnection) -> Result<Vec<Sending>> {
    let mut sent: BTreeMap<i64, (Vec<String>, i64)> = BTreeMap::new();
    for (source, token, last) in pairs(conn)? {
        let (sources, latest) = sent.entry(token).or_insert((Vec::new(), last));
        sources.push(source);
        *latest = last.max(*latest);
    }
    let may_send = |token: &ApiToken| token.scope == Scope::Ingest && token.revoked_at.is_none();
    let tokens = tokens::list(conn)?.into_iter().filter(may_send);
    Ok(tokens
        .map(|token| {
            let (sources, last_alert) = sent.remove(&token.id).map_or((Vec::new(), None), |(s, at)| (s, Some(at)));
            Sending { token, sources, last_alert }
        })
        .collect())
}

/// Source, token and latest alert, by source.
fn pairs(conn: &mut AnyConnection) -> Result<Vec<(String, i64, i64)>> {
    Ok(source_tokens::table.order((source_tokens::source, source_tokens::token_id)).load(conn)?)
}

/// The names of the tokens that send each source.
pub(super) fn names(conn: &mut AnyConnection) -> Result<BTreeMap<String, Vec<String>>> {
    let tokens: BTreeMap<i64, String> = tokens::list(conn)?.into_iter().map(|token| (token.id, token.name)).collect();
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (source, token, _) in pairs(conn)? {
        // A source is listed with its revoked tokens too: it came by them.
        names.entry(source).or_default().extend(tokens.get(&token).cloned());
    }
    Ok(names)
}
