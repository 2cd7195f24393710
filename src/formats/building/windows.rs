//! Evidence of Windows events, for all tools that forward them.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::evidence::add_key;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact};
use crate::formats::building::file::File;
use crate::formats::building::names_in_text::parts_in;
use crate::formats::building::path::{long_name_at, name_at, text_at};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::normalized;
use crate::model::builtin_account::is_sid;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// Events whose target account is a group.
const GROUP_EVENTS: [std::ops::RangeInclusive<i64>; 4] = [4727..=4737, 4744..=4764, 4799..=4799, 4785..=4791];

/// The fields of the accounts of an event: names, domains, SIDs.
const ACCOUNTS: [(&[&str], &[&str], &[&str]); 6] = [
    (
        &["TargetUserName", "targetUserName"],
        &["TargetDomainName", "targetDomainName"],
        &["TargetUserSid", "targetUserSid", "TargetSid", "targetSid"],
    ),
    (
        &["SubjectUserName", "subjectUserName"],
        &["SubjectDomainName", "subjectDomainName"],
        &["SubjectUserSid", "subjectUserSid"],
    ),
    (&["User", "user", "UserName", "SourceUser", "sourceUser"], &[], &[]),
    (&["TargetUser", "targetUser", "TgtUser"], &[], &[]),
    (&["MemberName", "memberName"], &[], &["MemberSid", "memberSid"]),
    (&["Detection User", "detection User"], &[], &[]),
];

/// The evidence of a Windows account. `None` where Windows names no account.
pub(crate) fn account(name: &str, domain: &str, sid: &str) -> Option<IncomingEvidence> {
    if parts_in(EvidenceKind::User, name).is_some() {
        let (name, domain, sid) = (name.to_owned(), domain.to_owned(), sid.to_owned());
        return Account { name, domain, sid, ..Account::default() }.build();
    }
    let name = name.strip_suffix('@').unwrap_or(name);
    let (inner_domain, bare) = name.rsplit_once('\\').unwrap_or((domain, name));
    if matches!(bare, "" | "-" | "N/A") && matches!(sid, "" | "-" | "S-1-0-0") {
        return None;
    }
    let known = |text: &str| if matches!(text, "-" | "S-1-0-0" | ".") { String::new() } else { text.to_owned() };
    let mut account = Account { name: known(bare), domain: known(inner_domain), ..Account::default() };
    if sid.to_ascii_uppercase().starts_with("S-1-") {
        account.sid = known(sid);
    }
    if account.name.contains('@') {
        account.domain.clear();
    }
    // A distinguished name becomes the display name.
    if account.name.contains("CN=") || account.name.contains("cn=") {
        account.display = std::mem::take(&mut account.name);
    }
    let other = other_spelling(&account);
    let mut evidence = account.build()?;
    if let Some((key_type, spelling)) = other {
        add_key(&mut evidence, key_type, &spelling);
    }
    Some(evidence)
}

/// The key with the domain's short name: Kerberos writes "ana@CONTOSO.TEST" and some events
/// "CONTOSO.TEST\ana" for "CONTOSO\ana". The short name of a domain usually is its first label.
fn other_spelling(account: &Account) -> Option<(&'static str, String)> {
    let (name, realm) = match account.name.split_once('@') {
        Some((name, realm)) => (name, realm),
        None => (account.name.as_str(), account.domain.as_str()),
    };
    let (short, _) =
        realm.split_once('.').filter(|(short, _)| !short.is_empty() && !name.is_empty() && !is_sid(name))?;
    Some(("sam", format!("{short}\\{name}")))
}

/// The path of `\\?\C:\a.exe`, `/C:/a.exe` and `file:///C%3A/a.exe` as Windows writes it.
pub(crate) fn plain_path(path: &str) -> String {
    let decoded = path.trim_start_matches("file://").replace("%3A", ":").replace("%20", " ");
    let bare = decoded.strip_prefix("\\\\?\\").unwrap_or(&decoded);
    match bare.strip_prefix('/') {
        Some(windows) if windows.get(1..2) == Some(":") => windows.replace('/', "\\"),
        _ => bare.to_owned(),
    }
}

