//! Checkpoints: whoever works all hashes out anew is found by those that were written elsewhere before.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, UdpSocket};

use super::{checkpoint, key, problems, problems_with, rewrite};
use crate::support::product::verify::Asked;
use crate::support::product::{Checkpoint, Destinations, Syslog, deliver, stored_checkpoints};
use crate::support::world;

#[test]
fn who_works_all_hashes_out_anew_is_found_by_a_checkpoint_from_elsewhere() {
    let world = world();
    world.incident("First");
    let first = checkpoint(&world);
    let dana = world.browser("dana");
    dana.post("/incidents/1/comments", &[("body", "it was a walrus")]);
    let second = checkpoint(&world);
    dana.post("/incidents/1/comments", &[("body", "after it")]);
    let asked = Asked { checkpoints: vec![first.clone(), second.clone()], public_keys: vec![key(&world).public_key()] };
    assert_eq!(problems_with(&world, &asked), [""; 0], "later entries change nothing of earlier checkpoints");
    let changed = world.count("SELECT max(id) - 1 AS n FROM history");
    world.execute(&format!("UPDATE history SET detail = replace(detail, 'walrus', 'seal') WHERE id = {changed}"));
    rewrite(&world, 1);
    // The checkpoints of the database are not to be found wrong either.
    world.execute("DELETE FROM checkpoints");
    world.execute("UPDATE counters SET value = 0 WHERE name = 'checkpoint'");
    assert_eq!(problems(&world), [""; 0], "nothing in the database shows it");
    let found = problems_with(&world, &asked);
    let (from, to) = (first.last_entry + 1, second.last_entry);
    let entries = if from == to { to.to_string() } else { format!("{from} to {to}") };
    let named =
        format!("Checkpoint {}: the entries {entries} of incidents are not those that there were on ", second.id);
    assert!(found.iter().any(|sentence| sentence.starts_with(&named)), "{found:?}");
    let other = format!("Checkpoint {}: the entries", first.id);
    assert!(!found.iter().any(|sentence| sentence.starts_with(&other)), "the first still holds: {found:?}");
    let missing = format!("Checkpoint {}: it is missing in the database, and is in the file.", second.id);
    assert!(found.contains(&missing), "{found:?}");
}

#[test]
fn an_audit_log_that_was_rewritten_is_found_by_a_checkpoint() {
    let world = world();
    world.browser("dana").get("/incidents.csv");
    let asked = Asked { checkpoints: vec![checkpoint(&world)], public_keys: Vec::new() };
    assert_eq!(problems_with(&world, &asked), [""; 0]);
    world.execute("UPDATE audit_log SET hash = 'x' WHERE id = (SELECT max(id) FROM audit_log)");
    let found = problems_with(&world, &asked);
    assert!(found.iter().any(|sentence| sentence.contains("the entries of the audit log up to ")), "{found:?}");
}

#[test]
fn a_forged_checkpoint_is_found_by_its_signature() {
    let world = world();
    world.incident("First");
    let checkpoint = checkpoint(&world);
    world.execute(&format!("UPDATE checkpoints SET last_entry = last_entry - 1 WHERE id = {}", checkpoint.id));
    let wrong = |place: &str| {
        let what = "it was changed, or signed with another key.";
        format!("Checkpoint {}: its signature{place} is wrong: {what}", checkpoint.id)
    };
    assert_eq!(problems(&world), [wrong("")]);
    world.execute(&format!("UPDATE checkpoints SET last_entry = last_entry + 1 WHERE id = {}", checkpoint.id));
    let asked = Asked { checkpoints: vec![checkpoint.clone()], public_keys: vec!["00".repeat(32)] };
    // The server may have made one of its own, which has another key too.
    let mut found = problems_with(&world, &asked);
    found.retain(|sentence| sentence.starts_with(&format!("Checkpoint {}:", checkpoint.id)));
    assert_eq!(found, [wrong(""), wrong(" in the file")]);
    let changed = Checkpoint { at: checkpoint.at + 1, ..checkpoint.clone() };
    let asked = Asked { checkpoints: vec![changed], public_keys: Vec::new() };
    let differs = format!("Checkpoint {}: the one in the database is not the one in the file.", checkpoint.id);
    assert_eq!(problems_with(&world, &asked), [differs, wrong(" in the file")]);
}

