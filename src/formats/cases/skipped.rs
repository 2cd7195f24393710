//! Records of products that are not meant to be alerts are skipped, not refused.

use serde_json::json;

use crate::formats::format::Format;
use crate::formats::not_taken::NotTaken;
use crate::formats::record::read_record;

#[test]
fn records_about_a_product_itself_are_skipped() {
    let records = [
        json!({"metadata": {"eventType": "UserActivityAuditEvent", "customerIDString": "c1"}, "event": {"OperationName": "x"}}),
        json!({"type": "Event::Endpoint::UpdateSuccess", "id": "1", "customer_id": "c1", "name": "Updated"}),
        json!({"id": 1, "event_type": "Policy Update", "event_type_id": 1, "computer": {"hostname": "web-01"}}),
        json!({"module": "registration", "product_installed": "BEST", "computer_name": "web-01"}),
        json!({"event_type": "Audit_Event", "source_uuid": "u1", "occured": "01-Mar-2025 10:00:00", "hostname": "console"}),
        json!({"_path": "conn", "ts": 1_740_823_200.5, "uid": "C1", "id.orig_h": "10.0.0.5"}),
        json!({"note": "CaptureLoss::Too_Much_Loss", "ts": 1_740_823_200.5, "msg": "Much was lost.", "suppress_for": 3600.0}),
        json!({"logid": "0000000013", "type": "traffic", "subtype": "forward", "vd": "root", "action": "accept"}),
        json!({"LogType": "TRAFFIC", "DeviceSN": "0070", "TimeGenerated": "2025-03-01T10:00:00Z"}),
    ];
    for record in records {
        let read = read_record(&Format::Auto, &record);
        assert!(matches!(read, Err(NotTaken::Skipped(_))), "{record}\n{read:?}");
    }
}
