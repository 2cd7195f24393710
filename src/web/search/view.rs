//! Results of a search, ready for their template: each hit is a link with a line about it.

use crate::entities::known_to_us::KnownToUs;
use crate::queue::list::List;
use crate::search::{
    AttachmentHit, CommentHit, Commented, EntityHit, Found, Hits, IncidentHit, Kind, TechniqueHit, TitleHit, Typed,
    around,
};
use crate::text::{file_size, thousands};
use crate::web::shared::choices::owner_name;
use crate::web::shared::shown_value::ShownValue;
use crate::web::shared::time_format::{ShownTime, Zone};
use crate::web::shared::{paths, query, queue_links};

/// The hits of one kind.
pub(crate) struct Group {
    pub kind: Kind,
    /// "12", or "2,000+".
    pub total: String,
    pub hits: Vec<HitView>,
    /// "7 more: 4 open, 3 closed", where not all are listed and can be.
    pub rest: Option<(String, String)>,
    /// Whether only some of those that match were looked at.
    pub more: bool,
}

/// One hit.
pub(crate) struct HitView {
    pub href: String,
    /// The kind of an entity, for its icon.
    pub icon: String,
    pub name: ShownValue,
    /// What matches, where the name does not: its label, the text before it, itself, the text after it.
    pub matched: Option<(String, String, String, String)>,
    /// What people say of an entity.
    pub known: KnownToUs,
    /// Status, classification, how many incidents.
    pub facts: Vec<String>,
    pub is_closed: bool,
    pub when: Option<ShownTime>,
}

impl Group {
    pub fn new(found: Found, typed: &Typed, alone: bool, zone: &Zone) -> Self {
        let (total, open, more) = (found.total(), found.open, found.more);
        let hits: Vec<HitView> = match found.hits {
            Hits::Incidents(hits) => hits.into_iter().map(|hit| incident(hit, zone)).collect(),
            Hits::Alerts(hits) => hits.into_iter().map(title).collect(),
            Hits::Entities(hits) => hits.into_iter().map(|hit| entity(hit, typed)).collect(),
            Hits::Techniques(hits) => hits.into_iter().map(technique).collect(),
            Hits::Comments(hits) => hits.into_iter().map(|hit| comment(hit, zone)).collect(),
            Hits::Attachments(hits) => hits.into_iter().map(|hit| attachment(hit, zone)).collect(),
        };
        let shown_open = hits.iter().filter(|hit| !hit.is_closed).count();
        let left = total.saturating_sub(hits.len());
        let rest = (left > 0).then(|| {
            let href = query::link("/search", [("q", typed.as_str()), ("kind", found.kind.as_str())]);
            (rest_words(left, open.saturating_sub(shown_open), found.kind), if alone { String::new() } else { href })
        });
        let total = if more { format!("{}+", thousands(total)) } else { thousands(total) };
        Self { kind: found.kind, total, hits, rest, more }
    }

    /// Every kind's region is named by this.
    pub fn id(&self) -> String {
        format!("s-{}", self.kind.as_str())
    }
}

/// "3 more among resolved", "12 more, 4 of them open".
fn rest_words(left: usize, open: usize, kind: Kind) -> String {
    let (left_words, closed) =
        (thousands(left), if kind == Kind::Incidents { "resolved" } else { "those that are not open" });
    match open.min(left) {
        0 if matches!(kind, Kind::Incidents | Kind::Alerts) => format!("{left_words} more among {closed}"),
        0 => format!("{left_words} more"),
        open if open == left => format!("{left_words} more"),
        open => format!("{left_words} more, {} of them open", thousands(open)),
    }
}

fn plain(name: &str) -> ShownValue {
    ShownValue::name("", "name", name)
}

fn incident(hit: IncidentHit, zone: &Zone) -> HitView {
    let incident = &hit.incident;
    let mut facts = vec![
        format!("Incident {}", incident.id),
        incident.severity.label().to_owned(),
        incident.status.label().to_owned(),
    ];
    if incident.outcome().is_set() {
        facts.push(incident.outcome().label());
    }
    facts.push(owner_name(hit.owner.as_ref()));
    HitView {
        href: paths::incident(incident.id),
        icon: String::new(),
        name: plain(&incident.name),
        matched: None,
        known: KnownToUs::default(),
        facts,
        is_closed: !incident.is_open(),
        when: Some(zone.show(incident.updated_at)),
    }
}

