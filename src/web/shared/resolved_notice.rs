//! The message after incidents or alerts were resolved.

use crate::operations::resolved::Resolved;
use crate::text::{counted, thousands};

/// "Incident 7 resolved as True positive - Malware. 12 open alerts resolved too." Without a subject: "Resolved as ...".
/// Of what was resolved before only "Incident 7 resolved."
pub fn resolved_notice(subject: &str, resolved: &Resolved) -> String {
    let what = if subject.is_empty() { "Resolved".to_owned() } else { format!("{subject} resolved") };
    let how = match (resolved.unclassified(), resolved.outcome()) {
        (0, Some(outcome)) => format!(" as {}", outcome.label()),
        (0, None) => String::new(),
        (unclassified, _) if unclassified == resolved.count() => ", no classification".to_owned(),
        (unclassified, _) => format!(", {unclassified} without classification"),
    };
    let alerts = match resolved.alerts {
        0 => String::new(),
        alerts => format!(" {} resolved too.", counted(thousands(alerts), "open alert")),
    };
    format!("{what}{how}.{alerts}")
}

/// "3 incidents resolved as False positive - Not malicious. 2 other incidents changed." Where none was resolved:
/// "5 incidents changed.", with `verb`.
pub fn changed_notice(changed: usize, resolved: &Resolved, noun: &str, verb: &str) -> String {
    if resolved.is_empty() {
        return format!("{} {verb}.", counted(thousands(changed), noun));
    }
    let notice = resolved_notice(&counted(thousands(resolved.count()), noun), resolved);
    match changed.saturating_sub(resolved.count()) {
        0 => notice,
        others => format!("{notice} {} {verb}.", counted(thousands(others), &format!("other {noun}"))),
    }
}
