//! Alerts of our own in Graph's shape.

use serde_json::{Value, json};

/// A medium alert of one minute ago that names nobody.
pub fn alert(title: &str) -> AlertBuilder {
    let id = watchdesk::secrets::random_hex(8).unwrap();
    AlertBuilder(json!({
        "@odata.type": "#microsoft.graph.security.alert",
        "id": id,
        "title": title,
        "severity": "medium",
        "status": "new",
        "category": "Execution",
        "serviceSource": "microsoftDefenderForEndpoint",
        "detectionSource": "microsoftDefenderForEndpoint",
        "createdDateTime": minutes_ago(1),
        "firstActivityDateTime": minutes_ago(1),
        "lastActivityDateTime": minutes_ago(1),
        "evidence": [],
    }))
}

pub struct AlertBuilder(Value);

impl AlertBuilder {
    /// Sets any field.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0[field] = value.into();
        self
    }

    pub fn id(self, id: &str) -> Self {
        self.with("id", id)
    }

    pub fn severity(self, severity: &str) -> Self {
        self.with("severity", severity)
    }

    pub fn category(self, category: &str) -> Self {
        self.with("category", category)
    }

    pub fn source(self, source: &str) -> Self {
        self.with("serviceSource", source).with("detectionSource", source)
    }

    /// First and last activity, in minutes before now.
    pub fn minutes_ago(self, minutes: i64) -> Self {
        let at = minutes_ago(minutes);
        self.with("firstActivityDateTime", at.clone())
            .with("lastActivityDateTime", at.clone())
            .with("createdDateTime", at)
    }

    pub fn device(self, name: &str) -> Self {
        self.evidence(json!({"@odata.type": "#microsoft.graph.security.deviceEvidence", "deviceDnsName": name}))
    }

    pub fn user(self, upn: &str) -> Self {
        self.evidence(json!({
            "@odata.type": "#microsoft.graph.security.userEvidence",
            "userAccount": {"accountName": upn.split('@').next(), "userPrincipalName": upn},
        }))
    }

    pub fn mailbox(self, address: &str) -> Self {
        self.evidence(json!({"@odata.type": "#microsoft.graph.security.mailboxEvidence", "primaryAddress": address}))
    }

    pub fn ip(self, address: &str) -> Self {
        self.evidence(json!({"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": address}))
    }

    pub fn evidence(mut self, evidence: Value) -> Self {
        self.0["evidence"].as_array_mut().unwrap().push(evidence);
        self
    }

    pub fn json(self) -> Value {
        self.0
    }
}

pub fn minutes_ago(minutes: i64) -> String {
    let at = watchdesk::clock::now() - minutes * watchdesk::clock::MINUTE;
    jiff::Timestamp::from_microsecond(at).unwrap().to_string()
}