/// Adds the evidence of an event's data; `host` is the computer that logged it.
pub(crate) fn add_event_data(draft: &mut Draft, host: &[String], event_id: Option<i64>, data: &Value) {
    draft.add_evidence(Device { names: host.to_vec(), ..Device::default() }.build(), &[]);
    for (index, (names, domains, sids)) in ACCOUNTS.iter().enumerate() {
        let [name, domain, sid] = [name_at(data, names), name_at(data, domains), name_at(data, sids)];
        let is_group = index == 0 && event_id.is_some_and(|id| GROUP_EVENTS.iter().any(|range| range.contains(&id)));
        let evidence =
            if is_group { evidence_kinds::other("Group", &name, &sid) } else { account(&name, &domain, &sid) };
        draft.add_evidence(evidence, &[]);
    }
    add_addresses(draft, data);
    add_process(draft, data);
    let object = name_at(data, &["TargetObject", "targetObject", "ObjectName", "TgtObj"]);
    if object.to_uppercase().starts_with("HK") || object.to_lowercase().starts_with("\\registry") {
        draft.add_evidence(evidence_kinds::registry("", &object, ""), &[]);
    }
    draft.add_evidence(
        evidence_kinds::url(&name_at(
            data,
            &["QueryName", "queryName", "DestinationHostname", "destinationHostname", "remoteName"],
        )),
        &[],
    );
    draft.add_facts(data, FACTS);
}

fn add_addresses(draft: &mut Draft, data: &Value) {
    let source = [
        "IpAddress",
        "ipAddress",
        "SourceIp",
        "sourceIp",
        "SourceNetworkAddress",
        "SourceAddress",
        "sourceAddress",
        "ClientAddress",
        "SrcIP",
    ];
    let destination = ["DestinationIp", "destinationIp", "DestAddress", "destAddress", "TgtIP"];
    draft.add_ip(&name_at(data, &source), &["source"]);
    draft.add_ip(&name_at(data, &destination), &["destination"]);
}

fn add_process(draft: &mut Draft, data: &Value) {
    let path = name_at(
        data,
        &[
            "NewProcessName",
            "newProcessName",
            "Image",
            "image",
            "SourceImage",
            "sourceImage",
            "ProcessName",
            "processName",
            "Process Name",
            "Proc",
        ],
    );
    let command = long_name_at(data, &["CommandLine", "commandLine", "Cmdline"]);
    let mut image = File { path, ..File::default() };
    let mut target = File {
        path: name_at(data, &["TargetFilename", "targetFilename", "ImageLoaded", "imageLoaded", "ImagePath"]),
        ..File::default()
    };
    let hashed = if target.path.is_empty() { &mut image } else { &mut target };
    set_hashes(hashed, &text_at(data, &["Hashes", "hashes", "Hash"]));
    let pid = text_at(data, &["NewProcessId", "newProcessId", "ProcessId", "processId", "SourceProcessId", "PID"]);
    if let Some(mut evidence) =
        evidence_kinds::process(&command, &image, if image.path.is_empty() && command.is_empty() { "" } else { &pid })
    {
        for (label, keys) in [
            ("Parent", ["ParentImage", "parentImage", "ParentProcessName"]),
            ("Parent command line", ["ParentCommandLine", "parentCommandLine", "ParentCmdline"]),
            ("Folder", ["CurrentDirectory", "currentDirectory", "CurrentDirectory"]),
        ] {
            add_fact(&mut evidence.facts, label, &text_at(data, &keys));
        }
        draft.add_evidence(Some(evidence), &[]);
    }
    draft.add_evidence(image.build(), &[]);
    draft.add_evidence(target.build(), &[]);
}

