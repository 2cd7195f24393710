//! Who saves a mapping, the list of changes, and mappings as files.

use super::{fields, mappings, saved, typed, with};
use crate::support::page::{select, text, texts, value};
use crate::support::product::{CONSOLE, Document, Draft, Scope, save_mapping, tokens};
use crate::support::world;

#[test]
fn a_mapping_is_exported_and_imported_as_a_file() {
    let world = world();
    let ada = saved(&world);
    let file = ada.get("/settings/mappings/1.json");
    assert!(file.header("content-disposition").contains("acme.json"));
    let document = Document::from_json(&file.body).unwrap();
    assert_eq!(document.to_json(), file.body);
    let answer = ada.post("/settings/mappings/new", &[("act", "json"), ("json", &file.body)]);
    assert_eq!(typed(&answer, "title"), "/rule/label\nUnnamed");
    assert_eq!(texts(&answer.html(), ".evidence-rule legend").len(), 3);
    for (wrong, problem) in [("{", "not a mapping"), (r#"{"title": "/t", "titel": "/t"}"#, "Unknown field")] {
        let answer = ada.post("/settings/mappings/new", &with(&[("act", "json"), ("json", wrong)]));
        assert!(text(&answer.html(), "#json-error").contains(problem), "{wrong}");
        assert_eq!(typed(&answer, "json"), wrong);
        assert_eq!(typed(&answer, "title"), "/rule/label\nUnnamed", "the form is as it was");
    }
}

#[test]
fn only_administrators_change_mappings_and_everybody_sees_them() {
    let world = world();
    saved(&world);
    for name in ["vic", "dana"] {
        let browser = world.browser(name);
        assert_eq!(browser.get("/settings/mappings/new").status, 403);
        for path in ["/settings/mappings/new", "/settings/mappings/1", "/settings/mappings/1/delete"] {
            for act in ["save", "try", "suggest"] {
                assert_eq!(browser.post(path, &with(&[("act", act)])).status, 403, "{name} {path} {act}");
            }
        }
        let page = browser.page("/settings/mappings/1");
        assert!(!text(&page, "main").contains("Cookie theft"), "the sample is for administrators");
        assert!(texts(&page, "main button").is_empty(), "no button is offered");
        assert!(select(&page, "main textarea").iter().all(|field| field.value().attr("readonly").is_some()));
        assert!(texts(&browser.page("/settings/mappings"), "main a.button").is_empty());
    }
    assert_eq!(mappings(&world.browser("ada")), 1);
}

#[test]
fn every_change_says_who_made_it_and_what_it_changed() {
    let world = world();
    let ada = saved(&world);
    let path = "/settings/mappings/1";
    assert_eq!(ada.post(path, &with(&[("act", "save"), ("revision", "1")])).status, 303);
    assert_eq!(
        texts(&ada.page(path), "[aria-labelledby=m-changes] li").len(),
        1,
        "nothing changed, nothing is recorded"
    );
    assert_eq!(ada.post(path, &with(&[("act", "save"), ("revision", "1"), ("id", "/event/id")])).status, 303);
    let changes = texts(&ada.page(path), "[aria-labelledby=m-changes] li");
    assert!(changes[0].starts_with("Ada Novak changed this mapping"), "{changes:?}");
    assert!(changes[0].contains("− \"id\": \"/event/uuid\"") && changes[0].contains("+ \"id\": \"/event/id\""));
    assert!(changes[1].starts_with("Ada Novak created this mapping"), "{changes:?}");
}

#[test]
fn a_stale_save_is_refused_once_and_the_next_one_saves() {
    let world = world();
    let ada = saved(&world);
    let path = "/settings/mappings/1";
    assert_eq!(ada.post(path, &with(&[("act", "save"), ("revision", "1"), ("id", "/a")])).status, 303);
    let answer = ada.post(path, &with(&[("act", "save"), ("revision", "1"), ("id", "/b")]));
    assert_eq!(answer.status, 409);
    assert!(answer.text().contains("saved this mapping while you were editing"));
    assert_eq!(typed(&answer, "id"), "/b");
    let revision = value(&answer.html(), "input[name=revision]");
    let mut again = vec![("act", "save"), ("revision", revision.as_str()), ("id", "/b")];
    again.extend(fields().into_iter().filter(|(name, _)| *name != "id"));
    assert_eq!(ada.post(path, &again).status, 303);
}

#[test]
fn no_two_mappings_have_the_same_name() {
    let world = world();
    let ada = saved(&world);
    let answer = ada.post("/settings/mappings/new", &with(&[("act", "save"), ("name", "ACME")]));
    assert_eq!(answer.status, 422);
    assert_eq!(text(&answer.html(), "#name-error"), "A mapping with this name already exists.");
}

#[test]
fn a_mapping_in_use_is_not_deleted_and_an_unused_one_is() {
    let world = world();
    let ada = saved(&world);
    world.token("sensor", Scope::Ingest);
    world.db.write_now(|tx| tokens::set_mapping(tx, &CONSOLE, "sensor", 1)).unwrap();
    let answer = ada.post("/settings/mappings/1/delete", &[]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Tokens use this mapping: sensor."), "{}", answer.text());
    world.revoke_token("sensor");
    assert_eq!(ada.post("/settings/mappings/1/delete", &[]).status, 303);
    let list = ada.page("/settings/mappings");
    assert!(texts(&list, "[aria-labelledby=m-changes] li")[0].starts_with("Ada Novak deleted acme"));
    assert_eq!(ada.get("/settings/mappings/1").status, 404);
}

#[test]
fn a_mapping_saved_from_a_file_is_the_same_as_from_the_form() {
    let world = world();
    let ada = saved(&world);
    let document = Document::from_json(&ada.get("/settings/mappings/1.json").body).unwrap();
    let draft = Draft { document: Document { name: "copy".into(), ..document }, sample: String::new() };
    let id = world.db.write_now(|tx| save_mapping(tx, &CONSOLE, None, None, &draft)).unwrap();
    let page = ada.page(&format!("/settings/mappings/{id}"));
    assert_eq!(texts(&page, ".evidence-rule legend"), ["Device", "User", "IP address"]);
}
