//! Who may do what, over every address of the table of routes; forms of other sites, and headers.

use crate::support::files::{attach, image};
use crate::support::page::{text, texts};
use crate::support::product::{Access, ROUTES};
use crate::support::{AlertBuilder, Browser, World, alert, world};

fn send(browser: &Browser, method: &str, path: &str) -> crate::support::Answer {
    if method == "GET" { browser.get(path) } else { browser.post(path, &[]) }
}

/// Every route of the table as requests: method, path and access. A part that has several values
/// is asked for with each of them.
fn requests() -> Vec<(&'static str, String, Access)> {
    let mut requests = Vec::new();
    for route in ROUTES {
        for path in paths(route.address) {
            requests.push((route.method.as_str(), path, route.access));
        }
    }
    requests
}

/// The address with samples in the place of its parts.
fn paths(address: &str) -> Vec<String> {
    let Some((before, rest)) = address.split_once('{') else { return vec![address.to_owned()] };
    let (part, after) = rest.split_once('}').expect("a part ends");
    let samples: Vec<&str> = match part {
        "id" | "entry" => vec!["1"],
        "kind" => vec!["device"],
        "code" | "secret" => vec!["code"],
        "source" => vec!["wazuh"],
        "token" => vec!["wd_wrong"],
        "provider" => vec!["keycloak"],
        "path:.*" => vec!["app.css"],
        _ => part.split_once(':').unwrap_or_else(|| panic!("no sample for {part}")).1.split('|').collect(),
    };
    let ends = paths(after);
    samples.iter().flat_map(|sample| ends.iter().map(move |end| format!("{before}{sample}{end}"))).collect()
}

#[test]
fn every_route_but_the_public_ones_needs_a_session_or_token() {
    let world = world();
    world.incident("One");
    let nobody = Browser::new(&world.base);
    for (method, path, access) in requests() {
        let answer = send(&nobody, method, &path);
        match access {
            Access::SignedIn => {
                assert_eq!(answer.status, 303, "{method} {path}");
                assert!(answer.location.starts_with("/login"), "{method} {path} leads to {}", answer.location);
            }
            Access::Token => assert_eq!(answer.status, 401, "{method} {path}"),
            Access::Public | Access::StaticFile | Access::SignIn => {
                assert!(!answer.location.starts_with("/login?"), "{method} {path}");
            }
        }
    }
    for odd in ["/incidents/", "/incidents/1/", "/incidents%2F1", "//incidents", "/nothing", "/incidents/1/stream/x"] {
        let answer = nobody.get(odd);
        assert!(answer.status == 303 || answer.status == 404, "{odd} {}", answer.status);
        assert!(!answer.body.contains("One"), "{odd}");
    }
}

#[test]
fn every_route_of_the_table_answers() {
    let world = world();
    world.incident("One");
    world.post_alerts("{\"title\":1}");
    // Two incidents and the alert that merges them: something to undo.
    for devices in [&["a"][..], &["b"], &["a", "b"]] {
        let on = |alert: AlertBuilder, device: &&str| alert.device(&format!("{device}.contoso.test"));
        world.ingest(&[devices.iter().fold(alert("Two"), on).json()]);
    }
    let ada = world.browser("ada");
    ada.post("/settings/mappings/new", &[("act", "save"), ("name", "one"), ("title", "/t")]);
    let tomorrow = &crate::support::minutes_ago(-24 * 60)[..10];
    let hides = [("name", "Two"), ("effect", "ignore"), ("title_test", "exact"), ("title", "Three")];
    let why = [("enabled", "1"), ("owner", "ada"), ("reason", "Something hidden."), ("expires", tomorrow)];
    let made = ada.post("/settings/rules/new", &[&hides[..], &why].concat());
    assert_eq!(made.status, 303, "{}", made.text());
    world.post_alerts(&alert("Three").json().to_string());
    let rule = [("name", "One"), ("effect", "neverCorrelate"), ("title_test", "any"), ("owner", "ada")];
    ada.post("/settings/rules/new", &rule);
    ada.post("/incidents/views", &[("name", "One"), ("query", "severity=high")]);
    let provider =
        [("name", "Keycloak"), ("issuer", "https://login.example"), ("client_id", "x"), ("default_role", "viewer")];
    assert_eq!(ada.post("/settings/sign-in/providers/new", &provider).status, 303);
    assert_eq!(ada.post("/settings/groups/new", &[("name", "One")]).status, 303);
    let attached = attach(&ada, 1, &[("a.png", &image(4, 4))]);
    assert_eq!(attached.status, 303, "{}", attached.text());
    for (method, path, access) in requests() {
        if access == Access::SignedIn && !path.contains("stream") && path != "/logout" {
            // A file and a zip are no text.
            let is_file = method == "GET" && path.starts_with("/attachments/");
            let answer = if is_file { ada.download(&path).0 } else { send(&ada, method, &path) };
            assert!(answer.status < 404 || answer.status == 422, "{method} {path} {} {}", answer.status, answer.text());
        }
    }
}

