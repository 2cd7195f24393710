//! Which host an alert is about. The manager (agent 000), an agent that fetches the records of a cloud
//! service, a sensor and a log collector report what others did, and are never the device of it.

use std::net::IpAddr;

use serde_json::Value;

use crate::formats::adapters::wazuh::{cloud, network};
use crate::formats::building::address::parse_address;
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::network::Connection;
use crate::formats::building::path::{has_any, name_at, text_at, texts_at};
use crate::formats::building::principals::Device;

/// Groups of rules for firewalls and other appliances, which send their logs to a collector.
const APPLIANCES: [&str; 15] = [
    "fortigate",
    "fortinet",
    "fortimail",
    "paloalto",
    "cisco-asa",
    "cisco_asa",
    "cisco",
    "checkpoint",
    "checkpoint-fw",
    "sonicwall",
    "sophos-fw",
    "pfsense",
    "juniper",
    "netscreenfw",
    "pix",
];

/// Members by which an alert is about the host of its agent, even where that is the manager.
const OF_OWN_HOST: [&str; 9] = [
    "syscheck",
    "data.sca",
    "data.vulnerability",
    "data.audit",
    "data.osquery",
    "data.docker",
    "data.win.system.computer",
    "data.cis",
    "data.virustotal",
];

/// Who reports the alert, and about whose host.
struct Reporter {
    agent: String,
    of_manager: bool,
    /// The host that stands in the log line.
    logged: String,
    address: Option<IpAddr>,
}

/// Adds the device.
pub(super) fn add(draft: &mut Draft, value: &Value) {
    let agent = text_at(value, &["agent.name"]);
    let reporter = Reporter {
        of_manager: text_at(value, &["agent.id"]) == "000" || (agent.is_empty() && has_any(value, &["manager.name"])),
        logged: text_at(value, &["predecoder.hostname"]),
        address: parse_address(&text_at(value, &["agent.ip"])),
        agent,
    };
    let connection = network::connection(value);
    if cloud::is_fetched(value) {
        draft.add_fact("Collected by", &reporter.agent);
        return;
    }
    if reporter.is_sensor(value, &connection) {
        draft.add_fact("Sensor", &text_at(value, &["data.devname", "data.device_name"]));
        draft.add_fact("Sensor", if reporter.agent.is_empty() { &reporter.logged } else { &reporter.agent });
        if let Some((internal, role)) = connection.internal_end() {
            draft.add_evidence(Device { names: vec![internal.to_string()], ..Device::default() }.build(), &[role]);
        }
        return;
    }
    let names = reporter.names(value);
    let of_agent = names.contains(&reporter.agent);
    let mut evidence = Device { names, ..Device::default() }.build();
    if let Some(evidence) = &mut evidence {
        add_path_facts(&mut evidence.facts, value, if of_agent { AGENT } else { OTHER_HOST });
    } else {
        draft.add_fact("Collected by", &reporter.agent);
    }
    draft.add_evidence(evidence, &[]);
}

impl Reporter {
    /// Whether it only watches the connection of others.
    fn is_sensor(&self, value: &Value, connection: &Connection) -> bool {
        let groups = texts_at(value, "rule.groups");
        let at_an_end =
            self.address.is_some_and(|own| connection.source == Some(own) || connection.destination == Some(own));
        let appliance = groups.iter().any(|group| APPLIANCES.contains(&group.as_str()));
        let detects = groups.iter().any(|group| matches!(group.as_str(), "ids" | "zeek" | "bro"));
        !at_an_end && (appliance || (detects && (self.of_manager || self.address.is_some())))
    }

    /// The names of the host that the alert is about.
    fn names(&self, value: &Value) -> Vec<String> {
        let computer = name_at(value, &["data.win.system.computer"]);
        let own =
            if self.agent.is_empty() { text_at(value, &["manager.name", "hostname"]) } else { self.agent.clone() };
        if !computer.is_empty() {
            // A collector of Windows events forwards those of other hosts.
            return if same_host(&computer, &own) { vec![computer, own] } else { vec![computer] };
        }
        let location = text_at(value, &["location"]);
        let collected = !self.logged.is_empty()
            && (self.of_manager
                || location.split('/').any(|folder| folder == self.logged)
                || location.contains("/remote/"));
        if collected {
            return vec![self.logged.clone()];
        }
        let about_own = has_any(value, &OF_OWN_HOST)
            || texts_at(value, "rule.groups").iter().any(|group| matches!(group.as_str(), "ossec" | "rootcheck"));
        if self.of_manager && !about_own { Vec::new() } else { vec![own] }
    }
}

/// Whether the short names are equal; Windows cuts them to 15 characters.
fn same_host(one: &str, other: &str) -> bool {
    let short = |name: &str| {
        let label = name.split('.').next().unwrap_or_default().to_lowercase();
        label.chars().take(15).collect::<String>()
    };
    short(one) == short(other)
}

const AGENT: &[FactField] = &[("Agent ID", &["agent.id"]), ("IP address", &["agent.ip"])];

const OTHER_HOST: &[FactField] = &[("Agent", &["agent.name"]), ("Agent ID", &["agent.id"])];
