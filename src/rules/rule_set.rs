//! The rules for a batch of alerts: which alerts are ignored, what is decided about the others, and the
//! incidents of groups. Loaded with each batch and written with it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::clock::{self, DAY, MINUTE};
use crate::db::{AnyConnection, LISTED, Tx};
use crate::each;
use crate::error::Result;
use crate::incidents::lookup::follow_redirects;
use crate::model::entity::Resolved;
use crate::model::incoming::IncomingAlert;
use crate::rules::decision::{GroupValue, RuleAction, RuleDecision, group_values};
use crate::rules::hidden::keep::{Hidden, keep};
use crate::rules::rule::{Effect, Rule};
use crate::rules::store::{self, KEPT_DAYS};
use crate::schema::{house_rule_days, house_rules, incidents, lone_incidents, rule_groups};

#[derive(Debug, Clone, Copy)]
struct Group {
    incident: i64,
    first: i64,
    last: i64,
}

/// The rules in force, and what they decided for the alerts of a batch so far.
#[derive(Debug, Default)]
pub struct RuleSet {
    pub(super) rules: Vec<Rule>,
    ignored: HashMap<*const IncomingAlert, usize>,
    groups: HashMap<(i64, String), Group>,
    dirty: BTreeSet<(i64, String)>,
    lone: BTreeSet<i64>,
    pub(super) hits: BTreeMap<i64, i64>,
    /// What was ignored, to be kept.
    hidden: Vec<Hidden>,
    /// Alerts of the batch that rules change once they are stored: the id of each, and the rule's place in the order.
    pub(super) marks: Vec<(i64, usize)>,
}

#[derive(Insertable)]
#[diesel(table_name = rule_groups, treat_none_as_default_value = false)]
struct GroupRow {
    rule_id: i64,
    value_hash: String,
    incident_id: i64,
    first: i64,
    last: i64,
}

#[derive(Insertable)]
#[diesel(table_name = lone_incidents, treat_none_as_default_value = false)]
struct LoneRow {
    incident_id: i64,
}

/// Most hits that one batch counts: a source may claim any number, and sums must not overflow.
const MOST_HITS: i64 = 1 << 40;

impl RuleSet {
    pub fn load(conn: &mut AnyConnection) -> Result<Self> {
        Ok(Self::from_rules(store::in_force(conn)?))
    }