#[test]
fn a_viewer_can_change_nothing() {
    let world = world();
    let id = world.incident("One");
    let vic = world.browser("vic");
    let path = format!("/incidents/{id}");
    for (path, fields) in [
        (path.clone(), vec![("status", "resolved")]),
        (format!("{path}/assign-to-me"), vec![]),
        (format!("{path}/comments"), vec![("body", "x")]),
        ("/incidents/bulk".into(), vec![("ids", "1"), ("act", "assign-to-me")]),
        (format!("{path}/attachments"), vec![]),
        ("/alerts/1".into(), vec![("status", "resolved")]),
        ("/alerts/1/comments".into(), vec![("body", "x")]),
        ("/alerts/1/assign-to-me".into(), vec![]),
        ("/alerts/move".into(), vec![("alerts", "1"), ("new_incident", "1")]),
        ("/alerts/bulk".into(), vec![("alerts", "1"), ("act", "assign-to-me")]),
        ("/operations/1/undo".into(), vec![]),
    ] {
        assert_eq!(vic.post(&path, &fields).status, 403, "{path}");
    }
    assert_eq!(vic.history(id).len(), 2);
    assert!(texts(&vic.page(&path), "form[data-manage]").is_empty(), "and is not offered to");
}

#[test]
fn no_state_changes_by_get() {
    let world = world();
    world.incident("One");
    let dana = world.browser("dana");
    for path in [
        "/incidents/views/1/act",
        "/incidents/1/assign-to-me",
        "/incidents/1/comments",
        "/alerts/bulk",
        "/incidents/bulk",
        "/operations/1/undo",
        "/logout",
    ] {
        assert!(matches!(dana.get(path).status, 404 | 405), "{path}");
    }
}

#[test]
fn forms_from_other_sites_are_refused() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    let post = |headers: &[(&str, &str)], fields: &[(&str, &str)]| dana.post_with(&path, fields, headers).status;
    let change = [("status", "resolved")];
    assert_eq!(post(&[("sec-fetch-site", "cross-site")], &change), 403);
    assert_eq!(post(&[("sec-fetch-site", "same-site")], &change), 403);
    assert_eq!(post(&[("origin", "https://evil.example")], &change), 403);
    assert_eq!(post(&[("origin", "null")], &change), 403);
    assert_eq!(post(&[], &change), 403, "neither header nor token");
    let token = crate::support::page::value(&dana.page(&path), "form[data-manage] input[name=csrf]");
    assert_eq!(post(&[], &[("csrf", "wrong"), ("status", "resolved")]), 403);
    assert_eq!(dana.history(id).len(), 2);
    assert_eq!(post(&[], &[("csrf", &token), ("status", "inProgress")]), 303);
    assert_eq!(post(&[("origin", &world.base)], &[("status", "active")]), 303);
}

#[test]
fn extra_fields_of_a_form_set_nothing() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let extra = [
        ("id", "99"),
        ("created_at", "0"),
        ("alert_count", "7"),
        ("role", "administrator"),
        ("name_source", "imported"),
    ];
    assert_eq!(dana.post(&format!("/incidents/{id}"), &extra).status, 303);
    assert_eq!(dana.history(id).len(), 2);
    assert_eq!(text(&dana.page(&format!("/incidents/{id}")), ".big"), "1/1 active alerts");
}

#[test]
fn missing_pages_are_not_found_and_reveal_no_internals() {
    let world: World = world();
    let dana = world.browser("dana");
    for path in ["/incidents/99", "/incidents/99/pane", "/incidents/x", "/incidents/1e3", "/alerts/99", "/incidents/-1"]
    {
        let answer = dana.get(path);
        assert_eq!(answer.status, 404, "{path}");
        let body = answer.body.to_lowercase();
        for inside in ["select ", "sqlite", "diesel", "panicked", "src/"] {
            assert!(!body.contains(inside), "{path} tells {inside}");
        }
    }
}

#[test]
fn pages_carry_security_headers() {
    let world = world();
    let answer = world.browser("dana").get("/incidents");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.header("x-request-id").is_empty());
    assert!(!answer.body.contains("<style") && !answer.body.contains(" style=\""), "no inline style");
    assert!(!answer.body.contains(" onclick") && !answer.body.contains("<script>"), "no inline script");
}

#[test]
fn a_viewer_is_not_shown_the_move_page() {
    let world = world();
    let id = world.incident("One");
    assert_eq!(world.browser("vic").get(&format!("/incidents/{id}/move?alerts=1")).status, 403);
}

#[test]
fn a_long_comment_with_the_forms_token_is_accepted_without_an_origin_header() {
    let world = world();
    let id = world.incident("One");
    let dana = world.browser("dana");
    let path = format!("/incidents/{id}");
    let token = crate::support::page::value(&dana.page(&path), "form[data-manage] input[name=csrf]");
    let body = "\u{1f600}".repeat(29_000);
    let answer = dana.post_with(&format!("{path}/comments"), &[("csrf", &token), ("body", &body)], &[]);
    assert_eq!(answer.status, 303, "{}", answer.text());
}

#[test]
fn no_answer_with_data_is_kept_by_a_cache() {
    let world = world();
    world.incident("One");
    let ada = world.browser("ada");
    ada.post("/incidents/views", &[("name", "One"), ("query", "severity=high")]);
    for (method, path, access) in requests() {
        let is_data = method == "GET" && access != Access::StaticFile && !path.contains("stream");
        if is_data {
            let answer = ada.get(&path);
            assert_eq!(answer.header("cache-control"), "no-store", "{path} {}", answer.status);
        }
    }
}
