//! A similar incident as the tab lists it: why it is similar, and what was decided.

use crate::incidents::similar::{Common, Similar};
use crate::model::incident::Incident;
use crate::text::humanise;
use crate::web::shared::paths;
use crate::web::shared::shown_value::ShownValue;
use crate::web::shared::time_format::{ShownTime, Zone};

/// What both have in common that is named; the rest is counted.
const NAMED: usize = 3;

/// A similar incident.
#[derive(Debug, Clone)]
pub struct SimilarView {
    pub id: i64,
    pub name: String,
    pub href: String,
    /// "Same alert \u{201c}Port scan\u{201d}, same file tool.exe and 2 more".
    pub reason: String,
    /// "False positive - Not malicious"; empty where nobody classified it.
    pub classification: String,
    pub note: String,
    /// Who decided, and when.
    pub decided: Option<(String, ShownTime)>,
    pub last: ShownTime,
    /// What a form sends to classify the incident in the same way; none where it is so already.
    pub same_way: Option<String>,
}

impl SimilarView {
    pub fn new(similar: &Similar, shown: &Incident, zone: &Zone) -> Self {
        let incident = &similar.incident;
        let outcome = incident.outcome();
        Self {
            id: incident.id,
            name: incident.name.clone(),
            href: paths::incident(incident.id),
            reason: reason(&similar.common),
            classification: outcome.label_if_set(),
            note: incident.resolving_note.clone().unwrap_or_default(),
            decided: similar.decided.as_ref().map(|(who, at)| (who.clone(), zone.show(*at))),
            last: zone.show(incident.last_activity),
            same_way: (outcome.is_set() && outcome != shown.outcome()).then(|| outcome.form_value()),
        }
    }
}

fn reason(common: &[Common]) -> String {
    let named = |one: &Common| match one {
        Common::Detection(title) => format!("same alert \u{201c}{title}\u{201d}"),
        Common::Entity { kind, name } => {
            format!("same {} {}", label(kind), ShownValue::name(kind, "", name).shown)
        }
    };
    let mut parts: Vec<String> = common.iter().take(NAMED).map(named).collect();
    let more = common.len().saturating_sub(NAMED);
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    let last = parts.pop().unwrap_or_default();
    let all = if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) };
    let mut letters = all.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The kind in the middle of a sentence: "file", "IP address".
fn label(kind: &str) -> String {
    let label = humanise(kind);
    if matches!(kind, "ip" | "url") { label } else { label.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::reason;
    use crate::incidents::similar::Common;

    #[test]
    fn what_is_common_is_named_and_the_rest_counted() {
        let entity = |kind: &str, name: &str| Common::Entity { kind: kind.to_owned(), name: name.to_owned() };
        let mut common = vec![Common::Detection("Port scan".to_owned())];
        assert_eq!(reason(&common), "Same alert \u{201c}Port scan\u{201d}");
        common.extend([entity("url", "http://evil.example"), entity("ip", "203.0.113.7"), entity("file", "a.exe")]);
        assert_eq!(
            reason(&common),
            "Same alert \u{201c}Port scan\u{201d}, same URL hxxp://evil[.]example, same IP address 203.0.113.7 and 1 more"
        );
        assert_eq!(reason(&[]), "");
    }
}
