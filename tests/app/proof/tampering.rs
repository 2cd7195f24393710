//! Whatever somebody changes in the database, `verify` names it.

use super::{checkpoint, problems, problems_with, rewrite};
use crate::support::product::clock;
use crate::support::product::verify::Asked;
use crate::support::{World, alert, world};

/// Incident 1 with an alert and three comments, and incident 2 with an alert; the ids of the entries of the comments.
fn commented() -> (World, Vec<i64>) {
    let world = world();
    assert_eq!([world.incident("First"), world.incident("Second")], [1, 2]);
    let dana = world.browser("dana");
    let mut entries = Vec::new();
    for body in ["one", "two", "three"] {
        assert_eq!(dana.post("/incidents/1/comments", &[("body", body)]).status, 303);
        entries.push(world.count("SELECT max(id) AS n FROM history"));
    }
    assert_eq!(problems(&world), [""; 0]);
    (world, entries)
}

/// The revision of an entry.
fn revision(world: &World, entry: i64) -> i64 {
    world.count(&format!("SELECT revision AS n FROM history WHERE id = {entry}"))
}

fn delete(world: &World, entry: i64) {
    for (table, column) in [("written_texts", "entry_id"), ("mentions", "comment_id"), ("history", "id")] {
        world.execute(&format!("DELETE FROM {table} WHERE {column} = {entry}"));
    }
}

#[test]
fn one_changed_byte_is_named() {
    let (world, entries) = commented();
    let entry = entries[1];
    for (column, value) in [
        ("detail", "replace(detail, 'two', 'twp')"),
        ("actor_label", "'Omar Haddad'"),
        ("at", "at + 1"),
        ("actor_id", "2"),
        ("alert_id", "1"),
        ("parent", "1"),
        ("operation_id", "1"),
        ("version", "version + 1"),
        ("chained_at", "at"),
    ] {
        let before = format!("CREATE TABLE kept AS SELECT * FROM history WHERE id = {entry}");
        world.execute(&before);
        world.execute(&format!("UPDATE history SET {column} = {value} WHERE id = {entry}"));
        let named = format!(
            "Incident 1, entry {entry} (revision {}): it was changed after it was written.",
            revision(&world, entry)
        );
        assert_eq!(problems(&world), [named], "{column}");
        world.execute(&format!("UPDATE history SET {column} = (SELECT {column} FROM kept) WHERE id = {entry}"));
        world.execute("DROP TABLE kept");
        assert_eq!(problems(&world), [""; 0], "{column}");
    }
}

#[test]
fn the_newest_entry_is_named_when_it_was_changed() {
    let (world, entries) = commented();
    world.execute(&format!("UPDATE history SET detail = replace(detail, 'three', 'four') WHERE id = {}", entries[2]));
    let found = problems(&world);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains(&format!("entry {} ", entries[2])) && found[0].ends_with("was changed after it was written.")
    );
}

#[test]
fn a_deleted_entry_is_named_by_its_revision() {
    let (world, entries) = commented();
    let revision = revision(&world, entries[1]);
    delete(&world, entries[1]);
    assert_eq!(problems(&world), [format!("Incident 1, revision {revision}: the entry is missing.")]);
}

#[test]
fn a_deleted_newest_entry_is_named_by_its_revision() {
    let (world, entries) = commented();
    let revision = revision(&world, entries[2]);
    delete(&world, entries[2]);
    assert_eq!(problems(&world), [format!("Incident 1, revision {revision}: the entry is missing.")]);
}

#[test]
fn an_added_entry_is_named() {
    let (world, entries) = commented();
    let (last, revision) = (entries[2], revision(&world, entries[2]));
    world.execute(&format!(
        "INSERT INTO history (id, incident_id, revision, actor_kind, actor_id, actor_label, kind, version, detail, at, hash) \
         SELECT id + 1, incident_id, revision + 1, actor_kind, actor_id, actor_label, kind, version, detail, at, hash \
         FROM history WHERE id = {last}"
    ));
    let found = problems(&world);
    assert!(found.contains(&format!("Incident 1: the entries of revision {} were added.", revision + 1)), "{found:?}");
    assert!(found.contains(&format!("Entry {}: it was added: its number was never given out.", last + 1)), "{found:?}");
    // The same with the incident's row brought in line, as far as one thinks of it.
    world.execute("UPDATE incidents SET revision = revision + 1 WHERE id = 1");
    world.execute("UPDATE counters SET value = value + 1 WHERE name = 'entry'");
    let named = format!(
        "Incident 1, entry {} (revision {}): it was added: the entries around it do not know it.",
        last + 1,
        revision + 1
    );
    assert_eq!(problems(&world), [named]);
}

