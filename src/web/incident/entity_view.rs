//! An entity in a list of an incident's entities.

use std::collections::HashMap;

use crate::entities::entry::EntityEntry;
use crate::entities::known_to_us::KnownToUs;
use crate::incidents::overview::IncidentEntity;
use crate::incidents::reported::AlertFacts;
use crate::model::importance::Importance;
use crate::model::user::User;
use crate::model::verdict;
use crate::text::{beginning, counted, humanise};
use crate::web::shared::layout::Layout;
use crate::web::shared::paths;
use crate::web::shared::shown_value::ShownValue;
use crate::web::shared::time_format::{ShownTime, Zone};

/// Facts that are shown at once; the others when they are asked for.
const FACTS: usize = 4;
/// Bytes of facts on one page, after which long ones are cut. The pages of the alerts have all of them.
const BYTES: usize = 400_000;
/// What is left of a fact that is cut.
const CUT: usize = 300;

/// An entity in a tab.
#[derive(Debug, Clone)]
pub struct EntityView {
    pub id: i64,
    pub kind: String,
    pub kind_value: String,
    pub name: String,
    /// The name as the list shows it.
    pub shown: ShownValue,
    pub verdict: String,
    /// The verdict as stored, for its style.
    pub verdict_value: String,
    pub remediation: String,
    /// What other alerts say was done: "Prevented in 1 of 3 alerts"; empty where they agree.
    pub remediation_before: String,
    pub alerts: i64,
    pub first: ShownTime,
    pub last: ShownTime,
    pub facts: Vec<ShownValue>,
    pub more_facts: Vec<ShownValue>,
    /// What only one of its alerts says.
    pub by_alert: Vec<AlertFactsView>,
    /// Its page.
    pub href: String,
    /// What people say of it.
    pub known: KnownToUs,
    pub importance: Importance,
    /// Who set the importance, and when.
    pub marked: Option<(String, ShownTime)>,
}

/// What one alert says of an entity.
#[derive(Debug, Clone)]
pub struct AlertFactsView {
    pub alert: i64,
    pub href: String,
    pub at: ShownTime,
    pub facts: Vec<ShownValue>,
}

/// The entities of a list.
pub(crate) fn entity_views(
    entities: &[IncidentEntity],
    (marks, people): (&HashMap<i64, EntityEntry>, &HashMap<i64, User>),
    layout: &Layout,
) -> Vec<EntityView> {
    let mut room = BYTES;
    let mark =
        |entity: &IncidentEntity| marks.get(&entity.id).map(|mark| (mark.actor(people), layout.zone.show(mark.at)));
    let mut views: Vec<EntityView> =
        entities.iter().map(|entity| entity_view(entity, mark(entity), layout, &mut room)).collect();
    let mut hosts: HashMap<String, usize> = HashMap::new();
    for view in views.iter().filter(|view| view.kind_value == "device") {
        *hosts.entry(view.shown.shown.to_lowercase()).or_default() += 1;
    }
    for view in views.iter_mut().filter(|view| hosts.get(&view.shown.shown.to_lowercase()).is_some_and(|n| *n > 1)) {
        view.shown.lengthen();
    }
    views
}

fn entity_view(
    entity: &IncidentEntity,
    marked: Option<(String, ShownTime)>,
    layout: &Layout,
    room: &mut usize,
) -> EntityView {
    let kind = humanise(&entity.kind);
    let mut facts = facts(&entity.facts, room);
    let more_facts = facts.split_off(facts.len().min(FACTS));
    let (remediation, remediation_before) = remediation(&entity.remediations);
    EntityView {
        id: entity.id,
        importance: entity.importance,
        marked,
        shown: ShownValue::name(&entity.kind, &kind, &entity.name),
        kind,
        kind_value: entity.kind.clone(),
        name: entity.name.clone(),
        verdict: verdict::label(&entity.verdict),
        verdict_value: entity.verdict.clone(),
        remediation,
        remediation_before,
        alerts: entity.alert_count,
        first: layout.zone.show(entity.first_seen),
        last: layout.zone.show(entity.last_seen),
        facts,
        more_facts,
        by_alert: entity.by_alert.iter().map(|one| alert_facts(one, &layout.zone, room)).collect(),
        href: paths::entity(&entity.kind, &entity.name, entity.id),
        known: entity.known.clone(),
    }
}

fn facts(facts: &[(String, String)], room: &mut usize) -> Vec<ShownValue> {
    let shown = |(label, value): &(String, String)| {
        *room = room.saturating_sub(value.len());
        if *room > 0 || value.len() <= CUT {
            return ShownValue::fact(label, value);
        }
        ShownValue::fact(label, &format!("{}...", beginning(value, CUT)))
    };
    facts.iter().map(shown).collect()
}

fn alert_facts(one: &AlertFacts, zone: &Zone, room: &mut usize) -> AlertFactsView {
    AlertFactsView {
        alert: one.alert,
        href: paths::alert(one.alert),
        at: zone.show(one.at),
        facts: facts(&one.facts, room),
    }
}

/// What the latest alert says was done, and what the others say.
fn remediation(each: &[(String, usize)]) -> (String, String) {
    let Some(((latest, _), before)) = each.split_last() else { return Default::default() };
    let all: usize = each.iter().map(|(_, alerts)| alerts).sum();
    let others = before.iter().rev().filter(|(status, _)| !verdict::label(status).is_empty());
    let others: Vec<String> = others
        .map(|(status, alerts)| format!("{} in {alerts} of {}", verdict::label(status), counted(all, "alert")))
        .collect();
    (verdict::label(latest), others.join(", "))
}

#[cfg(test)]
mod tests {
    use super::remediation;

    #[test]
    fn the_latest_remediation_counts_and_the_others_are_told() {
        let told = |each: &[(&str, usize)]| {
            remediation(&each.iter().map(|(status, alerts)| ((*status).to_owned(), *alerts)).collect::<Vec<_>>())
        };
        assert_eq!(told(&[]), (String::new(), String::new()));
        assert_eq!(told(&[("none", 2), ("remediated", 1)]), ("Remediated".to_owned(), String::new()));
        assert_eq!(told(&[("prevented", 1), ("none", 2)]), (String::new(), "Prevented in 1 of 3 alerts".to_owned()));
    }
}
