//! Risk detections and risky users of Microsoft Entra ID Protection: Graph's `riskDetection` and `riskyUser`, the
//! tables `AADUserRiskEvents` and `AADRiskyUsers`, and the same as diagnostic logs.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::json::parse_embedded_json;
use crate::formats::building::path::{has_any, name_at, text_at, time_at};
use crate::formats::building::principals::Account;
use crate::formats::building::terms::{camel_case, normalized};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;
use crate::text::humanise;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "entraRisk",
    label: "Microsoft Entra ID Protection risk detections",
    detect: |value| {
        let of =
            |scope: &str, name: &str| has_any(value, &[&format!("{scope}{name}"), &upper(&format!("{scope}{name}"))]);
        ["", "properties."].iter().any(|scope| {
            of(scope, "riskState") && (of(scope, "riskEventType") || of(scope, "riskDetail"))
                || of(scope, "riskEventType") && of(scope, "userPrincipalName")
        })
    },
    parse: parse_record,
    documentation: "https://learn.microsoft.com/graph/api/resources/riskdetection",
    fields: Fields {
        title: "riskEventType, with riskLevel for a risky user",
        id: "id",
        severity: "riskLevel",
        times: "activityDateTime, detectedDateTime, lastUpdatedDateTime, riskLastUpdatedDateTime",
        device: "",
        user: "userPrincipalName, userId, userDisplayName",
        address: "ipAddress",
        file: "",
        hash: "",
        process: "",
        url: "",
        technique: "additionalInfo: mitreTechniques",
        category: "riskEventType",
        status: "riskState",
    },
};

fn upper(path: &str) -> String {
    let (scope, name) = path.split_once('.').map_or(("", path), |(_, name)| ("properties.", name));
    let mut chars = name.chars();
    let pascal: String = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
    format!("{scope}{pascal}")
}

/// The members in camel case, without the envelope of diagnostic logs, and with JSON columns opened.
fn members(value: &Value) -> Value {
    let properties = parse_embedded_json(value.get("properties").unwrap_or(value)).into_owned();
    let mut found = Map::new();
    for (name, inner) in properties.as_object().into_iter().flatten() {
        let name = camel_case(name.strip_prefix("properties.").unwrap_or(name));
        let inner = match parse_embedded_json(inner) {
            Cow::Owned(opened) => opened,
            Cow::Borrowed(same) => same.clone(),
        };
        found.entry(name).or_insert(inner);
    }
    Value::Object(found)
}

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let data = &members(value);
    let kind = text_at(data, &["riskEventType", "riskType"]);
    let level = text_at(data, &["riskLevel"]);
    let mut draft = Draft::new("azureAdIdentityProtection", "Microsoft Entra ID Protection");
    draft.alert.title = if kind.is_empty() { "User at risk".to_owned() } else { title_of(&kind) };
    draft.set_id(data, &["id"]);
    // A risk level that needs a licence to be seen is "hidden", which is not understood.
    draft.set_severity_from_word(&level);
    category_of(&kind).clone_into(&mut draft.alert.category);
    draft.add_techniques(&additional(data, "mitreTechniques"));
    set_status(&mut draft, &text_at(data, &["riskState"]));
    let updated = time_at(data, &["lastUpdatedDateTime", "riskLastUpdatedDateTime"]);
    let detected = time_at(data, &["detectedDateTime"]).or(updated);
    let activity = time_at(data, &["activityDateTime"]);
    draft.set_times(activity.or(detected), activity, detected);
    draft.alert.provider_updated_at = updated;
    let user = Account {
        upn: name_at(data, &["userPrincipalName"]),
        aad: text_at(data, &["userId"]),
        display: text_at(data, &["userDisplayName", "servicePrincipalDisplayName"]),
        ..Account::default()
    };
    draft.add_evidence(user.build(), &["compromised"]);
    draft.add_ip(&name_at(data, &["ipAddress"]), &["source"]);
    draft.add_facts(data, FACTS);
    draft.add_fact("User agent", &additional(data, "userAgent").join(", "));
    draft.into_incoming(value)
}

/// The values of a key in `additionalInfo`, a list of keys with values.
fn additional(data: &Value, key: &str) -> Vec<String> {
    let pairs = data.get("additionalInfo").and_then(Value::as_array).into_iter().flatten();
    pairs.filter(|pair| text_at(pair, &["Key", "key"]) == key).map(|pair| text_at(pair, &["Value", "value"])).collect()
}

/// Entra's own title of a detection, where its name does not say it.
fn title_of(kind: &str) -> String {
    match normalized(kind).as_str() {
        "unfamiliarfeatures" => "Unfamiliar sign-in properties".to_owned(),
        "anonymizedipaddress" | "riskyipaddress" => "Sign-in from an anonymous IP address".to_owned(),
        "unlikelytravel" => "Atypical travel".to_owned(),
        "mcasimpossibletravel" => "Impossible travel".to_owned(),
        "malwareinfectedipaddress" => "Sign-in from an IP address linked to malware".to_owned(),
        "maliciousipaddress" => "Sign-in from a malicious IP address".to_owned(),
        "investigationsthreatintelligence" => "Entra threat intelligence".to_owned(),
        "generic" => "Additional risk detected".to_owned(),
        _ => humanise(kind),
    }
}

/// The tactic of a detection: leaked and guessed credentials, what an intruder does in a mailbox, and otherwise a
/// sign-in.
fn category_of(kind: &str) -> &'static str {
    match normalized(kind).as_str() {
        "leakedcredentials" | "passwordspray" | "anomaloustoken" | "tokenissueranomaly" | "attackerinthemiddle" => {
            "CredentialAccess"
        }
        "suspiciousinboxforwarding" | "mcassuspiciousinboxmanipulationrules" => "Collection",
        _ => "InitialAccess",
    }
}

fn set_status(draft: &mut Draft, state: &str) {
    let status = match normalized(state).as_str() {
        "remediated" | "dismissed" | "confirmedsafe" => "resolved",
        _ => "new",
    };
    status.clone_into(&mut draft.alert.status);
    if normalized(state) == "confirmedsafe" {
        "falsePositive".clone_into(&mut draft.alert.classification);
    }
    if normalized(state) == "confirmedcompromised" {
        "truePositive".clone_into(&mut draft.alert.classification);
    }
}

const FACTS: &[FactField] = &[
    ("Risk state", &["riskState"]),
    ("Risk detail", &["riskDetail"]),
    ("Detection timing", &["detectionTimingType"]),
    ("Activity", &["activity"]),
    ("Detected by", &["source"]),
    ("City", &["location.city"]),
    ("State", &["location.state"]),
    ("Country", &["location.countryOrRegion"]),
    ("Request ID", &["requestId"]),
    ("Correlation ID", &["correlationId"]),
    ("Application ID", &["appId"]),
];