fn title(hit: TitleHit) -> HitView {
    let href = match hit.alert {
        Some(alert) => paths::alert(alert),
        None => queue_links::everything(List::Alerts, &[("title", hit.title.as_str())]),
    };
    let mut facts = match hit.alert {
        Some(alert) => vec![format!("Alert {alert}"), if hit.open.is_zero() { "Resolved" } else { "Open" }.to_owned()],
        None => vec![format!("{} alerts", hit.alerts.label()), format!("{} open", hit.open.label())],
    };
    facts.extend(hit.provider_id.map(|id| format!("Provider's ID {id}")));
    HitView {
        href,
        icon: String::new(),
        name: plain(&hit.title),
        matched: None,
        known: KnownToUs::default(),
        facts,
        is_closed: hit.open.is_zero(),
        when: None,
    }
}

fn entity(hit: EntityHit, typed: &Typed) -> HitView {
    let mut facts = vec![if hit.incidents.is_zero() {
        "In no incident".to_owned()
    } else {
        format!("{}, {} open", hit.incidents.of("incident"), hit.open.label())
    }];
    if hit.importance != crate::model::importance::Importance::Normal {
        facts.push(format!("{} importance", hit.importance.label()));
    }
    HitView {
        href: paths::entity(&hit.kind, &hit.name, hit.id),
        name: ShownValue::name(&hit.kind, "name", &hit.name),
        icon: hit.kind,
        matched: hit.matched.map(|matched| {
            let (before, found, after) = around(&matched.text, typed.as_str());
            (matched.label, before, found, after)
        }),
        known: hit.known,
        facts,
        is_closed: hit.open.is_zero(),
        when: None,
    }
}

fn technique(hit: TechniqueHit) -> HitView {
    let facts = if hit.incidents.is_zero() {
        vec!["In no incident".to_owned()]
    } else {
        vec![format!("{}, {} open", hit.incidents.of("incident"), hit.open.label())]
    };
    HitView {
        href: queue_links::everything(List::Incidents, &[("technique", hit.id)]),
        icon: String::new(),
        name: plain(&format!("{} {}", hit.id, hit.name)),
        matched: None,
        known: KnownToUs::default(),
        facts,
        is_closed: hit.open.is_zero(),
        when: None,
    }
}

fn comment(hit: CommentHit, zone: &Zone) -> HitView {
    let (href, on) = match &hit.on {
        Commented::Incident { id, name } => {
            let of = hit.entry.to_string();
            let href = query::link(&paths::incident_tab(*id, "history"), [("of", of.as_str())]);
            (href, format!("incident {id}: {name}"))
        }
        Commented::Entity { id, kind, name } => {
            let shown = ShownValue::name(kind, "name", name);
            (paths::entity_entry(&paths::entity(kind, name, *id), hit.entry), shown.full_text().to_owned())
        }
    };
    HitView {
        href,
        icon: String::new(),
        name: plain(&format!("{} on {on}", hit.who)),
        matched: Some((String::new(), hit.before, hit.found, hit.after)),
        known: KnownToUs::default(),
        facts: Vec::new(),
        is_closed: !hit.is_open,
        when: Some(zone.show(hit.at)),
    }
}

fn attachment(hit: AttachmentHit, zone: &Zone) -> HitView {
    let hash = (String::from("SHA-256"), String::new(), String::new(), hit.sha256);
    HitView {
        href: format!("{}#attachment-{}", paths::incident_tab(hit.incident, "attachments"), hit.id),
        icon: String::new(),
        name: plain(&hit.name),
        matched: Some(hash),
        known: KnownToUs::default(),
        facts: vec![hit.label, file_size(hit.size), format!("Incident {}: {}", hit.incident, hit.incident_name)],
        is_closed: !hit.is_open,
        when: Some(zone.show(hit.at)),
    }
}

#[cfg(test)]
mod tests {
    use super::rest_words;
    use crate::search::Kind;

    #[test]
    fn what_is_not_listed_is_told() {
        assert_eq!(rest_words(3, 0, Kind::Incidents), "3 more among resolved");
        assert_eq!(rest_words(12, 4, Kind::Incidents), "12 more, 4 of them open");
        assert_eq!(rest_words(4, 4, Kind::Files), "4 more");
        assert_eq!(rest_words(4, 0, Kind::Comments), "4 more");
    }
}
