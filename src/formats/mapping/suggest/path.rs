//! A pointer as the names in it, so that it can be compared with the names that vendors use.

use crate::formats::building::terms::normalized;
use crate::formats::mapping::suggest::member_names::{ALERT_MEMBERS, OTHER_SUBJECTS, STAFF};
use crate::formats::mapping::suggest::sample::SampleValue;

/// Members that only group others.
const TRANSPARENT: [&str; 8] = ["properties", "attributes", "then", "hash", "hashes", "identity", "kibana", "labels"];

/// What Log Analytics adds to the name of a column for its type: text, number, time, GUID, boolean.
const COLUMN_ENDINGS: [&str; 5] = ["_s", "_d", "_t", "_g", "_b"];

/// Words before a name that only say of what it is: "alert_severity".
const PREFIXES: [&str; 15] = [
    "alert",
    "threat",
    "detection",
    "max",
    "kibanaalert",
    "event",
    "incident",
    "finding",
    "issue",
    "case",
    "ticket",
    "signal",
    "notable",
    "alarm",
    "offense",
];

/// Ends of the names of members that are a device or a user, singular: "src_host", "affectedDevices".
const SUBJECTS: [&str; 14] = [
    "host",
    "device",
    "computer",
    "machine",
    "endpoint",
    "asset",
    "workstation",
    "agent",
    "target",
    "user",
    "account",
    "actor",
    "principal",
    "usr",
];

/// The names in a pointer, without case and punctuation; dotted names count as several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    parts: Vec<String>,
    pub in_list: bool,
}

impl Path {
    pub fn of(pointer: &str) -> Self {
        let in_list = pointer.split('/').any(|segment| segment == "*");
        let mut parts: Vec<String> = Vec::new();
        for segment in pointer.split('/').filter(|segment| !matches!(*segment, "" | "*" | "_source")) {
            let name = segment.replace("~1", ".").replace("~0", "~");
            let name = COLUMN_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
            parts.extend(name.split('.').map(normalized).filter(|part| !part.is_empty()));
        }
        let last = parts.pop();
        parts.retain(|part| !TRANSPARENT.contains(&part.as_str()));
        // The host that an agent is on is as near as the agent.
        let on_host = parts.windows(2).position(|pair| pair == ["agent", "host"]);
        if let Some(agent) = on_host {
            parts.remove(agent);
        }
        parts.extend(last);
        Self { parts, in_list }
    }

    pub fn depth(&self) -> usize {
        self.owners().iter().filter(|owner| !is_alert_member(owner)).count()
    }

    /// The names before the last one.
    pub fn owners(&self) -> &[String] {
        self.parts.split_last().map_or(&[], |(_, owners)| owners)
    }

    pub fn last(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// The position among the names of the last part, or of the last two together.
    pub fn rank(&self, names: &[&str]) -> Option<usize> {
        let last = self.last();
        let two = self.owners().last().map(|owner| format!("{owner}{last}"));
        names.iter().position(|name| last == *name || two.as_deref() == Some(name))
    }

    /// The device or user that the last owner is, in one word: "host" of "/src_host/name".
    pub fn subject(&self) -> Option<&'static str> {
        let owner = self.owners().last()?;
        if self.in_list && owner == "target" {
            return None;
        }
        let owner = owner.strip_suffix("affected").or(owner.strip_suffix("evidence")).unwrap_or(owner);
        let one = owner.strip_suffix('s').unwrap_or(owner);
        // "usr" is written for "user"; a user agent is a program.
        let found = SUBJECTS.iter().copied().find(|subject| one.ends_with(subject) || owner.ends_with(subject))?;
        (!one.ends_with("useragent")).then_some(if found == "usr" { "user" } else { found })
    }

    /// As `rank`, with what a subject is called: "/src_host/name" has the rank of "hostname".
    pub fn rank_of_subject(&self, names: &[&str]) -> Option<usize> {
        let last = if self.last() == "displayname" { "name" } else { self.last() };
        let whole = format!("{}{last}", self.subject()?);
        names.iter().position(|name| *name == whole)
    }

    /// Whether it is of someone who works on the alert.
    pub fn is_of_staff(&self) -> bool {
        self.owners().iter().any(|owner| STAFF.iter().any(|word| owner.starts_with(word)))
    }

    /// As `rank` on a finer scale: without a word such as "alert" before the name it counts a little less, and what is
    /// displayed of a name a little more ("event_type_display_name" before "event_type").
    pub fn rank_of_alert(&self, names: &[&str]) -> Option<usize> {
        let bare = PREFIXES.iter().find_map(|prefix| self.last().strip_prefix(prefix));
        let bare = bare.and_then(|bare| names.iter().position(|name| *name == bare));
        let shown = self.last().strip_suffix("displayname");
        let shown = shown.and_then(|shown| names.iter().position(|name| *name == shown));
        self.rank(names).map(|rank| 3 * rank + 1).or(bare.map(|rank| 3 * rank + 2)).or(shown.map(|rank| 3 * rank))
    }

    /// Whether it is of the alert itself: at the top, or in members such as "alert".
    pub fn belongs_to_alert(&self) -> bool {
        !self.in_list && self.owners().iter().all(|owner| is_alert_member(owner))
    }

    /// Whether it is of a process, a device or another subject, not of the alert.
    pub fn is_of_other_subject(&self) -> bool {
        self.owners().iter().any(|owner| OTHER_SUBJECTS.contains(&owner.as_str()) || owner.starts_with("parent"))
    }

    /// Whether it is of a parent or of the actor of an action, who stand behind the alert's own.
    pub fn is_further(&self) -> bool {
        self.owners().iter().any(|owner| owner.contains("parent") || owner.starts_with("actor"))
    }
}

/// Whether a member holds the alert itself: "alert", or "securityAlert", but no other alert such as "relatedAlert".
fn is_alert_member(owner: &str) -> bool {
    let ends = ["alert", "incident", "finding", "detection", "event"].iter().any(|word| owner.ends_with(word));
    let other = ["last", "first", "related", "linked", "parent", "previous", "original"];
    let own = ends && !other.iter().any(|word| owner.starts_with(word));
    own || ALERT_MEMBERS.contains(&owner)
}

/// Whether the counted members name the signature of an intrusion detection system.
pub(super) fn has_signature(entries: &[SampleValue], counts: impl Fn(&Path) -> bool) -> bool {
    let paths: Vec<Path> = entries.iter().map(|entry| Path::of(&entry.pointer)).filter(counts).collect();
    let has = |name: &str| paths.iter().any(|path| path.last() == name);
    paths.iter().any(|path| path.last().starts_with("signature")) || (has("gid") && has("sid"))
}
