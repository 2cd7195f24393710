//! An alert for tests.

use crate::formats::format::Format;
use crate::formats::readers::body_reader::read_body;
use crate::formats::readers::item::Item;

/// An alert of Graph that names these devices, as it is read from a body.
pub(super) fn alert_on_devices<D: std::fmt::Display>(id: &str, devices: impl IntoIterator<Item = D>) -> Item {
    let device = |name: D| {
        serde_json::json!({
            "@odata.type": "#microsoft.graph.security.deviceEvidence",
            "deviceDnsName": format!("{name}.contoso.example"),
        })
    };
    let alert = serde_json::json!({
        "@odata.type": "#microsoft.graph.security.alert",
        "id": id,
        "title": format!("On {id}"),
        "severity": "medium",
        "serviceSource": "microsoftDefenderForEndpoint",
        "createdDateTime": "2026-11-20T10:00:00Z",
        "evidence": devices.into_iter().map(device).collect::<Vec<_>>(),
    });
    read_body(&Format::parse("graph").unwrap(), alert.to_string().as_bytes()).remove(0)
}
