//! Keeping what rules hide, and deleting the oldest beyond the bounds.

use std::collections::{BTreeMap, HashMap};

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::clock;
use crate::db::{LISTED, Tx};
use crate::each;
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingAlert;
use crate::rules::rule::Rule;
use crate::schema::{hidden_alerts, hidden_counts};

/// Most alerts that are kept of one rule, and most bytes of all rules together.
pub const KEPT: i64 = 1_000;
pub const BYTES_KEPT: i64 = 64 * 1024 * 1024;
/// Oldest alerts that are looked at together for deleting them.
const DELETED_AT_ONCE: i64 = 200;

/// An alert that a rule hides.
#[derive(Debug)]
pub struct Hidden {
    rule: i64,
    /// The rule's name.
    name: String,
    key: String,
    title: String,
    source: String,
    asset: String,
    record: String,
    payload: String,
}

#[derive(Insertable)]
#[diesel(table_name = hidden_alerts)]
struct Row<'a> {
    id: i64,
    rule_id: i64,
    key: &'a str,
    at: i64,
    times: i64,
    title: &'a str,
    source: &'a str,
    asset: &'a str,
    record: &'a str,
    payload: &'a str,
    bytes: i64,
}

impl Hidden {
    pub(in crate::rules) fn new(rule: &Rule, alert: &IncomingAlert, payload: &str) -> Self {
        let asset = |kind: EvidenceKind| alert.evidence.iter().find(|item| item.kind == kind);
        let asset = [EvidenceKind::Device, EvidenceKind::User, EvidenceKind::Mailbox].into_iter().find_map(asset);
        Self {
            rule: rule.id,
            name: rule.name.clone(),
            key: sha256_hex(format!("{}\n{}", alert.source, alert.provider_alert_id).as_bytes()),
            title: alert.title.clone(),
            source: alert.source.clone(),
            asset: asset.map(|item| item.name.clone()).unwrap_or_default(),
            // It holds texts, numbers and lists only, which JSON can hold.
            record: serde_json::to_string(alert).unwrap_or_default(),
            payload: payload.to_owned(),
        }
    }

    fn bytes(&self) -> i64 {
        i64::try_from(self.record.len() + self.payload.len()).unwrap_or(i64::MAX)
    }
}

/// Keeps what rules hid; of the same alert only the latest. Deletes the oldest beyond the bounds.
pub(in crate::rules) fn keep(tx: &mut Tx<'_>, hidden: &[Hidden]) -> Result<()> {
    let mut by_rule: BTreeMap<i64, Vec<&Hidden>> = BTreeMap::new();
    for one in hidden {
        by_rule.entry(one.rule).or_default().push(one);
    }
    for (rule, hidden) in &by_rule {
        let Some(last) = hidden.last() else { continue };
        keep_of_rule(tx, *rule, hidden)?;
        let more = i64::try_from(hidden.len()).unwrap_or(i64::MAX);
        let pushed_out = delete_beyond(tx, *rule)?;
        count(tx, *rule, &Counted { name: Some(&last.name), hidden: more, pushed_out, ..Counted::default() })?;
    }
    if by_rule.is_empty() { Ok(()) } else { delete_beyond_bytes(tx) }
}

fn keep_of_rule(tx: &mut Tx<'_>, rule: i64, hidden: &[&Hidden]) -> Result<()> {
    // In a batch that has an alert several times, the last record counts.
    let mut latest: HashMap<&str, (usize, i64)> = HashMap::new();
    for (place, one) in hidden.iter().enumerate() {
        let known = latest.entry(&one.key).or_insert((place, 0));
        *known = (place, known.1 + 1);
    }
    let keys: Vec<&str> = latest.keys().copied().collect();
    for keys in keys.chunks(LISTED) {
        let of_keys =
            || hidden_alerts::table.filter(hidden_alerts::rule_id.eq(rule)).filter(hidden_alerts::key.eq_any(keys));
        let known: Vec<(String, i64)> = of_keys().select((hidden_alerts::key, hidden_alerts::times)).load(tx.conn)?;
        for (key, times) in known {
            if let Some(latest) = latest.get_mut(key.as_str()) {
                latest.1 = latest.1.saturating_add(times);
            }
        }
        diesel::delete(of_keys()).execute(tx.conn)?;
    }
    let mut latest: Vec<(usize, i64)> = latest.into_values().collect();
    latest.sort_unstable();
    let first = tx.take_ids("hidden_alert", i64::try_from(latest.len()).unwrap_or(i64::MAX))?;
    let at = clock::now();
    let rows = (first..).zip(latest).filter_map(|(id, (place, times))| {
        let one = hidden.get(place)?;
        let Hidden { key, title, source, asset, record, payload, .. } = one;
        Some(Row { id, rule_id: rule, key, at, times, title, source, asset, record, payload, bytes: one.bytes() })
    });
    let rows: Vec<Row<'_>> = rows.collect();
    for rows in rows.chunks(LISTED) {
        each!(tx.conn, inner => diesel::insert_into(hidden_alerts::table).values(rows).execute(inner))?;
    }
    Ok(())
}

