//! How an incident is to be grouped by what is known now. Pure.

use crate::correlation::index::parts::Member;
use crate::correlation::link_key::LinkKey;
use crate::ingest::regroup::stored::StoredIncident;

/// What is to change. Alerts by their place in the incident.
pub(super) struct Plan {
    /// Those that have become routine, by what they are gathered by.
    pub gathered: Vec<(LinkKey, Vec<usize>)>,
    /// Those that stay.
    pub stay: Vec<usize>,
    /// Parts that nothing links to those.
    pub apart: Vec<Vec<usize>>,
}

pub(super) fn plan(incident: &StoredIncident) -> Plan {
    let mut gathered: Vec<(LinkKey, Vec<usize>)> = Vec::new();
    let mut linked = Vec::new();
    for (place, alert) in incident.alerts.iter().enumerate() {
        let Some(on) = alert.routine_on(&incident.index) else {
            linked.push(place);
            continue;
        };
        let key = LinkKey::routine(on, alert.first());
        match gathered.iter_mut().find(|(known, _)| known.id == key.id) {
            Some((_, places)) => places.push(place),
            None => gathered.push((key, vec![place])),
        }
    }
    let members: Vec<Member<'_>> =
        linked.iter().filter_map(|place| incident.alerts.get(*place)).map(|alert| alert.as_member()).collect();
    let parts = incident.index.parts(&members);
    let place_of = |part: Vec<usize>| -> Vec<usize> { part.iter().filter_map(|at| linked.get(*at)).copied().collect() };
    let mut parts = parts.into_iter().map(place_of);
    let stay = parts.next().unwrap_or_default();
    Plan { gathered, stay, apart: parts.collect() }
}
