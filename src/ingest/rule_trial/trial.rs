//! Running a trial: two throw-away databases, the rules as they are and as proposed.

use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::clock::{self, DAY};
use crate::db::{DatabaseUrl, Db};
use crate::error::{Error, Result};
use crate::ingest::pipeline::ingest_all;
use crate::ingest::regroup;
use crate::ingest::rule_trial::progress::Progress;
use crate::ingest::rule_trial::rebuild::Most;
use crate::ingest::rule_trial::report::Report;
use crate::ingest::rule_trial::{act, compare, rebuild};
use crate::live::Hub;
use crate::model::actor::Actor;
use crate::model::incoming::Incoming;
use crate::permissions::{Action, require};
use crate::rules::draft::Draft;
use crate::rules::rule::{Body, Rule};
use crate::rules::rule_set::RuleSet;
use crate::rules::store;

/// Days that can be chosen.
pub const DAYS: [i64; 4] = [1, 3, 7, 30];
/// What a trial looks at: the newest. Each piece of evidence is stored twice, some 10,000 a second.
const MOST: Most = Most { alerts: 20_000, evidence: 40_000 };
/// A trial ends after this time and reports that it did.
pub const LIMIT: Duration = Duration::from_secs(10);
/// Records in one transaction; the time is looked at after each.
const BATCH: usize = 50;

/// Tries a rule: a new one, last in the order, or in place of rule `id`. It takes seconds and blocks the
/// thread.
pub fn run(db: &Db, actor: &Actor, id: Option<i64>, draft: &Draft, days: i64, progress: &Progress) -> Result<Report> {
    let report = run_within(db, actor, id, draft, days, (LIMIT, progress));
    progress.set(0, 0);
    report
}

pub(crate) fn run_within(
    db: &Db,
    actor: &Actor,
    id: Option<i64>,
    draft: &Draft,
    days: i64,
    (limit, progress): (Duration, &Progress),
) -> Result<Report> {
    require(actor, Action::ProposeRule)?;
    if !DAYS.contains(&days) {
        return Err(Error::at_field("days", "Choose 1, 3, 7 or 30 days."));
    }
    let begun = Instant::now();
    let now = clock::now();
    let proposed = draft.check_body()?;
    // What was read in half of the time is tried in the other.
    let read_until = begun + limit / 2;
    let (past, rules) =
        db.read_now(|conn| Ok((rebuild::load_alerts(conn, now - days * DAY, MOST, read_until)?, store::all(conn)?)))?;
    let regroups = regroups(&rules, id, &proposed);
    let mut with = TrialDatabase::new(db, with_proposed(&rules, id, &proposed, now))?;
    let mut without = TrialDatabase::new(db, in_force(rules, now))?;
    let mut done = 0;
    for batch in past.records.chunks(BATCH) {
        if begun.elapsed() >= limit {
            break;
        }
        let batch: Vec<Incoming> = batch.iter().map(|record| record.incoming.clone()).collect();
        without.ingest(&batch)?;
        with.ingest(&batch)?;
        done += batch.len();
        progress.set(done, past.records.len());
    }
    let looked_at = past.records.get(..done).unwrap_or_default();
    let (without, with) = (without.groups()?, with.groups()?);
    let mut report = compare::compare(looked_at, &without, &with, regroups);
    let matches = |record: &&rebuild::Record| proposed.condition.matches(record.alert());
    let matched: Vec<&rebuild::Record> = looked_at.iter().filter(matches).collect();
    report.matched = past.records.iter().filter(matches).count();
    report.matched_untested = report.matched - matched.len();
    report.act = act::of(&proposed.effect, &matched, &without, &with);
    (report.days, report.alerts, report.looked_at) = (days, past.total, done);
    report.newest = past.records.len();
    report.cut = done < past.records.len();
    db.read_now(|conn| compare::name_incidents(conn, &mut report))?;
    Ok(report)
}

/// Whether the proposed rule, or the one that it replaces, changes how alerts are grouped.
fn regroups(rules: &[Rule], id: Option<i64>, proposed: &Body) -> bool {
    let replaced = rules.iter().find(|rule| Some(rule.id) == id);
    replaced.map(|rule| &rule.body).into_iter().chain([proposed]).any(|body| act::regroups(&body.effect))
}

fn in_force(rules: Vec<Rule>, now: i64) -> Vec<Rule> {
    rules.into_iter().filter(|rule| rule.is_in_force(now)).collect()
}

