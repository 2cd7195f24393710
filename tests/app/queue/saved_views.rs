//! GET and POST /incidents/views: built-in views, filters saved under a name, shared ones, and the view
//! that a person begins with.

use crate::support::page::{attribute, select, text, texts, value};
use crate::support::{Answer, Browser, World, alert, world};

fn save(browser: &Browser, name: &str, query: &str, more: &[(&str, &str)]) -> Answer {
    browser.post("/incidents/views", &[&[("name", name), ("query", query)], more].concat())
}

/// The names in the bar of views.
fn bar(browser: &Browser) -> Vec<String> {
    texts(&browser.page("/incidents?range=30d"), "nav[aria-label=Views] li")
}

fn count(browser: &Browser, name: &str) -> String {
    let counted = browser.get("/incidents/views/counts").json();
    let found = counted.as_array().unwrap().iter().find(|view| view["key"] == name).unwrap();
    found["count"].as_str().unwrap().to_owned()
}

#[test]
fn the_built_in_views_show_live_counts() {
    let world = world();
    world.ingest(&[
        alert("One").severity("high").json(),
        alert("Two").severity("high").json(),
        alert("Three").json(),
        alert("Four").severity("informational").json(),
    ]);
    let dana = world.browser("dana");
    dana.post("/incidents/1/assign-to-me", &[]);
    dana.post("/incidents/3", &[("status", "inProgress")]);
    assert_eq!(
        bar(&dana),
        [
            "Default",
            "New",
            "High severity",
            "Unassigned",
            "High and unassigned",
            "Assigned to me",
            "All open",
            "All alerts resolved",
            "Resolved today"
        ]
    );
    let counts = [("plain", "3"), ("new", "2"), ("high", "2"), ("unassigned", "2"), ("highUnassigned", "1")];
    for (view, found) in counts.into_iter().chain([("mine", "1"), ("open", "4"), ("resolvedToday", "0")]) {
        assert_eq!(count(&dana, view), found, "{view}");
    }
    dana.post("/incidents/2", &[("status", "resolved")]);
    assert_eq!((count(&dana, "resolvedToday"), count(&dana, "high")), ("1".into(), "1".into()));
    assert_eq!(count(&world.browser("omar"), "mine"), "0", "mine is whoever looks");
    let page = dana.page("/incidents/views");
    let line = select(&page, "table[aria-label=Views] tbody tr")[5];
    let words: String = line.text().collect();
    assert!(words.contains("Assigned to me") && words.contains("Assigned to: me"), "{words}");
    assert_eq!(texts(&page, "[data-view-count=open]"), ["3"]);
}

#[test]
fn the_view_that_is_shown_is_marked() {
    let world = world();
    let dana = world.browser("dana");
    let current = |path: &str| texts(&dana.page(path), "nav[aria-label=Views] [aria-current]");
    assert_eq!(current("/incidents"), ["Default"]);
    assert_eq!(current("/incidents?severity=high&sort=id&limit=25&pane=4"), ["High severity"]);
    assert!(current("/incidents?severity=high&q=x").is_empty());
}

