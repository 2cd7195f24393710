//! Removing attached files.

use std::sync::Barrier;

use super::{assert_attachments_are_kept, contents, names, tab, window};
use crate::support::files::{attach, image};
use crate::support::page::{select, text};
use crate::support::world;

#[test]
fn a_removed_file_is_gone_with_its_content_and_its_name_and_hash_stay_in_the_history() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    attach(&dana, id, &[("photo.png", &image(30, 30))]);
    assert!(text(&tab(&dana, id), ".attachment .confirm p").contains("cannot be undone"));
    let removed = dana.post("/attachments/1/remove", &[]);
    assert_eq!(dana.message_after(&removed), "Attachment removed.");
    assert_eq!((names(&dana, id).len(), contents(&world)), (0, 0));
    for table in ["attachment_pieces", "attachment_previews"] {
        assert_eq!(world.count(&format!("SELECT COUNT(*) AS n FROM {table}")), 0);
    }
    let history = dana.history(id);
    assert!(history[0].contains("Attachment removed: photo.png, SHA-256 "), "{history:?}");
    assert!(history[1].contains("Attached photo.png"), "{history:?}");
    for path in ["/attachments/1", "/attachments/1.zip"] {
        let answer = dana.get(path);
        assert_eq!(dana.message_after(&answer), "This file was removed.", "{path}");
    }
    assert_eq!(dana.get("/attachments/1/preview").status, 404);
    dana.post("/attachments/1/remove", &[]);
    assert_eq!(dana.history(id).len(), history.len(), "removing it again records nothing");
    assert_attachments_are_kept(&world);
}

#[test]
fn a_content_stays_as_long_as_another_attachment_has_it() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    attach(&dana, one, &[("a.txt", b"hello")]);
    attach(&dana, two, &[("b.txt", b"hello")]);
    dana.post("/attachments/1/remove", &[]);
    assert_eq!((dana.download("/attachments/2").1, contents(&world)), (b"hello".to_vec(), 1));
    dana.post("/attachments/2/remove", &[]);
    assert_eq!(contents(&world), 0);
    attach(&dana, one, &[("c.txt", b"hello")]);
    assert_eq!(dana.download("/attachments/3").1, b"hello");
}

#[test]
fn who_attached_a_file_and_administrators_can_remove_it() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    attach(&dana, id, &[("a.txt", b"hello"), ("b.txt", b"world")]);
    for other in ["omar", "vic"] {
        let browser = world.browser(other);
        assert_eq!(browser.post("/attachments/1/remove", &[]).status, 403, "{other}");
        assert!(select(&tab(&browser, id), ".confirm").is_empty(), "{other}");
    }
    assert_eq!(dana.post("/attachments/1/remove", &[]).status, 303);
    assert_eq!(world.browser("ada").post("/attachments/2/remove", &[]).status, 303);
    assert_eq!(dana.post("/attachments/3/remove", &[]).status, 404);
    assert_eq!(dana.post_with("/attachments/2/remove", &[], &[]).status, 403, "without a token");
}

#[test]
fn the_last_two_attachments_of_a_content_removed_at_once_leave_nothing() {
    let world = world();
    let (one, two) = (world.incident("One"), world.incident("Two"));
    let dana = world.browser("dana");
    for round in 0..8 {
        let content = vec![b'x'; 10 + round];
        attach(&dana, one, &[("a.txt", &content)]);
        attach(&dana, two, &[("b.txt", &content)]);
        let newest = world.count("SELECT MAX(id) AS n FROM attachments");
        let all = Barrier::new(3);
        std::thread::scope(|scope| {
            for attachment in [newest - 1, newest] {
                let (browser, all) = (window(&world, &dana), &all);
                scope.spawn(move || {
                    all.wait();
                    assert_eq!(browser.post(&format!("/attachments/{attachment}/remove"), &[]).status, 303);
                });
            }
            // Meanwhile a third one comes.
            all.wait();
            assert_eq!(attach(&dana, two, &[("c.txt", &content)]).status, 303);
        });
        assert_eq!(contents(&world), i64::try_from(round).unwrap() + 1);
        assert_attachments_are_kept(&world);
    }
}
