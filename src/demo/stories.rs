//! What happened at Northwind Mutual: attacks of several stages, and the noise around them.

use serde_json::{Value, json};

use crate::clock;
use crate::clock::{DAY, HOUR, MINUTE};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::formats::format::Format;
use crate::formats::read_record;
use crate::ingest::sources::Tally;
use crate::ingest::{batch, sources};
use crate::model::actor::Actor;
use crate::model::incoming::Incoming;

/// One step of a story: title, category, technique, severity, source, detection source.
type Step = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const MDE: &str = "microsoftDefenderForEndpoint";
const MDO: &str = "microsoftDefenderForOffice365";
const MDI: &str = "microsoftDefenderForIdentity";
const AAD: &str = "azureAdIdentityProtection";
const MDA: &str = "microsoftDefenderForCloudApps";
const SENTINEL: &str = "microsoftSentinel";

/// A plot: steps in order, told on one to three devices and users.
struct Plot {
    steps: &'static [Step],
    devices: usize,
    users: usize,
    mailbox: bool,
}

const HANDS_ON: &[Step] = &[
    ("User clicked through a malicious link", "InitialAccess", "T1566.002", "medium", MDO, MDO),
    ("Suspicious PowerShell command line", "Execution", "T1059.001", "medium", MDE, MDE),
    ("Suspicious scheduled task", "Persistence", "T1053.005", "medium", MDE, MDE),
    ("Credential dumping from LSASS memory", "CredentialAccess", "T1003.001", "high", MDE, MDE),
    ("Suspicious remote service creation", "LateralMovement", "T1021.002", "high", MDI, MDI),
    (
        "Connection to a known command and control address",
        "CommandAndControl",
        "T1071.001",
        "high",
        SENTINEL,
        "scheduledAlerts",
    ),
];
const RANSOM: &[Step] = &[
    ("Suspicious sign-in to a VPN account", "InitialAccess", "T1078", "medium", AAD, AAD),
    ("Security software was tampered with", "DefenseEvasion", "T1562.001", "high", MDE, MDE),
    ("Volume shadow copies were deleted", "Impact", "T1490", "high", MDE, MDE),
    ("Ransomware behaviour in the file system", "Impact", "T1486", "high", MDE, "antivirus"),
];
const MAIL_FRAUD: &[Step] = &[
    ("Password spray against a user", "CredentialAccess", "T1110.003", "medium", AAD, AAD),
    ("Sign-in from an anonymous IP address", "InitialAccess", "T1078.004", "medium", AAD, AAD),
    ("Suspicious inbox forwarding rule", "Collection", "T1114.003", "medium", MDA, "cloudAppSecurity"),
    ("Mass download by a single user", "Exfiltration", "T1567", "high", MDA, "cloudAppSecurity"),
];
const MACRO: &[Step] = &[
    ("Office process started a script host", "Execution", "T1204.002", "medium", MDE, MDE),
    ("A script with suspicious content was observed", "Execution", "T1059.005", "medium", MDE, "antivirus"),
    ("Process injection into a system process", "DefenseEvasion", "T1055", "medium", MDE, MDE),
];
const RECON: &[Step] = &[
    ("Suspicious LDAP query", "Discovery", "T1087.002", "medium", MDI, MDI),
    ("Account enumeration reconnaissance", "Discovery", "T1087", "low", MDI, MDI),
    ("Kerberoasting attempt", "CredentialAccess", "T1558.003", "high", MDI, MDI),
];
const PHISH: &[Step] = &[
    (
        "Email messages containing a malicious URL were removed after delivery",
        "InitialAccess",
        "T1566.002",
        "informational",
        MDO,
        MDO,
    ),
    ("A potentially malicious URL click was detected", "InitialAccess", "T1566.002", "high", MDO, MDO),
];
const MALWARE: &[Step] = &[("'Wacatac' malware was prevented", "Malware", "T1204", "low", MDE, "antivirus")];
const UNWANTED: &[Step] =
    &[("An unwanted browser extension was installed", "UnwantedSoftware", "T1176", "low", MDE, "antivirus")];
const TRAVEL: &[Step] = &[("Atypical travel", "InitialAccess", "T1078.004", "medium", AAD, AAD)];
const ODD: &[Step] = &[("Anomalous token use", "SuspiciousActivity", "T1528", "low", AAD, AAD)];
const SCAN: &[Step] =
    &[("Port scan from inside the network", "Discovery", "T1046", "low", SENTINEL, "scheduledAlerts")];
