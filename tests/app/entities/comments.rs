//! Comments and history of entities.

use scraper::Html;

use super::{entity, world_of_a_device};
use crate::support::page::{attribute, select, text, texts, value};
use crate::support::{Browser, World};

const DEVICE: &str = "web-07.contoso.example";

fn world_with_device() -> (World, Browser, String) {
    let (world, _) = world_of_a_device();
    let dana = world.browser("dana");
    let device = entity(&dana, "device", DEVICE);
    (world, dana, device)
}

fn comments(page: &Html) -> Vec<String> {
    texts(page, "[aria-labelledby=e-history] .entry-comment .entry-text > .markdown")
}

#[test]
fn a_comment_is_an_entry_and_a_form_sent_twice_adds_it_once() {
    let (_world, dana, device) = world_with_device();
    let address = format!("{device}/comments");
    let form = [("body", "Asked the owner: **reimaged** today."), ("once", "a-key")];
    let answer = dana.post(&address, &form);
    assert_eq!((answer.status, answer.location.as_str()), (303, device.as_str()));
    dana.post(&address, &form);
    let page = dana.page(&device);
    assert_eq!(comments(&page), ["Asked the owner: reimaged today."]);
    assert_eq!(text(&page, ".entry-comment .markdown strong"), "reimaged");
    assert_eq!(text(&page, ".entry-comment .entry-head strong"), "Dana Reyes");
}

#[test]
fn a_comment_that_cannot_be_taken_stays_in_its_field() {
    let (world, dana, device) = world_with_device();
    let long = "x".repeat(30_001);
    for (typed, why) in [(" \n ", "Enter a comment."), (&*long, "A comment can have at most 30,000 characters.")] {
        let answer = dana.post(&format!("{device}/comments"), &[("body", typed)]);
        assert_eq!(answer.status, 422);
        assert_eq!(text(&answer.html(), "#c-body-error"), why);
        assert_eq!(text(&answer.html(), "#c-body").len(), typed.trim().len());
    }
    let vic = world.browser("vic");
    assert_eq!(vic.post(&format!("{device}/comments"), &[("body", "mine")]).status, 403);
    assert_eq!(select(&vic.page(&device), "#c-body").len(), 0);
    assert_eq!(dana.post("/entities/device/999999/comments", &[("body", "a")]).status, 404);
    assert_eq!(comments(&dana.page(&device)), [""; 0]);
}

#[test]
fn its_author_edits_a_comment_and_the_earlier_text_stays() {
    let (world, dana, device) = world_with_device();
    dana.post(&format!("{device}/comments"), &[("body", "A scanner.")]);
    let edit = attribute(&dana.page(&device), ".entry-acts a", "href");
    let form = dana.page(edit.split('#').next().unwrap());
    assert_eq!(text(&form, "#edit-body"), "A scanner.");
    let action = attribute(&form, "#edit-comment", "action");
    let omar = world.browser("omar");
    assert_eq!(omar.post(&action, &[("body", "Omar's")]).status, 403);
    assert_eq!(select(&omar.page(&device), ".entry-acts").len(), 0);
    assert_eq!(select(&omar.page(edit.split('#').next().unwrap()), "#edit-comment").len(), 0);
    let refused = dana.post(&action, &[("body", " ")]);
    assert_eq!((refused.status, text(&refused.html(), "#edit-body-error")), (422, "Enter a comment.".to_owned()));
    dana.post(&action, &[("body", "A scanner of the lab.")]);
    dana.post(&action, &[("body", "A scanner of the lab.")]);
    let page = dana.page(&device);
    assert_eq!(
        comments(&page),
        ["A scanner of the lab.", "A scanner of the lab."],
        "the edit, and the comment as it is"
    );
    assert_eq!(texts(&page, ".entry-earlier .markdown"), ["A scanner."]);
    assert!(texts(&page, ".entry-head .hint").iter().any(|hint| hint.starts_with("edited")));
    let other = action.rsplit_once('/').unwrap().0;
    assert_eq!(dana.post(&format!("{other}/999999"), &[("body", "a")]).status, 404);
}