#[test]
fn a_filter_is_saved_under_a_name_and_found_again() {
    let world = world();
    let dana = world.browser("dana");
    let page = dana.page("/incidents?assignedTo=me&tag=VIP&pane=3");
    let save_href = attribute(&page, "nav[aria-label=Views] > a", "href");
    assert_eq!(save_href, "/incidents/views/new?assignedTo=me&tag=VIP");
    let form = dana.page(&save_href);
    assert_eq!(value(&form, "input[name=query]"), "assignedTo=me&tag=VIP");
    assert!(text(&form, "main .hint").contains("Assigned to: me; Tag: VIP"));
    let answer = save(&dana, " My  VIPs ", "assignedTo=me&tag=VIP&pane=3&nonsense=1", &[]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/incidents?assignedTo=me&tag=VIP"));
    assert_eq!(bar(&dana)[1], "My VIPs");
    assert_eq!(texts(&dana.page(&answer.location), "nav[aria-label=Views] [aria-current]"), ["My VIPs"]);
    assert!(!bar(&world.browser("omar")).contains(&"My VIPs".to_owned()), "it is hers");
}

#[test]
fn a_refused_view_keeps_what_was_typed() {
    let world = world();
    let dana = world.browser("dana");
    save(&dana, "Mine", "q=a", &[]);
    for (name, problem) in [
        ("", "Enter a name."),
        ("  \u{200b} ", "Enter a name."),
        ("mine", "A view of incidents with this name already exists."),
        (&"x".repeat(61), "A view name can have at most 60 characters."),
    ] {
        let answer = save(&dana, name, "severity=high", &[("shared", "1"), ("default", "1")]);
        assert_eq!(answer.status, 422, "{name}");
        let page = answer.html();
        assert_eq!(text(&page, "#w-name-error"), problem);
        assert_eq!(value(&page, "#w-name"), name);
        assert_eq!(value(&page, "input[name=query]"), "severity=high");
        assert_eq!(select(&page, "input[type=checkbox][checked]").len(), 2);
    }
    assert_eq!(save(&dana, "Long", &format!("q={}", "x".repeat(7_000)), &[]).status, 422);
    assert_eq!(save(&world.browser("omar"), "Mine", "q=a", &[]).status, 303, "names are one's own");
}

#[test]
fn a_shared_view_is_seen_by_everybody_and_changed_by_its_owner_or_an_administrator() {
    let world = world();
    let (dana, omar, ada, vic) = people(&world);
    save(&dana, "Night shift", "severity=high", &[("shared", "1")]);
    for browser in [&omar, &ada, &vic] {
        assert!(bar(browser).contains(&"Night shift".to_owned()));
    }
    let rename = |browser: &Browser| browser.post("/incidents/views/1", &[("name", "Renamed"), ("shared", "1")]).status;
    assert_eq!((rename(&omar), rename(&vic)), (403, 403));
    assert_eq!(omar.get("/incidents/views/1").status, 403);
    assert_eq!(omar.post("/incidents/views/1/act", &[("act", "delete")]).status, 403);
    let update = [("act", "update"), ("view", "1"), ("query", "q=x")];
    assert_eq!(omar.post("/incidents/views", &update).status, 403);
    assert!(texts(&omar.page("/incidents/views"), "button[aria-label='Delete Night shift']").is_empty());
    assert_eq!(rename(&ada), 303);
    assert!(bar(&omar).contains(&"Renamed".to_owned()));
    assert_eq!(dana.post("/incidents/views/1", &[("name", "Renamed")]).status, 303, "not shared any more");
    assert!(!bar(&omar).contains(&"Renamed".to_owned()));
    assert_eq!(omar.get("/incidents/views/1").status, 404, "and nobody learns of it");
    assert_eq!(ada.get("/incidents/views/1").status, 404);
}

#[test]
fn a_viewer_has_views_and_shares_none() {
    let world = world();
    let vic = world.browser("vic");
    assert_eq!(save(&vic, "Watch", "severity=high", &[]).status, 303);
    assert_eq!(bar(&vic)[1], "Watch");
    let answer = save(&vic, "For all", "severity=high", &[("shared", "1")]);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("Only analysts, leads and administrators can share views."));
}

#[test]
fn a_view_can_be_updated_to_the_present_filter() {
    let world = world();
    let dana = world.browser("dana");
    save(&dana, "Mine", "severity=high", &[]);
    let form = dana.page("/incidents/views/new?severity=low");
    assert_eq!(texts(&form, "select[name=view] option"), ["Mine"]);
    let update = [("act", "update"), ("view", "1"), ("query", "severity=low")];
    let answer = dana.post("/incidents/views", &update);
    assert_eq!(answer.location, "/incidents?severity=low");
    assert_eq!(texts(&dana.page(&answer.location), "nav[aria-label=Views] [aria-current]"), ["Mine"]);
    assert_eq!(dana.post("/incidents/views", &[("act", "update"), ("query", "q=x")]).status, 422);
}

