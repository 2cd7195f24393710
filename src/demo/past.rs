//! The weeks before: three rules and what became of their alerts, so that Lessons has something to say. One rule is
//! plainly to be tuned, one is right, and of one it cannot be said yet.

use serde_json::{Value, json};

use crate::clock::{self, DAY, HOUR, MINUTE};
use crate::db::{Db, Tx};
use crate::demo::alert::AlertBuilder;
use crate::demo::cast::Cast;
use crate::demo::plots::{MDO, SENTINEL};
use crate::demo::stories;
use crate::error::Result;
use crate::ingest::pipeline;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::operations::comment;
use crate::operations::edit_incident::{self, Edit};

/// How an alert was closed: the classification, and the note.
type Closing = (&'static str, &'static str);

const BACKUP: Closing =
    ("falsePositive:notMalicious", "The nightly backup reads every file. Nothing else ran on the host.");
const RESTORE: Closing =
    ("informationalExpectedActivity:confirmedActivity", "A restore that operations had announced.");
const STOLEN: Closing = ("truePositive:maliciousUserActivity", "A leaver copied the share. HR and legal are informed.");
const PHISHING: Closing =
    ("truePositive:phishing", "Mails removed, the domain blocked, passwords of two readers reset.");
const SUPPLIER: Closing = ("falsePositive:notMalicious", "A new domain of the supplier, confirmed on the phone.");
const TECHNICIAN: Closing = ("falsePositive:notMalicious", "The stick of the technician who updates the firmware.");
const TEST: Closing = ("informationalExpectedActivity:securityTesting", "Part of the test of the data centre's doors.");

/// A rule, and its alerts of seven weeks.
struct Rule {
    title: &'static str,
    category: &'static str,
    technique: &'static str,
    severity: &'static str,
    source: &'static str,
    alerts: usize,
    /// How each alert was closed; the last one takes what is left.
    closings: &'static [(usize, Closing)],
    /// From assignment to resolution, in minutes.
    work: i64,
}

const RULES: [Rule; 3] = [
    Rule {
        title: "Many files were read in a short time",
        category: "Collection",
        technique: "T1039",
        severity: "medium",
        source: SENTINEL,
        alerts: 46,
        closings: &[(9, BACKUP), (1, RESTORE), (12, BACKUP), (1, STOLEN), (1, RESTORE), (22, BACKUP)],
        work: 24,
    },
    Rule {
        title: "Mail from a domain that looks like ours",
        category: "InitialAccess",
        technique: "T1566.002",
        severity: "high",
        source: MDO,
        alerts: 24,
        closings: &[(14, PHISHING), (1, SUPPLIER), (9, PHISHING)],
        work: 38,
    },
    Rule {
        title: "Removable drive on a server",
        category: "InitialAccess",
        technique: "T1091",
        severity: "low",
        source: SENTINEL,
        alerts: 5,
        closings: &[(2, TECHNICIAN), (1, TEST), (2, TECHNICIAN)],
        work: 11,
    },
];

/// The past ends before the two weeks of the stories begin, so that nothing of it is linked with them.
const ENDED: i64 = 16 * DAY;
const LASTED: i64 = 48 * DAY;

/// Adds the past. What was found in it is resolved, so that the queue is that of today.
pub fn add(db: &Db, cast: &Cast, random: &mut fastrand::Rng, now: i64) -> Result<()> {
    let analysts = [&cast.dana, &cast.omar, &cast.mei];
    let machine = Actor::System("Correlation");
    db.write_now(|tx| {
        for (of_rule, rule) in RULES.iter().enumerate() {
            let step = LASTED / i64::try_from(rule.alerts).unwrap_or(1);
            let closings = rule.closings.iter().flat_map(|(times, closing)| std::iter::repeat_n(closing, *times));
            for (number, closing) in (0..rule.alerts).zip(closings) {
                let at = now - ENDED - LASTED + step * i64::try_from(number).unwrap_or(0) + random.i64(0..6 * HOUR);
                let record = stories::record(&alert(rule, of_rule, number, at))?;
                let results =
                    clock::at(at + 2 * MINUTE, || pipeline::ingest(tx, &machine, std::slice::from_ref(&record)))?;
                let person = analysts.get((number + of_rule) % 3).copied().unwrap_or(&cast.dana);
                if let Some(incident) = results.first().and_then(|result| result.incident_id) {
                    let begun = at + random.i64(4..70) * MINUTE;
                    close(
                        tx,
                        person,
                        (incident, number),
                        begun,
                        begun + random.i64(rule.work / 2..rule.work * 2) * MINUTE,
                        *closing,
                    )?;
                }
            }
        }
        Ok(())
    })
}

/// Each is about a host or mailbox of its own on its day, so that each is one incident.
fn alert(rule: &Rule, of_rule: usize, number: usize, at: i64) -> Value {
    let alert = AlertBuilder::new(&format!("demo-past-{of_rule}-{number}"), rule.title)
        .with("description", format!("{}: found by a scheduled rule.", rule.title))
        .category(rule.category)
        .severity(rule.severity)
        .source(rule.source)
        .with("mitreTechniques", vec![rule.technique])
        .at(at);
    let alert = if rule.source == MDO {
        alert.mailbox(&format!("claims-{:02}@northwind-mutual.example", number % 9 + 1))
    } else {
        alert.evidence(json!({
            "@odata.type": "#microsoft.graph.security.deviceEvidence",
            "deviceDnsName": format!("srv-store-{:02}.northwind-mutual.example", of_rule * 10 + number % 6 + 1),
        }))
    };
    alert.json()
}

/// Takes an incident, says a word about some, and resolves it.
fn close(
    tx: &mut Tx<'_>,
    person: &User,
    (incident, number): (i64, usize),
    begun: i64,
    ended: i64,
    (classification, note): Closing,
) -> Result<()> {
    let actor = Actor::from(person.clone());
    clock::at(begun, || edit_incident::assign_to_me(tx, &actor, incident))?;
    if number % 3 == 0 {
        clock::at(begun + 3 * MINUTE, || comment::post(tx, &actor, incident, "Looking at it."))?;
    }
    let asked = Edit {
        status: Some("resolved".into()),
        classification: Some(classification.into()),
        resolving_note: Some(note.into()),
        ..Edit::default()
    };
    clock::at(ended, || edit_incident::edit(tx, &actor, incident, None, &asked))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::model::techniques;

    #[test]
    fn every_alert_of_a_rule_is_closed() {
        for rule in &RULES {
            assert_eq!(rule.closings.iter().map(|(times, _)| times).sum::<usize>(), rule.alerts, "{}", rule.title);
            assert!(techniques::name(rule.technique).is_some(), "{}", rule.technique);
        }
    }
}
