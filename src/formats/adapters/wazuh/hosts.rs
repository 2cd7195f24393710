//! Events of hosts: commands, auditd, osquery, Docker.

use serde_json::Value;

use crate::formats::adapters::wazuh::network::account;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{long_name_at, name_at, text_at, value_at};

pub(super) fn add(draft: &mut Draft, value: &Value) {
    let command = long_name_at(value, &["data.command"]);
    // An active response's "command" is "add" or "delete".
    if value_at(value, "data.parameters").is_none() {
        let mut process = evidence_kinds::process(&command, &File::default(), "");
        if let Some(process) = &mut process {
            add_path_facts(&mut process.facts, value, &[("Folder", &["data.pwd"])]);
        }
        draft.add_evidence(process, &[]);
    }
    if let Some(audit) = value_at(value, "data.audit") {
        add_audit(draft, audit);
    }
    if let Some(query) = value_at(value, "data.osquery") {
        add_query(draft, query);
    }
    if let Some(docker) = value_at(value, "data.docker") {
        add_container(draft, docker);
    }
}

fn add_audit(draft: &mut Draft, audit: &Value) {
    let image = File { path: name_at(audit, &["exe"]), ..File::default() };
    let arguments: Vec<String> = (0..32)
        .map(|index| long_name_at(audit, &[&format!("execve.a{index}")]))
        .take_while(|text| !text.is_empty())
        .collect();
    let command = if arguments.is_empty() { long_name_at(audit, &["command"]) } else { arguments.join(" ") };
    let mut process = evidence_kinds::process(&command, &image, &text_at(audit, &["pid"]));
    if let Some(process) = &mut process {
        add_path_facts(&mut process.facts, audit, PROCESS);
    }
    draft.add_evidence(process, &[]);
    let [name, folder] = [name_at(audit, &["file.name"]), name_at(audit, &["directory.name", "cwd"])];
    let folder = if name.starts_with('/') { String::new() } else { folder };
    let path = if name.is_empty() { String::new() } else { File { name, path: folder, ..File::default() }.full_path() };
    draft.add_evidence(File { path, ..File::default() }.build(), &[]);
    draft.add_evidence(account(&name_at(audit, &["acct"])), &[]);
    draft.add_facts(audit, AUDIT);
}

fn add_query(draft: &mut Draft, query: &Value) {
    draft.add_facts(query, &[("Query", &["name"]), ("Query pack", &["pack"]), ("Change", &["action"])]);
    let Some(row) = value_at(query, "columns") else { return };
    draft.add_evidence(account(&name_at(row, &["username", "user"])), &[]);
    for path in ["remote_address", "address"] {
        draft.add_ips_at(row, path, &[]);
    }
    let [path, sha256, sha1, md5] = ["path", "sha256", "sha1", "md5"].map(|key| name_at(row, &[key]));
    let command = long_name_at(row, &["cmdline", "command"]);
    let file = File { path, sha256, sha1, md5, ..File::default() };
    if !command.is_empty() {
        draft.add_evidence(evidence_kinds::process(&command, &file, &text_at(row, &["pid"])), &[]);
    }
    draft.add_evidence(file.build(), &[]);
}

fn add_container(draft: &mut Draft, docker: &Value) {
    let name = text_at(docker, &["Actor.Attributes.name", "Actor.Attributes.container"]);
    let id = text_at(docker, &["Actor.ID", "id"]);
    let kind = text_at(docker, &["Type"]);
    let label =
        if matches!(kind.as_str(), "" | "container") { "Container".to_owned() } else { format!("Docker {kind}") };
    draft.add_evidence(evidence_kinds::other(&label, &name, &id), &[]);
    draft.add_facts(docker, DOCKER);
}

const PROCESS: &[FactField] = &[("Parent process ID", &["ppid"]), ("Folder", &["cwd"]), ("Terminal", &["tty"])];

const AUDIT: &[FactField] = &[
    ("Audit record", &["type"]),
    ("Audit key", &["key"]),
    ("Login user ID", &["auid"]),
    ("User ID", &["uid"]),
    ("Effective user ID", &["euid"]),
    ("Succeeded", &["success"]),
];

const DOCKER: &[FactField] =
    &[("Docker action", &["Action", "status"]), ("Container image", &["Actor.Attributes.image", "from"])];
