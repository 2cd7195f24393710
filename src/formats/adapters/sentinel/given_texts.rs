//! Looks into the texts of Sentinel's entities: rules often map a whole column to an entity, so that a name is a
//! JSON list or object, or several addresses with commas.

use serde_json::{Map, Value};

use crate::formats::building::address::parse_address;
use crate::formats::building::json::{member, text_of};
use crate::formats::building::terms::normalized;

/// Members that name an entity.
const NAMES: [&str; 10] = [
    "HostName",
    "NetBiosName",
    "FQDN",
    "Name",
    "AccountName",
    "UserPrincipalName",
    "Address",
    "Url",
    "MailboxPrimaryAddress",
    "ResourceId",
];

/// Members of an object in place of a name, best first, normalized. Devices of Entra's sign-ins have a
/// `displayName`.
const INNER_NAMES: [&str; 11] = [
    "userprincipalname",
    "upn",
    "displayname",
    "hostname",
    "devicename",
    "computername",
    "ipaddress",
    "address",
    "url",
    "resourceid",
    "name",
];

/// Every entity of a list, one for each name that its texts hold. Entities whose text holds no name lose it.
pub(super) fn looked_into(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().flat_map(each).collect(),
        Value::Object(_) => Value::Array(each(value)),
        other => other.clone(),
    }
}

fn each(value: &Value) -> Vec<Value> {
    let Some(members) = value.as_object() else { return vec![value.clone()] };
    let mut whole: Map<String, Value> = Map::new();
    for (name, inner) in members {
        let inner = match inner {
            Value::Object(_) => each(inner).into_iter().next().unwrap_or_default(),
            Value::Array(items) if items.iter().any(Value::is_object) => looked_into(inner),
            other => other.clone(),
        };
        whole.insert(name.clone(), inner);
    }
    let several = NAMES.iter().find_map(|name| Some((*name, names_in(name, member(value, name)?)?)));
    let Some((name, found)) = several else { return vec![Value::Object(whole)] };
    if let Some(id) = device_id_in(value, name) {
        whole.entry("AadDeviceId").or_insert(Value::String(id));
    }
    if let Some(display) = display_name_in(value, name) {
        whole.entry("DisplayName").or_insert(Value::String(display));
    }
    whole.remove(name);
    if found.is_empty() {
        return vec![Value::Object(whole)];
    }
    let one = |(index, text): (usize, String)| {
        let mut one = whole.clone();
        if index > 0 {
            // Others that refer to this id mean the first.
            one.remove("$id");
        }
        one.insert(name.to_owned(), Value::String(text));
        Value::Object(one)
    };
    found.into_iter().enumerate().map(one).collect()
}

/// The names in a value that is not simply a name: a list, an object, or texts of them; `None` for a plain name.
fn names_in(name: &str, value: &Value) -> Option<Vec<String>> {
    let opened = opened(value);
    match opened.as_ref().unwrap_or(value) {
        Value::Array(items) => {
            let names = |item: &Value| names_in(name, item).or_else(|| Some(vec![item.as_str()?.to_owned()]));
            Some(items.iter().filter_map(names).flatten().filter(|name| !name.trim().is_empty()).collect())
        }
        Value::Object(members) => {
            let inner = |wanted: &&str| {
                let found = members.iter().find(|(key, _)| normalized(key) == **wanted)?.1.as_str()?;
                (!found.trim().is_empty()).then(|| found.to_owned())
            };
            Some(INNER_NAMES.iter().find_map(inner).into_iter().collect())
        }
        Value::String(text) => several_in(name, text),
        _ => None,
    }
}

/// A JSON list or object in a text, also with the single quotes of Python.
fn opened(value: &Value) -> Option<Value> {
    let text = value.as_str()?.trim();
    let framed = text.starts_with('[') && text.ends_with(']') || text.starts_with('{') && text.ends_with('}');
    if !framed {
        return None;
    }
    let parsed = serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace('\'', "\"")));
    parsed.ok().filter(|found: &Value| found.is_array() || found.is_object())
}

/// Texts with commas or semicolons: addresses, host names, and account names that are all mail addresses.
fn several_in(name: &str, text: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let fits = |part: &&str| match name {
        "Address" => parse_address(part).is_some(),
        "HostName" | "FQDN" | "NetBiosName" => !part.contains([' ', '/', '\\']),
        "Name" | "AccountName" | "UserPrincipalName" | "MailboxPrimaryAddress" => part.contains('@'),
        _ => false,
    };
    (parts.len() > 1 && parts.iter().all(fits)).then(|| parts.into_iter().map(str::to_owned).collect())
}

/// The Entra device id in an object that stands in place of a host's name.
fn device_id_in(value: &Value, name: &str) -> Option<String> {
    let inner = opened(member(value, name)?).or_else(|| member(value, name).cloned())?;
    let id = text_of(&inner, &["deviceId", "DeviceId"]);
    (matches!(name, "HostName" | "FQDN") && inner.is_object() && !id.is_empty()).then_some(id)
}

/// The display name in an object that stands in place of an account's name.
fn display_name_in(value: &Value, name: &str) -> Option<String> {
    let inner = opened(member(value, name)?).or_else(|| member(value, name).cloned())?;
    let display = text_of(&inner, &["displayName", "DisplayName"]);
    (matches!(name, "Name" | "AccountName" | "UserPrincipalName") && inner.is_object() && !display.is_empty())
        .then_some(display)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hosts(name: Value) -> Vec<String> {
        let looked = looked_into(&json!([{"$id": "1", "Type": "host", "HostName": name}]));
        looked.as_array().into_iter().flatten().map(|one| text_of(one, &["HostName", "AadDeviceId"])).collect()
    }

    #[test]
    fn every_name_in_a_text_is_an_entity_and_an_object_is_no_name() {
        assert_eq!(hosts(json!("[\"PC-1\",\"PC-2\"]")), ["PC-1", "PC-2"]);
        assert_eq!(hosts(json!("['PC-1', 'PC-2']")), ["PC-1", "PC-2"]);
        assert_eq!(hosts(json!(["PC-1"])), ["PC-1"]);
        assert_eq!(hosts(json!("PC-1, PC-2")), ["PC-1", "PC-2"]);
        assert_eq!(hosts(json!("{\"deviceId\":\"\",\"operatingSystem\":\"Windows 11\"}")), [""]);
        assert_eq!(hosts(json!("{\"deviceId\":\"d-1\",\"displayName\":\"PC-9\"}")), ["PC-9"]);
        assert_eq!(hosts(json!("{\"deviceId\":\"d-1\",\"displayName\":\"\"}")), ["d-1"]);
        assert_eq!(hosts(json!("web-01.contoso.test")), ["web-01.contoso.test"]);
        assert_eq!(hosts(json!("[PC-1]")), ["[PC-1]"]);
    }

    #[test]
    fn a_persons_name_with_a_comma_stays_one() {
        let looked = looked_into(&json!([{"Type": "account", "Name": "Lopez, Ana"}]));
        assert_eq!(looked.as_array().map(Vec::len), Some(1));
    }
}
