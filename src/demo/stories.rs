//! What happened at Northwind Mutual: attacks of several stages, and the noise around them.

use serde_json::{Value, json};

use crate::clock::{self, DAY, HOUR, MINUTE};
use crate::db::Db;
use crate::demo::alert::{AlertBuilder, rfc3339};
use crate::demo::plots::{HOSTS, MDE, MDO, PEOPLE, PLOTS, Plot, SENTINEL, Step};
use crate::error::{Error, Result};
use crate::formats::format::Format;
use crate::formats::record::read_record;
use crate::hash::sha256_hex;
use crate::ingest::pipeline;
use crate::ingest::sources;
use crate::ingest::tally::Tally;
use crate::model::actor::Actor;
use crate::model::incoming::Incoming;

/// The domain of the company.
pub(super) const COMPANY: &str = "northwind-mutual.example";
/// What runs in most stories.
const SHELL: &str = "powershell.exe";

/// Ingests the alerts of all stories in order of time.
pub fn ingest(db: &Db, random: &mut fastrand::Rng, now: i64) -> Result<()> {
    let mut alerts: Vec<(i64, Value)> = Vec::new();
    let mut number = 0_usize;
    for (plot, times) in PLOTS {
        for _ in 0..*times {
            // Spread over two weeks; a story takes an hour or two, so one near now stops before now.
            let start = now - 14 * DAY + (14 * DAY - 3 * HOUR) / 64 * i64::try_from(number * 37 % 64).unwrap_or(0);
            story(&mut alerts, plot, number, start + random.i64(0..HOUR), random);
            number += 1;
        }
    }
    long_story(&mut alerts, now - 2 * DAY, random);
    alerts.retain(|(at, _)| *at < now - MINUTE);
    alerts.sort_by_key(|(at, _)| *at);
    let actor = Actor::System("Correlation");
    // One transaction, so that the sample data is stored whole or not at all.
    db.write_now(|tx| {
        for (at, value) in &alerts {
            let record = record(value)?;
            clock::at(at + 2 * MINUTE, || {
                let results = pipeline::ingest(tx, &actor, std::slice::from_ref(&record))?;
                let mut tally = Tally::default();
                for (source, result) in record.sources().zip(&results) {
                    tally.ingested(source, result);
                }
                // Nothing more comes, so that no source is ever called silent.
                sources::record(tx, &tally, None)
            })?;
        }
        Ok(())
    })
}

pub(super) fn record(value: &Value) -> Result<Incoming> {
    read_record(&Format::Auto, value).map_err(|why| Error::Internal(why.sentence().to_owned()))
}

fn story(alerts: &mut Vec<(i64, Value)>, plot: &Plot, number: usize, start: i64, random: &mut fastrand::Rng) {
    let person = |offset: usize| PEOPLE.get((number * 5 + offset * 11) % PEOPLE.len()).copied().unwrap_or("ana.silva");
    let host = |offset: usize| HOSTS.get((number * 3 + offset * 7) % HOSTS.len()).copied().unwrap_or("srv-web-01");
    let address = format!("185.{}.{}.{}", 10 + number, random.u8(1..250), random.u8(1..250));
    let mut at = start;
    for (index, step) in plot.steps.iter().enumerate() {
        let repeats = if plot.steps.len() > 2 { random.usize(1..=3) } else { random.usize(1..=2) };
        for _ in 0..repeats {
            at += random.i64(2 * MINUTE..25 * MINUTE);
            let mut alert = observed(step, at);
            // A story moves on to its next device; the device before links the alerts.
            let reached = if plot.devices == 0 { 0 } else { 1 + index * plot.devices / plot.steps.len() };
            for offset in reached.saturating_sub(2)..reached {
                alert = alert.evidence(device(host(offset)));
            }
            for offset in 0..plot.users.min(1 + index / 3) {
                alert = alert.evidence(user(person(offset)));
            }
            if plot.mailbox && step.4 == MDO {
                alert = alert.mailbox(&format!("{}@{COMPANY}", person(0)));
            }
            if !matches!(step.4, MDE) || random.bool() {
                alert = alert.ip(&address);
            }
            if step.4 == MDE {
                alert = alert.evidence(process(step, host(reached.saturating_sub(1)), number, random));
            }
            alerts.push((at, alert.id(&id(random)).json()));
        }
    }
}

