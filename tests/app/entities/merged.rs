//! Two entities that turn out to be one.

use serde_json::json;

use super::entity;
use crate::support::page::{attribute, texts, value};
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
    let say = |path: &str, comment: &str, tags: &str| {
        dana.post(&format!("{path}/comments"), &[("body", comment)]);
        dana.post(&format!("{path}/tags"), &[("tags", tags)]);
    };
    say(&by_sid, "Asked Zelda", "VIP, remote");
    say(&by_name, "Asked Yorick", "vip, bookkeeping");
    let edit = attribute(&dana.page(&by_sid), ".entry-acts a", "href");
    world.ingest(&[user(
        "3",
        json!({"userSid": sid, "accountName": "ida", "userPrincipalName": "ida@contoso.example"}),
    )]);
    let kept: Vec<u16> = [&by_sid, &by_name].map(|path| dana.get(path).status).to_vec();
    assert!(kept.contains(&200) && kept.contains(&303), "{kept:?}");
    let page = if kept[0] == 200 { &by_sid } else { &by_name };
    let note = value(&dana.page(page), "#e-note");
    assert!(note.contains("on call") && note.contains("finance"), "both notes stay: {note}");
    assert_eq!(texts(&dana.page(page), ".head-facts .tag"), ["bookkeeping", "remote", "VIP"], "the tags of both");
    assert_eq!(texts(&dana.page(page), "[aria-labelledby=e-history] .entry").len(), 8, "and the history of both");
    for asked in ["zelda", "yorick"] {
        let found = dana.page(&format!("/search?q={asked}"));
        assert!(attribute(&found, "[aria-labelledby=s-comment] .hit-name a", "href").starts_with(page), "{asked}");
    }
    let number = edit.split(['=', '#']).nth(1).unwrap();
    let answer = dana.post(&format!("{by_sid}/comments/{number}"), &[("body", "Asked Zoe")]);
    assert_eq!(dana.message_after(&answer), "Comment saved.", "a page that was open before the merge still saves");
    device_note(page, "");
    for gone in ["on+call", "finance"] {
        assert_eq!(texts(&dana.page(&format!("/search?q={gone}")), ".results a"), [""; 0], "{gone}");
    }
}
