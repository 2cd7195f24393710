//! Many people and senders at once, what was acknowledged to them, and whether all of that is there.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::served::Served;
use crate::correlation::consistency::assert_consistent;
use crate::incident::history_is_complete::assert_history_is_complete;
use crate::support::page::select;
use crate::support::product::Scope;
use crate::support::{Answer, Browser, World, alert, world};

/// Incidents that people work on.
const INCIDENTS: i64 = 220;

/// What was acknowledged.
#[derive(Debug, Default)]
pub struct Acknowledged {
    /// IDs that a sender gave to alerts.
    pub alerts: Vec<String>,
    pub comments: Vec<String>,
    pub tags: Vec<String>,
    /// Paths of jobs.
    pub operations: Vec<String>,
}

impl Acknowledged {
    /// Alerts, comments, tags and jobs.
    pub fn counts(&self) -> [usize; 4] {
        [self.alerts.len(), self.comments.len(), self.tags.len(), self.operations.len()]
    }

    pub fn count(&self) -> usize {
        self.counts().iter().sum()
    }

    pub fn extend(&mut self, other: Self) {
        self.alerts.extend(other.alerts);
        self.comments.extend(other.comments);
        self.tags.extend(other.tags);
        self.operations.extend(other.operations);
    }
}

/// A world with incidents to work on, a sender's token and two people who are signed in. Its own server is stopped.
pub struct Office {
    pub world: World,
    pub token: String,
    dana: Browser,
    omar: Browser,
    /// Tells the rounds' texts apart.
    round: usize,
}

pub fn office() -> Office {
    let mut world = world();
    let alerts: Vec<Value> =
        (0..INCIDENTS).map(|n| alert(&format!("Seen {n}")).device(&format!("base-{n}.contoso.test")).json()).collect();
    world.ingest(&alerts);
    let token = world.token("load", Scope::Ingest);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    world.stop();
    Office { world, token, dana, omar, round: 0 }
}

impl Office {
    /// Lets everybody work until `until` returns; what was acknowledged meanwhile.
    pub fn work(&mut self, served: &mut Served, until: impl FnOnce(&mut Served)) -> Acknowledged {
        self.round += 1;
        let stop = Arc::new(AtomicBool::new(false));
        let worker = |number: u64, browser: Browser, work: fn(&Worker, &mut Acknowledged) -> Option<()>| {
            let worker = Worker {
                browser,
                token: self.token.clone(),
                round: self.round,
                random: fastrand::Rng::with_seed(self.round as u64 * 10 + number).into(),
            };
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                let mut acknowledged = Acknowledged::default();
                // The first request that is not answered ends the work: the server is gone.
                while !stop.load(Ordering::Relaxed) && work(&worker, &mut acknowledged).is_some() {}
                acknowledged
            })
        };
        let workers: Vec<JoinHandle<Acknowledged>> = vec![
            worker(1, served.browser(&self.dana), Worker::send),
            worker(2, served.browser(&self.dana), Worker::send),
            worker(3, served.browser(&self.dana), Worker::comment),
            worker(4, served.browser(&self.omar), Worker::comment),
            worker(5, served.browser(&self.omar), Worker::tag),
            worker(6, served.browser(&self.dana), Worker::move_or_merge),
            worker(7, served.browser(&self.omar), Worker::edit_many),
        ];
        until(served);
        stop.store(true, Ordering::Relaxed);
        let mut all = Acknowledged::default();
        for worker in workers {
            all.extend(worker.join().unwrap());
        }
        all
    }

    /// The same person at a server.
    pub fn dana(&self, served: &Served) -> Browser {
        served.browser(&self.dana)
    }

    /// Everything that was acknowledged is there once, and all that is stored agrees. Ends the server.
    pub fn check(&mut self, served: &mut Served, acknowledged: &Acknowledged) {
        served.kill();
        self.world.start();
        check(&self.world, acknowledged);
        self.world.stop();
    }
}

/// The same for a world that runs.
pub fn check(world: &World, acknowledged: &Acknowledged) {
    let started = Instant::now();
    while world.count("SELECT count(*) AS n FROM operations WHERE state = 'running'") > 0 {
        assert!(started.elapsed() < Duration::from_secs(300), "jobs go on until they are done");
        std::thread::sleep(Duration::from_millis(50));
    }
    let dana = world.browser("dana");
    for path in &acknowledged.operations {
        assert!(select(&dana.page(path), "[data-job=running]").is_empty());
    }
    for ids in acknowledged.alerts.chunks(200) {
        let list = ids.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(",");
        let found = world.count(&format!("SELECT count(*) AS n FROM alerts WHERE provider_alert_id IN ({list})"));
        assert_eq!(found, i64::try_from(ids.len()).unwrap(), "acknowledged alerts, each once");
    }
    let entries = entries_by_word(world);
    for comment in &acknowledged.comments {
        assert_eq!(entries.get(comment), Some(&1), "{comment}");
    }
    for tag in &acknowledged.tags {
        assert!(entries.contains_key(tag), "{tag}");
    }
    assert_consistent(world);
    assert_history_is_complete(world);
}

