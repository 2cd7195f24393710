//! GET /settings/start and the pages of sources below it, and the checklist in the place of an empty queue.

use crate::support::page::{attribute, select, text, texts};
use crate::support::{Browser, World, alert, world};

/// The states of the five steps.
fn states(page: &scraper::Html) -> Vec<String> {
    texts(page, ".step [data-state]")
}

/// Sends what a command of a page sends, as a shell would.
fn run(world: &World, command: &str) -> u16 {
    let address = command.split('"').nth(1).unwrap();
    let token = command.split_once("Bearer ").map(|(_, rest)| rest.split('"').next().unwrap());
    let body = command.split('\'').nth(1).unwrap();
    Browser::new(&world.base).post_json(address.strip_prefix(&world.base).unwrap(), body, token).status
}

#[test]
fn the_empty_queue_is_a_checklist_that_ticks_itself_off() {
    let world = world();
    world.execute("UPDATE users SET disabled = TRUE WHERE name <> 'ada'");
    let ada = world.browser("ada");
    let page = ada.page("/incidents");
    assert_eq!(text(&page, "#first-hour"), "No alerts yet. Five steps to the first incidents");
    assert_eq!(states(&page), ["To do"; 5]);
    assert!(!text(&page, "main").contains("No incidents match"));
    assert_eq!(attribute(&page, "#add-colleague", "href"), "/settings/people/invite");
    let answer = ada.post("/settings/start", &[("name", "first")]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let page = answer.html();
    assert_eq!(states(&page), ["Done", "To do", "To do", "To do", "To do"]);
    let command = text(&page, "#test-command");
    assert!(command.contains(&format!("\"{}/api/v1/alerts\"", world.base)), "{command}");
    assert!(command.contains(&text(&page, "#new-token")), "{command}");
    assert!(!ada.get("/incidents").body.contains(&text(&page, "#new-token")), "it is shown once");
    assert_eq!(run(&world, &command), 200);
    assert_eq!(texts(&ada.page("/incidents"), "[data-rows] tr").len(), 1, "the queue begins");
    let page = ada.page("/settings/start");
    assert_eq!(states(&page), ["Done", "Done", "Done", "To do", "To do"]);
    assert!(text(&page, "[data-step=arrived]").contains("incident 1"));
    world.execute("UPDATE users SET disabled = FALSE");
    world.ingest(&[alert("Two").source("wazuh").json()]);
    let page = ada.page("/settings/start");
    assert_eq!(states(&page), ["Done"; 5]);
    assert!(text(&page, "[data-step=source]").contains("Connected: Wazuh."));
}

#[test]
fn others_read_that_there_are_no_alerts_yet() {
    let world = world();
    for who in ["dana", "vic"] {
        let page = world.browser(who).page("/incidents");
        assert_eq!(text(&page, ".empty strong"), "No alerts yet");
        assert!(select(&page, ".first-hour, a[href^='/settings/start']").is_empty());
    }
    world.incident("One");
    let page = world.browser("ada").page("/incidents?q=nothing+like+it");
    assert_eq!(text(&page, ".empty strong"), "No incidents match.");
}

#[test]
fn a_name_that_is_taken_is_refused_at_its_field() {
    let world = world();
    let ada = world.browser("ada");
    assert_eq!(ada.post("/settings/start", &[("name", "first")]).status, 200);
    for path in ["/settings/start", "/settings/start/wazuh"] {
        let answer = ada.post(path, &[("name", "first")]);
        assert_eq!(answer.status, 422, "{path}");
        assert_eq!(text(&answer.html(), "#token-name-error"), "A token with this name already exists.");
        assert!(select(&answer.html(), "#new-token").is_empty());
    }
}

#[test]
fn the_page_of_each_source_has_a_token_filled_in_and_its_test_makes_an_incident() {
    let world = world();
    let ada = world.browser("ada");
    let links = select(&ada.page("/settings/start"), ".guides a")
        .iter()
        .map(|link| link.attr("href").unwrap().to_owned())
        .collect::<Vec<_>>();
    assert_eq!(links.len(), 10);
    for path in links {
        let before = ada.page(&path);
        assert!(text(&before, "main").contains("YOUR_TOKEN"), "{path}");
        let name = path.rsplit('/').next().unwrap();
        let page = ada.post(&path, &[("name", name)]).html();
        let (token, steps) = (text(&page, "#new-token"), text(&page, ".guide-steps"));
        assert!(steps.contains(&token) && steps.contains(&format!("{}/api/v1/alerts", world.base)), "{path}: {steps}");
        assert!(!text(&page, "main").contains("YOUR_TOKEN") && !steps.contains("{token}"), "{path}");
        assert!(select(&page, ".guide .facts dt").len() > 10, "{path}: what is read");
        let incidents = texts(&ada.page("/incidents"), "[data-rows] tr").len();
        assert_eq!(run(&world, &text(&page, "#test-command")), 200, "{path}");
        assert_eq!(texts(&ada.page("/incidents"), "[data-rows] tr").len(), incidents + 1, "{path}");
    }
}

#[test]
fn the_public_address_is_filled_in() {
    let mut world = world();
    world.restart_with(|config| config.public_url = Some(format!("http://{}/desk", config.listen)));
    let ada = Browser::new(&format!("{}/desk", world.base));
    assert_eq!(ada.post("/login", &[("name", "ada"), ("password", crate::support::PASSWORD)]).status, 303);
    let page = ada.page("/settings/start/wazuh");
    assert!(text(&page, "#step-3").contains(&format!("<hook_url>{}/desk/api/v1/alerts</hook_url>", world.base)));
    assert!(select(&page, ".guide .notice").is_empty(), "the address is known");
}
