//! The members of a Graph record that become facts, with their labels.

use serde_json::Value;

use crate::formats::building::facts::{FactField, Facts, add_fact, add_list_fact};
use crate::formats::building::json::{member, scalar_text};

/// Facts of an alert.
pub(super) const ALERT: &[FactField] = &[
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
pub(crate) const DEVICE: &[FactField] = &[
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
pub(super) const FILE: &[FactField] =
    &[("Size", &["fileSize"]), ("Publisher", &["filePublisher"]), ("Signer", &["signer"]), ("Issuer", &["issuer"])];

/// Facts of a process.
pub(super) const PROCESS: &[FactField] = &[
    ("Started", &["processCreationDateTime"]),
    ("Parent process ID", &["parentProcessId"]),
    ("Detection", &["detectionStatus"]),
    ("Defender device ID", &["mdeDeviceId"]),
];

/// Facts of a mail message.
pub(super) const MESSAGE: &[FactField] = &[
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
pub(super) const OBJECT: &[FactField] = &[
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

/// Adds the custom details that a rule's author defined: any names, with values or lists of values.
pub(super) fn add_custom(facts: &mut Facts, value: &Value, key: &str) {
    let Some(details) = member(value, key).and_then(Value::as_object) else {
        return;
    };
    for (label, detail) in details.iter().filter(|(label, _)| !label.starts_with('@')) {
        match scalar_text(detail) {
            Some(found) => add_fact(facts, label, &found),
            None => add_list_fact(facts, &Value::Object(details.clone()), label, label),
        }
    }
}
