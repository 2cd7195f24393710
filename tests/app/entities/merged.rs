//! Two entities that turn out to be one.

use serde_json::json;

use super::entity;
use crate::support::page::{texts, value};
use crate::support::{alert, world};

#[test]
fn the_address_of_an_entity_that_turned_out_to_be_another_leads_to_that() {
    let world = world();
    let dana = world.browser("dana");
    let user = |id: &str, account: serde_json::Value| {
        alert("Odd sign-in")
            .id(id)
            .evidence(json!({"@odata.type": "#microsoft.graph.security.userEvidence", "userAccount": account}))
            .json()
    };
    let sid = "S-1-5-21-1-2-3-1104";
    world.ingest(&[user("1", json!({"userSid": sid}))]);
    world.ingest(&[user("2", json!({"accountName": "ida", "userPrincipalName": "ida@contoso.example"}))]);
    let (by_sid, by_name) = (entity(&dana, "user", sid), entity(&dana, "user", "ida@contoso.example"));
    assert_ne!(by_sid, by_name);
    let device_note = |path: &str, note: &str| dana.post(&format!("{path}/note"), &[("note", note)]);
    device_note(&by_sid, "on call");
    device_note(&by_name, "finance");
    world.ingest(&[user(
        "3",
        json!({"userSid": sid, "accountName": "ida", "userPrincipalName": "ida@contoso.example"}),
    )]);
    let kept: Vec<u16> = [&by_sid, &by_name].map(|path| dana.get(path).status).to_vec();
    assert!(kept.contains(&200) && kept.contains(&303), "{kept:?}");
    let page = if kept[0] == 200 { &by_sid } else { &by_name };
    let note = value(&dana.page(page), "#e-note");
    assert!(note.contains("on call") && note.contains("finance"), "both notes stay: {note}");
    assert_eq!(texts(&dana.page(page), "[aria-labelledby=e-known] details li").len(), 2, "and who wrote them");
    device_note(page, "");
    for gone in ["on+call", "finance"] {
        assert_eq!(texts(&dana.page(&format!("/search?q={gone}")), ".results a"), [""; 0], "{gone}");
    }
}
