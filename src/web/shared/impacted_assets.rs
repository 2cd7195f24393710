//! The impacted assets of an incident, for the queue and the pane.

use crate::model::incident::Incident;

/// One line of "Impacted assets": the first asset of a kind, and how many more there are.
#[derive(Debug, Clone)]
pub struct AssetView {
    pub kind: &'static str,
    pub names: String,
    pub more: i64,
}

/// At most one line for each kind.
pub fn assets_of(incident: &Incident) -> Vec<AssetView> {
    [
        ("device", &incident.scope.devices, incident.device_count),
        ("user", &incident.scope.users, incident.user_count),
        ("mailbox", &incident.scope.mailboxes, incident.mailbox_count),
    ]
    .into_iter()
    .filter(|(_, names, _)| !names.is_empty())
    .map(|(kind, names, count)| {
        let first = names.first().cloned().unwrap_or_default();
        AssetView { kind, names: first, more: count - 1 }
    })
    .collect()
}