const TUNNEL: &[Step] = &[
    ("DNS tunnelling to a young domain", "CommandAndControl", "T1071.004", "medium", SENTINEL, "nrtAlerts"),
    ("Unusual volume of outgoing data", "Exfiltration", "T1048", "medium", SENTINEL, "scheduledAlerts"),
];
const LOGONS: &[Step] =
    &[("Multiple failed logon attempts to an app", "CredentialAccess", "T1110", "low", MDA, "cloudAppSecurity")];

const PLOTS: &[(Plot, usize)] = &[
    (Plot { steps: HANDS_ON, devices: 2, users: 2, mailbox: true }, 4),
    (Plot { steps: RANSOM, devices: 3, users: 1, mailbox: false }, 2),
    (Plot { steps: MAIL_FRAUD, devices: 0, users: 1, mailbox: true }, 5),
    (Plot { steps: MACRO, devices: 1, users: 1, mailbox: false }, 6),
    (Plot { steps: RECON, devices: 1, users: 1, mailbox: false }, 5),
    (Plot { steps: PHISH, devices: 0, users: 1, mailbox: true }, 7),
    (Plot { steps: MALWARE, devices: 1, users: 0, mailbox: false }, 8),
    (Plot { steps: UNWANTED, devices: 1, users: 1, mailbox: false }, 5),
    (Plot { steps: TRAVEL, devices: 0, users: 1, mailbox: false }, 6),
    (Plot { steps: ODD, devices: 0, users: 1, mailbox: false }, 4),
    (Plot { steps: SCAN, devices: 1, users: 0, mailbox: false }, 4),
    (Plot { steps: TUNNEL, devices: 1, users: 0, mailbox: false }, 4),
    (Plot { steps: LOGONS, devices: 0, users: 1, mailbox: false }, 4),
];

const PEOPLE: [&str; 24] = [
    "ana.silva",
    "ben.okoro",
    "carla.rossi",
    "deepak.nair",
    "elena.petrova",
    "farid.aziz",
    "grace.chen",
    "hugo.martin",
    "ines.costa",
    "jonas.berg",
    "kaya.demir",
    "liam.obrien",
    "maya.patel",
    "noor.hassan",
    "oskar.nowak",
    "paula.gomez",
    "quentin.dubois",
    "rosa.weber",
    "samir.khan",
    "tara.singh",
    "ugo.bianchi",
    "vera.ivanova",
    "wen.zhang",
    "yara.haddad",
];
const HOSTS: [&str; 16] = [
    "fin-lt-014",
    "fin-lt-022",
    "hr-lt-007",
    "eng-ws-031",
    "eng-ws-044",
    "sales-lt-101",
    "sales-lt-118",
    "ops-ws-003",
    "srv-file-01",
    "srv-sql-02",
    "srv-web-01",
    "srv-dc-01",
    "srv-build-04",
    "legal-lt-009",
    "claims-ws-201",
    "claims-ws-215",
];

/// Tells all stories in the order in which they happened.
pub fn tell(db: &Db, random: &mut fastrand::Rng, now: i64) -> Result<()> {
    let mut told: Vec<(i64, Value)> = Vec::new();
    let mut number = 0_usize;
    for (plot, times) in PLOTS {
        for _ in 0..*times {
            // Spread over two weeks; a story takes an hour or two, so one near now stops before now.
            let start = now - 14 * DAY + (14 * DAY - 3 * HOUR) / 64 * i64::try_from(number * 37 % 64).unwrap_or(0);
            story(&mut told, plot, number, start + random.i64(0..HOUR), random);
            number += 1;
        }
    }
    long_story(&mut told, now - 2 * DAY, random);
    told.retain(|(at, _)| *at < now - MINUTE);
    told.sort_by_key(|(at, _)| *at);
    let actor = Actor::System("Correlation");
    // One transaction: the moments are the alerts' own, and a sample world is made whole or not at all.
    db.write_now(|tx| {
        for (at, value) in &told {
            let record = record(value)?;
            clock::at(at + 2 * MINUTE, || {
                let taken = batch::ingest(tx, &actor, std::slice::from_ref(&record))?;
                let mut tally = Tally::default();
                for (source, taken) in record.sources().zip(&taken) {
                    tally.taken(source, taken);
                }
                sources::note(tx, &tally, true)
            })?;
        }
        Ok(())
    })
}

fn record(value: &Value) -> Result<Incoming> {
    read_record(&Format::Auto, value).map_err(|why| Error::Internal(why.sentence().to_owned()))
}

