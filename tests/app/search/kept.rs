//! What a search finds follows every change, and is what the stored history and evidence say.

use super::{found, names, search};
use crate::support::product::entity_texts;
use crate::support::product::written_texts;
use crate::support::{World, alert, world};

/// What is searched, as it is stored.
fn stored(world: &World) -> [Vec<String>; 2] {
    [
        world.texts("SELECT entry_id || ' ' || text_key AS text FROM written_texts ORDER BY entry_id"),
        world.texts("SELECT entity_id || ' ' || text_key AS text FROM entity_texts ORDER BY entity_id, text_key"),
    ]
}

/// What a search looks through is what the stored history and evidence say, and is worked out to the same anew.
pub fn assert_search_is_complete(world: &World) {
    let before = stored(world);
    world.execute("DELETE FROM written_texts");
    world.execute("DELETE FROM entity_texts");
    world.execute("UPDATE counters SET value = (SELECT MAX(id) FROM history) WHERE name = 'written_texts_left'");
    world.execute("UPDATE counters SET value = (SELECT MAX(id) FROM evidence) WHERE name = 'entity_texts_left'");
    written_texts::bring_up_to_date(&world.db).unwrap();
    entity_texts::bring_up_to_date(&world.db).unwrap();
    let [written, told] = stored(world);
    assert_eq!(before[0], written);
    let missing: Vec<&String> = told.iter().filter(|text| !before[1].contains(text)).collect();
    assert!(missing.is_empty(), "cannot be found: {missing:?}");
}

#[test]
fn every_text_that_somebody_writes_is_found() {
    let world = world();
    let dana = world.browser("dana");
    let (one, two) = (world.incident("One"), world.incident("Two"));
    dana.post(&format!("/incidents/{one}/comments"), &[("body", "walrus seen")]);
    dana.post("/alerts/1/comments", &[("body", "walrus of an alert")]);
    let target = one.to_string();
    let moved = dana.post(
        "/alerts/move",
        &[("alerts", "2"), ("target", target.as_str()), ("reason", "Other"), ("comment", "walrus moves")],
    );
    assert_eq!(moved.status, 303, "{}", moved.text());
    dana.post(&format!("/incidents/{one}"), &[("status", "resolved"), ("resolving_note", "a walrus, harmless")]);
    let found = names(&dana, "walrus", "Comments");
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.iter().all(|name| name.contains(&format!("incident {one}:"))), "{found:?}");
    assert_ne!(one, two);
}

#[test]
fn a_store_without_the_texts_gets_the_same_ones_by_migrating() {
    let world = world();
    let dana = world.browser("dana");
    for number in 0..3 {
        let process = serde_json::json!({
            "@odata.type": "#microsoft.graph.security.processEvidence",
            "processCommandLine": format!("cmd.exe /c walrus-{number}"),
            "imageFile": {"fileName": "cmd.exe", "filePath": "C:\\Windows\\System32"},
        });
        world.ingest(&[alert("Odd process")
            .id(&format!("a{number}"))
            .device("pc-1.contoso.example")
            .evidence(process)
            .json()]);
        dana.post("/incidents/1/comments", &[("body", &format!("walrus comment {number}"))]);
    }
    let before = stored(&world);
    assert!(before[0].len() >= 3 && before[1].len() >= 3, "{before:?}");
    world.execute("DELETE FROM written_texts");
    world.execute("DELETE FROM entity_texts");
    world.execute("UPDATE counters SET value = (SELECT MAX(id) FROM history) WHERE name = 'written_texts_left'");
    world.execute("UPDATE counters SET value = (SELECT MAX(id) FROM evidence) WHERE name = 'entity_texts_left'");
    assert_eq!(names(&dana, "walrus", "Comments"), [""; 0]);
    written_texts::bring_up_to_date(&world.db).unwrap();
    entity_texts::bring_up_to_date(&world.db).unwrap();
    assert_eq!(stored(&world), before);
    assert_eq!(found(&search(&dana, "walrus")).len(), 2, "processes and comments");
}
