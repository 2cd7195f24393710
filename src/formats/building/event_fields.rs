//! Evidence of flat fields whose names people choose: labels of monitoring, and fields of log searches. The
//! names are those of Splunk's Common Information Model, Graylog's information model and common usage.

use serde_json::Value;

use crate::formats::building::address::parse_address;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::add_fact;
use crate::formats::building::file::File;
use crate::formats::building::json::scalar_text;
use crate::formats::building::names_in_text::all_names;
use crate::formats::building::network::Connection;
use crate::formats::building::path::{has_any, long_name_at, name_at, names_at, text_at, texts_at};
use crate::formats::building::principals::Device;
use crate::formats::building::windows;
use crate::model::entity::EvidenceKind;

const USERS: [&str; 10] = [
    "user",
    "user_name",
    "username",
    "account",
    "account_name",
    "src_user",
    "source_user",
    "dest_user",
    "target_user",
    "user_email",
];

/// Names of a host that is attacked or that an event is about; those before [`AMBIGUOUS_HOSTS`].
const HOSTS: [&str; 14] = [
    "dest_host",
    "dest_nt_host",
    "dest_dns",
    "dest_hostname",
    "destination_hostname",
    "host_hostname",
    "host_name",
    "hostname",
    "computer_name",
    "computer",
    "ComputerName",
    "device_name",
    "src_nt_host",
    "source_nt_host",
];

/// These hold a name or an address.
const AMBIGUOUS_HOSTS: [&str; 3] = ["dest", "destination", "src"];

const SOURCES: [&str; 10] =
    ["src_ip", "source_ip", "srcip", "src_addr", "source_address", "client_ip", "clientip", "remote_ip", "ip", "src"];
const DESTINATIONS: [&str; 7] =
    ["dest_ip", "destination_ip", "dst_ip", "dstip", "destination_address", "dest", "destination"];
const PORTS: [&[&str]; 2] = [&["src_port", "source_port"], &["dest_port", "destination_port", "dst_port"]];

const HASHES: [&str; 10] = [
    "file_hash",
    "sha256",
    "sha1",
    "md5",
    "hash_sha256",
    "hash_sha1",
    "hash_md5",
    "process_hash",
    "file_hash_sha256",
    "hash",
];

/// Adds the evidence of the fields. `hosts` are further names of the device, after the usual ones.
pub(crate) fn add_evidence(draft: &mut Draft, fields: &Value, hosts: &[&str]) {
    add_device(draft, fields, hosts);
    for field in USERS {
        for name in names_at(fields, field) {
            draft.add_evidence(windows::account(&name, "", ""), &[]);
        }
    }
    for (names, role) in [(&SOURCES[..], "source"), (&DESTINATIONS[..], "destination")] {
        for field in names {
            draft.add_ips_at(fields, field, &[role]);
        }
    }
    add_process_and_file(draft, fields);
    for field in ["url", "dest_url", "http_url", "domain", "dest_domain", "query"] {
        let names = names_at(fields, field).into_iter().flat_map(|text| all_names(EvidenceKind::Url, &text));
        for text in names.filter(|text| is_web_address(text)) {
            draft.add_evidence(evidence_kinds::url(&text), &[]);
        }
    }
    let pod = text_at(fields, &["pod", "pod_name"]);
    let namespace = text_at(fields, &["namespace"]);
    let pod = if pod.is_empty() || namespace.is_empty() { pod } else { format!("{namespace}/{pod}") };
    draft.add_evidence(evidence_kinds::other("Pod", &pod, ""), &[]);
}

/// Fields whose words may say that the event is about a weakness.
const KINDS: [&str; 7] = ["category", "alert_category", "type", "alert_type", "event_type", "finding_type", "tag"];

/// Sets the category of a finding about a weakness: its kind says so, or it rates a weakness by CVE and CVSS.
pub(crate) fn set_weakness_category(draft: &mut Draft, fields: &Value) {
    draft.set_weakness_category(&KINDS.map(|field| texts_at(fields, field)).concat());
    if has_any(fields, &["cve", "cve_id"]) && has_any(fields, &["cvss", "cvss_score", "cvss3_score"]) {
        draft.set_category_if_empty("Vulnerability");
    }
}

/// Adds every field as a fact, except objects and lists of them.
pub(crate) fn add_facts(draft: &mut Draft, fields: &Value) {
    for (name, value) in fields.as_object().into_iter().flatten() {
        match value {
            Value::Array(items) => {
                let texts: Vec<_> = items.iter().filter_map(scalar_text).collect();
                draft.add_fact(name, &texts.join(", "));
            }
            other => draft.add_fact(name, &scalar_text(other).unwrap_or_default()),
        }
    }
}