/// Sets the hashes of Sysmon's "SHA1=...,MD5=...,SHA256=...,IMPHASH=...".
fn set_hashes(file: &mut File, hashes: &str) {
    for (algorithm, hash) in hashes.split([',', '|']).filter_map(|part| part.split_once('=')) {
        let hash = hash.trim().to_lowercase();
        match normalized(algorithm).as_str() {
            "sha256" => file.sha256 = hash,
            "sha1" => file.sha1 = hash,
            "md5" => file.md5 = hash,
            _ => {}
        }
    }
}

const FACTS: &[FactField] = &[
    ("Logon type", &["LogonType", "logonType"]),
    ("Workstation", &["WorkstationName", "workstationName"]),
    ("Service", &["ServiceName", "serviceName"]),
    ("Service program", &["ServiceFileName", "serviceFileName"]),
    ("Task", &["TaskName", "taskName"]),
    ("Script", &["ScriptBlockText", "scriptBlockText"]),
    ("Target process", &["TargetImage", "targetImage"]),
    ("Access", &["GrantedAccess", "grantedAccess"]),
    ("Pipe", &["PipeName", "pipeName"]),
    ("Value", &["Details", "details"]),
    ("Threat", &["Threat Name", "ThreatName"]),
    ("Path", &["Path"]),
    ("Original file name", &["OriginalFileName", "originalFileName"]),
];

#[cfg(test)]
mod tests {
    use super::{account, plain_path};
    use crate::model::builtin_account::name_of;

    fn keys(name: &str, domain: &str, sid: &str) -> Vec<String> {
        account(name, domain, sid).map(|evidence| evidence.keys).unwrap_or_default()
    }

    #[test]
    fn no_account_is_no_user() {
        assert_eq!(account("-", "CONTOSO", ""), None);
        assert_eq!(account("", "", "S-1-0-0"), None);
    }

    #[test]
    fn the_account_of_a_computer_is_shown() {
        let shown = account("WEB-01$", "CONTOSO", "").map(|evidence| evidence.name);
        assert_eq!(shown.as_deref(), Some("CONTOSO\\WEB-01$"));
    }

    #[test]
    fn people_are_keyed_by_sid_and_full_name() {
        assert_eq!(keys("ana", "CONTOSO", "S-1-5-21-1-2-3-1001"), ["sid:s-1-5-21-1-2-3-1001", "sam:contoso\\ana"]);
        assert_eq!(keys("CONTOSO\\ana", "", ""), ["sam:contoso\\ana"]);
        assert_eq!(keys("ana@contoso.test", "CONTOSO", "-"), ["upn:ana@contoso.test", "sam:contoso\\ana"]);
        assert_eq!(keys("ana", "CONTOSO.TEST", ""), ["sam:contoso.test\\ana", "sam:contoso\\ana"]);
    }

    #[test]
    fn the_system_is_the_system_in_every_language() {
        assert_eq!(keys("AUTORIDADE NT\\SISTEMA", "", ""), ["sam:autoridade nt\\sistema"]);
        assert_eq!(keys("NT AUTHORITY\\SYSTEM@", "", ""), ["sam:nt authority\\system"]);
        let keys = keys("AUTORIDADE NT\\SISTEMA", "", "");
        assert_eq!(name_of(&keys), name_of(&["sam:nt authority\\system".to_owned()]));
    }

    #[test]
    fn a_path_is_written_as_windows_writes_it() {
        for path in ["C:\\a b.exe", "\\\\?\\C:\\a b.exe", "/C:/a b.exe", "file:///C%3A/a%20b.exe"] {
            assert_eq!(plain_path(path), "C:\\a b.exe", "{path}");
        }
        assert_eq!(plain_path("file:///home/ana/a"), "/home/ana/a");
        assert_eq!(plain_path("\\Device\\HarddiskVolume3\\a.exe"), "\\Device\\HarddiskVolume3\\a.exe");
    }
}
