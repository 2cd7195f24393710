//! GET /settings/tokens and the forms below it: tokens are made, shown once, and revoked.

use crate::support::page::{attribute, select, text, texts};
use crate::support::product::Scope;
use crate::support::{Browser, World, alert, world};

const NEW: &str = "/settings/tokens/new";

/// What a form of a new token has, with these fields changed.
fn form<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("name", "edge"), ("scope", "ingest"), ("sent_in", "header"), ("source", "")];
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed);
    fields
}

/// Makes a token in the browser.
fn made(ada: &Browser, changed: &[(&str, &str)]) -> String {
    let answer = ada.post(NEW, &form(changed));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    text(&answer.html(), "#new-token")
}

fn send(world: &World, token: &str, source: &str) -> u16 {
    let body = alert("One").source(source).json().to_string();
    Browser::new(&world.base).post_json("/api/v1/alerts", &body, Some(token)).status
}

#[test]
fn a_token_is_made_shown_once_used_and_revoked() {
    let world = world();
    let ada = world.browser("ada");
    assert_eq!(text(&ada.page("/settings/tokens"), "form[action='/settings/tokens/new'] button"), "New token");
    let token = made(&ada, &[]);
    assert!(token.starts_with("wd_") && token.len() == 51, "{token}");
    assert_eq!(send(&world, &token, "wazuh"), 200);
    let answer = ada.get("/settings/tokens");
    assert!(!answer.body.contains(&token), "it is shown once");
    let page = answer.html();
    let row = texts(&page, "table[aria-label=Tokens] tbody td");
    assert_eq!(row[..4], ["edge", "Ingest", "not restricted", "Wazuh"], "{row:?}");
    assert_eq!((row[6].as_str(), row[7].as_str()), ("Active", "never"));
    let revoked = ada.post("/settings/tokens/revoke", &[("name", "edge")]);
    assert_eq!((revoked.status, revoked.location.as_str()), (303, "/settings/tokens"));
    assert_eq!(send(&world, &token, "wazuh"), 401);
    let page = ada.page("/settings/tokens");
    assert!(texts(&page, "table[aria-label=Tokens] tbody td")[6].starts_with("Revoked"));
    assert!(select(&page, "form[action='/settings/tokens/revoke']").is_empty());
    let changes = texts(&page, "section .mini li");
    assert!(changes[0].starts_with("Ada Novak revoked the token edge"), "{changes:?}");
    assert!(changes[1].starts_with("Ada Novak made the token edge (ingest)"), "{changes:?}");
    assert_eq!(ada.post("/settings/tokens/revoke", &[("name", "edge")]).status, 422);
}

#[test]
fn a_refused_form_comes_back_with_what_was_typed_and_makes_nothing() {
    let world = world();
    let ada = world.browser("ada");
    made(&ada, &[]);
    for (changed, field, why) in [
        (&[][..], "name", "A token with this name already exists."),
        (&[("name", " ")], "name", "A token name must have 1 to 100 characters."),
        (&[("name", "x"), ("scope", "everything")], "scope", "Choose what the token may do."),
        (
            &[("name", "x"), ("scope", "read"), ("source", "wazuh")],
            "scope",
            "Only a token with the ingest scope can be bound to a source.",
        ),
        (
            &[("name", "x"), ("source", "any, wazuh")],
            "source",
            "Bind a token to any source or to named sources, not to both.",
        ),
        (
            &[("name", "x"), ("scope", "write"), ("sent_in", "address")],
            "scope",
            "Only a token with the ingest scope can be sent in the URL.",
        ),
    ] {
        let answer = ada.post(NEW, &form(changed));
        assert_eq!(answer.status, 422, "{changed:?}");
        let page = answer.html();
        assert_eq!(text(&page, &format!("#{field}-error")), why);
        assert_eq!(
            attribute(&page, "#name", "value"),
            form(changed).iter().find(|(name, _)| *name == "name").unwrap().1
        );
    }
    assert_eq!(texts(&ada.page("/settings/tokens"), "table[aria-label=Tokens] tbody tr").len(), 1);
}