/// A noisy scanner: sixty alerts in one incident.
fn long_story(alerts: &mut Vec<(i64, Value)>, start: i64, random: &mut fastrand::Rng) {
    let step: Step =
        ("Directory scan against a web server", "Discovery", "T1595.003", "low", SENTINEL, "scheduledAlerts");
    for index in 0..60 {
        let at = start + index * 3 * MINUTE;
        let alert = observed(&step, at)
            .evidence(device("srv-web-02"))
            .evidence(json!({"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "91.240.118.20", "roles": ["attacker"]}))
            .evidence(json!({"@odata.type": "#microsoft.graph.security.urlEvidence", "url": format!("https://www.{COMPANY}/{}/", random.u16(..))}));
        alerts.push((at, alert.id(&id(random)).json()));
    }
}

/// The alert of a step, without evidence and without an ID of its own.
fn observed(step: &Step, at: i64) -> AlertBuilder {
    let (title, category, technique, severity, source, detection) = *step;
    AlertBuilder::new("", title)
        .with("description", format!("{title} was observed. Review the evidence, the account's recent sign-ins and what else ran at that time."))
        .with("recommendedActions", "Confirm with the user, isolate the device if the activity is not expected, and reset credentials that were exposed.")
        .category(category)
        .severity(severity)
        .source(source)
        .with("detectionSource", detection)
        .with("mitreTechniques", vec![technique])
        .at(at)
        .with("createdDateTime", rfc3339(at + MINUTE))
}

fn id(random: &mut fastrand::Rng) -> String {
    format!("demo-{:016x}", random.u64(..))
}

fn device(name: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.security.deviceEvidence",
        "deviceDnsName": format!("{name}.{COMPANY}"),
        "hostName": name,
        "mdeDeviceId": device_id(name),
        "osPlatform": if name.starts_with("srv") { "WindowsServer2022" } else { "Windows11" },
        "riskScore": "medium",
        "roles": ["compromised"],
    })
}

fn user(name: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.security.userEvidence",
        "userAccount": {
            "accountName": name,
            "domainName": "NORTHWIND",
            "userPrincipalName": format!("{name}@{COMPANY}"),
        },
    })
}

/// The same for every alert about the device.
fn device_id(name: &str) -> String {
    sha256_hex(name.as_bytes()).chars().take(40).collect()
}

/// A process on a host. The shell of a story is one process, which a document started and which starts the others.
fn process(step: &Step, host: &str, number: usize, random: &mut fastrand::Rng) -> Value {
    let (file, command, verdict) = match step.1 {
        "CredentialAccess" => (
            "rundll32.exe",
            "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 640 C:\\Temp\\l.dmp full",
            "malicious",
        ),
        "Impact" => ("vssadmin.exe", "vssadmin.exe delete shadows /all /quiet", "malicious"),
        "Persistence" => (
            "schtasks.exe",
            "schtasks.exe /create /sc minute /mo 15 /tn Updater /tr C:\\ProgramData\\upd.exe",
            "suspicious",
        ),
        _ => (SHELL, "powershell.exe -NoProfile -WindowStyle Hidden -EncodedCommand SQBFAFgA", "suspicious"),
    };
    let own = random.u16(400..);
    let shell = 7_300 + 4 * number;
    let (pid, parent, parent_pid) = match file {
        SHELL => (shell, "WINWORD.EXE", 6_120 + 4 * number),
        _ => (usize::from(own), SHELL, shell),
    };
    let folder =
        if parent == SHELL { "C:\\Windows\\System32" } else { "C:\\Program Files\\Microsoft Office\\root\\Office16" };
    json!({
        "@odata.type": "#microsoft.graph.security.processEvidence",
        "processId": pid,
        "processCommandLine": format!("{command} #{host}"),
        "imageFile": {"fileName": file, "filePath": "C:\\Windows\\System32", "sha256": sha256_hex(&random.u128(..).to_le_bytes())},
        "parentProcessId": parent_pid,
        "parentProcessImageFile": {"fileName": parent, "filePath": folder},
        "mdeDeviceId": device_id(host),
        "verdict": verdict,
        "remediationStatus": if verdict == "malicious" { "blocked" } else { "none" },
    })
}
