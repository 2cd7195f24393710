//! Editing and quoting comments: an edit is a further entry, and nothing that was written is lost (R7).

use crate::support::page::{attribute, select, text, texts, value};
use crate::support::{Browser, World, world};

/// The address of the form that edits the newest comment of an incident, and its entry.
fn edit_link(browser: &Browser, incident: i64) -> String {
    attribute(&browser.page(&format!("/incidents/{incident}/history")), ".entry-acts a[href*='edit=']", "href")
}

fn commented(body: &str) -> (World, i64, String) {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    dana.post(&format!("/incidents/{id}/comments"), &[("body", body)]);
    let link = edit_link(&dana, id);
    let entry = link.split("edit=").nth(1).unwrap().split('#').next().unwrap().to_owned();
    (world, id, format!("/incidents/{id}/comments/{entry}"))
}

#[test]
fn an_edited_comment_shows_its_newest_text_and_keeps_the_earlier_ones() {
    let (world, id, path) = commented("Asked **Ida**");
    let dana = world.browser("dana");
    let form = dana.page(&edit_link(&dana, id));
    assert_eq!(text(&form, "#edit-body"), "Asked **Ida**");
    for body in ["Asked Ben", "Asked Ben, he knows"] {
        let saved = dana.post(&path, &[("body", body)]);
        assert_eq!(dana.message_after(&saved), "Comment saved.");
    }
    let page = dana.page(&format!("/incidents/{id}/history"));
    let comment = format!("#entry-{}", path.rsplit('/').next().unwrap());
    assert_eq!(texts(&page, &format!("{comment} > .entry-text > .markdown")), ["Asked Ben, he knows"]);
    assert_eq!(texts(&page, &format!("{comment} .entry-earlier .markdown")), ["Asked Ida", "Asked Ben"]);
    assert!(text(&page, &format!("{comment} .entry-head")).contains("edited"));
    let edits = texts(&page, ".entry").into_iter().filter(|entry| entry.contains("Edited a comment:")).count();
    assert_eq!(edits, 2, "each edit is an entry");
    assert_eq!(world.count(&format!("SELECT revision AS n FROM incidents WHERE id = {id}")), 5);
}

#[test]
fn the_same_text_again_records_nothing_and_a_bad_one_stays_in_its_field() {
    let (world, id, path) = commented("Asked Ida");
    let dana = world.browser("dana");
    let entries = dana.history(id).len();
    dana.post(&path, &[("body", " Asked Ida ")]);
    assert_eq!(dana.history(id).len(), entries);
    let refused = dana.post(&path, &[("body", "  ")]);
    assert_eq!(refused.status, 422);
    assert_eq!(text(&refused.html(), "#edit-body-error"), "Enter a comment.");
    assert_eq!(dana.history(id).len(), entries);
}

#[test]
fn only_its_author_can_edit_a_comment_and_only_a_comment_can_be_edited() {
    let (world, id, path) = commented("Asked Ida");
    for other in ["omar", "ada"] {
        let browser = world.browser(other);
        assert_eq!(browser.post(&path, &[("body", "Asked nobody")]).status, 403, "{other}");
        assert_eq!(select(&browser.page(&format!("/incidents/{id}/history")), "a[href*='edit=']").len(), 0);
        assert_eq!(select(&browser.page(&format!("/incidents/{id}/history?edit=2")), "#edit-body").len(), 0);
    }
    let dana = world.browser("dana");
    assert_eq!(
        dana.post(&format!("/incidents/{id}/comments/1"), &[("body", "x")]).status,
        404,
        "the entry of the alert"
    );
    assert_eq!(dana.post(&format!("/incidents/{id}/comments/99999"), &[("body", "x")]).status, 404);
    assert_eq!(world.browser("vic").post(&path, &[("body", "x")]).status, 403);
}

#[test]
fn a_quoted_comment_begins_the_next_one() {
    let (world, id, _) = commented("First line\n\nSecond line");
    let omar = world.browser("omar");
    let page = omar.page(&format!("/incidents/{id}/history"));
    let quote = attribute(&page, ".entry-acts a[href*='quote=']", "href");
    let typed = select(&omar.page(&quote), "#c-body")[0].text().collect::<String>();
    assert_eq!(typed.trim_start_matches('\n'), "> **Dana Reyes**:\n> First line\n>\n> Second line\n\n");
    assert_eq!(select(&world.browser("vic").page(&format!("/incidents/{id}/history")), ".entry-acts").len(), 0);
}

#[test]
fn an_edit_is_found_by_searching_and_the_time_of_an_entry_leads_to_it() {
    let (world, id, path) = commented("Asked Ida");
    let dana = world.browser("dana");
    dana.post(&path, &[("body", "A walrus after all")]);
    assert_eq!(texts(&dana.page("/search?q=walrus"), "[aria-labelledby=s-comment] li").len(), 1);
    let page = dana.page(&format!("/incidents/{id}/history"));
    let link = attribute(&page, ".entry-comment .entry-link", "href");
    assert_eq!(texts(&dana.page(&link), ".entry").len(), 1);
    assert_eq!(value(&dana.page(&format!("/incidents/{id}")), "input[name=revision]"), "4");
}

#[test]
fn a_comment_that_came_with_a_merge_is_quoted_and_edited_where_it_is_read() {
    let (world, id, _) = commented("Asked Ida");
    let dana = world.browser("dana");
    let into = world.incident("Two");
    let (from, kept) = (id.to_string(), into.to_string());
    dana.post("/incidents/merge", &[("act", "merge"), ("ids", &from), ("ids", &kept), ("kept", &kept)]);
    let page = dana.page(&format!("/incidents/{into}/history"));
    let quote = attribute(&page, ".entry-acts a[href*='quote=']", "href");
    assert!(select(&dana.page(&quote), "#c-body")[0].text().collect::<String>().contains("> Asked Ida"), "{quote}");
    let edit = edit_link(&dana, into);
    let form = dana.page(&edit);
    assert_eq!(text(&form, "#edit-body"), "Asked Ida");
    let entry = edit.split("edit=").nth(1).unwrap().split('#').next().unwrap();
    dana.post(&format!("/incidents/{into}/comments/{entry}"), &[("body", "Asked Ben")]);
    let page = dana.page(&format!("/incidents/{into}/history?show=comments"));
    assert_eq!(texts(&page, ".entry").len(), 2, "the comment and its edit");
    let last = world
        .count(&format!("SELECT COUNT(*) AS n FROM history WHERE incident_id = {into} AND kind = 'commentEdited'"));
    assert_eq!(last, 1, "open pages of the incident see the edit");
}
