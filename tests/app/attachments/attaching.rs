//! Attaching files: limits, what is refused, one content once, and who may.

use std::sync::Barrier;

use super::{assert_attachments_are_kept, contents, names, newest, tab, window};
use crate::support::files::{attach, executable, form, image};
use crate::support::page::{attribute, select, text, texts, value};
use crate::support::stream::Stream;
use crate::support::{Browser, world};

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

#[test]
fn an_attached_file_is_told_with_its_type_size_hash_and_who_attached_it() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let sent = attach(&dana, id, &[("notes.txt", b"hello"), ("photo.png", &image(40, 30))]);
    assert_eq!(dana.message_after(&sent), "2 files attached.");
    assert_eq!(sent.location, format!("/incidents/{id}/attachments"));
    assert_eq!(names(&dana, id), ["photo.png", "notes.txt"], "the newest first");
    let page = tab(&dana, id);
    let told = &texts(&page, ".attachment")[1];
    for part in ["Plain text", "5 bytes", "Dana Reyes", HELLO] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(text(&page, ".tabs [aria-current=page]").contains("Attachments (2)"));
    let history = dana.history(id);
    assert!(history[1].contains(&format!("Attached notes.txt, 5 bytes, SHA-256 {HELLO}")), "{history:?}");
    let entries = dana.page(&format!("/incidents/{id}/history?show=changes"));
    assert_eq!(attribute(&entries, ".entry a[href='/attachments/1']", "href"), "/attachments/1");
    let pane = dana.page(&format!("/incidents/{id}/pane"));
    assert_eq!(text(&pane, "[data-live=attachmentCount]"), "2");
    assert_attachments_are_kept(&world);
}

#[test]
fn the_same_content_is_stored_once() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    attach(&dana, one, &[("a.txt", b"hello"), ("b.txt", b"hello")]);
    attach(&world.browser("omar"), two, &[("c.txt", b"hello")]);
    assert_eq!((contents(&world), names(&dana, one).len(), names(&dana, two).len()), (1, 2, 1));
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM attachment_pieces"), 1);
}

#[test]
fn equal_files_that_come_at_once_are_stored_once() {
    let world = world();
    let incidents = [world.incident("One"), world.incident("Two"), world.incident("Three")];
    let dana = world.browser("dana");
    for round in 0..5 {
        let (all, big) = (Barrier::new(3), vec![round; 1_500_000]);
        std::thread::scope(|scope| {
            for incident in incidents {
                let (browser, all, big) = (window(&world, &dana), &all, &big);
                scope.spawn(move || {
                    let other = [round, round];
                    // In another order each, so that they could wait for each other.
                    let mut files: Vec<(&str, &[u8])> = vec![("a.bin", big), ("b.bin", &other)];
                    files.rotate_left(usize::try_from(incident % 2).unwrap());
                    all.wait();
                    assert_eq!(attach(&browser, incident, &files).status, 303);
                });
            }
        });
        assert_eq!(contents(&world), 2 * i64::from(round + 1));
    }
    assert_attachments_are_kept(&world);
}

#[test]
fn a_file_that_cannot_be_taken_is_told_at_the_field_and_nothing_is_stored() {
    let mut world = world();
    let id = world.incident("One");
    world.restart_with(|config| config.attachment_limit = 1 << 20);
    let dana = world.browser("dana");
    let large = vec![b'x'; (1 << 20) + 1];
    let eleven: Vec<(&str, &[u8])> = (0..11).map(|_| ("a.txt", &b"hello"[..])).collect();
    for (files, problem) in [
        (vec![("ok.txt", &b"hello"[..]), ("large.bin", &large), ("x", b"")], "large.bin has more than 1 MiB."),
        (vec![("ok.txt", b"hello"), ("empty.txt", b"")], "empty.txt is empty."),
        (vec![("", b"hello")], "A file has no name."),
        (vec![("../..", b"hello")], "A file has no name."),
        (vec![("", b"")], "Choose a file."),
        (eleven, "Attach at most 10 files at once."),
    ] {
        let answer = attach(&dana, id, &files);
        assert_eq!(answer.status, 422, "{}", answer.text());
        let told = text(&answer.html(), "#a-files-error");
        assert!(told.starts_with(problem), "{told}");
    }
    assert_eq!(attach(&dana, id, &[("just.bin", &large[1..])]).status, 303, "the limit itself is allowed");
    assert_eq!((names(&dana, id), contents(&world), dana.history(id).len()), (vec!["just.bin".to_owned()], 1, 3));
}

