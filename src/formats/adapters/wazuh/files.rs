//! Files: integrity monitoring of files and the registry (`syscheck`), VirusTotal's answers, rootcheck.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{long_name_at, name_at, number_at, text_at, value_at};
use crate::formats::building::windows;
use crate::model::severity::Severity;

/// How many engines of VirusTotal make a file's severity high; fewer often are wrong.
const CERTAIN: i64 = 5;

pub(super) fn add(draft: &mut Draft, value: &Value) {
    if let Some(change) = value_at(value, "syscheck") {
        add_change(draft, change);
    }
    if let Some(answer) = value_at(value, "data.virustotal") {
        add_answer(draft, answer);
    }
    let path = name_at(value, &["data.file", "data.yara.file_path", "data.YARA.scanned_file"]);
    draft.add_evidence(File { path, ..File::default() }.build(), &[]);
    draft.add_facts(value, &[("Finding", &["data.title"])]);
}

fn add_change(draft: &mut Draft, change: &Value) {
    let path = text_at(change, &["path"]);
    draft.alert.subject.clone_from(&path);
    if path.to_uppercase().starts_with("HKEY_") {
        let mut key = evidence_kinds::registry("", &path, &text_at(change, &["value_name"]));
        if let Some(key) = &mut key {
            add_path_facts(&mut key.facts, change, REGISTRY);
        }
        draft.add_evidence(key, &[]);
    } else {
        let [sha256, sha1, md5] = ["sha256_after", "sha1_after", "md5_after"].map(|key| name_at(change, &[key]));
        let mut file = File { path, sha256, sha1, md5, ..File::default() }.build();
        if let Some(file) = &mut file {
            add_path_facts(&mut file.facts, change, BEFORE);
        }
        draft.add_evidence(file, &[]);
    }
    draft.add_facts(change, CHANGE);
    draft.add_list_fact(change, "Changed attributes", "changed_attributes");
    add_actor(draft, change);
}

/// Adds who changed it, which the audit system knows; the owner of the file is only a fact.
fn add_actor(draft: &mut Draft, change: &Value) {
    let Some(audit) = value_at(change, "audit") else { return };
    for user in ["login_user", "user", "effective_user"] {
        let [name, id] = ["name", "id"].map(|key| name_at(audit, &[&format!("{user}.{key}")]));
        draft.add_evidence(windows::account(&name, "", &id), &[]);
    }
    let image = File { path: name_at(audit, &["process.name"]), ..File::default() };
    let mut process = evidence_kinds::process("", &image, &text_at(audit, &["process.id"]));
    if let Some(process) = &mut process {
        add_path_facts(&mut process.facts, audit, PROCESS);
    }
    draft.add_evidence(process, &[]);
}

fn add_answer(draft: &mut Draft, answer: &Value) {
    let positives = number_at(answer, &["positives"]);
    let malicious = text_at(answer, &["malicious"]) == "1" || positives.is_some_and(|count| count > 0);
    let sha1 = text_at(answer, &["source.sha1", "sha1"]);
    let [path, md5] = ["source.file", "source.md5"].map(|key| long_name_at(answer, &[key]));
    let mut file = File { path, sha1, md5, ..File::default() }.build();
    if let Some(file) = file.as_mut().filter(|_| malicious) {
        "malicious".clone_into(&mut file.verdict);
    }
    if let (Some(file), Some(positives)) = (&mut file, positives) {
        let total = text_at(answer, &["total"]);
        add_fact(&mut file.facts, "VirusTotal", &format!("{positives} of {total} engines"));
    }
    draft.add_evidence(file, &[]);
    if malicious {
        let certain = positives.is_some_and(|count| count >= CERTAIN);
        draft.raise_severity(Some(if certain { Severity::High } else { Severity::Medium }));
        draft.set_category_if_empty("Malware");
    }
    let facts: &[FactField] =
        &[("Link", &["permalink"]), ("Scanned", &["scan_date"]), ("About alert", &["source.alert_id"])];
    draft.add_facts(answer, facts);
}

const REGISTRY: &[FactField] = &[
    ("Value", &["value_name"]),
    ("Value type", &["value_type"]),
    ("Architecture", &["arch"]),
    ("SHA256", &["sha256_after"]),
    ("SHA1", &["sha1_after"]),
    ("MD5", &["md5_after"]),
    ("SHA256 before", &["sha256_before"]),
    ("SHA1 before", &["sha1_before"]),
    ("MD5 before", &["md5_before"]),
];

const BEFORE: &[FactField] = &[
    ("SHA256 before", &["sha256_before"]),
    ("SHA1 before", &["sha1_before"]),
    ("MD5 before", &["md5_before"]),
    ("Size", &["size_after"]),
    ("Size before", &["size_before"]),
];

const PROCESS: &[FactField] =
    &[("Parent", &["process.parent_name"]), ("Parent process ID", &["process.ppid"]), ("Folder", &["process.cwd"])];

const CHANGE: &[FactField] = &[
    ("Change", &["event"]),
    ("Found by", &["mode"]),
    ("Owner", &["uname_after"]),
    ("Owner before", &["uname_before"]),
    ("Permissions", &["perm_after"]),
    ("Permissions before", &["perm_before"]),
    ("Difference", &["diff"]),
];
