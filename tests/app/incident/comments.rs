//! POST /incidents/{id}/comments and /alerts/{id}/comments.

use crate::support::page::{attribute, select, text, texts};
use crate::support::world;

#[test]
fn a_comment_is_markdown_and_is_in_the_history_with_its_author() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let answer = dana.post(&format!("/incidents/{id}/comments"), &[("body", "Called **Ana**:\r\n- not her")]);
    assert_eq!(answer.status, 303);
    let page = dana.page(&format!("/incidents/{id}"));
    assert_eq!(texts(&page, ".entry-comment strong")[..2], ["Dana Reyes", "Ana"]);
    assert_eq!(texts(&page, ".entry-comment li"), ["not her"]);
}

#[test]
fn r7_a_comment_on_an_alert_is_in_its_history_and_in_its_incidents() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.post("/alerts/1/comments", &[("body", "Looks odd")]);
    assert!(dana.alert_history(1)[0].contains("Looks odd"));
    assert!(dana.history(id)[0].contains("Alert One Looks odd"));
}

#[test]
fn an_empty_or_too_long_comment_is_refused_with_the_text_kept() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}/comments");
    assert_eq!(dana.post(&path, &[("body", "  ")]).status, 422);
    let long = "x".repeat(30_001);
    let answer = dana.post(&path, &[("body", &long)]);
    assert_eq!(answer.status, 422);
    assert_eq!(text(&answer.html(), "#c-body"), long);
    assert_eq!(text(&answer.html(), "#c-body-error"), "A comment can have at most 30,000 characters.");
    assert_eq!(dana.post(&path, &[("body", &"x".repeat(30_000))]).status, 303);
}

#[test]
fn a_comment_on_a_missing_incident_or_alert_is_not_found() {
    let world = world();
    let dana = world.browser("dana");
    assert_eq!(dana.post("/incidents/99/comments", &[("body", "x")]).status, 404);
    assert_eq!(dana.post("/alerts/99/comments", &[("body", "x")]).status, 404);
}

#[test]
fn a_viewer_is_offered_no_comment_form() {
    let world = world();
    let id = world.incident("One");
    let page = world.browser("vic").page(&format!("/incidents/{id}/pane"));
    assert!(select(&page, "textarea").is_empty());
}

#[test]
fn a_comment_on_a_redirected_incident_goes_to_the_incident_that_has_its_alerts() {
    let world = world();
    let (gone, kept) = (world.incident("One"), world.incident("Two"));
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    let moved = dana.post("/alerts/move", &[("alerts", "1"), ("target", &kept.to_string())]);
    assert_eq!(moved.status, 303, "{}", moved.text());
    let answer = omar.post(&format!("/incidents/{gone}/comments"), &[("body", "Typed before I knew")]);
    assert_eq!(answer.status, 303);
    assert!(omar.history(kept)[0].contains("Typed before I knew"), "{:?}", omar.history(kept));
}

#[test]
fn a_comment_sent_twice_is_stored_once_and_the_same_words_from_another_page_again() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let once = || attribute(&dana.page(&format!("/incidents/{id}")), "[data-comment-form] input[name=once]", "value");
    for path in [format!("/incidents/{id}/comments"), "/alerts/1/comments".to_owned()] {
        let key = once();
        let before = dana.comments(id).len();
        let answers = [(); 2].map(|()| dana.post(&path, &[("body", "Called Ana"), ("once", &key)]));
        assert_eq!(answers.each_ref().map(|answer| answer.status), [303, 303]);
        assert_eq!(answers[0].location, answers[1].location);
        assert_eq!(dana.comments(id).len(), before + 1);
        dana.post(&path, &[("body", "Called Ana again"), ("once", &key)]);
        dana.post(&path, &[("body", "Called Ana"), ("once", &once())]);
        assert_eq!(dana.comments(id).len(), before + 3, "other words, or another page, are another comment");
    }
}

#[test]
fn a_comment_sent_twice_at_the_same_moment_is_stored_once() {
    let world = world();
    let id = world.incident("One");
    for round in 0..10 {
        let key = format!("round {round}");
        let browsers = [(); 2].map(|()| world.browser("dana"));
        let statuses = std::thread::scope(|scope| {
            let sent = browsers.map(|browser| {
                let key = key.clone();
                scope.spawn(move || {
                    browser.post(&format!("/incidents/{id}/comments"), &[("body", "Hi"), ("once", &key)]).status
                })
            });
            sent.map(|answer| answer.join().unwrap())
        });
        assert_eq!(statuses, [303, 303]);
        assert_eq!(world.browser("dana").comments(id).len(), round + 1);
    }
}
