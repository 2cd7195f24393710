//! Microsoft Sentinel's `SecurityAlert`, as queried, exported, converted by msticpy, or given by the REST API and
//! Logic Apps, and the alerts of Defender for Cloud.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::adapters::graph::alert::{detection_source, other_ids};
use crate::formats::adapters::sentinel::{columns, compromised, entities, facts as rows};
use crate::formats::building::activity_times::ActivityTimes;
use crate::formats::building::assessment::{set_assessment, set_techniques};
use crate::formats::building::clean_text::ID_MAX;
use crate::formats::building::facts::{add_fact, add_list_fact, add_member_facts};
use crate::formats::building::json::{
    long_text_of, member, objects_of, parse_embedded_json, text_of, text_of_max, texts_of, time_of, title_of,
};
use crate::formats::building::record_id::id_of;
use crate::formats::building::terms::{self, normalized};
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingAlert};

const NO_TIME: &str = "no time: none of StartTime, EndTime and TimeGenerated is a time";

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "sentinel",
    label: "Microsoft Sentinel SecurityAlert",
    detect: |value| {
        let has = |name: &str| value.get(name).is_some();
        let named = has("AlertName") || has("DisplayName") || has("AlertDisplayName");
        let address = columns::resource_type(value);
        (address.starts_with("microsoft.securityinsights/") && address != INCIDENTS)
            || address == "microsoft.security/locations/alerts"
            || columns::has_column(value, &["SystemAlertId"])
            || (named && (has("Entities") || has("ProviderName")))
    },
    parse: parse_record,
    documentation: "https://learn.microsoft.com/azure/azure-monitor/reference/tables/securityalert and the Security Insights REST API",
    fields: Fields {
        title: "DisplayName, AlertDisplayName, AlertName",
        id: "VendorOriginalId, SystemAlertId; ProviderAlertId for the alerts of other products",
        severity: "AlertSeverity, Severity",
        times: "StartTime, EndTime, TimeGenerated, ProcessingEndTime, and the same with Utc",
        device: "Entities: host; CompromisedEntity, ResourceIdentifiers",
        user: "Entities: account, mailbox; CompromisedEntity",
        address: "Entities: ip",
        file: "Entities: file, ImageFile",
        hash: "Entities: filehash",
        process: "Entities: process",
        url: "Entities: url",
        technique: "Techniques, SubTechniques, MitreTechniques, AdditionalData.Techniques",
        category: "Category, Tactics, Intent",
        status: "Status",
    },
};

/// The type of incidents in Azure's addresses, lower case.
pub(super) const INCIDENTS: &str = "microsoft.securityinsights/incidents";

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let kind = text_of(value, &["kind"]);
    let address = columns::resource_type(value);
    let other = address.starts_with("microsoft.securityinsights/") && kind != "SecurityAlert";
    if other && !columns::has_column(value, &["SystemAlertId"]) {
        let what = if kind.is_empty() { text_of(value, &["type"]) } else { kind };
        return Err(NotTaken::Skipped(format!("This is a {what} of Microsoft Sentinel, not an alert.")));
    }
    let alert = parse_alert(value)?;
    Ok(Incoming::Alert(Box::new(alert), value.to_string()))
}

/// Reads one alert in any of Sentinel's shapes, alone or inside of an incident.
pub(super) fn parse_alert(value: &Value) -> Result<IncomingAlert, String> {
    let default_source = default_source(value);
    let value = &columns::row(value);
    let title = title_of(value, &["DisplayName", "AlertDisplayName", "AlertName"]);
    if title.is_empty() {
        return Err("title is missing: none of DisplayName and AlertName is given".to_owned());
    }
    let source = source_of(value, default_source);
    let provider_alert_id = id_of(value, id_columns(&source));
    if provider_alert_id.is_empty() {
        return Err("id is missing: neither VendorOriginalId nor SystemAlertId has one".to_owned());
    }
    let extended = member(value, "ExtendedProperties").map_or(Cow::Owned(Value::Null), parse_embedded_json);
    let times = ActivityTimes::new(
        time_of(value, &["StartTime", "StartTimeUtc"]),
        time_of(value, &["EndTime", "EndTimeUtc"]),
        time_of(value, &["TimeGenerated", "ProcessingEndTime"]),
    )
    .ok_or(NO_TIME)?;
    let mut alert = IncomingAlert {
        provider_alert_id,
        title,
        description: long_text_of(value, &["Description"]),
        recommended_actions: recommended_actions(value, &extended),
        status: terms::alert_status(&text_of(value, &["Status"])).to_owned(),
        assigned_to: text_of(&extended, &["AssignedTo"]),
        category: category_of(value, &extended),
        detection_source: detection_source(&text_of(&extended, &["DetectionSource"]), &source),
        service_source: source.clone(),
        source,
        product: text_of(value, &["ProductName"]),
        first_activity: times.first,
        last_activity: times.last,
        created_at: times.created,
        provider_updated_at: time_of(&extended, &["LastUpdated"]).or_else(|| time_of(value, &["TimeGenerated"])),
        ..IncomingAlert::default()
    };
    set_assessment(
        &mut alert,
        &text_of(value, &["AlertSeverity", "Severity"]),
        &text_of(&extended, &["Classification"]),
        &text_of(&extended, &["Determination"]),
    );
    set_techniques(&mut alert, &techniques_of(value, &extended));
    add_facts_and_evidence(&mut alert, value, &extended);
    alert.aliases = other_ids(value, &["SystemAlertId", "ProviderAlertId"], &alert.provider_alert_id);
    Ok(alert)
}