/// The rules with the proposed one in its place, tried as if it were enabled.
fn with_proposed(rules: &[Rule], id: Option<i64>, proposed: &Body, now: i64) -> Vec<Rule> {
    let known = rules.iter().position(|rule| Some(rule.id) == id);
    let rule = Rule {
        id: id.unwrap_or(0),
        revision: 0,
        position: 0,
        name: String::new(),
        enabled: true,
        body: proposed.clone(),
        owner_id: 0,
        reason: String::new(),
        expires_at: None,
        hits: 0,
        last_hit: None,
        updated_at: now,
        updated_by: String::new(),
        pending: false,
        proposed_by: None,
        proposed_at: None,
    };
    let mut rules = rules.to_vec();
    match known.and_then(|index| rules.get_mut(index)) {
        Some(place) => *place = rule,
        None => rules.push(rule),
    }
    in_force(rules, now)
}

/// A throw-away database and its rules.
struct TrialDatabase {
    db: Db,
    rules: Vec<Rule>,
    _folder: TempDir,
}

impl TrialDatabase {
    fn new(like: &Db, rules: Vec<Rule>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("watchdesk-trial-").tempdir().map_err(Error::internal)?;
        let url = DatabaseUrl::throw_away(folder.path().join("trial.db"));
        let (names, merging) = like.automatic();
        let db = Db::open(&url, Hub::default()).map_err(Error::Internal)?;
        let db = db.with_automatic_names(names).with_automatic_merging(merging);
        db.migrate()?;
        Ok(Self { db, rules, _folder: folder })
    }

    fn ingest(&mut self, records: &[Incoming]) -> Result<()> {
        let actor = Actor::System("Trial");
        self.db.write_now(|tx| {
            ingest_all(tx, &actor, records, RuleSet::from_rules(self.rules.clone()))?;
            regroup::run(tx)
        })
    }

    fn groups(&self) -> Result<compare::Groups> {
        self.db.read_now(compare::groups)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::accounts::setup::CONSOLE;
    use crate::ingest::pipeline::ingest;
    use crate::model::entity::EvidenceKind;
    use crate::model::incoming::{IncomingAlert, IncomingEvidence};

    fn alert(id: usize, evidence: usize) -> Incoming {
        let device = |n: usize| IncomingEvidence {
            kind: EvidenceKind::Device,
            name: format!("host-{n}"),
            keys: vec![format!("name:host-{n}")],
            ..IncomingEvidence::default()
        };
        let alert = IncomingAlert {
            source: "wazuh".into(),
            provider_alert_id: id.to_string(),
            title: "Backup failed".into(),
            status: "new".into(),
            classification: "unknown".into(),
            determination: "unknown".into(),
            first_activity: clock::now(),
            last_activity: clock::now(),
            evidence: (0..evidence).map(device).collect(),
            ..IncomingAlert::default()
        };
        Incoming::Alert(Box::new(alert), "{}".into())
    }

    fn with_alerts(records: &[Incoming]) -> (Db, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::throw_away(folder.path().join("past.db")), Hub::default()).unwrap();
        db.migrate().unwrap();
        db.write_now(|tx| ingest(tx, &CONSOLE, records)).unwrap();
        (db, folder)
    }

    #[test]
    fn a_trial_that_takes_too_long_is_cut_off_and_says_how_far_it_came() {
        let (db, _folder) = with_alerts(&[alert(1, 0)]);
        let draft = Draft::default();
        let progress = Progress::default();
        let tried = |limit| run_within(&db, &CONSOLE, None, &draft, 1, (limit, &progress)).unwrap();
        let (cut, whole) = (tried(Duration::ZERO), tried(LIMIT));
        assert_eq!((cut.cut, cut.looked_at, cut.newest, cut.alerts), (true, 0, 1, 1));
        assert_eq!((cut.matched, cut.matched_untested), (1, 1), "what matches is counted all the same");
        assert_eq!((whole.cut, whole.looked_at, whole.before), (false, 1, 1));
        assert_eq!(progress.get(), Some((1, 1)), "it says how far it came");
        run(&db, &CONSOLE, None, &draft, 1, &progress).unwrap();
        assert_eq!(progress.get(), None, "and nothing once it is over");
    }

    #[test]
    fn a_trial_looks_at_the_newest_alerts_with_so_much_evidence_together() {
        let (db, _folder) = with_alerts(&[alert(1, 3), alert(2, 4), alert(3, 5)]);
        let read = |most: Most| {
            let past = db.read_now(|conn| rebuild::load_alerts(conn, 0, most, Instant::now() + LIMIT)).unwrap();
            (past.total, past.records.iter().map(|record| record.id).collect::<Vec<_>>())
        };
        assert_eq!(read(Most { alerts: 10, evidence: 12 }), (3, vec![1, 2, 3]));
        assert_eq!(read(Most { alerts: 10, evidence: 11 }), (3, vec![2, 3]));
        assert_eq!(read(Most { alerts: 1, evidence: 11 }), (3, vec![3]));
        assert_eq!(read(Most { alerts: 10, evidence: 4 }), (3, vec![]));
    }
}
