//! Windows events, and Defender's among them.

use serde_json::{Map, Value};

use crate::formats::adapters::wazuh::escapes;
use crate::formats::building::clean_text::TITLE_MAX;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::file::File;
use crate::formats::building::path::{long_text_at, name_at, number_at, text_at, value_at};
use crate::formats::building::terms::normalized;
use crate::formats::building::{severity_words, windows};

pub(super) fn add(draft: &mut Draft, value: &Value) {
    let Some(event) = value_at(value, "data.win") else { return };
    if draft.alert.description.is_empty() {
        let message = long_text_at(event, &["system.message"]);
        draft.alert.description = escapes::undone_text(message.trim_matches('"'));
    }
    let Some(given) = value_at(event, "eventdata") else { return };
    let given = &escapes::undone(given);
    let data = &plain_keys(given);
    if text_at(data, &["threatname"]).is_empty() {
        windows::add_event_data(draft, &[], number_at(event, &["system.eventID"]), given);
    } else {
        add_defender(draft, data);
    }
}

/// The members without blanks and case in their names: Defender's are "threat Name" and "severity Name".
fn plain_keys(data: &Value) -> Value {
    let members = data.as_object().into_iter().flatten();
    members.map(|(key, found)| (normalized(key), found.clone())).collect::<Map<_, _>>().into()
}

fn add_defender(draft: &mut Draft, data: &Value) {
    let threat = text_at(data, &["threatname"]);
    if let Some(start) = draft.alert.title.strip_suffix("()") {
        draft.alert.title = format!("{start}({threat})").chars().take(TITLE_MAX).collect();
    }
    draft.add_fact("Threat", &threat);
    let word = text_at(data, &["severityname"]);
    draft.raise_severity(severity_words::severity_of(&word));
    draft.add_fact("Threat severity", &word);
    draft.set_category_if_empty(if normalized(&text_at(data, &["categoryname"])).contains("unwanted") {
        "UnwantedSoftware"
    } else {
        "Malware"
    });
    "windowsDefender".clone_into(&mut draft.alert.detection_source);
    draft.add_evidence(
        windows::account(&name_at(data, &["detectionuser"]), "", &name_at(data, &["detectionusersid"])),
        &[],
    );
    let image = File { path: name_at(data, &["processname"]), ..File::default() };
    let known = !image.path.is_empty() && normalized(&image.path) != "unknown";
    draft.add_evidence(known.then(|| evidence_kinds::process("", &image, "")).flatten(), &[]);
    for place in text_at(data, &["path"]).split(';') {
        add_place(draft, place.trim());
    }
    draft.add_facts(data, FACTS);
}

/// Adds one place of a threat: "file:_C:\x.exe", "regkey:_HKLM\...", "webfile:_C:\x.exe|https://...".
fn add_place(draft: &mut Draft, place: &str) {
    let (kind, path) = place.split_once(":_").unwrap_or(("file", place));
    match kind {
        "file" | "containerfile" | "webfile" | "startup" | "CmdLine" => {
            let mut parts = path.split('|');
            let file = parts.next().unwrap_or_default();
            // "archive->member" names the member of an archive.
            let path = file.split("->").next().unwrap_or_default().to_owned();
            if kind == "CmdLine" {
                draft.add_evidence(evidence_kinds::process(file, &File::default(), ""), &[]);
            } else {
                let mut evidence = File { path, ..File::default() }.build();
                if let Some(evidence) = &mut evidence {
                    "malicious".clone_into(&mut evidence.verdict);
                }
                draft.add_evidence(evidence, &[]);
            }
            draft.add_evidence(parts.find(|part| part.starts_with("http")).and_then(evidence_kinds::url), &[]);
        }
        "regkey" | "regkeyvalue" | "runkey" => draft.add_evidence(evidence_kinds::registry("", path, ""), &[]),
        _ => draft.add_fact("Place", place),
    }
}

const FACTS: &[FactField] = &[
    ("Threat category", &["categoryname"]),
    ("Threat ID", &["threatid"]),
    ("Action", &["actionname"]),
    ("Detected by", &["sourcename", "detectionsourcename"]),
    ("Detected at", &["detectiontime"]),
    ("Remediated by", &["remediationuser"]),
    ("Error", &["errordescription"]),
];
