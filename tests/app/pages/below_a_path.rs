//! A public URL with a path: every address of a page is below it, whether or not a proxy removes the path
//! from requests.

use std::collections::BTreeSet;
use std::path::Path;

use actix_web::dev::ResourceDef;
use scraper::Html;

use crate::support::page::{attribute, select};
use crate::support::product::ROUTES;
use crate::support::stream::Stream;
use crate::support::{Answer, Browser, PASSWORD, World, alert, world};

const BASE: &str = "/watchdesk";

fn world_below_a_path() -> World {
    let mut world = world();
    world.restart_with(|config| config.public_url = Some(format!("http://{}{BASE}", config.listen)));
    world
}

/// Signed in with the path in every request, as behind a proxy that keeps it.
fn browser_below(world: &World, name: &str) -> Browser {
    let browser = Browser::new(&format!("{}{BASE}", world.base));
    let answer = browser.post("/login", &[("name", name), ("password", PASSWORD)]);
    assert_eq!((answer.status, answer.location.as_str()), (303, "/watchdesk/incidents"));
    assert_cookies_below(&answer);
    browser
}

fn assert_cookies_below(answer: &Answer) {
    let cookies: Vec<&str> =
        answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect();
    assert!(!cookies.is_empty());
    assert!(cookies.iter().all(|cookie| cookie.contains("; Path=/watchdesk")), "{cookies:?}");
}

/// Every address of this server in a page, with the name of its attribute. Values of fields are sent back
/// as they are, and `data-place` is a place in a record.
fn addresses(page: &Html) -> Vec<(String, String)> {
    let of_element = |element: scraper::ElementRef<'_>| {
        let attributes = element.value().attrs().filter(|(name, _)| !["value", "data-place"].contains(name));
        let local = attributes.filter(|(name, value)| value.starts_with('/') && *name != "data-base-path");
        local.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    select(page, "*").into_iter().flat_map(of_element).collect()
}

/// Checks that all addresses of a page are below the path and known; returns those that can be fetched.
fn links_below(page: &Html, shown: &str) -> BTreeSet<String> {
    let mut links = BTreeSet::new();
    for (name, address) in addresses(page) {
        let path = address.strip_prefix(BASE).unwrap_or_else(|| panic!("{name}={address} on {shown}"));
        let without_query = path.split(['?', '#']).next().unwrap();
        assert!(ROUTES.iter().any(|route| ResourceDef::new(route.address).is_match(without_query)), "{name}={address}");
        if name == "href" || name == "src" {
            links.insert(path.split('#').next().unwrap().to_owned());
        }
    }
    links
}

#[test]
fn every_address_of_every_page_is_below_the_path_and_answers() {
    let world = world_below_a_path();
    let id = world.ingest(&[alert("One").user("ana@contoso.example").device("a.contoso.example").json()])[0];
    let ada = browser_below(&world, "ada");
    ada.post(&format!("/incidents/{id}/comments"), &[("body", "See https://a.example/x and /incidents/1.")]);
    let start = ["/incidents".to_owned(), format!("/incidents?pane={id}"), format!("/incidents/{id}/pane")];
    let more = [
        "/incidents/rows",
        "/incidents/chart",
        "/incidents/views/new",
        "/settings/mappings/new",
        "/settings/rules/new",
    ];
    let mut waiting: Vec<String> = start.into_iter().chain(more.map(str::to_owned)).collect();
    let mut seen = BTreeSet::new();
    let mut patterns = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        let answer = ada.get(&path);
        assert!([200, 303].contains(&answer.status), "GET {path}: {}", answer.status);
        assert!(answer.location.is_empty() || answer.location.starts_with("/watchdesk/"), "{}", answer.location);
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        let page = answer.html();
        if !select(&page, "link[rel=stylesheet]").is_empty() {
            assert_eq!(attribute(&page, "html", "data-base-path"), BASE);
        }
        for link in links_below(&page, &path) {
            // One page of each kind with each set of parameters is enough.
            let mut kind: String = link.split('=').next().unwrap().to_owned();
            kind.retain(|c| !c.is_ascii_digit());
            if seen.insert(kind) {
                waiting.push(link);
            }
        }
        patterns.insert(path.split('?').next().unwrap().to_owned());
    }
    for expected in ["/incidents", "/incidents/1", "/incidents/1/history", "/alerts", "/alerts/1", "/settings/sources"]
    {
        assert!(patterns.contains(expected), "{expected} was not reached: {patterns:?}");
    }
}