/// The source of a resource in Azure's REST APIs that names none; "unknown" for a row of a table.
fn default_source(value: &Value) -> &'static str {
    match columns::resource_type(value) {
        address if address.starts_with("microsoft.securityinsights/") => "microsoftSentinel",
        address if address.starts_with("microsoft.security/") => "microsoftDefenderForCloud",
        _ => "unknown",
    }
}

fn add_facts_and_evidence(alert: &mut IncomingAlert, value: &Value, extended: &Value) {
    add_list_fact(&mut alert.facts, &json!({ "all": tactics_of(value) }), "Tactics", "all");
    alert.facts.retain(|(label, text)| label != "Tactics" || text.contains(','));
    add_member_facts(&mut alert.facts, extended, rows::EXTENDED);
    add_member_facts(&mut alert.facts, value, rows::ALERT);
    add_entities(alert, value);
    let addresses = resource_addresses(value);
    // A machine that is among the devices already is no second one.
    for address in &addresses {
        compromised::add(&mut alert.evidence, address, "");
    }
    let given = text_of(extended, &["resourceType", "ResourceType"]);
    let types = addresses.iter().map(|address| compromised::type_in(address));
    let resource_type = std::iter::once(given).chain(types).find(|kind| !kind.is_empty()).unwrap_or_default();
    compromised::add(&mut alert.evidence, &text_of(value, &["CompromisedEntity"]), &resource_type);
}

/// The columns of the id, best first. `ProviderAlertId` is what Graph calls so for the alerts of other products;
/// Sentinel's own alerts are known by their `SystemAlertId`.
fn id_columns(source: &str) -> &'static [&'static str] {
    if source == "microsoftSentinel" {
        &["VendorOriginalId", "SystemAlertId", "ProviderAlertId"]
    } else {
        &["VendorOriginalId", "ProviderAlertId", "SystemAlertId"]
    }
}

fn recommended_actions(value: &Value, extended: &Value) -> String {
    let steps = long_text_of(value, &["RemediationSteps"]);
    if steps.is_empty() {
        return long_text_of(extended, &["Action"]);
    }
    steps
}

fn add_entities(alert: &mut IncomingAlert, value: &Value) {
    let Some(given) = member(value, "Entities") else {
        return;
    };
    let entities = parse_embedded_json(given);
    if entities.as_str().is_some_and(|text| !text.trim().is_empty()) {
        add_fact(&mut alert.facts, "Entities in the source", "not readable");
    }
    alert.evidence = entities::parse_entities(&entities);
}

/// The addresses of the Azure resources that the alert is about.
fn resource_addresses(value: &Value) -> Vec<String> {
    let given = parse_embedded_json(value.get("ResourceIdentifiers").unwrap_or(&Value::Null));
    let given = json!({ "all": given });
    let named = objects_of(&given, "all").into_iter().map(|one| text_of(one, &["azureResourceId", "AzureResourceId"]));
    let all = named.chain([text_of(value, &["AzureResourceId"])]);
    all.filter(|id| id.starts_with("/subscriptions/")).collect()
}

/// The source by the provider's name; by the product's where only that is known.
fn source_of(value: &Value, default_source: &str) -> String {
    let provider = text_of_max(value, &["ProviderName"], ID_MAX);
    let product = text_of_max(value, &["ProductName"], ID_MAX);
    let known = terms::service_source(&provider).or_else(|| terms::service_source(&product));
    match known {
        Some(known) => known.to_owned(),
        None if !provider.is_empty() => provider,
        None if !product.is_empty() => product,
        None => default_source.to_owned(),
    }
}

fn category_of(value: &Value, extended: &Value) -> String {
    let named = ["MicrosoftDefenderAtp.Category", "Category"].map(|key| text_of(extended, &[key]));
    let mut all = named.into_iter().chain(tactics_of(value));
    let first = all.find(|name| !terms::is_unknown(name));
    terms::category_name(&first.unwrap_or_default())
}

