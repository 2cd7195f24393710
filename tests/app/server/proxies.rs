//! Behind a proxy: which client is meant, and which host.

use crate::support::{Answer, Browser, PASSWORD, world};

fn failed_sign_in(browser: &Browser, headers: &[(&str, &str)]) -> Answer {
    let headers = [&[("sec-fetch-site", "same-origin")][..], headers].concat();
    browser.post_with("/login", &[("name", "dana"), ("password", "wrong")], &headers)
}

#[test]
fn a_client_behind_a_proxy_is_throttled_by_its_own_address() {
    let mut world = world();
    world.restart_with(|config| config.network.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]);
    let browser = Browser::new(&world.base);
    let from = |address: &str| failed_sign_in(&browser, &[("x-forwarded-for", address)]).status;
    let refused = (0..40).map(|_| from("198.51.100.7")).find(|status| *status == 429);
    assert_eq!(refused, Some(429));
    let other = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "198.51.100.8")];
    let answer = browser.post_with("/login", &[("name", "omar"), ("password", PASSWORD)], &other);
    assert_eq!(answer.status, 303, "somebody else behind the same proxy: {}", answer.text());
}

#[test]
fn a_client_that_is_no_proxy_cannot_name_another_address() {
    let world = world();
    let browser = Browser::new(&world.base);
    let statuses: Vec<u16> =
        (0..40).map(|n| failed_sign_in(&browser, &[("x-forwarded-for", &format!("198.51.100.{n}"))]).status).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn contradicting_names_of_the_client_are_refused() {
    let mut world = world();
    world.restart_with(|config| config.network.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()]);
    let browser = Browser::new(&world.base);
    for headers in [
        &[("x-forwarded-for", "198.51.100.7"), ("x-forwarded-for", "198.51.100.8")][..],
        &[("x_forwarded_for", "198.51.100.7")],
        &[("forwarded", "for=198.51.100.7"), ("x-forwarded-for", "198.51.100.8")],
    ] {
        let answer = failed_sign_in(&browser, headers);
        assert_eq!(answer.status, 400, "{headers:?}");
    }
}

#[test]
fn a_sender_is_refused_in_the_format_of_the_api() {
    let mut world = world();
    world.restart_with(|config| config.network.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()]);
    let headers = [("x_forwarded_for", "198.51.100.7")];
    let answer = Browser::new(&world.base).post_bytes("/api/v1/alerts", b"[]", "wd_1", &headers);
    assert_eq!((answer.status, answer.header("content-type")), (400, "application/json"));
    assert_eq!(answer.json()["error"]["code"], "BadRequest");
}

#[test]
fn with_a_public_url_pages_are_served_for_its_host_only() {
    let mut world = world();
    world.restart_with(|config| config.public_url = Some("https://desk.example".to_owned()));
    let browser = Browser::new(&world.base);
    let get = |path: &str, host: &str| browser.get_with(path, &[("host", host)]).status;
    assert_eq!(get("/login", "desk.example"), 200);
    assert_eq!(get("/login", "evil.example"), 400);
    for path in ["/login", "/metrics"] {
        assert_eq!(browser.get(path).status, 400);
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(browser.get(path).status, 200);
    }
    let answer = world.post_alerts("[]");
    assert_ne!(answer.status, 400, "senders come by any name: {}", answer.body);
}

#[test]
fn with_an_https_public_url_every_cookie_is_secure() {
    let mut world = world();
    world.restart_with(|config| config.public_url = Some(format!("https://{}", config.listen)));
    let browser = Browser::new(&world.base);
    let signed_in = browser.post("/login", &[("name", "dana"), ("password", PASSWORD)]);
    assert!(cookies(&signed_in).iter().any(|cookie| cookie.starts_with("__Host-watchdesk=")));
    let incident = world.incident("Beacon");
    let commented = browser.post(&format!("/incidents/{incident}/assign-to-me"), &[]);
    assert!(cookies(&commented).iter().any(|cookie| cookie.starts_with("flash=")));
    for answer in [signed_in, commented, browser.get("/incidents")] {
        assert!(cookies(&answer).iter().all(|cookie| cookie.contains("; Secure")), "{:?}", answer.headers);
        assert!(answer.header("strict-transport-security").starts_with("max-age="));
    }
}

fn cookies(answer: &Answer) -> Vec<&str> {
    answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect()
}
