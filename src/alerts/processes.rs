//! The processes that an alert's evidence reports, with the device that each ran on.

use crate::alerts::overview::Evidence;
use crate::model::process_tree::Process;

/// The fact by which Defender tells on which device of an alert a process ran.
const DEVICE_ID: &str = "Defender device ID";

/// The processes of an alert, in the order of its evidence.
pub fn of_alert(alert: i64, evidence: &[Evidence]) -> Vec<Process> {
    let devices: Vec<&Evidence> = evidence.iter().filter(|item| item.kind == "device").collect();
    let processes = evidence.iter().filter(|item| item.kind == "process");
    processes
        .map(|item| Process {
            device: device_of(item, &devices),
            alert,
            verdict: item.verdict.clone(),
            ..Process::of_facts(&item.name, &item.facts)
        })
        .collect()
}

/// The device that the process names, or else the only one of the alert.
fn device_of(process: &Evidence, devices: &[&Evidence]) -> String {
    let id = process.facts.iter().find(|(label, _)| label == DEVICE_ID);
    let named = id.and_then(|fact| devices.iter().find(|device| device.facts.contains(fact)));
    let only = devices.first().filter(|_| devices.len() == 1);
    named.or(only).map(|device| device.name.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{DEVICE_ID, of_alert};
    use crate::alerts::overview::Evidence;

    fn evidence(kind: &str, name: &str, id: &str) -> Evidence {
        Evidence {
            kind: kind.to_owned(),
            name: name.to_owned(),
            verdict: String::new(),
            facts: vec![(DEVICE_ID.to_owned(), id.to_owned())],
            ..Evidence::default()
        }
    }

    #[test]
    fn a_process_ran_on_the_device_that_it_names_or_on_the_only_one() {
        let devices = |evidence: &[Evidence]| -> Vec<String> {
            of_alert(1, evidence).into_iter().map(|process| process.device).collect()
        };
        let (web, db) = (evidence("device", "web-01", "a"), evidence("device", "db-01", "b"));
        let process = |id| evidence("process", "x.exe", id);
        assert_eq!(devices(&[web.clone(), db.clone(), process("b"), process("c")]), ["db-01", ""]);
        assert_eq!(devices(&[web, process("c")]), ["web-01"]);
    }
}
