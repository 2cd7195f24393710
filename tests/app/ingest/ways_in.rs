//! Ways to send a token: in a header, or in the address for senders that cannot set one.

use serde_json::json;

use crate::support::product::{Scope, tokens};
use crate::support::{Answer, Browser, World, alert, make_token, world};

fn send(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent.post(format!("{}{path}", world.base)).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = request.send(alert("One").json().to_string()).unwrap();
    let status = response.status().as_u16();
    let body = response.body_mut().read_to_string().unwrap();
    Answer { status, location: String::new(), body, headers: Vec::new() }
}

fn address_token(world: &World, name: &str) -> String {
    world.db.write_now(|tx| make_token(tx, name, Scope::Ingest, tokens::SentIn::Address)).unwrap()
}

#[test]
fn a_token_is_taken_as_password_of_basic_and_as_api_key() {
    let world = world();
    let token = world.token("siem", Scope::Ingest);
    let basic = format!("Basic {}", base64_of(&format!("anybody:{token}")));
    assert_eq!(send(&world, "/api/v1/alerts", &[("authorization", &basic)]).status, 200);
    assert_eq!(send(&world, "/api/v1/alerts", &[("x-api-key", &token)]).status, 200);
    let wrong = format!("Basic {}", base64_of("anybody:wd_wrong"));
    for headers in [[("authorization", wrong.as_str())], [("x-api-key", "wd_wrong")]] {
        let answer = send(&world, "/api/v1/alerts", &headers);
        assert_eq!((answer.status, answer.json()["error"]["code"].clone()), (401, json!("Unauthorized")));
    }
}

#[test]
fn a_token_of_the_address_is_taken_there_only_and_no_other_is() {
    let world = world();
    let (in_header, in_address) = (world.token("siem", Scope::Ingest), address_token(&world, "cloud"));
    let path = |token: &str| format!("/api/v1/alerts/in/{token}");
    let answer = send(&world, &format!("{}?results=errors", path(&in_address)), &[]);
    assert_eq!((answer.status, answer.json()["created"].clone()), (200, json!(1)), "{}", answer.body);
    assert_eq!(send(&world, &path(&in_header), &[]).status, 401);
    assert_eq!(send(&world, "/api/v1/alerts", &[("x-api-key", &in_address)]).status, 401);
    assert_eq!(send(&world, &path("wd_wrong"), &[("x-api-key", &in_header)]).status, 401);
    world.revoke_token("cloud");
    let refused = send(&world, &path(&in_address), &[]);
    assert_eq!(refused.status, 401);
    assert!(!refused.body.contains(&in_address));
}

#[test]
fn other_methods_than_post_are_answered_405_as_json() {
    let world = world();
    let token = address_token(&world, "cloud");
    for path in [format!("/api/v1/alerts/in/{token}"), "/api/v1/alerts".to_owned()] {
        let answer = Browser::new(&world.base).get(&path);
        assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{path}");
        assert_eq!(answer.json()["error"]["code"], "MethodNotAllowed");
        assert!(!answer.body.contains(&token));
    }
}

#[test]
fn only_a_token_that_sends_alerts_may_be_in_an_address() {
    let world = world();
    let add = |scope| world.db.write_now(|tx| make_token(tx, "x", scope, tokens::SentIn::Address));
    assert!(add(Scope::Read).is_err() && add(Scope::Write).is_err());
    assert!(add(Scope::Ingest).is_ok());
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
