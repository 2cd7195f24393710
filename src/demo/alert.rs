//! A made-up alert in the words of Microsoft Graph, for the sample world, the bench and the tests.

use serde_json::{Map, Value, json};

use crate::clock::{self, MINUTE};

/// An alert that is being put together; [`AlertBuilder::json`] gives the record.
#[derive(Debug, Clone)]
pub struct AlertBuilder {
    fields: Map<String, Value>,
    evidence: Vec<Value>,
}

impl AlertBuilder {
    /// A medium alert of Defender for Endpoint, of one minute ago, that names nobody.
    pub fn new(id: &str, title: &str) -> Self {
        Self { fields: Map::new(), evidence: Vec::new() }
            .with("@odata.type", "#microsoft.graph.security.alert")
            .with("id", id)
            .with("title", title)
            .severity("medium")
            .with("status", "new")
            .category("Execution")
            .source("microsoftDefenderForEndpoint")
            .minutes_ago(1)
    }

    /// Sets any field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn id(self, id: &str) -> Self {
        self.with("id", id)
    }

    #[must_use]
    pub fn severity(self, severity: &str) -> Self {
        self.with("severity", severity)
    }

    #[must_use]
    pub fn category(self, category: &str) -> Self {
        self.with("category", category)
    }

    /// The service source, which also is the detection source unless that is set afterwards.
    #[must_use]
    pub fn source(self, source: &str) -> Self {
        self.with("serviceSource", source).with("detectionSource", source)
    }

    /// When it was created, and its first and last activity.
    #[must_use]
    pub fn at(self, at: i64) -> Self {
        let at = rfc3339(at);
        self.with("firstActivityDateTime", at.clone())
            .with("lastActivityDateTime", at.clone())
            .with("createdDateTime", at)
    }

    #[must_use]
    pub fn minutes_ago(self, minutes: i64) -> Self {
        self.at(clock::now() - minutes * MINUTE)
    }

    /// A device by its full name.
    #[must_use]
    pub fn device(self, name: &str) -> Self {
        self.evidence(json!({"@odata.type": "#microsoft.graph.security.deviceEvidence", "deviceDnsName": name}))
    }

    #[must_use]
    pub fn user(self, principal_name: &str) -> Self {
        self.evidence(json!({
            "@odata.type": "#microsoft.graph.security.userEvidence",
            "userAccount": {
                "accountName": principal_name.split('@').next(),
                "userPrincipalName": principal_name,
            },
        }))
    }

    #[must_use]
    pub fn mailbox(self, address: &str) -> Self {
        self.evidence(json!({"@odata.type": "#microsoft.graph.security.mailboxEvidence", "primaryAddress": address}))
    }

    #[must_use]
    pub fn ip(self, address: &str) -> Self {
        self.evidence(json!({"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": address}))
    }

    #[must_use]
    pub fn evidence(mut self, evidence: Value) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// The record as Graph would send it.
    pub fn json(mut self) -> Value {
        self.fields.insert("evidence".to_owned(), self.evidence.into());
        Value::Object(self.fields)
    }
}

/// A time as Graph writes it.
pub fn rfc3339(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).unwrap_or_default().to_string()
}