/// How many entries have each word; no page shows all entries of all incidents.
fn entries_by_word(world: &World) -> HashMap<String, usize> {
    let details = world.texts("SELECT detail AS text FROM history");
    let mut entries = HashMap::new();
    for detail in &details {
        let words: HashSet<&str> = detail.split(|c: char| c != '-' && !c.is_alphanumeric()).collect();
        for word in words {
            *entries.entry(word.to_owned()).or_default() += 1;
        }
    }
    entries
}

struct Worker {
    browser: Browser,
    token: String,
    round: usize,
    random: std::cell::RefCell<fastrand::Rng>,
}

impl Worker {
    fn incident(&self) -> i64 {
        self.random.borrow_mut().i64(1..=INCIDENTS)
    }

    fn word(&self, what: &str) -> String {
        format!("{what}-{}-{:x}", self.round, self.random.borrow_mut().u64(..))
    }

    /// `None` when the server is gone.
    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        self.browser.try_post(path, fields)
    }

    fn send(&self, acknowledged: &mut Acknowledged) -> Option<()> {
        let count = self.random.borrow_mut().usize(1..6);
        let ids: Vec<String> = (0..count).map(|_| self.word("a")).collect();
        let body: Vec<Value> = ids
            .iter()
            .map(|id| {
                let device = format!("base-{}.contoso.test", self.random.borrow_mut().usize(..40));
                alert("Sent").id(id).device(&device).json()
            })
            .collect();
        let answer = self.browser.try_send(&Value::from(body).to_string(), &self.token)?;
        if answer.status == 200 {
            acknowledged.alerts.extend(ids);
        }
        Some(())
    }

    fn comment(&self, acknowledged: &mut Acknowledged) -> Option<()> {
        let comment = self.word("c");
        let answer = self.post(&format!("/incidents/{}/comments", self.incident()), &[("body", &comment)])?;
        if answer.status == 303 {
            acknowledged.comments.push(comment);
        }
        Some(())
    }

    fn tag(&self, acknowledged: &mut Acknowledged) -> Option<()> {
        let (incident, tag) = (self.incident(), self.word("t"));
        let answer = self.post(&format!("/incidents/{incident}"), &[("tags", &tag)])?;
        if answer.status == 303 {
            acknowledged.tags.push(tag);
        }
        Some(())
    }

    fn move_or_merge(&self, _: &mut Acknowledged) -> Option<()> {
        let one = self.random.borrow_mut().i64(1..=INCIDENTS).to_string();
        let (first, second) = (self.incident().to_string(), self.incident().to_string());
        let act = self.random.borrow_mut().u8(..3);
        let answer = match act {
            0 => self.post("/alerts/move", &[("alerts", &one), ("target", &first), ("reason", "Same attack")])?,
            1 => self.post("/alerts/move", &[("alerts", &one), ("new_incident", "1")])?,
            _ => {
                let fields = [("ids", first.as_str()), ("ids", &second), ("kept", &first)];
                self.post("/incidents/merge", &fields)?
            }
        };
        if answer.status == 303 && self.random.borrow_mut().bool() {
            self.undo(&answer.location)?;
        }
        Some(())
    }

    /// Undoes what the page after an act offers to.
    fn undo(&self, path: &str) -> Option<()> {
        let page = self.browser.try_get(path)?;
        if let Some(form) = select(&page.html(), "[data-flash] form").first() {
            self.post(form.attr("action").unwrap(), &[])?;
        }
        Some(())
    }

    fn edit_many(&self, acknowledged: &mut Acknowledged) -> Option<()> {
        let status = if self.random.borrow_mut().bool() { "resolved" } else { "inProgress" };
        let ids: Vec<String> = (1..=INCIDENTS).map(|id| id.to_string()).collect();
        let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("ids", id.as_str())).collect();
        fields.extend([("status", status), ("act", "apply")]);
        let answer = self.post("/incidents/bulk", &fields)?;
        if answer.status == 303 && answer.location.starts_with("/operations/") {
            acknowledged.operations.push(answer.location);
        }
        Some(())
    }
}