fn story(told: &mut Vec<(i64, Value)>, plot: &Plot, number: usize, start: i64, random: &mut fastrand::Rng) {
    let person = |offset: usize| PEOPLE.get((number * 5 + offset * 11) % PEOPLE.len()).copied().unwrap_or("ana.silva");
    let host = |offset: usize| HOSTS.get((number * 3 + offset * 7) % HOSTS.len()).copied().unwrap_or("srv-web-01");
    let address = format!("185.{}.{}.{}", 10 + number, random.u8(1..250), random.u8(1..250));
    let mut at = start;
    for (index, step) in plot.steps.iter().enumerate() {
        let repeats = if plot.steps.len() > 2 { random.usize(1..=3) } else { random.usize(1..=2) };
        for _ in 0..repeats {
            at += random.i64(2 * MINUTE..25 * MINUTE);
            let mut evidence = Vec::new();
            // A story moves on to its next device; the one before stays as the link.
            let reached = if plot.devices == 0 { 0 } else { 1 + index * plot.devices / plot.steps.len() };
            for offset in reached.saturating_sub(2)..reached {
                evidence.push(device(host(offset)));
            }
            for offset in 0..plot.users.min(1 + index / 3) {
                evidence.push(user(person(offset)));
            }
            if plot.mailbox && step.4 == MDO {
                evidence.push(mailbox(person(0)));
            }
            if !matches!(step.4, MDE) || random.bool() {
                evidence.push(json!({"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": address}));
            }
            if step.4 == MDE {
                evidence.push(process(step, host(0), random));
            }
            told.push((at, alert(step, at, evidence, random)));
        }
    }
}

/// A scanner that nobody tunes: sixty alerts in one incident.
fn long_story(told: &mut Vec<(i64, Value)>, start: i64, random: &mut fastrand::Rng) {
    let step: Step =
        ("Directory scan against a web server", "Discovery", "T1595.003", "low", SENTINEL, "scheduledAlerts");
    for index in 0..60 {
        let at = start + index * 3 * MINUTE;
        let evidence = vec![
            device("srv-web-02"),
            json!({"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "91.240.118.20", "roles": ["attacker"]}),
            json!({"@odata.type": "#microsoft.graph.security.urlEvidence", "url": format!("https://www.northwind-mutual.example/{}/", random.u16(..))}),
        ];
        told.push((at, alert(&step, at, evidence, random)));
    }
}

fn alert(step: &Step, at: i64, evidence: Vec<Value>, random: &mut fastrand::Rng) -> Value {
    let (title, category, technique, severity, source, detection) = step;
    json!({
        "@odata.type": "#microsoft.graph.security.alert",
        "id": format!("demo-{:016x}", random.u64(..)),
        "title": title,
        "description": format!("{title} was observed. Review the evidence, the account's recent sign-ins and what else ran at that time."),
        "recommendedActions": "Confirm with the user, isolate the device if the activity is not expected, and reset credentials that were exposed.",
        "category": category,
        "severity": severity,
        "status": "new",
        "serviceSource": source,
        "detectionSource": detection,
        "mitreTechniques": [technique],
        "createdDateTime": rfc3339(at + MINUTE),
        "firstActivityDateTime": rfc3339(at),
        "lastActivityDateTime": rfc3339(at),
        "evidence": evidence,
    })
}

fn device(name: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.security.deviceEvidence",
        "deviceDnsName": format!("{name}.northwind-mutual.example"),
        "hostName": name,
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
            "userPrincipalName": format!("{name}@northwind-mutual.example"),
        },
    })
}

fn mailbox(name: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.security.mailboxEvidence",
        "primaryAddress": format!("{name}@northwind-mutual.example"),
    })
}

fn process(step: &Step, host: &str, random: &mut fastrand::Rng) -> Value {
    let (file, command) = match step.1 {
        "CredentialAccess" => {
            ("rundll32.exe", "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 640 C:\\Temp\\l.dmp full")
        }
        "Impact" => ("vssadmin.exe", "vssadmin.exe delete shadows /all /quiet"),
        "Persistence" => {
            ("schtasks.exe", "schtasks.exe /create /sc minute /mo 15 /tn Updater /tr C:\\ProgramData\\upd.exe")
        }
        _ => ("powershell.exe", "powershell.exe -NoProfile -WindowStyle Hidden -EncodedCommand SQBFAFgA"),
    };
    json!({
        "@odata.type": "#microsoft.graph.security.processEvidence",
        "processId": random.u16(400..),
        "processCommandLine": format!("{command} #{host}"),
        "imageFile": {"fileName": file, "filePath": "C:\\Windows\\System32", "sha256": format!("{:064x}", random.u128(..))},
        "verdict": "suspicious",
    })
}

fn rfc3339(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).unwrap_or_default().to_string()
}