#[test]
fn a_comment_is_previewed_and_nothing_is_stored() {
    let (_world, dana, device) = world_with_device();
    let preview = |body: &str| dana.post(&format!("{device}/comments/preview"), &[("body", body), ("once", "a-key")]);
    let shown = preview("**Reimaged** by @omar").html();
    assert_eq!(text(&shown, "[data-preview] strong"), "Reimaged");
    assert_eq!(select(&shown, "[data-preview] b").len(), 0, "nobody is told of it");
    assert_eq!(value(&shown, "[name=once]"), "a-key");
    assert_eq!(comments(&dana.page(&device)), [""; 0]);
    let action = attribute(&shown, "main form", "action");
    dana.post(&action, &[("body", "**Reimaged** by @omar")]);
    assert_eq!(comments(&dana.page(&device)), ["Reimaged by @omar"]);
    assert_eq!(preview(" ").status, 422);
}

#[test]
fn a_search_finds_comments_of_entities_and_leads_to_them() {
    let (_world, dana, device) = world_with_device();
    dana.post(&format!("{device}/comments"), &[("body", "Talked to Hxxp://Evil[.]example about Zanzibar.")]);
    for typed in ["zanzi", "evil.example"] {
        let found = dana.page(&format!("/search?q={typed}"));
        assert_eq!(
            texts(&found, "[aria-labelledby=s-comment] .hit-name"),
            [format!("Dana Reyes on {DEVICE}")],
            "{typed}"
        );
        let link = attribute(&found, "[aria-labelledby=s-comment] .hit-name a", "href");
        let (page, entry) = link.split_once('#').unwrap();
        let page = dana.page(page);
        assert_eq!(attribute(&page, "[aria-labelledby=e-history] .entry", "id"), entry, "the list begins with it");
    }
}

#[test]
fn note_and_importance_are_in_the_history_with_what_they_were_before() {
    let (_world, dana, device) = world_with_device();
    let id = device.rsplit('/').next().unwrap();
    dana.post(&format!("{device}/note"), &[("note", "Scanner")]);
    dana.post(&format!("{device}/note"), &[("note", "Scanner of the lab")]);
    dana.post(&format!("{device}/note"), &[("note", "")]);
    for level in ["high", "veryHigh", "veryHigh"] {
        dana.post(&format!("/assets/{id}/importance"), &[("importance", level)]);
    }
    let said = texts(&dana.page(&device), "[aria-labelledby=e-history] .entry-text > p:last-child");
    let expected = [
        "Importance: High → Very high",
        "Importance: Normal → High",
        "Known to us as: Scanner of the lab → none",
        "Known to us as: Scanner → Scanner of the lab",
        "Known to us as: none → Scanner",
    ];
    assert_eq!(said, expected);
    assert_eq!(value(&dana.page(&device), "#e-note"), "");
}

#[test]
fn a_long_history_has_pages_that_show_each_entry_once() {
    let (_world, dana, device) = world_with_device();
    for number in 0..60 {
        // Some are so long that a page ends earlier.
        let body = format!("Comment {number} {}", if number % 10 == 0 { "word ".repeat(5_000) } else { String::new() });
        dana.post(&format!("{device}/comments"), &[("body", &body)]);
    }
    let (mut shown, mut next, mut pages) = (Vec::new(), Some(device), 0);
    while let Some(path) = next {
        let page = dana.page(&path);
        shown.extend(comments(&page).into_iter().map(|text| text.split(' ').nth(1).unwrap().to_owned()));
        let links = select(&page, "[aria-labelledby=e-history] .act-row a");
        let older = links.iter().find(|link| link.text().collect::<String>() == "Older entries");
        next = older.map(|link| link.attr("href").unwrap().split('#').next().unwrap().to_owned());
        pages += 1;
    }
    let expected: Vec<String> = (0..60).rev().map(|number| number.to_string()).collect();
    assert_eq!(shown, expected);
    assert_eq!(pages, 2);
}