#[test]
fn pages_without_a_session_and_error_pages_are_below_the_path() {
    let world = world_below_a_path();
    let somebody = Browser::new(&format!("{}{BASE}", world.base));
    let guarded = somebody.get("/incidents/1?a=b");
    assert_eq!(guarded.location, "/watchdesk/login?next=%2Fincidents%2F1%3Fa%3Db");
    let signed_in = [("name", "dana"), ("password", PASSWORD)];
    for next in ["/alerts", "/watchdesk/alerts"] {
        let answer = somebody.post("/login", &[signed_in[0], signed_in[1], ("next", next)]);
        assert_eq!(answer.location, "/watchdesk/alerts");
    }
    let dana = browser_below(&world, "dana");
    let stranger = Browser::new(&format!("{}{BASE}", world.base));
    for (answer, status) in [
        (stranger.get("/login"), 200),
        (stranger.post("/login", &[("name", "dana"), ("password", "wrong")]), 422),
        (dana.get("/nothing"), 404),
        (dana.get("/incidents/999"), 404),
        (dana.post_with("/logout", &[], &[("origin", "http://evil.example")]), 403),
    ] {
        assert_eq!(answer.status, status);
        assert!(!links_below(&answer.html(), "error").is_empty(), "{status}");
    }
    for path in ["/healthz", "/watchdesk/healthz", "/watchdesk/readyz"] {
        assert_eq!(Browser::new(&world.base).get(path).status, 200, "{path}");
    }
    assert_eq!(Browser::new(&world.base).get("/watchdesk").location, "/watchdesk/login");
}

#[test]
fn a_proxy_may_remove_the_path_and_forms_work_either_way() {
    let world = world_below_a_path();
    let id = world.incident("One");
    let (kept, removed) = (browser_below(&world, "dana"), world.browser("omar"));
    assert_eq!(removed.get("/").location, "/watchdesk/incidents");
    links_below(&removed.page(&format!("/incidents/{id}")), "without the path");
    let act = format!("/incidents/{id}/assign-to-me");
    for browser in [&kept, &removed] {
        for return_to in ["/incidents?pane=1", "/watchdesk/incidents?pane=1"] {
            let origin = [("origin", world.base.as_str())];
            let answer = browser.post_with(&act, &[("return_to", return_to)], &origin);
            assert_eq!((answer.status, answer.location.as_str()), (303, "/watchdesk/incidents?pane=1"));
            assert_cookies_below(&answer);
        }
    }
    assert!(kept.history(id).iter().any(|entry| entry.contains("Dana")), "{:?}", kept.history(id));
    let mut stream = Stream::open(&world, &removed, &format!("/watchdesk/incidents/{id}/stream"), Some("0"));
    let mut found = 0;
    for _ in kept.history(id) {
        let entry = stream.next("entry").expect("an entry");
        let fragment = Html::parse_fragment(&entry.data);
        links_below(&fragment, "the stream");
        found += addresses(&fragment).len();
    }
    assert!(found > 0, "an entry has links");
}

#[test]
fn scripts_name_no_address_without_the_path() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("static/js")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            files += 1;
            for line in std::fs::read_to_string(&entry).unwrap().lines().filter(|line| !line.starts_with("//")) {
                for (at, _) in line.match_indices(['\'', '"', '`']) {
                    let (before, literal) = (&line[..at], &line[at + 1..]);
                    let is_address = literal.starts_with('/') && literal[1..].starts_with(|c: char| c.is_alphabetic());
                    // A selector for the end of an address is not an address.
                    let is_below = ["addressOf(", "listAddress(", "$="].iter().any(|end| before.ends_with(end));
                    assert!(!is_address || is_below, "{}: {line}", entry.display());
                }
            }
        }
    }
    assert!(files > 40, "{files}");
}
