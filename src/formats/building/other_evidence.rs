//! Builds evidence of types that Watchdesk does not know, so that new types of a provider are shown too.

use serde_json::Value;

use crate::formats::building::clean_text::{TEXT_MAX, clean_line};
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::add_fact;
use crate::formats::building::json::scalar_text;
use crate::formats::building::terms::{is_unknown, normalized};
use crate::model::incoming::IncomingEvidence;

/// Members that may hold a name, best first, normalized.
const NAMES: [&str; 11] = [
    "displayname",
    "friendlyname",
    "name",
    "devicename",
    "domainname",
    "subject",
    "hostname",
    "filename",
    "fullname",
    "login",
    "podname",
];

/// Members that may hold an identifier, best first, normalized.
const IDS: [&str; 14] = [
    "resourceid",
    "securitygroupid",
    "objectid",
    "objectguid",
    "serviceprincipalobjectid",
    "sid",
    "sessionid",
    "requestid",
    "deviceid",
    "imageid",
    "containerid",
    "urn",
    "networkmessageid",
    "distinguishedname",
];

/// Members that every entity has; they are read elsewhere or not useful.
const COMMON: [&str; 12] = [
    "type",
    "odatatype",
    "id",
    "ref",
    "verdict",
    "lastverdict",
    "remediationstatus",
    "roles",
    "tags",
    "createddatetime",
    "createdtimeutc",
    "asset",
];

/// Builds evidence from the members that there are; `None` without a name or id.
pub(crate) fn build(type_name: &str, value: &Value) -> Option<IncomingEvidence> {
    let label = label_of(type_name);
    let mut evidence = evidence_kinds::other(&label, &find_text(value, &NAMES), &id_of(value))?;
    add_rest(&mut evidence, value);
    Some(evidence)
}

/// Adds every text, number and boolean member as a fact.
pub(crate) fn add_rest(evidence: &mut IncomingEvidence, value: &Value) {
    let members = value.as_object().into_iter().flatten();
    for (key, found) in members.filter(|(key, _)| !COMMON.contains(&normalized(key).as_str())) {
        let found = scalar_text(found).unwrap_or_default();
        if !is_unknown(&found) {
            add_fact(&mut evidence.facts, &label_of(key), &found);
        }
    }
}

/// Not Sentinel's "$id", which is only valid within the alert.
fn id_of(value: &Value) -> String {
    let known = find_text(value, &IDS);
    if known.is_empty() {
        return crate::formats::building::json::text_of(value, &["id", "Id"]);
    }
    known
}

fn find_text(value: &Value, wanted: &[&str]) -> String {
    let named = |wanted: &&str| {
        let members = value.as_object()?;
        let (_, found) = members.iter().find(|(key, _)| normalized(key) == **wanted)?;
        let found = clean_line(&scalar_text(found)?, TEXT_MAX);
        (!found.is_empty()).then_some(found)
    };
    wanted.iter().find_map(named).unwrap_or_default()
}

/// "mailCluster" as "Mail cluster", "cloud-logon-request" as "Cloud logon request".
pub(super) fn label_of(type_name: &str) -> String {
    let mut label = String::new();
    for c in type_name.chars() {
        if matches!(c, '-' | '_' | ' ') {
            label.push(' ');
        } else if label.is_empty() {
            label.extend(c.to_uppercase());
        } else if c.is_uppercase() {
            label.push(' ');
            label.extend(c.to_lowercase());
        } else {
            label.push(c);
        }
    }
    clean_line(&label, TEXT_MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn type_names_become_labels() {
        assert_eq!(label_of("mailCluster"), "Mail cluster");
        assert_eq!(label_of("cloud-logon-request"), "Cloud logon request");
    }

    #[test]
    fn an_entity_of_a_new_type_is_named_and_keyed() {
        let value = json!({
            "@odata.type": "#x", "displayName": "Admins", "securityGroupId": "G1", "memberCount": 3,
        });
        let evidence = build("securityGroup", &value).unwrap();
        assert_eq!(evidence.name, "Admins");
        assert_eq!(evidence.keys, ["id:security group:g1"]);
        assert!(evidence.facts.contains(&("Member count".into(), "3".into())));
    }

    #[test]
    fn an_entity_without_a_name_is_shown_by_type_and_id() {
        let value = json!({"$id": "4", "RequestId": "r-1"});
        let evidence = build("cloud-logon-request", &value).unwrap();
        assert_eq!(evidence.name, "Cloud logon request r-1");
        assert_eq!(build("thing", &json!({"$id": "4", "Type": "thing"})), None);
    }
}
