//! Which members of a Graph record are worth showing, and how they are called.

use serde_json::Value;

use crate::formats::building::evidence::{Facts, add_fact};
use crate::formats::building::json::{list, member, scalar, text};
use crate::formats::building::terms::says_nothing;

/// A label and the members it may come from.
pub(crate) type Row = (&'static str, &'static [&'static str]);

/// Facts of an alert.
pub(super) const ALERT: &[Row] = &[
    ("Threat", &["threatDisplayName"]),
    ("Threat family", &["threatFamilyName"]),
    ("Actor", &["actorDisplayName"]),
    ("Assigned in the source", &["assignedTo"]),
    ("Investigation state", &["investigationState"]),
    ("Provider's incident", &["incidentId"]),
    ("Alert link", &["alertWebUrl"]),
    ("Detector ID", &["detectorId"]),
    ("Policy ID", &["alertPolicyId"]),
    ("Resolved in the source", &["resolvedDateTime"]),
    ("Tenant ID", &["tenantId"]),
];

/// Facts of a device.
pub(crate) const DEVICE: &[Row] = &[
    ("OS", &["osPlatform"]),
    ("OS version", &["version"]),
    ("OS build", &["osBuild"]),
    ("Risk score", &["riskScore"]),
    ("Health", &["healthStatus"]),
    ("Last IP", &["lastIpAddress"]),
    ("Last external IP", &["lastExternalIpAddress"]),
    ("Device group", &["rbacGroupName"]),
    ("Onboarding", &["onboardingStatus"]),
    ("Antivirus", &["defenderAvStatus"]),
    ("First seen", &["firstSeenDateTime"]),
    ("Defender device ID", &["mdeDeviceId"]),
];

/// Facts of a file's details.
pub(super) const FILE: &[Row] =
    &[("Size", &["fileSize"]), ("Publisher", &["filePublisher"]), ("Signer", &["signer"]), ("Issuer", &["issuer"])];

/// Facts of a process.
pub(super) const PROCESS: &[Row] = &[
    ("Started", &["processCreationDateTime"]),
    ("Parent process ID", &["parentProcessId"]),
    ("Detection", &["detectionStatus"]),
];

/// Facts of a mail message.
pub(super) const MESSAGE: &[Row] = &[
    ("Subject", &["subject"]),
    ("Sender IP", &["senderIp"]),
    ("Recipient", &["recipientEmailAddress"]),
    ("Received", &["receivedDateTime"]),
    ("Delivery", &["deliveryAction"]),
    ("Location", &["deliveryLocation"]),
    ("Direction", &["antiSpamDirection"]),
    ("Attachments", &["attachmentsCount"]),
    ("Network message ID", &["networkMessageId"]),
    ("Internet message ID", &["internetMessageId"]),
];

/// Facts of registry keys and values, applications, cloud resources and mailboxes.
pub(super) const OBJECT: &[Row] = &[
    ("Value", &["registryValue"]),
    ("Value type", &["registryValueType"]),
    ("Application ID", &["appId"]),
    ("Instance", &["instanceName"]),
    ("Publisher", &["publisher"]),
    ("Resource ID", &["resourceId", "fullResourceName", "amazonResourceId"]),
    ("Resource type", &["resourceType"]),
    ("Project", &["projectId"]),
    ("AWS account", &["amazonAccountId"]),
];

/// Adds the facts of a table.
pub(crate) fn add_rows(facts: &mut Facts, value: &Value, rows: &[Row]) {
    for (label, keys) in rows {
        let found = text(value, keys);
        if !says_nothing(&found) {
            add_fact(facts, label, &found);
        }
    }
}

/// Adds a list as one fact.
pub(crate) fn add_list(facts: &mut Facts, value: &Value, label: &str, key: &str) {
    add_fact(facts, label, &list(value, key).join(", "));
}

/// Adds what a rule's author chose to show: names of their own, values or lists of values.
pub(super) fn add_custom(facts: &mut Facts, value: &Value, key: &str) {
    let Some(details) = member(value, key).and_then(Value::as_object) else {
        return;
    };
    for (label, detail) in details.iter().filter(|(label, _)| !label.starts_with('@')) {
        match scalar(detail) {
            Some(found) => add_fact(facts, label, &found),
            None => add_list(facts, &Value::Object(details.clone()), label, label),
        }
    }
}
