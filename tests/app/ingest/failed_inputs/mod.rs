//! Inputs that earlier versions read wrongly, replayed where they are at hand (always in CI). Tests with inputs
//! of our own stand beside the rules that they are about.

mod formats;
mod grouping;
mod pages;
mod senders;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::real_data::{real_data, real_data_folder};
use crate::support::{World, world};

/// The files that a test here replays, or whose rule a test elsewhere holds.
const REPLAYED: &[&[&str]] = &[formats::FILES, grouping::FILES, pages::FILES, senders::FILES];

#[test]
fn every_file_has_its_test() {
    let Some(folder) = real_data_folder("cases") else { return };
    let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let missing: Vec<String> = names
        .filter(|name| name != "README.md" && !REPLAYED.iter().any(|files| files.contains(&name.as_str())))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// A world in which the posts of a file were sent, with the answers.
struct Replay {
    world: World,
    answers: Vec<Value>,
}

/// Sends what the file holds to the ingest API; `None` where the file is not at hand. Formats of mappings are
/// left out: the records are read without.
fn replay(file: &str) -> Option<Replay> {
    let text = String::from_utf8(real_data(&format!("cases/{file}"))?).unwrap();
    let world = world();
    let bodies = match serde_json::from_str::<Value>(&text) {
        Ok(case) if case.get("posts").is_some() => {
            let posts = case["posts"].as_array().unwrap().iter();
            posts.filter_map(|post| post.get("body")).map(Value::to_string).collect()
        }
        _ => vec![text],
    };
    let answers = bodies.iter().map(|body| world.post_alerts(body).json()).collect();
    Some(Replay { world, answers })
}

impl Replay {
    /// The incidents of all results, in order.
    fn incidents(&self) -> Vec<i64> {
        self.of_results("incidentId")
    }

    /// The alerts of all results, in order.
    fn alerts(&self) -> Vec<i64> {
        self.of_results("alertId")
    }

    fn of_results(&self, member: &str) -> Vec<i64> {
        let results = self.answers.iter().flat_map(|answer| answer["results"].as_array().unwrap());
        results.filter_map(|result| result[member].as_str()?.parse().ok()).collect()
    }

    fn distinct_incidents(&self) -> usize {
        self.incidents().into_iter().collect::<BTreeSet<_>>().len()
    }

    /// A count over all answers, such as "created".
    fn sum(&self, member: &str) -> i64 {
        self.answers.iter().map(|answer| answer[member].as_i64().unwrap_or_else(|| panic!("{answer}"))).sum()
    }

    /// The text of an alert's page.
    fn alert_page(&self, alert: i64) -> String {
        self.world.browser("dana").get(&format!("/alerts/{alert}")).text()
    }
}