#[test]
fn a_deleted_checkpoint_is_named() {
    let world = world();
    for title in ["One", "Two", "Three"] {
        world.incident(title);
        checkpoint(&world);
    }
    let middle = world.count("SELECT max(id) - 1 AS n FROM checkpoints");
    world.execute(&format!("DELETE FROM checkpoints WHERE id = {middle}"));
    assert_eq!(problems(&world), [format!("Checkpoint {middle}: it is missing in the database.")]);
    world.execute(&format!("DELETE FROM checkpoints WHERE id > {middle}"));
    let found = problems(&world);
    assert_eq!(found, [format!("Checkpoint {middle}: {middle} to {} are missing in the database.", middle + 1)]);
}

#[test]
fn a_checkpoint_is_only_made_when_something_has_changed() {
    let world = world();
    world.incident("One");
    let made = checkpoint(&world);
    assert_eq!(stored_checkpoints::make_if_changed(&world.db, &key(&world)).unwrap(), None);
    world.incident("Two");
    let next = stored_checkpoints::make_if_changed(&world.db, &key(&world)).unwrap().unwrap();
    assert_eq!((next.id, next.previous), (made.id + 1, made.hash));
}

#[test]
fn a_file_has_every_checkpoint_once_also_after_it_was_torn() {
    let world = world();
    let file = world.database.folder.path().join("checkpoints.jsonl");
    let destinations = Destinations { file: Some(file.clone()), ..Destinations::default() };
    let lines = || std::fs::read_to_string(&file).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    world.incident("One");
    let first = checkpoint(&world);
    for _ in 0..2 {
        assert_eq!(deliver::send(&world.db, &destinations), [""; 0]);
        assert_eq!(lines().last(), Some(&first.line()));
        assert_eq!(lines().len(), usize::try_from(first.id).unwrap());
    }
    std::fs::OpenOptions::new().append(true).open(&file).unwrap().write_all(b"{\"number\":").unwrap();
    world.incident("Two");
    let second = checkpoint(&world);
    assert_eq!(deliver::send(&world.db, &destinations), [""; 0]);
    assert_eq!(lines().last(), Some(&second.line()));
    world.execute("DELETE FROM checkpoints");
    let failed = deliver::send(&world.db, &destinations);
    assert!(failed[0].contains("the database does not have its checkpoint"), "{failed:?}");
}

#[test]
fn checkpoints_reach_a_syslog_server_and_a_webhook() {
    let world = world();
    world.incident("One");
    let made = checkpoint(&world);
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let send = |destinations: Destinations| deliver::send(&world.db, &destinations);
    let syslog = |address: String| Destinations { syslog: Syslog::parse(&address).ok(), ..Destinations::default() };
    assert_eq!(send(syslog(format!("udp://{}", udp.local_addr().unwrap()))), [""; 0]);
    let mut datagram = [0; 4096];
    let mut last = String::new();
    while !last.ends_with(&made.line()) {
        let length = udp.recv(&mut datagram).unwrap();
        last = String::from_utf8_lossy(&datagram[..length]).into_owned();
    }
    assert!(last.starts_with("<109>1 20") && last.contains(" watchdesk - checkpoint - {"), "{last}");
    world.incident("Two");
    let next = checkpoint(&world);
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    assert_eq!(send(syslog(format!("tcp://{}", tcp.local_addr().unwrap()))), [""; 0]);
    let mut framed = String::new();
    tcp.accept().unwrap().0.read_to_string(&mut framed).unwrap();
    let (length, message) = framed.split_once(' ').unwrap();
    assert_eq!(length.parse::<usize>().unwrap(), message.len(), "one message, and only what was not sent before");
    assert!(message.ends_with(&next.line()));
    let bodies = std::thread::scope(|scope| {
        let web = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/in", web.local_addr().unwrap());
        let served = scope.spawn(move || (0..next.id).map(|_| answer(&web)).collect::<Vec<_>>());
        assert_eq!(send(Destinations { webhook: Some(url), ..Destinations::default() }), [""; 0]);
        served.join().unwrap()
    });
    assert_eq!(bodies.last(), Some(&next.line()));
}

/// Takes one request, answers it, and returns its body.
fn answer(web: &TcpListener) -> String {
    let mut reader = BufReader::new(web.accept().unwrap().0);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    reader.into_inner().write_all(answer).unwrap();
    String::from_utf8(body).unwrap()
}
