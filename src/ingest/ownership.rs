//! What a sender may report: a token that is bound reports its sources only; one that is not may create alerts of
//! any source, and update those that it or an import reported. Otherwise whoever has a token could resolve or rename
//! the alerts of every other sensor.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use diesel::prelude::*;

use crate::accounts::token_sources::{self, Binding, listed};
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::hash::sha256_hex;
use crate::history::new_alert::Reporter;
use crate::history::reporters;
use crate::incidents::lookup::{find_by_provider_key, follow_redirects};
use crate::ingest::identity::{Identity, identity};
use crate::model::actor::Actor;
use crate::model::alert::Alert;
use crate::model::entity;
use crate::model::incoming::{Incoming, IncomingAlert, IncomingIncident};
use crate::schema::{alert_aliases, alerts, expected_alerts, incidents};

/// What is said to a token that is revoked while it sends.
pub const REVOKED: &str = "This token was revoked or can no longer send alerts.";
pub(super) const NOT_ITS_ALERT: &str =
    "Another token reported this alert first. Only that token and tokens bound to its source can update it.";
const NOT_ITS_INCIDENT: &str = "Another token reported this incident or its alerts first. Only that token and \
                                tokens bound to the sources of the alerts can update it.";
/// Values listed in a statement.
const LISTED: usize = 500;

/// Why records of a batch, or alerts of them, are refused, by their addresses.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    alerts: HashMap<*const IncomingAlert, String>,
    incidents: HashMap<*const IncomingIncident, &'static str>,
}

impl Refusals {
    pub(super) fn of_alert(&self, alert: &IncomingAlert) -> Option<&String> {
        self.alerts.get(&std::ptr::from_ref(alert))
    }

    pub(super) fn of_incident(&self, incident: &IncomingIncident) -> Option<&'static str> {
        self.incidents.get(&std::ptr::from_ref(incident)).copied()
    }
}

/// Who reports, and what of it is allowed now.
pub(crate) struct Rights {
    pub(super) reporter: Reporter,
    binding: Binding,
}

impl Rights {
    /// Reads the rights of a sender; a token that is revoked by now is refused.
    pub(super) fn load(conn: &mut AnyConnection, actor: &Actor) -> Result<Self> {
        let name = Rc::from(actor.label());
        let Actor::Token { id, .. } = actor else {
            return Ok(Self { reporter: Reporter { token: None, name }, binding: Binding::Any });
        };
        let binding = token_sources::of_sender(conn, *id)?.ok_or(Error::Forbidden(REVOKED))?;
        Ok(Self { reporter: Reporter { token: Some(*id), name }, binding })
    }

    /// What of the records is refused. `known`: their alerts that are stored.
    pub(super) fn refusals(
        &self,
        conn: &mut AnyConnection,
        records: &[Incoming],
        known: &HashMap<Identity<'_>, Alert>,
    ) -> Result<Refusals> {
        let mut refusals = Refusals::default();
        if self.binding == Binding::Any {
            return Ok(refusals);
        }
        for record in records {
            for (alert, payload) in record.alerts_with_payloads() {
                if let Some(why) = self.refusal_of_alert(alert, payload, known.get(&identity(alert))) {
                    refusals.alerts.insert(std::ptr::from_ref(alert), why);
                }
            }
            let Incoming::Incident(incident, alerts, _) = record else { continue };
            if let Some(why) = self.refusal_of_incident(conn, incident, alerts, known)? {
                refusals.incidents.insert(std::ptr::from_ref(&**incident), why);
                refusals.alerts.extend(alerts.iter().map(|(alert, _)| (std::ptr::from_ref(alert), why.to_owned())));
            }
        }
        Ok(refusals)
    }

    fn refusal_of_alert(&self, alert: &IncomingAlert, payload: &str, known: Option<&Alert>) -> Option<String> {
        if let Binding::Sources(names) = &self.binding
            && !names.contains(&alert.source)
        {
            let names = listed(names);
            return Some(format!("This token is bound to {names}; this alert is from {}.", alert.source));
        }
        let known = known.filter(|known| !self.may_update(known.reported_by, [alert.source.as_str()]))?;
        // The same again changes nothing.
        (known.payload_hash != sha256_hex(payload.as_bytes())).then(|| NOT_ITS_ALERT.to_owned())
    }