#[test]
fn views_are_put_in_order_and_deleted() {
    let world = world();
    let dana = world.browser("dana");
    for name in ["One", "Two", "Three"] {
        save(&dana, name, &format!("q={name}"), &[]);
    }
    let act = |id: i64, act: &str| dana.post(&format!("/incidents/views/{id}/act"), &[("act", act)]).status;
    assert_eq!(act(3, "up"), 303);
    assert_eq!(bar(&dana)[1..4], ["One", "Three", "Two"]);
    act(1, "down");
    assert_eq!((act(1, "down"), act(1, "down")), (303, 303), "no further than the end");
    assert_eq!(bar(&dana)[1..4], ["Three", "Two", "One"]);
    assert_eq!(act(2, "delete"), 303);
    assert_eq!(bar(&dana)[1..3], ["Three", "One"]);
    assert_eq!(act(2, "delete"), 404);
    assert_eq!(act(1, "burn"), 422);
}

#[test]
fn the_queue_opens_with_the_default_view_a_person_chose() {
    let world = world();
    let (dana, omar, ..) = people(&world);
    save(&dana, "Mine", "assignedTo=me&sort=id", &[("default", "1")]);
    let start = dana.get("/incidents");
    assert_eq!((start.status, start.location.as_str()), (303, "/incidents?assignedTo=me&sort=id"));
    assert_eq!(omar.get("/incidents").status, 200, "others begin as before");
    assert_eq!(dana.get("/incidents?severity=high").status, 200, "an address that asks something wins");
    let page = dana.page(&start.location);
    assert_eq!(attribute(&page, ".reset", "href"), "/incidents?range=30d", "there is a way to the plain queue");
    let plain = dana.page("/incidents?range=30d");
    assert_eq!(texts(&plain, "nav[aria-label=Views] [aria-current]"), ["Default"]);
    assert_eq!(bar(&dana)[0], "Mine", "what one begins with stands first");
    dana.post("/incidents/views/default", &[("view", "high")]);
    assert_eq!(dana.get("/incidents").location, "/incidents?severity=high");
    dana.post("/incidents/views/default", &[("view", "plain")]);
    assert_eq!(dana.get("/incidents").status, 200);
    assert_eq!(dana.post("/incidents/views/default", &[("view", "nonsense")]).status, 422);
    assert_eq!(omar.post("/incidents/views/default", &[("view", "1")]).status, 404, "it is not his");
}

#[test]
fn a_deleted_default_view_gives_way_to_the_plain_queue() {
    let world = world();
    let (dana, omar, ..) = people(&world);
    save(&dana, "Shared", "severity=high", &[("shared", "1")]);
    omar.post("/incidents/views/default", &[("view", "1")]);
    assert_eq!(omar.get("/incidents").location, "/incidents?severity=high");
    dana.post("/incidents/views/1/act", &[("act", "delete")]);
    assert_eq!(omar.get("/incidents").status, 200);
}

#[test]
fn each_tag_in_use_links_to_its_incidents() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    dana.post("/incidents/1", &[("tags", "Night shift")]);
    let page = dana.page("/incidents/views");
    let href = attribute(&page, "section[aria-labelledby=with-tag] a", "href");
    assert_eq!(href, "/incidents?tag=Night+shift&severity=all&range=all");
    assert_eq!(texts(&dana.page(&href), "tbody .row-scope .tag"), ["Night shift"]);
}

#[test]
fn the_copied_link_of_a_list_shows_the_same_to_anybody() {
    let world = world();
    let dana = world.browser("dana");
    assert_eq!(attribute(&dana.page("/incidents"), "[data-copy-link]", "data-copy-link"), "/incidents?range=30d");
    let page = dana.page("/incidents?tag=VIP&pane=3&limit=25");
    assert_eq!(attribute(&page, "[data-copy-link]", "data-copy-link"), "/incidents?tag=VIP&limit=25");
}

fn people(world: &World) -> (Browser, Browser, Browser, Browser) {
    (world.browser("dana"), world.browser("omar"), world.browser("ada"), world.browser("vic"))
}

#[test]
fn a_view_sent_twice_is_saved_once_and_answered_alike() {
    let world = world();
    let dana = world.browser("dana");
    let once = attribute(&dana.page("/incidents/views/new?severity=high"), "input[name=once]", "value");
    let answers = [(); 2].map(|()| save(&dana, "Mine", "severity=high", &[("once", &once)]));
    assert_eq!(answers.each_ref().map(|answer| answer.status), [303, 303], "{}", answers[1].text());
    assert_eq!(answers[0].location, answers[1].location);
    assert_eq!(save(&dana, "Mine", "severity=high", &[]).status, 422, "from another page the name is taken");
}
