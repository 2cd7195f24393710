//! A store like a busy team's, made through the product's own intake: incidents of ten alerts as
//! providers tell them, nine in ten resolved, busy hosts and long tails, spread over four weeks.

use std::io::{Cursor, Write as _};
use std::ops::Range;

use crate::accounts::{passwords, users};
use crate::clock;
use crate::db::Db;
use crate::demo::cast::{self, Person};
use crate::error::{Error, Result};
use crate::formats::format::Format;
use crate::formats::readers::body_reader::BodyReader;
use crate::ingest::intake;
use crate::ingest::intake::feed::Feed;
use crate::model::actor::Actor;
use crate::model::user::{Role, User};

/// Alerts of an ordinary incident, and of the one large incident.
pub const ORDINARY: u64 = 10;
pub const LARGE: u64 = 5_000;
/// Its number, and the alerts that it is told in at once.
const HUGE: u64 = 1 << 40;
const PART: u64 = 500;
/// How far back the store reaches, in microseconds: within the queue's default range, so that every
/// open incident counts.
const REACH: i64 = 28 * clock::DAY;
/// Incidents taken in as if at one moment.
const CHUNK: u64 = 100;
/// As many owners as a busy team has; the cast of the sample world is too few to spread incidents over.
const PEOPLE: [&str; 8] = ["ada", "ben", "cleo", "dan", "eva", "finn", "gus", "hana"];
const TAGS: [&str; 12] = [
    "Phishing wave",
    "VIP",
    "Finance",
    "Escalated",
    "Follow up",
    "Tier 2",
    "Red team",
    "Branch office",
    "Cloud",
    "Contractor",
    "Audit",
    "Rare tag",
];
const SOURCES: [(&str, &str, &str); 5] = [
    ("microsoftDefenderForEndpoint", "antivirus", "Defender for Endpoint"),
    ("microsoftDefenderForOffice365", "microsoftDefenderForOffice365", "Defender for Office 365"),
    ("microsoftDefenderForIdentity", "microsoftDefenderForIdentity", "Defender for Identity"),
    ("microsoftSentinel", "scheduledAlerts", "Sentinel"),
    ("microsoftDefenderForCloudApps", "cloudAppSecurity", "Defender for Cloud Apps"),
];
const STAGES: [(&str, &str, &str); 11] = [
    ("Suspicious attachment opened", "InitialAccess", "T1566.001"),
    ("Encoded command line", "Execution", "T1059.001"),
    ("New service in an unusual folder", "Persistence", "T1543.003"),
    ("Token of another process was used", "PrivilegeEscalation", "T1134.001"),
    ("Security tool was tampered with", "DefenseEvasion", "T1562.001"),
    ("Many failed sign-ins", "CredentialAccess", "T1110.003"),
    ("Directory was searched for accounts", "Discovery", "T1087.002"),
    ("Remote service with stolen credentials", "LateralMovement", "T1021.002"),
    ("Mailbox was read by a rule", "Collection", "T1114.003"),
    ("Connection to a rarely seen address", "CommandAndControl", "T1071.001"),
    ("Large upload to an unknown site", "Exfiltration", "T1567.002"),
];

/// The people of the store; the first is who the bench signs in as.
pub fn people(db: &Db, password: &str) -> Result<User> {
    let hashed = passwords::hash(password)?;
    let mut first = None;
    for name in PEOPLE {
        let person = Person { name, display_name: name, role: Role::Analyst };
        let user = db.write_now(|tx| cast::add(tx, &person, password, &hashed))?;
        first.get_or_insert(user);
    }
    first.ok_or(Error::NotFound)
}

/// The first of them in a store that has them, all with another password.
pub fn known(db: &Db, password: &str) -> Result<User> {
    let hashed = passwords::hash(password)?;
    for name in PEOPLE {
        db.write_now(|tx| users::set_password(tx, &Actor::System("bench"), name, &hashed))?;
    }
    let first = PEOPLE.first().copied().unwrap_or_default();
    db.read_now(|conn| users::by_name(conn, first))?.ok_or(Error::NotFound)
}

/// How many alerts a store has, but for those of the large incident.
pub fn stored(db: &Db) -> Result<u64> {
    use crate::schema::alerts;
    use diesel::prelude::*;
    let count: i64 = db.read_now(|conn| Ok(alerts::table.count().get_result(conn)?))?;
    Ok(u64::try_from(count).unwrap_or(0).saturating_sub(LARGE))
}

/// Grows the store from `from` to `to` alerts; `told` hears how many there are.
pub fn grow(db: &Db, from: u64, to: u64, told: &mut dyn FnMut(u64)) -> Result<()> {
    let (first, end) = (from / ORDINARY, to / ORDINARY);
    let begun = clock::now() - REACH;
    let mut next = first;
    while next < end {
        let upto = (next + CHUNK).min(end);
        let mut body = Vec::new();
        for number in next..upto {
            incident(&mut body, number, 0..ORDINARY)?;
        }
        // Growing again spreads over the same weeks, so that no size has only old or new ones.
        let share = (next - first) as f64 / (end - first) as f64;
        let at = begun + (share * REACH as f64) as i64;
        take(db, at, body)?;
        next = upto;
        told(next * ORDINARY);
    }
    Ok(())
}

/// Adds the one large incident, open and new; returns its id.
pub fn large(db: &Db) -> Result<i64> {
    // An item has a largest size, so its provider tells it in parts.
    for part in 0..LARGE / PART {
        let mut body = Vec::new();
        incident(&mut body, HUGE, part * PART..(part + 1) * PART)?;
        take(db, clock::now(), body)?;
    }
    large_one(db)
}