/// Deletes the oldest of a rule beyond the most that are kept; returns how many.
fn delete_beyond(tx: &mut Tx<'_>, rule: i64) -> Result<i64> {
    let last: Option<i64> = hidden_alerts::table
        .filter(hidden_alerts::rule_id.eq(rule))
        .order(hidden_alerts::id.desc())
        .offset(KEPT)
        .select(hidden_alerts::id)
        .first(tx.conn)
        .optional()?;
    let Some(last) = last else { return Ok(0) };
    let beyond = hidden_alerts::table.filter(hidden_alerts::rule_id.eq(rule)).filter(hidden_alerts::id.le(last));
    Ok(i64::try_from(diesel::delete(beyond).execute(tx.conn)?).unwrap_or(i64::MAX))
}

/// Deletes the oldest of the rule that holds the most, beyond the bytes that are kept: what floods one rule pushes out
/// nothing of the others.
fn delete_beyond_bytes(tx: &mut Tx<'_>) -> Result<()> {
    let sum = sql::<BigInt>("CAST(COALESCE(SUM(bytes), 0) AS bigint)");
    let mut bytes: i64 = hidden_counts::table.select(sum).first(tx.conn)?;
    while bytes > BYTES_KEPT {
        let most = hidden_counts::table.order((hidden_counts::bytes.desc(), hidden_counts::rule_id));
        let rule: i64 = most.select(hidden_counts::rule_id).first(tx.conn)?;
        let oldest: Vec<(i64, i64)> = hidden_alerts::table
            .filter(hidden_alerts::rule_id.eq(rule))
            .order(hidden_alerts::id)
            .limit(DELETED_AT_ONCE)
            .select((hidden_alerts::id, hidden_alerts::bytes))
            .load(tx.conn)?;
        let mut gone = Vec::new();
        for (id, size) in oldest {
            if bytes <= BYTES_KEPT {
                break;
            }
            bytes -= size;
            gone.push(id);
        }
        if gone.is_empty() {
            break;
        }
        diesel::delete(hidden_alerts::table.filter(hidden_alerts::id.eq_any(&gone))).execute(tx.conn)?;
        let pushed_out = i64::try_from(gone.len()).unwrap_or(i64::MAX);
        count(tx, rule, &Counted { pushed_out, ..Counted::default() })?;
    }
    Ok(())
}

/// What is added to the counts of a rule.
#[derive(Debug, Default)]
pub(super) struct Counted<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) hidden: i64,
    pub(super) pushed_out: i64,
    pub(super) brought_back: i64,
    pub(super) forgotten: i64,
}

/// Adds to the counts of a rule, and counts what is kept of it now.
pub(super) fn count(tx: &mut Tx<'_>, rule: i64, more: &Counted<'_>) -> Result<()> {
    use hidden_counts as c;
    let held = (count_star(), sql::<BigInt>("CAST(COALESCE(SUM(bytes), 0) AS bigint)"));
    let (kept, bytes): (i64, i64) =
        hidden_alerts::table.filter(hidden_alerts::rule_id.eq(rule)).select(held).first(tx.conn)?;
    let first = (
        c::rule_id.eq(rule),
        c::name.eq(more.name.unwrap_or_default()),
        (c::hidden.eq(0), c::kept.eq(0), c::bytes.eq(0)),
        (c::pushed_out.eq(0), c::brought_back.eq(0), c::forgotten.eq(0)),
    );
    each!(tx.conn, inner => diesel::insert_into(c::table).values(first).on_conflict_do_nothing().execute(inner))?;
    let sums = (
        c::hidden.eq(c::hidden + more.hidden),
        c::pushed_out.eq(c::pushed_out + more.pushed_out),
        c::brought_back.eq(c::brought_back + more.brought_back),
        c::forgotten.eq(c::forgotten + more.forgotten),
    );
    diesel::update(c::table.find(rule)).set((sums, c::kept.eq(kept), c::bytes.eq(bytes))).execute(tx.conn)?;
    if let Some(name) = more.name {
        diesel::update(c::table.find(rule)).set(c::name.eq(name)).execute(tx.conn)?;
    }
    Ok(())
}