#[test]
fn entries_that_have_changed_places_are_named_both() {
    let (world, entries) = commented();
    let (one, other) = (entries[0], entries[1]);
    let (first, second) = (revision(&world, one), revision(&world, other));
    // All that was written changes places; the ids and revisions stay.
    world.execute(&format!("CREATE TABLE kept AS SELECT * FROM history WHERE id IN ({one}, {other})"));
    for (to, from) in [(one, other), (other, one)] {
        for column in ["detail", "at", "hash"] {
            world.execute(&format!(
                "UPDATE history SET {column} = (SELECT {column} FROM kept WHERE id = {from}) WHERE id = {to}"
            ));
        }
    }
    let named = |entry: i64, revision: i64, with: i64, there: i64| {
        format!(
            "Incident 1, entry {entry} (revision {revision}): it has changed places with entry {with} (revision {there})."
        )
    };
    assert_eq!(problems(&world), [named(one, first, other, second), named(other, second, one, first)]);
}

#[test]
fn entries_whose_revisions_have_changed_places_are_named_both() {
    let (world, entries) = commented();
    let (one, other) = (entries[0], entries[1]);
    let (first, second) = (revision(&world, one), revision(&world, other));
    for (entry, revision) in [(one, 999), (other, first), (one, second)] {
        world.execute(&format!("UPDATE history SET revision = {revision} WHERE id = {entry}"));
    }
    let found = problems(&world);
    for entry in [one, other] {
        assert!(found.iter().any(|sentence| sentence.contains(&format!("entry {entry} "))), "{found:?}");
    }
    assert!(found.iter().all(|sentence| sentence.contains("it has not the place of its revision")), "{found:?}");
}

#[test]
fn an_entry_that_was_moved_to_another_incident_is_named_with_where_it_came_from() {
    let (world, entries) = commented();
    let (entry, revision) = (entries[1], revision(&world, entries[1]));
    let there = world.count("SELECT revision + 1 AS n FROM incidents WHERE id = 2");
    world.execute(&format!("UPDATE history SET incident_id = 2, revision = {there} WHERE id = {entry}"));
    world.execute("UPDATE incidents SET revision = revision + 1 WHERE id = 2");
    let found = problems(&world);
    let moved = format!(
        "Incident 2, entry {entry} (revision {there}): it was moved here from incident 1, where it had the revision {revision}."
    );
    assert!(found.contains(&moved), "{found:?}");
    assert!(found.contains(&format!("Incident 1, revision {revision}: the entry is missing.")), "{found:?}");
}

#[test]
fn a_deleted_incident_is_named() {
    let (world, _) = commented();
    let of_entries = "(SELECT id FROM history WHERE incident_id = 1)";
    for (table, column) in [("written_texts", "entry_id"), ("mentions", "comment_id"), ("comment_edits", "edit_id")] {
        world.execute(&format!("DELETE FROM {table} WHERE {column} IN {of_entries}"));
    }
    let gone = world.count("SELECT count(*) AS n FROM history WHERE incident_id = 1");
    assert!(gone > 3);
    world.execute("UPDATE alerts SET incident_id = 2 WHERE incident_id = 1");
    for table in ["history", "incident_entities", "incident_facets", "incident_tags", "incident_work"] {
        world.execute(&format!("DELETE FROM {table} WHERE incident_id = 1"));
    }
    world.execute("DELETE FROM incidents WHERE id = 1");
    let found = problems(&world);
    assert!(found.contains(&"Incident 1: it is missing, with all entries that it had.".to_owned()), "{found:?}");
    assert!(found.iter().any(|sentence| sentence.starts_with("No entry has the number ")), "{found:?}");
}

#[test]
fn a_newest_entry_that_an_incident_does_not_know_is_named() {
    let (world, entries) = commented();
    world.execute(&format!("UPDATE history SET detail = replace(detail, 'two', 'twp') WHERE id = {}", entries[1]));
    let head = world.texts("SELECT chain_head AS text FROM incidents WHERE id = 1").remove(0);
    rewrite(&world, 1);
    assert_eq!(problems(&world), [""; 0], "who works all hashes out anew is found by checkpoints only");
    world.execute(&format!("UPDATE incidents SET chain_head = '{head}' WHERE id = 1"));
    let found = problems(&world);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("Incident 1: its newest entry is not the one that it had at revision "), "{found:?}");
}

