//! Measures ingest: NDJSON through all of it (reading, correlation, naming, history)
//! against the bare database, the first alerts against the last, and the memory it takes.

use std::io::Read;
use std::time::{Duration, Instant};

use crate::bench::bare;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::formats::format::Format;
use crate::formats::readers::body_reader::BodyReader;
use crate::ingest::intake;
use crate::ingest::intake::feed::Feed;
use crate::ingest::intake::stop::Stop;

/// 1 January 2025 UTC, in seconds: when the made-up alerts begin.
const BEGIN: i64 = 1_735_689_600;
/// Alerts a made-up incident has.
const STORY: u64 = 10;

/// The result of ingesting `alerts`.
#[derive(Debug, Clone)]
pub struct Figures {
    pub alerts: u64,
    pub took: Duration,
    /// Alerts a second, for every hundred thousand.
    pub rates: Vec<f64>,
    /// Resident memory in KiB before, and the most seen while streaming.
    pub memory: (u64, u64),
}

impl Figures {
    /// Alerts a second, over all of them.
    pub fn rate(&self) -> f64 {
        self.alerts as f64 / self.took.as_secs_f64()
    }
}

/// Ingests `alerts` made-up alerts as a stream, as from a file.
pub fn run(db: &Db, alerts: u64, part: u64, progress: &mut dyn FnMut(u64, f64)) -> Result<Figures> {
    let before = resident();
    let mut most = before;
    let mut rates = Vec::new();
    let (begun, mut mark) = (Instant::now(), (0, Instant::now()));
    let feed = Feed::of_import("bench", "graph");
    let reader = BodyReader::new(Format::parse("graph").unwrap_or_default(), Generator::new(alerts));
    let report = intake::ingest_stream(db, &feed, reader, &Stop::default(), &mut |report| {
        most = most.max(resident());
        let done = report.created as u64;
        if done - mark.0 >= part || (done == alerts && done > mark.0) {
            let rate = (done - mark.0) as f64 / mark.1.elapsed().as_secs_f64();
            rates.push(rate);
            progress(done, rate);
            mark = (done, Instant::now());
        }
    })?;
    if report.unfinished.is_some() {
        return Err(Error::internal("the alerts were not stored to their end"));
    }
    Ok(Figures { alerts: report.created as u64, took: begun.elapsed(), rates, memory: (before, most) })
}

/// Inserts the same rows into an empty database; returns the rows, and the rate in alerts a second.
pub fn bare(from: &Db, to: &Db, alerts: u64) -> Result<(u64, f64)> {
    let bare = bare::copy(from, to)?;
    Ok((bare.rows, alerts as f64 / bare.took.as_secs_f64()))
}

/// Resident memory in KiB; 0 where it is unknown.
pub fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

/// Alerts as NDJSON, made one at a time: ten to a story on one device and user within the hour,
/// busy devices and a long tail. Written out here and not by the sample world's builder: figures of
/// two versions compare only over the same bytes.
struct Generator {
    next: u64,
    end: u64,
    random: fastrand::Rng,
    story: Story,
    line: Vec<u8>,
    at: usize,
}

#[derive(Debug, Clone, Default)]
struct Story {
    number: u64,
    device: u64,
    user: u64,
    begun: i64,
}

/// Title, category, technique, severity.
const STEPS: [(&str, &str, &str, &str); 10] = [
    ("Suspicious attachment opened", "InitialAccess", "T1566.001", "medium"),
    ("Suspicious PowerShell command line", "Execution", "T1059.001", "medium"),
    ("Scheduled task created by an unusual process", "Persistence", "T1053.005", "medium"),
    ("Security tool was tampered with", "DefenseEvasion", "T1562.001", "high"),
    ("Credentials were dumped from memory", "CredentialAccess", "T1003.001", "high"),
    ("Directory was searched for accounts", "Discovery", "T1087.002", "low"),
    ("Remote service used with stolen credentials", "LateralMovement", "T1021.002", "high"),
    ("Unusual number of files collected", "Collection", "T1005", "medium"),
    ("Connection to a rarely seen address", "CommandAndControl", "T1071.001", "low"),
    ("Large upload to an unknown site", "Exfiltration", "T1567", "high"),
];

impl Generator {
    fn new(end: u64) -> Self {
        Self { next: 0, end, random: fastrand::Rng::with_seed(11), story: Story::default(), line: Vec::new(), at: 0 }
    }

    fn make(&mut self) {
        let step = self.next % STORY;
        if step == 0 {
            let number = self.next / STORY;
            // Squaring prefers a few busy devices and keeps a long tail.
            let lean = self.random.f64() * self.random.f64();
            let device = (lean * 20_000.0) as u64;
            let user = (self.random.f64() * 15_000.0) as u64;
            // Stories begin three minutes apart, so that two months have a quarter of a million alerts.
            let begun = BEGIN + i64::try_from(number).unwrap_or(i64::MAX) * 180;
            self.story = Story { number, device, user, begun };
        }
        let (title, category, technique, severity) =
            STEPS.get(usize::try_from(step).unwrap_or(0)).copied().unwrap_or_default();
        let Story { number, device, user, begun } = self.story;
        let at = begun + i64::try_from(step).unwrap_or(0) * 240;
        let when = jiff::Timestamp::from_second(at).map(|at| at.to_string()).unwrap_or_default();
        let alert = serde_json::json!({
            "id": format!("bench-{number}-{step}"),
            "title": title,
            "description": "A process started by an unusual parent ran a command that is seen in attacks. \
                            Look at the command line and at what the process did next.",
            "severity": severity,
            "category": category,
            "status": "new",
            "serviceSource": "microsoftDefenderForEndpoint",
            "detectionSource": "antivirus",
            "mitreTechniques": [technique],
            "createdDateTime": when,
            "firstActivityDateTime": when,
            "lastActivityDateTime": when,
            "evidence": [
                {"@odata.type": "#microsoft.graph.security.deviceEvidence",
                 "deviceDnsName": format!("host-{device}.contoso.test"), "mdeDeviceId": format!("d{device:039}")},
                {"@odata.type": "#microsoft.graph.security.userEvidence",
                 "userAccount": {"accountName": format!("user{user}"), "domainName": "CONTOSO",
                                 "userPrincipalName": format!("user{user}@contoso.test")}},
                {"@odata.type": "#microsoft.graph.security.processEvidence",
                 "processId": 1000 + number % 5000, "processCommandLine": format!("powershell -enc {number:x}{step:x}"),
                 "imageFile": {"fileName": "powershell.exe", "filePath": "C:\\Windows\\System32"}},
            ],
        });
        self.line = serde_json::to_vec(&alert).unwrap_or_default();
        self.line.push(b'\n');
        self.at = 0;
        self.next += 1;
    }
}

impl Read for Generator {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() {
            if self.at == self.line.len() {
                if self.next == self.end {
                    break;
                }
                self.make();
            }
            let (Some(rest), Some(room)) = (self.line.get(self.at..), into.get_mut(filled..)) else { break };
            let count = rest.len().min(room.len());
            if let (Some(from), Some(to)) = (rest.get(..count), room.get_mut(..count)) {
                to.copy_from_slice(from);
            }
            filled += count;
            self.at += count;
        }
        Ok(filled)
    }
}