#[test]
fn what_breaks_off_stores_nothing() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let (content_type, body) = form(&[], &[("a.txt", b"hello"), ("b.txt", b"world")]);
    let path = format!("/incidents/{id}/attachments");
    let from_page = [("sec-fetch-site", "same-origin")];
    // In the last boundary, in a file, in a header.
    for end in [body.len() - 6, body.len() - 50, body.len() / 2, 10] {
        assert_eq!(dana.post_body(&path, &content_type, &body[..end], &from_page).status, 422);
    }
    assert_eq!(dana.post(&path, &[("files", "a")]).status, 403, "a form without files");
    assert_eq!(dana.post_body(&path, "multipart/form-data", &body, &from_page).status, 422, "no boundary");
    assert_eq!((contents(&world), names(&dana, id).len()), (0, 0));
}

#[test]
fn a_form_that_is_sent_twice_attaches_once() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let page = tab(&dana, id);
    let fields = ["csrf", "once"].map(|name| (name, value(&page, &format!("form.attach input[name={name}]"))));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (content_type, body) = form(&fields, &[("a.txt", b"hello")]);
    for _ in 0..2 {
        let answer = dana.post_body(&format!("/incidents/{id}/attachments"), &content_type, &body, &[]);
        assert_eq!(answer.status, 303, "the token is enough: {}", answer.text());
    }
    assert_eq!(names(&dana, id), ["a.txt"]);
}

#[test]
fn files_from_other_sites_and_of_people_who_may_not_are_refused() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}/attachments");
    let token = value(&tab(&dana, id), "form.attach input[name=csrf]");
    let of_omar = value(&tab(&world.browser("omar"), id), "form.attach input[name=csrf]");
    let post = |fields: &[(&str, &str)], headers: &[(&str, &str)]| {
        let (content_type, body) = form(fields, &[("a.txt", b"hello")]);
        dana.post_body(&path, &content_type, &body, headers).status
    };
    assert_eq!(post(&[], &[]), 403, "neither origin nor token");
    assert_eq!(post(&[("csrf", "wrong")], &[]), 403);
    assert_eq!(post(&[("once", "1"), ("csrf", &token)], &[]), 403, "the token is the first field");
    assert_eq!(post(&[("csrf", &token)], &[("origin", "https://evil.example")]), 403);
    assert_eq!(post(&[("csrf", &token)], &[("sec-fetch-site", "cross-site")]), 403);
    assert_eq!(post(&[("csrf", &of_omar)], &[("sec-fetch-site", "same-origin")]), 403, "a page of somebody else");
    let vic = world.browser("vic");
    assert_eq!(attach(&vic, id, &[("a.txt", b"hello")]).status, 403);
    assert!(select(&tab(&vic, id), "form.attach").is_empty(), "and is not offered to");
    let nobody = Browser::new(&world.base);
    let answer = attach(&nobody, id, &[("a.txt", b"hello")]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/login"));
    assert_eq!(attach(&dana, 99, &[("a.txt", b"hello")]).status, 404);
    assert_eq!(contents(&world), 0);
    assert_eq!(post(&[("csrf", &token)], &[]), 303);
}

#[test]
fn what_a_file_is_is_told_by_its_content() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    attach(&dana, id, &[("invoice.pdf", &executable())]);
    let told = newest(&dana, id);
    for part in ["Windows executable", "Named .pdf, but is a Windows executable.", "It can run as a program."] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let page = tab(&dana, id);
    assert_eq!(attribute(&page, ".attachment a.button", "href"), "/attachments/1.zip", "the zip comes first");
    let history = dana.page(&format!("/incidents/{id}/history"));
    assert!(!select(&history, ".entry a[href='/attachments/1.zip']").is_empty());
    attach(&dana, id, &[("notes.txt", b"hello")]);
    assert_eq!(attribute(&tab(&dana, id), ".attachment a.button", "href"), "/attachments/2");
}

#[test]
fn an_attached_file_is_shown_at_once_in_open_pages() {
    let world = world();
    let id = world.incident("One");
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let mut stream = Stream::open(&world, &omar, &format!("/incidents/{id}/stream"), None);
    attach(&dana, id, &[("notes.txt", b"hello")]);
    let entry = stream.html();
    assert!(entry.contains("notes.txt") && entry.contains("/attachments/1"), "{entry}");
}