#[test]
fn an_entry_without_a_hash_is_named() {
    let (world, entries) = commented();
    world.execute(&format!("UPDATE history SET hash = '' WHERE id = {}", entries[1]));
    let revision = revision(&world, entries[1]);
    assert_eq!(problems(&world), [format!("Incident 1, entry {} (revision {revision}): it has no hash.", entries[1])]);
}

#[test]
fn audit_entries_that_were_changed_or_deleted_are_named() {
    let world = world();
    let dana = world.browser("dana");
    for file in ["/incidents.csv", "/incidents.jsonl", "/alerts.csv"] {
        assert_eq!(dana.get(file).status, 200);
    }
    assert_eq!(problems(&world), [""; 0]);
    let last = world.count("SELECT max(id) AS n FROM audit_log");
    let middle = last - 1;
    world.execute(&format!("UPDATE audit_log SET actor_name = 'Nobody' WHERE id = {middle}"));
    assert_eq!(problems(&world), [format!("Audit entry {middle}: it was changed after it was written.")]);
    world.execute(&format!("DELETE FROM audit_log WHERE id = {middle}"));
    assert_eq!(problems(&world), [format!("Audit entry {middle}: it is missing.")]);
    world.execute(&format!("DELETE FROM audit_log WHERE id = {last}"));
    let found = problems(&world);
    assert_eq!(found, [format!("Audit entry {middle}: {middle} to {last} are missing.")]);
}

#[test]
fn entries_of_entities_are_chained_through_a_merge_of_two_entities() {
    let world = world();
    let dana = world.browser("dana");
    let user = |id: &str, account: serde_json::Value| {
        let evidence =
            serde_json::json!({"@odata.type": "#microsoft.graph.security.userEvidence", "userAccount": account});
        alert("Odd sign-in").id(id).evidence(evidence).json()
    };
    let sid = "S-1-5-21-1-2-3-1104";
    let name = serde_json::json!({"accountName": "ida", "userPrincipalName": "ida@contoso.example"});
    world.ingest(&[user("1", serde_json::json!({"userSid": sid}))]);
    world.ingest(&[user("2", name.clone())]);
    for entity in [1, 2] {
        dana.post(&format!("/entities/user/{entity}/comments"), &[("body", &format!("About {entity}"))]);
    }
    let mut both = name;
    both["userSid"] = sid.into();
    world.ingest(&[user("3", both)]);
    assert_eq!(world.count("SELECT count(*) AS n FROM entity_entries WHERE written_entity IS NOT NULL"), 1);
    assert_eq!(problems(&world), [""; 0]);
    world.execute("UPDATE entity_entries SET new_text = 'Something else' WHERE id = 1");
    assert_eq!(problems(&world), ["Entry of entities 1: it was changed after it was written."]);
}

#[test]
fn entries_of_an_alert_that_became_an_occurrence_of_another_stay_whole() {
    let world = world();
    let event = |number: i64, seconds: i64| {
        let at = clock::now() - seconds * clock::SECOND;
        let body = serde_json::json!({
            "uuid": format!("event-{number}"),
            "rule": "Terminal shell in container",
            "priority": "Notice",
            "output": format!("A shell was spawned (number {number})"),
            "time": jiff::Timestamp::from_microsecond(at).unwrap().to_string(),
            "source": "syscall",
            "hostname": "node-01.contoso.test",
            "output_fields": {"user.name": "app", "proc.cmdline": "sh"},
        });
        assert_eq!(world.post_alerts(&body.to_string()).status, 200);
    };
    // The third one is within an hour of both.
    event(1, 7_200);
    event(2, 1_200);
    let before = checkpoint(&world);
    event(3, 4_200);
    assert_eq!(world.count("SELECT count(*) AS n FROM alert_redirects"), 1);
    let moved = "SELECT count(*) AS n FROM history WHERE written_alert IS NOT NULL";
    assert!(world.count(moved) > 0);
    let asked = Asked { checkpoints: vec![before], public_keys: Vec::new() };
    assert_eq!(problems_with(&world, &asked), [""; 0]);
    world.execute("UPDATE history SET written_alert = NULL WHERE written_alert IS NOT NULL");
    assert!(problems(&world)[0].ends_with("it was changed after it was written."));
}