#[test]
fn a_token_can_be_bound_signed_and_sent_in_the_address() {
    let world = world();
    let ada = world.browser("ada");
    let bound = made(&ada, &[("name", "bound"), ("source", "wazuh, falco")]);
    assert_eq!((send(&world, &bound, "wazuh"), send(&world, &bound, "suricata")), (200, 422));
    let address = made(&ada, &[("name", "hook"), ("sent_in", "address")]);
    let path = address.strip_prefix(&world.base).unwrap();
    let body = alert("Two").json().to_string();
    assert_eq!(Browser::new(&world.base).post_json(path, &body, None).status, 200);
    let answer = ada.post(NEW, &form(&[("name", "signed"), ("signed", "1")]));
    assert!(text(&answer.html(), "#new-secret").starts_with("whsec_"));
    assert_eq!(send(&world, &text(&answer.html(), "#new-token"), "wazuh"), 401, "it is not signed");
    let changes = texts(&ada.page("/settings/tokens"), "section .mini li");
    assert!(changes[2].contains("made the token bound (ingest, sends falco, wazuh)"), "{changes:?}");
    assert!(changes[0].contains("made the token signed (ingest, signed)"), "{changes:?}");
}

#[test]
fn only_administrators_see_or_make_tokens() {
    let world = world();
    world.token("edge", Scope::Ingest);
    for who in ["dana", "vic"] {
        let browser = world.browser(who);
        for path in ["/settings/tokens", NEW, "/settings/start", "/settings/start/wazuh"] {
            assert_eq!(browser.get(path).status, 403, "{who} {path}");
        }
        for path in [NEW, "/settings/tokens/revoke", "/settings/start", "/settings/start/wazuh"] {
            assert_eq!(browser.post(path, &form(&[("name", "edge")])).status, 403, "{who} {path}");
        }
        let tabs = texts(&browser.page("/settings/sources"), "nav[aria-label=Settings] a");
        assert!(!tabs.contains(&"Tokens".to_owned()) && !tabs.contains(&"Get started".to_owned()), "{tabs:?}");
    }
    assert_eq!(world.browser("ada").post_with(NEW, &form(&[]), &[("sec-fetch-site", "cross-site")]).status, 403);
    assert_eq!(texts(&world.browser("ada").page("/settings/tokens"), "table[aria-label=Tokens] tbody tr").len(), 1);
}

#[test]
fn a_rotated_token_has_a_new_secret_and_the_one_before_works_for_a_while() {
    let world = world();
    let ada = world.browser("ada");
    let first = made(&ada, &[]);
    let rotate = |hours: &str| ada.post("/settings/tokens/rotate", &[("name", "edge"), ("overlap_hours", hours)]);
    let second = text(&rotate("24").html(), "#new-token");
    assert_eq!((send(&world, &first, "wazuh"), send(&world, &second, "wazuh")), (200, 200));
    world.execute("UPDATE api_tokens SET earlier_until = 1");
    assert_eq!((send(&world, &first, "wazuh"), send(&world, &second, "wazuh")), (401, 200));
    let third = text(&rotate("0").html(), "#new-token");
    assert_eq!((send(&world, &second, "wazuh"), send(&world, &third, "wazuh")), (401, 200));
    assert_eq!(rotate("99999").status, 422);
    assert_eq!(
        world.browser("dana").post("/settings/tokens/rotate", &[("name", "edge"), ("overlap_hours", "0")]).status,
        403
    );
}

#[test]
fn a_token_stops_working_when_its_time_is_over() {
    let world = world();
    let ada = world.browser("ada");
    assert_eq!(ada.post(NEW, &form(&[("expires", "2001-01-01")])).status, 422);
    let token = made(&ada, &[("expires", "2100-01-01"), ("purpose", "The SOC lab")]);
    assert_eq!(send(&world, &token, "wazuh"), 200);
    world.execute("UPDATE api_tokens SET expires_at = 1");
    assert_eq!(send(&world, &token, "wazuh"), 401);
    let page = ada.page("/settings/tokens");
    assert!(text(&page, "table[aria-label=Tokens] tbody td").contains("The SOC lab"));
    assert_eq!(texts(&page, "table[aria-label=Tokens] tbody td")[6], "Expired");
}