/// The id of the large incident.
pub fn large_one(db: &Db) -> Result<i64> {
    let key = format!("graph:-:bench-{HUGE}");
    db.read_now(|conn| crate::incidents::lookup::find_by_provider_key(conn, &key))?.ok_or(Error::NotFound)
}

fn take(db: &Db, at: i64, body: Vec<u8>) -> Result<()> {
    let feed = Feed::of_import("bench", "graph");
    clock::at(at, || {
        let reader = BodyReader::new(Format::parse("graphIncident").unwrap_or_default(), Cursor::new(body));
        let report = intake::ingest_stream(db, &feed, reader, &mut |_| {})?;
        if report.rejected > 0 {
            Err(Error::internal(format!(
                "the bench's own incidents were refused: {:?}",
                report.rejected_items().next()
            )))
        } else {
            Ok(())
        }
    })
}

fn pick<T: Copy>(random: &mut fastrand::Rng, of: &[T]) -> Option<T> {
    of.get(random.usize(0..of.len().max(1))).copied()
}

/// One incident as Microsoft Graph writes it, on a line of its own. Its alerts are written out here and
/// not by the sample world's builder: figures of two versions compare only over the same bytes.
fn incident(into: &mut Vec<u8>, number: u64, alerts: Range<u64>) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let resolved = random.f64() < 0.9 && number != HUGE;
    // Multiplying chances leans towards the busy few without leaving out the long tail.
    let lean = random.f64() * random.f64() * random.f64();
    let device = (lean * 40_000.0) as u64;
    let user = (random.f64() * random.f64() * 30_000.0) as u64;
    let severity = match random.u8(0..100) {
        0..12 => "high",
        12..40 => "medium",
        40..80 => "low",
        _ => "informational",
    };
    let stages = random.usize(1..4);
    let start = random.usize(0..STAGES.len());
    let two_sources = random.f64() < 0.2;
    let source = (random.f64() * random.f64() * SOURCES.len() as f64) as usize;
    let when = |minutes: u64| {
        let second = clock::now() / clock::SECOND - 3_600 + i64::try_from(minutes).unwrap_or(0);
        jiff::Timestamp::from_second(second).map(|at| at.to_string()).unwrap_or_default()
    };
    let mut told = Vec::new();
    for step in alerts {
        let (title, category, technique) =
            STAGES.get((start + step as usize % stages) % STAGES.len()).copied().unwrap_or_default();
        let shift = usize::from(two_sources && step % 2 == 1);
        let (service, detection, product) = SOURCES.get((source + shift) % SOURCES.len()).copied().unwrap_or_default();
        let file = random.u32(0..2_000_000);
        let other = if number == HUGE { device + step % 400 } else { device };
        told.push(serde_json::json!({
            "id": format!("bench-{number}-{step}"), "title": title, "severity": severity, "category": category,
            "status": if resolved { "resolved" } else { "new" },
            "serviceSource": service, "detectionSource": detection, "productName": product,
            "mitreTechniques": [technique],
            "createdDateTime": when(step), "firstActivityDateTime": when(step), "lastActivityDateTime": when(step),
            "evidence": [
                {"@odata.type": "#microsoft.graph.security.deviceEvidence",
                 "deviceDnsName": format!("{}-{other:05}.contoso.test", site(other)), "mdeDeviceId": format!("d{other:039}")},
                {"@odata.type": "#microsoft.graph.security.userEvidence",
                 "userAccount": {"accountName": format!("user{user}"), "userPrincipalName": format!("user{user}@contoso.test")}},
                {"@odata.type": "#microsoft.graph.security.fileEvidence",
                 "fileDetails": {"fileName": format!("tool{file}.exe"), "filePath": "C:\\Temp",
                                 "sha256": format!("{file:064x}")}},
            ],
        }));
    }
    let (title, ..) = STAGES.get(start).copied().unwrap_or_default();
    let kinds: [(&str, &str); 3] = [
        ("truePositive", "phishing"),
        ("falsePositive", "notMalicious"),
        ("informationalExpectedActivity", "securityTesting"),
    ];
    let kind = pick(&mut random, &kinds).filter(|_| resolved);
    let tag = (random.f64() * random.f64() * TAGS.len() as f64) as usize;
    let tagged = random.f64() < 0.3;
    let owner = if random.f64() < 0.6 { pick(&mut random, &PEOPLE) } else { None };
    let line = serde_json::json!({
        "id": format!("bench-{number}"),
        "displayName": format!("{title} on one endpoint ({})", site(device)),
        "severity": severity,
        "status": if resolved { "resolved" } else if random.f64() < 0.3 { "inProgress" } else { "active" },
        "classification": kind.map_or("unknown", |(classification, _)| classification),
        "determination": kind.map_or("unknown", |(_, determination)| determination),
        "assignedTo": owner,
        "customTags": TAGS.get(tag).filter(|_| tagged).into_iter().collect::<Vec<_>>(),
        "createdDateTime": when(0),
        "lastUpdateDateTime": when(LARGE),
        "alerts": told,
    });
    serde_json::to_writer(&mut *into, &line)?;
    into.write_all(b"\n").map_err(Error::internal)
}

/// Where a device stands: few sites with most of the devices, and every hundredth on its own.
fn site(device: u64) -> String {
    match device % 100 {
        0 => format!("lab{}", device / 100),
        rest if rest < 40 => "web".to_owned(),
        rest if rest < 70 => "client".to_owned(),
        rest if rest < 90 => "branch".to_owned(),
        _ => "srv".to_owned(),
    }
}