/// The device is the first host name; where only addresses are given, the internal end of the connection.
fn add_device(draft: &mut Draft, fields: &Value, hosts: &[&str]) {
    let named = HOSTS.iter().chain(&AMBIGUOUS_HOSTS).chain(hosts).find_map(|field| {
        let names = all_names(EvidenceKind::Device, &name_at(fields, &[field]));
        let names = names.iter().filter_map(|name| host_name(name)).filter(|name| !is_outside(fields, field, name));
        Some(names.collect::<Vec<_>>()).filter(|names| !names.is_empty())
    });
    if let Some(names) = named {
        let only = names.len() == 1;
        for name in names {
            let mut device = Device { names: vec![name], ..Device::default() }.build();
            if let Some(device) = device.as_mut().filter(|_| only) {
                add_fact(&mut device.facts, "IP address", &text_at(fields, &["dest_ip", "host_ip", "ip"]));
            }
            draft.add_evidence(device, &[]);
        }
        return;
    }
    let connection = Connection::from_record(fields, &SOURCES, &DESTINATIONS, PORTS);
    if let Some((address, role)) = connection.internal_end() {
        let names = vec![address.to_string()];
        draft.add_evidence(Device { names, ..Device::default() }.build(), &[role]);
    }
}

/// The destination of a web request, and a source with a domain, are hosts of somebody else.
fn is_outside(fields: &Value, field: &str, name: &str) -> bool {
    let web = !text_at(fields, &["url", "http_method", "http_user_agent"]).is_empty();
    match field {
        "src" => name.contains('.'),
        "dest" | "destination" | "dest_host" | "dest_hostname" | "destination_hostname" => web && name.contains('.'),
        _ => false,
    }
}

/// The text as a host's name without a port; `None` for addresses and for what cannot be a host.
pub(crate) fn host_name(text: &str) -> Option<String> {
    if parse_address(text).is_some() {
        return None;
    }
    let bare = match text.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => text,
    };
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_host = bare.chars().all(fits) && bare.chars().any(char::is_alphanumeric);
    (is_host && !bare.eq_ignore_ascii_case("localhost")).then(|| bare.to_owned())
}

/// Searches and SQL are queries too.
fn is_web_address(text: &str) -> bool {
    text.contains('.') && !text.contains(char::is_whitespace) && parse_address(text).is_none()
}

fn add_process_and_file(draft: &mut Draft, fields: &Value) {
    let command = long_name_at(fields, &["process_command_line", "command_line", "cmdline", "process"]);
    let path = name_at(fields, &["process_path", "process_exec", "process_name"]);
    let image = File { path, ..File::default() };
    if !command.is_empty() || !image.path.is_empty() {
        let pid = text_at(fields, &["process_id", "pid"]);
        let mut evidence = evidence_kinds::process(&command, &image, &pid);
        if let Some(evidence) = &mut evidence {
            let parent = ["parent_process", "parent_process_path", "parent_process_name"];
            add_fact(&mut evidence.facts, "Parent", &text_at(fields, &parent));
        }
        draft.add_evidence(evidence, &[]);
    }
    let hashes = HASHES.iter().flat_map(|field| names_at(fields, field));
    let hashes: Vec<String> = hashes.flat_map(|text| all_names(EvidenceKind::File, &text)).collect();
    let [path, name] = ["file_path", "file_name"].map(|field| name_at(fields, &[field]));
    let file = File { name, path, ..File::default() }.with_hashes(&hashes);
    draft.add_evidence(file.build(), &[]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn device(fields: &Value) -> Option<String> {
        let mut draft = Draft::new("test", "Test");
        draft.alert.title = "Test".to_owned();
        add_evidence(&mut draft, fields, &["host"]);
        let alert = draft.into_alert().ok()?;
        alert.evidence.into_iter().find(|item| item.kind == EvidenceKind::Device).map(|item| item.name)
    }

    #[test]
    fn the_device_is_the_host_that_an_event_is_about() {
        let named = |fields: Value| device(&fields).unwrap_or_default();
        assert_eq!(
            named(json!({"dest": "fs-03.contoso.test", "src": "203.0.113.7", "host": "collector"})),
            "fs-03.contoso.test"
        );
        assert_eq!(named(json!({"dest": "10.0.0.5", "src": "203.0.113.7"})), "10.0.0.5");
        assert_eq!(named(json!({"dest": "c2.example", "url": "http://c2.example/x", "src": "10.0.0.9"})), "10.0.0.9");
        assert_eq!(named(json!({"src": "evil.example", "host": "web-01:9100"})), "web-01");
        assert_eq!(named(json!({"host": "any host at all"})), "");
    }
}
