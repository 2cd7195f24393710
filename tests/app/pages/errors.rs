//! Error pages: with the navigation for people who are signed in, bare for everybody else.

use crate::support::page::{select, text};
use crate::support::{Browser, world};

const NAVIGATION: &str = "nav[aria-label=Main] a";

#[test]
fn a_missing_page_has_the_navigation_for_signed_in_people() {
    let world = world();
    let dana = world.browser("dana");
    for path in ["/nothing/here", "/incidents/99", "/incidents/abc", "/alerts/99", "/settings/start/nothing"] {
        let answer = dana.get(path);
        assert!(answer.status == 404 || path.starts_with("/settings"), "{path} {}", answer.status);
        let page = answer.html();
        assert_eq!(select(&page, NAVIGATION).len(), 4, "{path}");
        assert!(select(&page, "nav [aria-current]").is_empty(), "{path}: none is current");
        assert_eq!(text(&page, ".who-menu > summary"), "Dana Reyes", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let answer = world.browser("ada").get("/settings/start/nothing");
    assert_eq!((answer.status, text(&answer.html(), "h1")), (404, "Not found".to_owned()));
}

#[test]
fn what_is_not_allowed_or_not_possible_is_told_in_the_same_frame() {
    let world = world();
    let vic = world.browser("vic");
    let answer = vic.get("/settings/tokens");
    assert_eq!(answer.status, 403);
    let page = answer.html();
    assert_eq!(text(&page, "[data-message]"), "Only administrators can do this.");
    assert_eq!(select(&page, NAVIGATION).len(), 4);
    let answer = world.browser("dana").post("/operations/99/undo", &[]);
    assert_eq!(answer.status, 404);
    assert_eq!(select(&answer.html(), NAVIGATION).len(), 4);
}

#[test]
fn a_stranger_gets_a_bare_page() {
    let world = world();
    let stranger = Browser::new(&world.base);
    let answer = stranger.get("/login/demo/guess");
    assert_eq!(answer.status, 404);
    assert!(select(&answer.html(), "nav, header, form").is_empty(), "{}", answer.body);
    assert_eq!(stranger.get("/nothing/here").status, 303);
    // A form of another site is refused before anybody is known.
    let refused = world.browser("dana").post_with("/logout", &[], &[("sec-fetch-site", "cross-site")]);
    assert_eq!(refused.status, 403);
    assert!(select(&refused.html(), "nav, header").is_empty());
}
