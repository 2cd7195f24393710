//! What the analysts did: took incidents, asked, answered, classified, resolved, moved.

use crate::attachments::{Received, Receiving};
use crate::clock::{self, HOUR, MINUTE};
use crate::db::{Db, Tx};
use crate::demo::cast::Cast;
use crate::error::Result;
use crate::incidents::lookup::find_incident;
use crate::incidents::overview;
use crate::model::actor::Actor;
use crate::model::incident::Incident;
use crate::model::severity::Severity;
use crate::model::user::User;
use crate::operations::edit_incident::{self, Edit};
use crate::operations::move_alerts::{self, Move, Target};
use crate::operations::{attach, comment};
use crate::queue;
use crate::queue::filter::Filter;

const QUESTIONS: [&str; 5] = [
    "Called the user: they did **not** start this. Isolating the device.",
    "Same pattern as last week's training exercise? Checking with the red team.",
    "The parent process is `winword.exe`, opened from a mail attachment. Hash is unknown so far.",
    "Sign-ins from two countries within 20 minutes; the second one passed MFA.",
    "Looks like the monthly vulnerability scan, but from an address that is not on the list.",
];
const ANSWERS: [&str; 4] = [
    "Thanks. Reset the password and revoked the sessions.",
    "Confirmed with the team lead: expected, it is the new backup agent.",
    "- collected the memory image\n- blocked the address at the edge\n- ticket for reimaging is open",
    "Nothing else on that host in the last 24 hours.",
];

/// The mail that somebody attached.
const MAIL: &str = "Received: from mail.invoices.example by mx.contoso.example\r\nFrom: Accounts <billing@invoices.example>\r\n\
                    To: claims@contoso.example\r\nDate: Fri, 27 Nov 2026 08:12:40 +0000\r\nSubject: Overdue invoice\r\n\r\n\
                    Please see the attached document and enable its content.\r\n";

/// Works on every incident that is old enough.
pub fn simulate(db: &Db, cast: &Cast, random: &mut fastrand::Rng, now: i64) -> Result<()> {
    let everything =
        Filter { status: Vec::new(), severity: Vec::new(), range: queue::Range::All, limit: 200, ..Filter::default() };
    let mut found: Vec<Incident> = db
        .read_now(|conn| queue::load(conn, &everything, cast.dana.id))?
        .rows
        .into_iter()
        .map(|row| row.incident)
        .collect();
    found.sort_by_key(|incident| incident.last_activity);
    let analysts = [&cast.dana, &cast.omar, &cast.mei];
    db.write_now(|tx| {
        for (index, incident) in found.iter().enumerate() {
            let age = now - incident.last_activity;
            let person = analysts.get(index % 3).copied().unwrap_or(&cast.dana);
            let at = |minutes: i64| (incident.last_activity + minutes * MINUTE).min(now - MINUTE);
            if age < 8 * HOUR || index % 7 == 3 {
                continue;
            }
            assign(tx, person, incident.id, at(12))?;
            let is_discussed = incident.alert_count > 2;
            let is_resolved = age > 3 * clock::DAY && index % 3 != 2;
            if is_discussed {
                let question = QUESTIONS.get(random.usize(..QUESTIONS.len())).copied().unwrap_or_default();
                post_comment(tx, person, incident.id, question, at(26))?;
            }
            if !is_resolved && incident.alert_count > 3 {
                let asked =
                    Edit { status: Some("inProgress".into()), tags: Some(tags_for(incident)), ..Edit::default() };
                clock::at(at(40), || edit_incident::edit(tx, &actor(person), incident.id, None, &asked))?;
            }
            if is_discussed {
                let answer = ANSWERS.get(random.usize(..ANSWERS.len())).copied().unwrap_or_default();
                let other = analysts.get((index + 1) % 3).copied().unwrap_or(&cast.omar);
                post_comment(tx, other, incident.id, answer, at(58))?;
            }
            if is_resolved {
                resolve(tx, person, incident, index, at(150))?;
            }
        }
        Ok(())
    })?;
    rename_one(db, cast, &found, now)?;
    move_one(db, cast, &found, now)
}

fn actor(person: &User) -> Actor {
    Actor::from(person.clone())
}

