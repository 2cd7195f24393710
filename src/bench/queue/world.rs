//! Data like a busy team's, ingested as the product does it: providers' incidents of ten alerts each,
//! nine in ten resolved, with few busy hosts and a long tail, spread over four weeks.

use std::io::{Cursor, Write as _};
use std::ops::Range;

use serde_json::Value;

use crate::accounts::{passwords, people, users};
use crate::clock;
use crate::db::Db;
use crate::demo::cast::{self, Person};
use crate::error::{Error, Result};
use crate::formats::format::Format;
use crate::formats::readers::body_reader::BodyReader;
use crate::ingest::intake;
use crate::ingest::intake::feed::Feed;
use crate::ingest::intake::stop::Stop;
use crate::model::actor::Actor;
use crate::model::user::{Role, User};

/// Alerts of an ordinary incident, and of the one large incident.
pub const ORDINARY: u64 = 10;
pub const LARGE: u64 = 5_000;
/// Devices and as many files of the large incident: about 2,000 entities.
const LARGE_DEVICES: u64 = 1_000;
/// The number of the large incident, and how many of its alerts one record has.
const LARGE_NUMBER: u64 = 1 << 40;
const PART: u64 = 500;
/// How far back the data reaches, in microseconds: within the queue's default range, so that every
/// open incident is shown.
const REACH: i64 = 28 * clock::DAY;
/// Incidents ingested with the same time of arrival.
const CHUNK: u64 = 100;
/// As many owners as a busy team has; the cast of the sample world is too few to spread incidents over.
pub const PEOPLE: [&str; 8] = ["ada", "ben", "cleo", "dan", "eva", "finn", "gus", "hana"];
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

/// Adds the people; returns the first, as whom the bench signs in.
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

/// The first of the people of a database that has them already; gives all of them another password.
pub fn existing_people(db: &Db, password: &str) -> Result<User> {
    let hashed = passwords::hash(password)?;
    for name in PEOPLE {
        db.write_now(|tx| people::set_password(tx, &Actor::System("bench"), name, &hashed))?;
    }
    let first = PEOPLE.first().copied().unwrap_or_default();
    db.read_now(|conn| users::by_name(conn, first))?.ok_or(Error::NotFound)
}

/// How many alerts the database has, without those of the large incident.
pub fn stored(db: &Db) -> Result<u64> {
    use crate::schema::alerts;
    use diesel::prelude::*;
    let count: i64 = db.read_now(|conn| Ok(alerts::table.count().get_result(conn)?))?;
    Ok(u64::try_from(count).unwrap_or(0).saturating_sub(LARGE))
}

/// Adds incidents until the database has grown from `from` to `to` alerts; `progress` is called with how many there are.
pub fn grow(db: &Db, from: u64, to: u64, progress: &mut dyn FnMut(u64)) -> Result<()> {
    let (first, end) = (from / ORDINARY, to / ORDINARY);
    let begun = clock::now() - REACH;
    let mut next = first;
    while next < end {
        let upto = (next + CHUNK).min(end);
        let mut body = Vec::new();
        for number in next..upto {
            write_incident(&mut body, number, 0..ORDINARY)?;
        }
        // Every growth is spread over the same weeks, so that no size has only old or only new incidents.
        let share = (next - first) as f64 / (end - first) as f64;
        let at = begun + (share * REACH as f64) as i64;
        ingest(db, at, body)?;
        next = upto;
        progress(next * ORDINARY);
    }
    Ok(())
}

/// Adds the one large incident, open and new; returns its id.
pub fn large(db: &Db) -> Result<i64> {
    // An item has a largest size, so it comes in parts.
    for part in 0..LARGE / PART {
        let mut body = Vec::new();
        write_incident(&mut body, LARGE_NUMBER, part * PART..(part + 1) * PART)?;
        ingest(db, clock::now(), body)?;
    }
    large_id(db)
}

/// The id of the large incident.
pub fn large_id(db: &Db) -> Result<i64> {
    let key = format!("graph:-:bench-{LARGE_NUMBER}");
    db.read_now(|conn| crate::incidents::lookup::find_by_provider_key(conn, &key))?.ok_or(Error::NotFound)
}

