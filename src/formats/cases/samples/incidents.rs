//! Samples of incidents that bring their alerts along: those of the alerts' own samples.

use serde_json::{Value, json};

use crate::formats::cases::samples::cases;

/// Each format of incidents with a sample.
pub(in crate::formats::cases) fn incidents() -> Vec<(&'static str, Value)> {
    let alerts_of = |format: &str| -> Vec<Value> {
        cases().into_iter().filter(|case| case.format == format).map(|case| case.sample).collect()
    };
    vec![
        (
            "graphIncident",
            json!({"@odata.type": "#microsoft.graph.security.incident", "id": "29", "tenantId": "t1",
                "displayName": "Odd things on one endpoint", "severity": "high", "status": "active", "assignedTo": "ana@contoso.test",
                "classification": "truePositive", "determination": "multiStagedAttack", "customTags": ["Demo"],
                "createdDateTime": "2025-03-01T10:00:00Z", "lastUpdateDateTime": "2025-03-01T11:00:00Z", "alerts": alerts_of("graph")}),
        ),
        (
            "sentinelIncident",
            json!({"id": "/subscriptions/s1/providers/Microsoft.SecurityInsights/Incidents/n-1", "name": "n-1",
                "type": "Microsoft.SecurityInsights/Incidents", "properties": {"title": "Mail leaves", "severity": "High",
                    "status": "Active", "incidentNumber": 31, "owner": {"userPrincipalName": "ana@contoso.test"},
                    "labels": [{"labelName": "Demo"}], "createdTimeUtc": "2025-03-01T10:00:00Z",
                    "lastModifiedTimeUtc": "2025-03-01T11:00:00Z", "alerts": alerts_of("sentinel")}}),
        ),
    ]
}
