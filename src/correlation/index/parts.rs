//! What ties the alerts of one incident together, by what is known now.

use std::collections::{BTreeMap, HashMap};

use crate::correlation::index::types::{AlertToPlace, CorrelationIndex};
use crate::correlation::link_key::LinkKey;

/// A stored alert of the incident.
#[derive(Debug)]
pub struct Member<'a> {
    pub alert: i64,
    pub as_placed: AlertToPlace<'a>,
    /// A provider, a rule or a person put it there: it stays, whatever it is linked to.
    pub fixed: bool,
}

/// Which of some alerts are in one part.
struct Parts {
    parent: Vec<usize>,
}

impl Parts {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    fn root(&mut self, of: usize) -> usize {
        let mut at = of;
        while let Some(above) = self.parent.get(at).copied().filter(|above| *above != at) {
            at = above;
        }
        if let Some(parent) = self.parent.get_mut(of) {
            *parent = at;
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(parent) = self.parent.get_mut(one.max(other)) {
            *parent = one.min(other);
        }
    }
}

impl CorrelationIndex {
    /// The parts of an incident that links tie together, as places in `members`: first the one that stays, which is
    /// the one that has alerts that were put there, else the largest, else the earliest.
    pub fn parts(&self, members: &[Member<'_>]) -> Vec<Vec<usize>> {
        let mut parts = Parts::new(members.len());
        let mut points: BTreeMap<i64, (&LinkKey, Vec<(i64, i64, usize)>)> = BTreeMap::new();
        for (place, member) in members.iter().enumerate() {
            for key in member.as_placed.link_keys {
                let (first, last) = (member.as_placed.first, member.as_placed.last);
                let (_, points) = points.entry(key.id).or_insert_with(|| (key, Vec::new()));
                points.extend([(first, member.alert, place), (last, member.alert, place)]);
            }
        }
        for (key, mut points) in points.into_values() {
            points.sort_unstable();
            for pair in points.windows(2) {
                let [(at, _, one), (next, _, other)] = pair else { continue };
                let of = |place: &usize, at: i64| {
                    members.get(*place).and_then(|member| self.reach_at(key, member.as_placed.detection, at))
                };
                let reach = of(one, *at).zip(of(other, *next)).map(|(one, other)| one.min(other));
                if reach.is_some_and(|reach| next - at <= reach) {
                    parts.join(*one, *other);
                }
            }
            self.join_by_rules(key, members, &points, &mut parts);
        }
        let mut fixed = (0..members.len()).filter(|place| members.get(*place).is_some_and(|member| member.fixed));
        if let Some(first) = fixed.next() {
            fixed.for_each(|other| parts.join(first, other));
        }
        in_order(members, parts)
    }

    /// Joins what house rules let members link to: all within their time, not only the next.
    fn join_by_rules(&self, key: &LinkKey, members: &[Member<'_>], points: &[(i64, i64, usize)], parts: &mut Parts) {
        for (place, (at, _, one)) in points.iter().enumerate() {
            let Some(member) = members.get(*one) else { continue };
            let Some(within) = member.as_placed.within else { continue };
            if self.reach_at(key, member.as_placed.detection, *at).is_none() {
                continue;
            }
            let (before, after) = points.split_at(place);
            let near = |(other, ..): &&(i64, i64, usize)| (other - at).abs() <= within;
            for (.., other) in before.iter().rev().take_while(near).chain(after.iter().take_while(near)) {
                parts.join(*one, *other);
            }
        }
    }
}

fn in_order(members: &[Member<'_>], mut parts: Parts) -> Vec<Vec<usize>> {
    let mut by_root: HashMap<usize, Vec<usize>> = HashMap::new();
    for place in 0..members.len() {
        by_root.entry(parts.root(place)).or_default().push(place);
    }
    let mut parts: Vec<Vec<usize>> = by_root.into_values().collect();
    parts.sort_by_cached_key(|part| {
        let of_part: Vec<&Member<'_>> = part.iter().filter_map(|place| members.get(*place)).collect();
        let first = of_part.iter().map(|member| (member.as_placed.first, member.alert)).min();
        (!of_part.iter().any(|member| member.fixed), std::cmp::Reverse(part.len()), first)
    });
    parts
}