/// Every tactic. Defender for Cloud gives them as `Intent`: a word of its kill chain, or several with commas.
fn tactics_of(value: &Value) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in texts_of(value, "Tactics").into_iter().chain(texts_of(value, "Intent")) {
        let name = match normalized(&name).as_str() {
            "preattack" | "probing" => "Reconnaissance".to_owned(),
            "exploitation" => "InitialAccess".to_owned(),
            _ => terms::category_name(&name),
        };
        if !name.is_empty() && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn techniques_of(value: &Value, extended: &Value) -> Vec<String> {
    let mut all = texts_of(value, "Techniques");
    all.extend(texts_of(value, "SubTechniques"));
    all.extend(texts_of(extended, "MitreTechniques"));
    let additional = member(value, "AdditionalData").map_or(Cow::Owned(Value::Null), parse_embedded_json);
    for name in ["Techniques", "techniques", "SubTechniques", "MitreTechniques"] {
        all.extend(texts_of(&additional, name));
    }
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::severity::Severity;

    fn with(extra: Value) -> IncomingAlert {
        let mut value = json!({
            "SystemAlertId": "s1", "AlertName": "Odd login", "AlertSeverity": "High",
            "TimeGenerated": "2025-03-01 10:00:00.1234567+00:00", "ProviderName": "MDATP",
        });
        if let (Some(target), Value::Object(extra)) = (value.as_object_mut(), extra) {
            target.extend(extra);
        }
        parse_alert(&value).unwrap()
    }

    #[test]
    fn the_identity_matches_what_graph_says_of_the_same_alert() {
        let alert = with(json!({"VendorOriginalId": "p1"}));
        assert_eq!(alert.provider_alert_id, "p1");
        assert_eq!(alert.source, "microsoftDefenderForEndpoint");
        assert_eq!(with(json!({})).provider_alert_id, "s1");
    }

    #[test]
    fn sources_are_mapped_by_provider_then_by_product() {
        let of = |provider: &str, product: &str| with(json!({"ProviderName": provider, "ProductName": product})).source;
        assert_eq!(of("ASI Scheduled Alerts", "Azure Sentinel"), "microsoftSentinel");
        assert_eq!(of("OATP", ""), "microsoftDefenderForOffice365");
        assert_eq!(of("X", "Azure Advanced Threat Protection"), "microsoftDefenderForIdentity");
        assert_eq!(of("Acme EDR", "Acme"), "Acme EDR");
        assert_eq!(of("", ""), "unknown");
    }

    #[test]
    fn packed_columns_are_read_like_open_ones() {
        let open = json!({
            "DetectionSource": "WindowsDefenderAv", "Category": "Initial access",
            "Classification": "TruePositive", "Determination": "CompromisedUser",
            "LastUpdated": "7/17/2024 11:04:13 AM", "MitreTechniques": "T1566;T1566.002",
            "ThreatName": "Evil", "Action": "Call us",
        });
        let packed = with(json!({"ExtendedProperties": open.to_string()}));
        let alert = with(json!({"ExtendedProperties": open}));
        assert_eq!(alert, packed);
        assert_eq!(alert.detection_source, "antivirus");
        assert_eq!(alert.category, "InitialAccess");
        assert_eq!(alert.determination, "compromisedAccount");
        assert_eq!(alert.techniques, ["T1566", "T1566.002"]);
        assert_eq!(alert.recommended_actions, "Call us");
        assert_eq!(alert.provider_updated_at, Some(1_721_214_253_000_000));
        assert!(alert.facts.contains(&("Threat".into(), "Evil".into())));
    }

    #[test]
    fn tactics_stand_in_for_a_missing_category() {
        assert_eq!(with(json!({"Tactics": "Unknown, LateralMovement"})).category, "LateralMovement");
        assert_eq!(with(json!({"Tactics": "Unknown"})).category, "");
    }

    #[test]
    fn the_spellings_of_msticpy_are_understood() {
        let value = json!({
            "AlertDisplayName": "Odd login", "SystemAlertId": "s1", "Severity": "Low",
            "StartTimeUtc": "2025-03-01T10:00:00Z", "EndTimeUtc": "2025-03-01T11:00:00Z",
            "Status": "Dismissed",
        });
        let alert = parse_alert(&value).unwrap();
        assert_eq!(alert.severity, Some(Severity::Low));
        assert_eq!(alert.status, "resolved");
        assert!(alert.first_activity < alert.last_activity);
        assert_eq!(alert.created_at, alert.first_activity);
    }

    #[test]
    fn times_of_exports_are_in_the_order_of_the_portal_with_their_zone_in_the_name() {
        let alert = with(json!({"TimeGenerated": null, "StartTime [UTC]": "11/5/2026, 10:15:30.123 AM",
            "TimeGenerated [UTC]": "11/5/2026, 1:15:30.000 PM"}));
        assert_eq!(alert.first_activity, 1_793_873_730_123_000);
        assert_eq!(alert.created_at - alert.first_activity, 3 * crate::clock::HOUR - 123_000);
    }

    #[test]
    fn unreadable_entities_become_a_fact_and_cost_nothing_else() {
        let alert = with(json!({"Entities": "[{\"$id\": "}));
        assert!(alert.evidence.is_empty());
        assert!(alert.facts.iter().any(|(label, _)| label == "Entities in the source"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = |value: Value| parse_alert(&value).unwrap_err();
        assert!(error(json!({"SystemAlertId": "s"})).starts_with("title is missing"));
        assert!(error(json!({"AlertName": "a"})).contains("VendorOriginalId nor SystemAlertId"));
        assert!(error(json!({"AlertName": "a", "SystemAlertId": "s"})).starts_with("no time"));
    }
}
