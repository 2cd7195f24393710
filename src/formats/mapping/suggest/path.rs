//! A pointer as the names in it, so that it can be compared with the names that vendors use.

use crate::formats::building::terms::normalized;
use crate::formats::mapping::suggest::alert_names::{ALERT_MEMBERS, OTHER_SUBJECTS};

/// Members that only group others.
const TRANSPARENT: [&str; 8] = ["properties", "attributes", "then", "hash", "hashes", "identity", "kibana", "labels"];

/// What Log Analytics adds to the name of a column for its type: text, number, time, GUID, boolean.
const COLUMN_ENDINGS: [&str; 5] = ["_s", "_d", "_t", "_g", "_b"];

/// Words before a name that only say of what it is: "alert_severity".
const PREFIXES: [&str; 5] = ["alert", "threat", "detection", "max", "kibanaalert"];

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
        parts.extend(last);
        Self { parts, in_list }
    }

    pub fn depth(&self) -> usize {
        self.owners().iter().filter(|owner| !ALERT_MEMBERS.contains(&owner.as_str())).count()
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

    /// As `rank`, also without a word such as "alert" before the name, which counts a little less.
    pub fn rank_of_alert(&self, names: &[&str]) -> Option<usize> {
        let bare = PREFIXES.iter().find_map(|prefix| self.last().strip_prefix(prefix));
        let bare = bare.and_then(|bare| names.iter().position(|name| *name == bare));
        self.rank(names).map(|rank| 2 * rank).or(bare.map(|rank| 2 * rank + 1))
    }

    /// Whether it is of the alert itself: at the top, or in members such as "alert".
    pub fn belongs_to_alert(&self) -> bool {
        !self.in_list && self.owners().iter().all(|owner| ALERT_MEMBERS.contains(&owner.as_str()))
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
