//! Comments that mention people (`@name`): they are told, and the name is marked. The preview of a comment.

use crate::support::page::{attribute, select, text, texts, value};
use crate::support::{Browser, World, world};

fn say(browser: &Browser, path: &str, body: &str) {
    assert_eq!(browser.post(&format!("{path}/comments"), &[("body", body)]).status, 303);
}

fn incident(world: &World) -> String {
    format!("/incidents/{}", world.incident("One"))
}

/// What the menu of a person says of unread mentions.
fn told(browser: &Browser) -> String {
    texts(&browser.page("/incidents"), ".who-menu a[href='/mentions']").concat()
}

fn mentions(browser: &Browser) -> Vec<String> {
    texts(&browser.page("/mentions"), ".mention .entry-text > .markdown")
}

#[test]
fn who_is_mentioned_is_told_until_it_is_read() {
    let world = world();
    let path = incident(&world);
    let (dana, omar) = (world.browser("dana"), world.browser("omar"));
    assert_eq!(told(&omar), "Mentions");
    say(&dana, &path, "@Omar, can you ask Ida? `@vic` knows her.");
    assert_eq!(told(&omar), "Mentions (1 unread)");
    assert_eq!(told(&world.browser("vic")), "Mentions", "a name in code mentions nobody");
    let page = omar.page("/mentions");
    assert_eq!(texts(&page, ".mention .markdown b"), ["@Omar"]);
    let (comment, open) = (value(&page, ".mention [name=comment]"), value(&page, ".mention [name=open]"));
    let opened = omar.post("/mentions", &[("comment", &comment), ("open", &open)]);
    assert_eq!(opened.location, open);
    assert_eq!(texts(&omar.page(&open), ".entry .markdown").len(), 1, "it leads to the comment");
    assert_eq!(told(&omar), "Mentions");
    assert_eq!(mentions(&omar).len(), 1, "read ones stay listed");
}

#[test]
fn all_mentions_are_marked_as_read_at_once_and_only_ones_own() {
    let world = world();
    let path = incident(&world);
    let (dana, omar, ada) = (world.browser("dana"), world.browser("omar"), world.browser("ada"));
    say(&dana, &path, "@omar @ada");
    say(&dana, "/alerts/1", "@omar again");
    assert_eq!(told(&omar), "Mentions (2 unread)");
    assert_eq!(mentions(&omar), ["@omar again", "@omar @ada"], "newest first, of alerts too");
    omar.post("/mentions", &[]);
    assert_eq!((told(&omar).as_str(), told(&ada).as_str()), ("Mentions", "Mentions (1 unread)"));
}

#[test]
fn an_edit_mentions_those_who_were_not_mentioned_before() {
    let world = world();
    let path = incident(&world);
    let (dana, omar, vic) = (world.browser("dana"), world.browser("omar"), world.browser("vic"));
    say(&dana, &path, "Ask @omar");
    omar.post("/mentions", &[]);
    let edit = attribute(&dana.page(&format!("{path}/history")), ".entry-acts a[href*='edit=']", "href");
    let entry = edit.split("edit=").nth(1).unwrap().split('#').next().unwrap();
    dana.post(&format!("{path}/comments/{entry}"), &[("body", "Ask @omar or @vic")]);
    assert_eq!((told(&omar).as_str(), told(&vic).as_str()), ("Mentions", "Mentions (1 unread)"));
    assert_eq!(mentions(&vic), ["Ask @omar or @vic"], "with the newest text");
}

#[test]
fn nobody_mentions_themselves_and_the_disabled_are_not_mentioned() {
    let world = world();
    let path = incident(&world);
    let dana = world.browser("dana");
    world.disable("vic");
    say(&dana, &path, "@dana @vic @nobody");
    assert_eq!(told(&dana), "Mentions");
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM mentions"), 0);
    let people: serde_json::Value = serde_json::from_str(&dana.get("/people.json").body).unwrap();
    let names: Vec<&str> = people.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"omar") && !names.contains(&"vic") && !names.contains(&"dana"), "{names:?}");
}

#[test]
fn a_preview_shows_the_comment_and_keeps_what_was_typed() {
    let world = world();
    let path = incident(&world);
    let dana = world.browser("dana");
    let body = "**Bold** @omar <script>alert(1)</script>";
    for path in [path.as_str(), "/alerts/1"] {
        let shown = dana.post(&format!("{path}/comments/preview"), &[("body", body), ("once", "k1")]);
        assert_eq!(shown.status, 200);
        let page = shown.html();
        assert_eq!(texts(&page, "[data-preview] strong"), ["Bold"]);
        assert_eq!(texts(&page, "[data-preview] b"), ["@omar"]);
        assert_eq!(select(&page, "[data-preview] script").len(), 0);
        assert_eq!(text(&page, "#p-body"), body);
        assert_eq!(attribute(&page, "main form", "action"), format!("{path}/comments"));
        assert_eq!(value(&page, "main [name=once]"), "k1");
    }
    assert_eq!(world.count("SELECT COUNT(*) AS n FROM written_texts"), 0, "nothing is stored");
    let empty = dana.post(&format!("{path}/comments/preview"), &[("body", " ")]);
    assert_eq!((empty.status, text(&empty.html(), "#p-body-error").as_str()), (422, "Enter a comment."));
}
