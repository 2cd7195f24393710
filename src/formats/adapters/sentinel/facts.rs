//! Which members of a Sentinel alert are worth showing, and how they are called.

use crate::formats::building::facts::FactField;

/// Facts of an alert.
pub(super) const ALERT: &[FactField] = &[
    ("Compromised entity", &["CompromisedEntity"]),
    ("Confidence", &["ConfidenceLevel"]),
    ("Confidence score", &["ConfidenceScore"]),
    ("Alert type", &["AlertType"]),
    ("Component", &["ProductComponentName"]),
    ("Vendor", &["VendorName"]),
    ("Alert link", &["AlertLink"]),
    ("Sentinel alert ID", &["SystemAlertId"]),
    ("Resource ID", &["ResourceId"]),
];

/// Facts of an alert's extended properties.
pub(super) const EXTENDED: &[FactField] = &[
    ("Threat", &["ThreatName"]),
    ("Threat family", &["ThreatFamilyName"]),
    ("Actor", &["ActorName"]),
    ("Assigned in the source", &["AssignedTo"]),
    ("Investigation state", &["MicrosoftDefenderAtp.InvestigationState", "InvestigationState"]),
    ("Provider's incident", &["IncidentId"]),
    ("Detector ID", &["DetectorId"]),
    ("Alert link", &["AlertUri"]),
    ("Client IP", &["Client IP Address", "IP address"]),
    ("Client location", &["Client Location"]),
    ("User agents", &["User agents"]),
    ("Operations", &["Operations list"]),
    ("Risk detail", &["Detail Description"]),
    ("Analytics rule", &["Analytic Rule Name"]),
    ("Data sources", &["Data Sources"]),
    ("Query", &["Query"]),
    ("Query from", &["Query Start Time UTC"]),
    ("Query until", &["Query End Time UTC"]),
    ("Query results", &["Search Query Results Overall Count"]),
];

/// Facts of a host.
pub(super) const HOST: &[FactField] = &[
    ("OS", &["OSFamily"]),
    ("OS version", &["OSVersion"]),
    ("OS build", &["OsBuild"]),
    ("Risk score", &["RiskScore"]),
    ("Health", &["HealthStatus"]),
    ("Last IP", &["LastIpAddress"]),
    ("Last external IP", &["LastExternalIpAddress"]),
    ("Device group", &["RbacGroupName"]),
    ("Onboarding", &["OnboardingStatus"]),
    ("Antivirus", &["AvStatus"]),
    ("First seen", &["FirstSeenDateTime"]),
    ("Last seen", &["LastSeen"]),
    ("Azure resource", &["AzureID"]),
    ("Defender device ID", &["MdatpDeviceId"]),
];

/// Facts of a process.
pub(super) const PROCESS: &[FactField] = &[("Started", &["CreationTimeUtc"]), ("Elevation", &["ElevationToken"])];

/// Facts of a registry value.
pub(super) const REGISTRY_VALUE: &[FactField] = &[("Value", &["Value"]), ("Value type", &["ValueType"])];

/// Facts of a mailbox.
pub(super) const MAILBOX: &[FactField] = &[("User principal name", &["Upn"]), ("Object ID", &["AadId"])];

/// Facts of where an address is.
pub(super) const LOCATION: &[FactField] = &[
    ("Country", &["CountryName", "CountryCode"]),
    ("State", &["State"]),
    ("City", &["City"]),
    ("Carrier", &["Carrier"]),
    ("Organization", &["Organization"]),
    ("ASN", &["Asn"]),
];

/// Facts of a mail message.
pub(super) const MESSAGE: &[FactField] = &[
    ("Subject", &["Subject"]),
    ("Sender name", &["P2SenderDisplayName", "P1SenderDisplayName"]),
    ("Sender IP", &["SenderIP"]),
    ("Recipient", &["Recipient"]),
    ("Received", &["ReceivedDate"]),
    ("Delivery", &["DeliveryAction"]),
    ("Location", &["DeliveryLocation"]),
    ("Direction", &["AntispamDirection"]),
    ("Network message ID", &["NetworkMessageId"]),
    ("Internet message ID", &["InternetMessageId"]),
];

/// Facts of applications and cloud resources.
pub(super) const OBJECT: &[FactField] = &[
    ("Application ID", &["AppId"]),
    ("Instance", &["InstanceName"]),
    ("Resource ID", &["ResourceId", "AmazonResourceId"]),
    ("Resource type", &["ResourceType"]),
];