    fn refusal_of_incident(
        &self,
        conn: &mut AnyConnection,
        incident: &IncomingIncident,
        alerts: &[(IncomingAlert, String)],
        known: &HashMap<Identity<'_>, Alert>,
    ) -> Result<Option<&'static str>> {
        let key = entity::bounded_to(&incident.provider_key, 500);
        let allowed = match find_by_provider_key(conn, &key)? {
            Some(id) => {
                self.may_update_incident(conn, id)? || Self::says_nothing_new(conn, id, incident, alerts, known)?
            }
            None => self.may_gather(conn, &incident.alert_ids)?,
        };
        Ok((!allowed).then_some(NOT_ITS_INCIDENT))
    }

    /// Whether it may update an alert that `reported_by` reported first, or an incident of alerts of these sources.
    pub(super) fn may_update<'s>(&self, reported_by: Option<i64>, sources: impl IntoIterator<Item = &'s str>) -> bool {
        match &self.binding {
            Binding::Any => true,
            Binding::Unbound => reported_by.is_none() || reported_by == self.reporter.token,
            Binding::Sources(names) => {
                reported_by.is_none()
                    || reported_by == self.reporter.token
                    || sources.into_iter().all(|source| names.contains(source))
            }
        }
    }

    fn may_update_incident(&self, conn: &mut AnyConnection, id: i64) -> Result<bool> {
        let reported_by = reporters::of_incident(conn, id)?;
        if reported_by.is_none() || reported_by == self.reporter.token {
            return Ok(true);
        }
        let sources: BTreeSet<String> = alerts::table
            .filter(alerts::incident_id.eq(id))
            .select(alerts::source)
            .distinct()
            .load(conn)?
            .into_iter()
            .collect();
        Ok(!sources.is_empty() && self.may_update(reported_by, sources.iter().map(String::as_str)))
    }

    /// Whether a stored incident is reported again without anything new.
    fn says_nothing_new(
        conn: &mut AnyConnection,
        id: i64,
        incident: &IncomingIncident,
        alerts: &[(IncomingAlert, String)],
        known: &HashMap<Identity<'_>, Alert>,
    ) -> Result<bool> {
        let at: Option<i64> = incidents::table.find(id).select(incidents::provider_updated_at).first(conn)?;
        let is_same = |(alert, payload): &(IncomingAlert, String)| {
            known.get(&identity(alert)).is_some_and(|known| known.payload_hash == sha256_hex(payload.as_bytes()))
        };
        Ok(incident.updated_at <= at
            && alerts.iter().all(is_same)
            && Self::has_all_alerts(conn, id, &incident.alert_ids)?)
    }

    /// Whether the alerts of these names are in a stored incident, or expected by it.
    fn has_all_alerts(conn: &mut AnyConnection, id: i64, names: &[String]) -> Result<bool> {
        let home = follow_redirects(conn, id)?;
        for names in names.chunks(LISTED) {
            let mut found: HashSet<String> = alert_aliases::table
                .inner_join(alerts::table)
                .filter(alert_aliases::alias.eq_any(names))
                .filter(alerts::incident_id.eq(home))
                .select(alert_aliases::alias)
                .load(conn)?
                .into_iter()
                .collect();
            let expected: Vec<String> = expected_alerts::table
                .filter(expected_alerts::alias.eq_any(names))
                .filter(expected_alerts::incident_id.eq_any([id, home]))
                .select(expected_alerts::alias)
                .load(conn)?;
            found.extend(expected);
            if !names.iter().all(|name| found.contains(name)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether it may put the stored alerts of these names into a new incident, which changes where others find them.
    fn may_gather(&self, conn: &mut AnyConnection, names: &[String]) -> Result<bool> {
        for names in names.chunks(LISTED) {
            let found: Vec<(Option<i64>, String)> = alert_aliases::table
                .inner_join(alerts::table)
                .filter(alert_aliases::alias.eq_any(names))
                .select((alerts::reported_by, alerts::source))
                .load(conn)?;
            if !found.iter().all(|(reported_by, source)| self.may_update(*reported_by, [source.as_str()])) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Refuses a token that was revoked while it sends.
pub fn check_sender(conn: &mut AnyConnection, actor: &Actor) -> Result<()> {
    Rights::load(conn, actor).map(drop)
}

/// Whether an incident that `reported_by` reported takes an alert that `sender` reports, because it names that alert.
/// Otherwise one token could hide the alerts of another in a resolved incident before they come.
pub(super) fn takes_alert_of(
    conn: &mut AnyConnection,
    reported_by: Option<i64>,
    sender: Option<i64>,
    source: &str,
) -> Result<bool> {
    let Some(token) = reported_by.filter(|token| sender.is_some_and(|sender| sender != *token)) else {
        return Ok(true);
    };
    Ok(match token_sources::of_sender(conn, token)? {
        Some(Binding::Any) => true,
        Some(Binding::Sources(names)) => names.contains(source),
        Some(Binding::Unbound) | None => false,
    })
}