fn assign(tx: &mut Tx<'_>, person: &User, id: i64, at: i64) -> Result<()> {
    clock::at(at, || edit_incident::assign_to_me(tx, &actor(person), id))?;
    Ok(())
}

fn post_comment(tx: &mut Tx<'_>, person: &User, id: i64, text: &str, at: i64) -> Result<()> {
    clock::at(at, || comment::post(tx, &actor(person), id, text))?;
    Ok(())
}

fn resolve(tx: &mut Tx<'_>, person: &User, incident: &Incident, index: usize, at: i64) -> Result<()> {
    let (outcome, note) = match (incident.severity, index % 4) {
        (Severity::High, 0 | 1) => {
            ("truePositive:multiStagedAttack", "Contained: device reimaged, credentials reset, address blocked.")
        }
        (Severity::High, _) => {
            ("truePositive:compromisedAccount", "Account secured; mail rules removed; no data left.")
        }
        (_, 0) => ("falsePositive:notMalicious", "The detection fires on the new backup agent; tuning requested."),
        (_, 1) => ("informationalExpectedActivity:securityTesting", "Part of the announced exercise."),
        (_, 2) => ("truePositive:malware", "Prevented before it ran; nothing further found."),
        _ => ("informationalExpectedActivity:confirmedActivity", "Confirmed with the user, who is travelling."),
    };
    let asked = Edit {
        status: Some("resolved".into()),
        classification: Some(outcome.into()),
        resolving_note: Some(note.into()),
        tags: Some(tags_for(incident)),
        ..Edit::default()
    };
    clock::at(at, || edit_incident::edit(tx, &actor(person), incident.id, None, &asked))?;
    Ok(())
}

fn tags_for(incident: &Incident) -> Vec<String> {
    let mut tags = Vec::new();
    if incident.scope.devices.iter().any(|name| name.starts_with("srv-dc") || name.starts_with("fin-")) {
        tags.push("VIP asset".to_owned());
    }
    if incident.scope.categories.iter().any(|category| category == "InitialAccess") && incident.mailbox_count > 0 {
        tags.push("Phishing wave".to_owned());
    }
    if incident.severity == Severity::High {
        tags.push("Weekly report".to_owned());
    }
    tags
}

fn rename_one(db: &Db, cast: &Cast, found: &[Incident], now: i64) -> Result<()> {
    let Some(incident) = found.iter().rev().find(|incident| incident.severity == Severity::High && incident.is_open())
    else {
        return Ok(());
    };
    let id = incident.id;
    db.write_now(|tx| {
        let asked = Edit { name: Some("Possible ransomware precursor at the claims office".into()), ..Edit::default() };
        clock::at(now - 50 * MINUTE, || edit_incident::edit(tx, &actor(&cast.mei), id, None, &asked))?;
        let mail = attached("Overdue invoice.eml", MAIL)?;
        clock::at(now - 48 * MINUTE, || attach::attach(tx, &actor(&cast.mei), id, &[mail]))?;
        Ok(())
    })
}

fn attached(name: &str, content: &str) -> Result<Received> {
    let mut file = Receiving::begin()?;
    file.write(content.as_bytes())?;
    file.finish(name.to_owned())
}

/// Moves the only alert of an incident into a larger one; the emptied incident is redirected.
fn move_one(db: &Db, cast: &Cast, found: &[Incident], now: i64) -> Result<()> {
    let single = found.iter().rev().find(|incident| incident.alert_count == 1 && incident.is_open());
    let large = found.iter().rev().find(|incident| incident.alert_count > 5 && incident.is_open());
    let (Some(single), Some(large)) = (single, large) else {
        return Ok(());
    };
    let alerts = db.read_now(|conn| {
        find_incident(conn, large.id)?;
        overview::alerts(conn, single.id, 1)
    })?;
    let asked = Move {
        from: Vec::new(),
        alerts: alerts.iter().map(|alert| alert.id).collect(),
        target: Target::Typed(large.id.to_string()),
        reason: "Same attack".to_owned(),
        comment: "Same user told us about both on the phone.".to_owned(),
        form: String::new(),
    };
    db.write_now(|tx| clock::at(now - 35 * MINUTE, || move_alerts::move_alerts(tx, &actor(&cast.omar), &asked)))?;
    Ok(())
}