fn ingest(db: &Db, at: i64, body: Vec<u8>) -> Result<()> {
    let feed = Feed::of_import("bench", "graph");
    clock::at(at, || {
        let reader = BodyReader::new(Format::parse("graphIncident").unwrap_or_default(), Cursor::new(body));
        let report = intake::ingest_stream(db, &feed, reader, &Stop::default(), &mut |_| {})?;
        if report.rejected > 0 || report.unfinished.is_some() {
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

/// What all alerts of one incident share.
struct Incident {
    number: u64,
    resolved: bool,
    device: u64,
    user: u64,
    severity: &'static str,
    stages: usize,
    first_stage: usize,
    two_sources: bool,
    source: usize,
}

impl Incident {
    fn random(number: u64, random: &mut fastrand::Rng) -> Self {
        let resolved = random.f64() < 0.9 && number != LARGE_NUMBER;
        // A product of random numbers prefers a few busy devices and keeps a long tail.
        let small = random.f64() * random.f64() * random.f64();
        Self {
            number,
            resolved,
            device: (small * 40_000.0) as u64,
            user: (random.f64() * random.f64() * 30_000.0) as u64,
            severity: match random.u8(0..100) {
                0..12 => "high",
                12..40 => "medium",
                40..80 => "low",
                _ => "informational",
            },
            stages: random.usize(1..4),
            first_stage: random.usize(0..STAGES.len()),
            two_sources: random.f64() < 0.2,
            source: (random.f64() * random.f64() * SOURCES.len() as f64) as usize,
        }
    }

    fn alert(&self, step: u64, file: u64) -> Value {
        let stage = (self.first_stage + step as usize % self.stages) % STAGES.len();
        let (title, category, technique) = STAGES.get(stage).copied().unwrap_or_default();
        let shift = usize::from(self.two_sources && step % 2 == 1);
        let source = SOURCES.get((self.source + shift) % SOURCES.len()).copied().unwrap_or_default();
        let (service, detection, product) = source;
        let device = if self.number == LARGE_NUMBER { self.device + step % LARGE_DEVICES } else { self.device };
        let (number, user, time) = (self.number, self.user, seconds_after_start(step));
        serde_json::json!({
            "id": format!("bench-{number}-{step}"), "title": title, "severity": self.severity, "category": category,
            "status": if self.resolved { "resolved" } else { "new" },
            "serviceSource": service, "detectionSource": detection, "productName": product,
            "mitreTechniques": [technique],
            "createdDateTime": time, "firstActivityDateTime": time, "lastActivityDateTime": time,
            "evidence": [
                {"@odata.type": "#microsoft.graph.security.deviceEvidence",
                 "deviceDnsName": format!("{}-{device:05}.contoso.test", site(device)), "mdeDeviceId": format!("d{device:039}")},
                {"@odata.type": "#microsoft.graph.security.userEvidence",
                 "userAccount": {"accountName": format!("user{user}"), "userPrincipalName": format!("user{user}@contoso.test")}},
                {"@odata.type": "#microsoft.graph.security.fileEvidence",
                 "fileDetails": {"fileName": format!("tool{file}.exe"), "filePath": "C:\\Temp",
                                 "sha256": format!("{file:064x}")}},
            ],
        })
    }
}

/// A time as Graph writes it, in an incident that began an hour ago.
fn seconds_after_start(seconds: u64) -> String {
    let second = clock::now() / clock::SECOND - 3_600 + i64::try_from(seconds).unwrap_or(0);
    jiff::Timestamp::from_second(second).map(|at| at.to_string()).unwrap_or_default()
}

/// Writes one incident as Microsoft Graph does, on one line. It does not use the sample data's builder, so
/// that later versions measure the same bytes.
fn write_incident(into: &mut Vec<u8>, number: u64, alerts: Range<u64>) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let incident = Incident::random(number, &mut random);
    let alerts = alerts.map(|step| {
        let file = u64::from(random.u32(0..2_000_000));
        incident.alert(step, if number == LARGE_NUMBER { step % LARGE_DEVICES } else { file })
    });
    let alerts: Vec<Value> = alerts.collect();
    let (title, ..) = STAGES.get(incident.first_stage).copied().unwrap_or_default();
    let outcomes: [(&str, &str); 3] = [
        ("truePositive", "phishing"),
        ("falsePositive", "notMalicious"),
        ("informationalExpectedActivity", "securityTesting"),
    ];
    let resolved = incident.resolved;
    let outcome = pick(&mut random, &outcomes).filter(|_| resolved);
    let tag = (random.f64() * random.f64() * TAGS.len() as f64) as usize;
    let tagged = random.f64() < 0.3;
    let owner = if random.f64() < 0.6 { pick(&mut random, &PEOPLE) } else { None };
    let line = serde_json::json!({
        "id": format!("bench-{number}"),
        "displayName": format!("{title} on one endpoint ({})", site(incident.device)),
        "severity": incident.severity,
        "status": if resolved { "resolved" } else if random.f64() < 0.3 { "inProgress" } else { "active" },
        "classification": outcome.map_or("unknown", |(classification, _)| classification),
        "determination": outcome.map_or("unknown", |(_, determination)| determination),
        "assignedTo": owner,
        "customTags": TAGS.get(tag).filter(|_| tagged).into_iter().collect::<Vec<_>>(),
        "createdDateTime": seconds_after_start(0),
        "lastUpdateDateTime": seconds_after_start(LARGE),
        "alerts": alerts,
    });
    serde_json::to_writer(&mut *into, &line)?;
    into.write_all(b"\n").map_err(Error::internal)
}

/// The site of a device: few sites have most devices, and every hundredth device has its own.
fn site(device: u64) -> String {
    match device % 100 {
        0 => format!("lab{}", device / 100),
        rest if rest < 40 => "web".to_owned(),
        rest if rest < 70 => "client".to_owned(),
        rest if rest < 90 => "branch".to_owned(),
        _ => "srv".to_owned(),
    }
}
