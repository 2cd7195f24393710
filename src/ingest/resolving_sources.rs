//! The switch of each source by which incidents resolve by themselves when their sources have resolved all their
//! alerts (R19): on for senders that monitor, off for security products.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::setting_changes::{self, Setting, SettingChange};
use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::schema::{resolving_sources, sources};

/// The kind of these switches in the record of changes.
const KIND: &str = "resolvingSource";
/// What the names of senders contain that tell whether something works, and tell when it works again.
const MONITORING: [&str; 10] = [
    "alertmanager",
    "prometheus",
    "grafana",
    "azuremonitor",
    "zabbix",
    "uptimekuma",
    "nagios",
    "icinga",
    "checkmk",
    "prtg",
];

/// The switches that somebody has set; the others stand as [`default_of`] says.
pub fn switches(conn: &mut AnyConnection) -> Result<HashMap<String, bool>> {
    let rows: Vec<(String, bool)> = resolving_sources::table.load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The switch of a source that nobody has set.
pub fn default_of(source: &str) -> bool {
    let name: String = source.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    MONITORING.iter().any(|known| name.contains(known))
}

/// Turns the switch of a source. What was resolved stays resolved.
pub fn set(tx: &mut Tx<'_>, actor: &Actor, source: &str, resolves: bool) -> Result<()> {
    require(actor, Action::Administer)?;
    let change = setting_changes::next(tx)?;
    let known: i64 = sources::table.filter(sources::name.eq(source)).count().get_result(tx.conn)?;
    if known == 0 {
        return Err(Error::at_field("name", "There is no source with this name."));
    }
    let before = switches(tx.conn)?.get(source).copied().unwrap_or_else(|| default_of(source));
    if before == resolves {
        return Ok(());
    }
    let row = (resolving_sources::source.eq(source), resolving_sources::resolves.eq(resolves));
    each!(tx.conn, inner => diesel::insert_into(resolving_sources::table)
        .values(row)
        .on_conflict(resolving_sources::source)
        .do_update()
        .set(resolving_sources::resolves.eq(resolves))
        .execute(inner))?;
    let setting = Setting { kind: KIND, id: 0, name: source };
    setting_changes::note(tx, actor, change, setting, (Some(before.to_string()), Some(resolves.to_string())))
}

/// The latest turns of these switches, newest first; their bodies are "true" and "false".
pub fn changes(conn: &mut AnyConnection, limit: i64) -> Result<Vec<SettingChange>> {
    setting_changes::latest(conn, KIND, None, limit)
}

#[cfg(test)]
mod tests {
    use super::default_of;

    #[test]
    fn senders_that_monitor_resolve_and_security_products_do_not() {
        for source in [
            "prometheusAlertmanager",
            "grafana",
            "azureMonitor",
            "zabbix",
            "uptimeKuma",
            "Uptime-Kuma",
            "am-alertmanager",
        ] {
            assert!(default_of(source), "{source}");
        }
        for source in ["microsoftDefenderForEndpoint", "wazuh", "amazonGuardDuty", ""] {
            assert!(!default_of(source), "{source}");
        }
    }
}
