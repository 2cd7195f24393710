//! A summary of an alert, for comparing.

use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingAlert;
use crate::model::severity::Severity;

/// The lines of a [`Case`](super::sample_case::Case), without empty ones.
pub(super) fn summary(alert: &IncomingAlert) -> Vec<String> {
    let keys = |kind: EvidenceKind| {
        let found = alert.evidence.iter().filter(|item| item.kind == kind);
        found.flat_map(|item| item.keys.clone()).collect::<Vec<_>>().join(" ")
    };
    let id = &alert.provider_alert_id;
    let hashed = id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let id = if hashed { "(hash)" } else { id };
    let first = jiff::Timestamp::from_microsecond(alert.first_activity).unwrap();
    let times = if alert.occurrences > 0 { format!("{} times", alert.occurrences) } else { String::new() };
    let lines = [
        format!("{} {id} {}", alert.source, alert.aliases.join(" ")),
        if alert.partial { "partial".to_owned() } else { String::new() },
        alert.title.clone(),
        times,
        format!("{} {}", alert.severity.map_or("severity not given", Severity::as_str), alert.category),
        alert.techniques.join(" "),
        labelled("devices", &keys(EvidenceKind::Device)),
        labelled("users", &keys(EvidenceKind::User)),
        labelled("addresses", &keys(EvidenceKind::Ip).replace("ip:", "")),
        labelled("files", &keys(EvidenceKind::File)),
        labelled("processes", &keys(EvidenceKind::Process)),
        labelled("urls", &keys(EvidenceKind::Url)),
        labelled("others", &others(alert)),
        if alert.status == "new" || alert.status.is_empty() {
            String::new()
        } else {
            format!("status {}", alert.status)
        },
        first.to_string(),
    ];
    lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn labelled(label: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{label} {text}") }
}

/// The evidence of all other kinds, each with its kind and keys.
fn others(alert: &IncomingAlert) -> String {
    use EvidenceKind::{Device, File, Ip, Process, Url, User};
    let others = alert.evidence.iter().filter(|item| ![Device, User, Ip, File, Process, Url].contains(&item.kind));
    others.map(|item| format!("{} {}", item.kind.as_str(), item.keys.join(" "))).collect::<Vec<_>>().join(" ")
}