    /// Uses these rules, in order, instead of the stored ones.
    pub fn from_rules(rules: Vec<Rule>) -> Self {
        Self { rules, ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Marks the alerts that are ignored; those that are stored already never are.
    pub fn mark_ignored<'a>(&mut self, alerts: impl Iterator<Item = &'a IncomingAlert>) {
        let rules: Vec<(usize, &Rule)> =
            self.rules.iter().enumerate().filter(|(_, rule)| rule.body.effect == Effect::Ignore).collect();
        if rules.is_empty() {
            return;
        }
        for alert in alerts {
            if let Some((index, _)) = rules.iter().find(|(_, rule)| rule.body.condition.matches(alert)) {
                self.ignored.insert(std::ptr::from_ref(alert), *index);
            }
        }
    }

    pub fn is_ignored(&self, alert: &IncomingAlert) -> bool {
        self.ignored.contains_key(&std::ptr::from_ref(alert))
    }

    /// The name of the rule that ignores an alert; keeps the alert with the rule and counts a hit of it.
    pub fn count_ignored(&mut self, alert: &IncomingAlert, payload: &str) -> Option<String> {
        let rule = self.rules.get(*self.ignored.get(&std::ptr::from_ref(alert))?)?;
        let hits = self.hits.entry(rule.id).or_default();
        *hits = hits.saturating_add(alert.occurrences.max(1));
        self.hidden.push(Hidden::new(rule, alert, payload));
        Some(rule.name.clone())
    }

    /// The decision of the first rule that applies to an alert. A rule that groups does not apply where the
    /// alert lacks the field.
    pub fn decide(&self, alert: &IncomingAlert, entities: &[Resolved]) -> Option<RuleDecision> {
        self.rules.iter().find_map(|rule| {
            if !rule.body.condition.matches(alert) {
                return None;
            }
            let action = match &rule.body.effect {
                Effect::Ignore | Effect::Resolve { .. } | Effect::SetSeverity { .. } | Effect::AddTag { .. } => {
                    return None;
                }
                Effect::NeverCorrelate => RuleAction::Alone,
                Effect::Window { minutes } => RuleAction::Within(minutes.saturating_mul(MINUTE)),
                Effect::GroupBy { field, fact, .. } => {
                    let values = group_values(*field, fact, alert, entities);
                    if values.is_empty() {
                        return None;
                    }
                    RuleAction::Group(values)
                }
            };
            Some(RuleDecision { rule: rule.id, name: rule.name.clone(), effect: rule.body.effect.clone(), action })
        })
    }

    /// Loads the groups of the decisions, each with the incident that its own was redirected
    /// to; returns those incidents.
    pub fn load_groups(&mut self, conn: &mut AnyConnection, decisions: &[RuleDecision]) -> Result<Vec<i64>> {
        let mut wanted: BTreeMap<i64, HashSet<&str>> = BTreeMap::new();
        for decision in decisions {
            if let RuleAction::Group(values) = &decision.action {
                wanted.entry(decision.rule).or_default().extend(values.iter().map(|value| value.hash.as_str()));
            }
        }
        for (rule, hashes) in wanted {
            let hashes: Vec<&str> = hashes.into_iter().collect();
            for hashes in hashes.chunks(LISTED) {
                let rows: Vec<(String, i64, i64, i64, Option<i64>)> = rule_groups::table
                    .inner_join(incidents::table)
                    .filter(rule_groups::rule_id.eq(rule))
                    .filter(rule_groups::value_hash.eq_any(hashes))
                    .select((
                        rule_groups::value_hash,
                        rule_groups::incident_id,
                        rule_groups::first,
                        rule_groups::last,
                        incidents::redirect_to,
                    ))
                    .load(conn)?;
                for (hash, id, first, last, redirect) in rows {
                    let incident = if redirect.is_some() { follow_redirects(conn, id)? } else { id };
                    self.groups.insert((rule, hash), Group { incident, first, last });
                }
            }
        }
        Ok(self.groups.values().map(|group| group.incident).collect())
    }

    /// The incident of a group, if the alert's activity is within the rule's time of it.
    pub fn group_incident(
        &self,
        decision: &RuleDecision,
        value: &GroupValue,
        (first, last): (i64, i64),
    ) -> Option<i64> {
        let Effect::GroupBy { minutes, .. } = decision.effect else { return None };
        let group = self.groups.get(&(decision.rule, value.hash.clone()))?;
        let gap = (first - group.last).max(group.first - last).max(0);
        (gap <= minutes.saturating_mul(MINUTE)).then_some(group.incident)
    }

    /// Records where a decision placed an alert.
    pub fn record_placement(&mut self, decision: &RuleDecision, incident: i64, (first, last): (i64, i64)) {
        *self.hits.entry(decision.rule).or_default() += 1;
        match &decision.action {
            RuleAction::Alone => {
                self.lone.insert(incident);
            }
            RuleAction::Within(_) => {}
            RuleAction::Group(values) => {
                for value in values {
                    let key = (decision.rule, value.hash.clone());
                    let group = self.groups.entry(key.clone()).or_insert(Group { incident, first, last });
                    if group.incident == incident {
                        (group.first, group.last) = (group.first.min(first), group.last.max(last));
                    } else {
                        *group = Group { incident, first, last };
                    }
                    self.dirty.insert(key);
                }
            }
        }
    }

    /// Records a repeat of a grouped alert: the group is active until then.
    pub fn record_occurrence(&mut self, decision: &RuleDecision, incident: i64, last: i64) {
        let RuleAction::Group(values) = &decision.action else { return };
        for value in values {
            let key = (decision.rule, value.hash.clone());
            if let Some(group) = self.groups.get_mut(&key).filter(|group| group.incident == incident) {
                group.last = group.last.max(last);
                self.dirty.insert(key);
            }
        }
    }

    /// Records that `gone` was merged into `kept`.
    pub fn merge_incidents(&mut self, kept: i64, gone: &BTreeSet<i64>) {
        for (key, group) in self.groups.iter_mut().filter(|(_, group)| gone.contains(&group.incident)) {
            group.incident = kept;
            self.dirty.insert(key.clone());
        }
        self.lone.retain(|lone| !gone.contains(lone));
    }

    /// Writes groups, lone incidents and hits; the incidents must be stored before.
    pub fn store(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.write_groups(tx)?;
        let lone: Vec<LoneRow> =
            std::mem::take(&mut self.lone).into_iter().map(|incident_id| LoneRow { incident_id }).collect();
        for rows in lone.chunks(LISTED) {
            each!(tx.conn, inner => diesel::insert_into(lone_incidents::table).values(rows).on_conflict_do_nothing().execute(inner))?;
        }
        keep(tx, &std::mem::take(&mut self.hidden))?;
        self.write_hits(tx)
    }

    fn write_groups(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let rows: Vec<GroupRow> = std::mem::take(&mut self.dirty)
            .into_iter()
            .filter_map(|key| {
                let Group { incident, first, last } = *self.groups.get(&key)?;
                let (rule_id, value_hash) = key;
                Some(GroupRow { rule_id, value_hash, incident_id: incident, first, last })
            })
            .collect();
        for rows in rows.chunks(LISTED) {
            use rule_groups as g;
            each!(tx.conn, inner => diesel::insert_into(g::table)
                .values(rows)
                .on_conflict((g::rule_id, g::value_hash))
                .do_update()
                .set((
                    g::incident_id.eq(excluded(g::incident_id)),
                    g::first.eq(excluded(g::first)),
                    g::last.eq(excluded(g::last)),
                ))
                .execute(inner))?;
        }
        Ok(())
    }

    fn write_hits(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        use house_rule_days as d;
        let now = clock::now();
        for (rule, hits) in std::mem::take(&mut self.hits) {
            let hits = hits.min(MOST_HITS);
            let row = house_rules::table.find(rule);
            diesel::update(row).set(house_rules::last_hit.eq(Some(now))).execute(tx.conn)?;
            diesel::update(row.filter(house_rules::hits.le(i64::MAX.saturating_sub(hits))))
                .set(house_rules::hits.eq(house_rules::hits + hits))
                .execute(tx.conn)?;
            let row = (d::rule_id.eq(rule), d::day.eq(now / DAY), d::hits.eq(hits));
            each!(tx.conn, inner => diesel::insert_into(d::table)
                .values(&row)
                .on_conflict((d::rule_id, d::day))
                .do_update()
                .set(d::hits.eq(d::hits + hits))
                .execute(inner))?;
            diesel::delete(d::table.filter(d::rule_id.eq(rule)).filter(d::day.le(now / DAY - KEPT_DAYS)))
                .execute(tx.conn)?;
        }
        Ok(())
    }
}
