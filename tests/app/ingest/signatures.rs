//! Signed bodies: both forms of signature are taken, and of a body that is not signed rightly nothing is
//! stored.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use serde_json::json;

use crate::support::product::{CONSOLE, Scope, SigningSecret, clock, tokens};
use crate::support::{Answer, Browser, World, alert, make_token, world};

/// A secret as somebody may type it.
const TYPED: &str = "correct horse battery staple";
/// A secret in the form of Standard Webhooks, and its key.
const ENCODED: &str = "whsec_a2V5IG9mIDI0IGJ5dGVzIGxvbmcsIG9r";
const KEY: &[u8] = b"key of 24 bytes long, ok";

type Headers = Vec<(&'static str, String)>;

fn mac(key: &[u8], content: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(content);
    mac.finalize().into_bytes().to_vec()
}

/// Signed as GitHub does it.
fn hub(key: &[u8], body: &[u8]) -> Headers {
    let digits = mac(key, body).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    vec![("x-hub-signature-256", format!("sha256={digits}"))]
}

/// Signed by Standard Webhooks, `seconds` from now.
fn standard_at(seconds: i64, key: &[u8], id: &str, body: &[u8]) -> Headers {
    let timestamp = clock::now() / clock::SECOND + seconds;
    let signature = STANDARD.encode(mac(key, &[format!("{id}.{timestamp}.").as_bytes(), body].concat()));
    vec![
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", format!("v1,{signature}")),
    ]
}

fn standard(key: &[u8], id: &str, body: &[u8]) -> Headers {
    standard_at(0, key, id, body)
}

fn with(mut headers: Headers, name: &'static str, value: &str) -> Headers {
    headers.retain(|(other, _)| *other != name);
    headers.push((name, value.to_owned()));
    headers
}

fn without(mut headers: Headers, name: &str) -> Headers {
    headers.retain(|(other, _)| *other != name);
    headers
}

fn signed_token(world: &World, name: &str, secret: &str) -> String {
    let secret = SigningSecret::parse(secret).unwrap();
    let token = world.token(name, Scope::Ingest);
    world.db.write_now(|tx| tokens::set_signing_secret(tx, &CONSOLE, name, &secret)).unwrap();
    token
}

fn send(world: &World, token: &str, body: &[u8], headers: &Headers) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Browser::new(&world.base).post_bytes("/api/v1/alerts", body, token, &headers)
}

fn one_alert(title: &str) -> Vec<u8> {
    alert(title).json().to_string().into_bytes()
}

/// Alerts, refused items and deliveries that are stored.
fn stored(world: &World) -> (i64, i64, i64) {
    let count = |table| world.count(&format!("SELECT COUNT(*) AS n FROM {table}"));
    (count("alerts"), count("refused_items"), count("signed_deliveries"))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_body_that_is_signed_in_either_form_is_taken() {
    let world = world();
    let (typed, encoded) = (signed_token(&world, "typed", TYPED), signed_token(&world, "encoded", ENCODED));
    let one = one_alert("One");
    for (token, headers) in [
        (&typed, hub(TYPED.as_bytes(), &one)),
        (&typed, standard(TYPED.as_bytes(), "msg_1", &one)),
        (&encoded, hub(ENCODED.as_bytes(), &one)),
        (&encoded, standard(KEY, "msg_1", &one)),
        (&encoded, standard_at(-290, KEY, "msg_2", &one)),
        (&encoded, standard_at(290, KEY, "msg_3", &one)),
    ] {
        let answer = send(&world, token, &one, &headers);
        let taken = answer.json()["created"].as_i64().unwrap_or(0) + answer.json()["updated"].as_i64().unwrap_or(0);
        assert_eq!((answer.status, taken), (200, 1), "{headers:?}: {}", answer.body);
    }
    let right = standard(KEY, "msg_4", &one);
    let rotated = format!("v1,{} v1a,AAAA {}", STANDARD.encode(mac(b"old", &one)), right[2].1);
    assert_eq!(send(&world, &encoded, &one, &with(right, "webhook-signature", &rotated)).status, 200);
}

#[test]
fn a_token_in_the_address_can_have_its_bodies_signed() {
    let world = world();
    let secret = SigningSecret::parse(TYPED).unwrap();
    let token = world
        .db
        .write_now(|tx| {
            let token = make_token(tx, "cloud", Scope::Ingest, tokens::SentIn::Address)?;
            tokens::set_signing_secret(tx, &CONSOLE, "cloud", &secret)?;
            Ok(token)
        })
        .unwrap();
    let (path, one) = (format!("/api/v1/alerts/in/{token}"), one_alert("One"));
    let signature = hub(TYPED.as_bytes(), &one).remove(0).1;
    let send = |headers: &[(&str, &str)]| Browser::new(&world.base).post_bytes(&path, &one, "", headers).status;
    assert_eq!(send(&[]), 401);
    assert_eq!(send(&[("x-hub-signature-256", &signature)]), 200);
}

#[test]
fn of_a_body_that_is_not_signed_rightly_nothing_is_stored() {
    let world = world();
    let token = signed_token(&world, "siem", ENCODED);
    let (one, other) = (one_alert("One"), one_alert("Other"));
    let right = || standard(KEY, "msg_1", &one);
    for (what, headers) in [
        ("unsigned", vec![]),
        ("another secret", hub(TYPED.as_bytes(), &one)),
        ("another body", hub(ENCODED.as_bytes(), &other)),
        ("the key of the other form", hub(KEY, &one)),
        ("SHA-1", vec![("x-hub-signature-256", "sha1=0123456789abcdef0123456789abcdef01234567".to_owned())]),
        ("another secret", standard(TYPED.as_bytes(), "msg_1", &one)),
        ("another body", standard(KEY, "msg_1", &other)),
        ("too old", standard_at(-310, KEY, "msg_1", &one)),
        ("too new", standard_at(310, KEY, "msg_1", &one)),
        ("another id", with(right(), "webhook-id", "msg_2")),
        ("a full stop in the id", standard(KEY, "msg.1", &one)),
        ("another time", with(right(), "webhook-timestamp", &(clock::now() / clock::SECOND + 9).to_string())),
        ("no id", without(right(), "webhook-id")),
        ("no time", without(right(), "webhook-timestamp")),
        ("no signature", without(right(), "webhook-signature")),
        ("right for GitHub only", [hub(ENCODED.as_bytes(), &one), standard(KEY, "msg_1", &other)].concat()),
    ] {
        let answer = send(&world, &token, &one, &headers);
        assert_eq!((answer.status, answer.json()["error"]["code"].clone()), (401, json!("InvalidSignature")), "{what}");
        assert!(!answer.json()["error"]["message"].as_str().unwrap().is_empty(), "{what}");
    }
    let nonsense = send(&world, &token, b"no JSON at all", &hub(TYPED.as_bytes(), b"no JSON at all"));
    assert_eq!(nonsense.status, 401);
    assert_eq!(stored(&world), (0, 0, 0));
}

#[test]
fn a_compressed_body_is_signed_as_it_is_sent() {
    let world = world();
    let token = signed_token(&world, "siem", TYPED);
    let (plain, packed) = (one_alert("One"), gzip(&one_alert("Two")));
    let encoded = |headers| with(headers, "content-encoding", "gzip");
    assert_eq!(send(&world, &token, &gzip(&plain), &encoded(hub(TYPED.as_bytes(), &plain))).status, 401);
    assert_eq!(stored(&world), (0, 0, 0));
    assert_eq!(send(&world, &token, &packed, &encoded(hub(TYPED.as_bytes(), &packed))).json()["created"], 1);
    assert_eq!(send(&world, &token, &packed, &standard(TYPED.as_bytes(), "msg_1", &packed)).json()["updated"], 1);
}

#[test]
fn a_large_body_is_verified_and_one_over_the_limit_is_refused_whole() {
    let mut world = world();
    world.restart_with(|config| config.max_body = 6 * 1024 * 1024);
    let token = signed_token(&world, "siem", TYPED);
    let padded = |spaces: usize| [one_alert("One"), vec![b'\n'], vec![b' '; spaces]].concat();
    let (large, too_large) = (padded(5_000_000), padded(7_000_000));
    let refused = send(&world, &token, &too_large, &hub(TYPED.as_bytes(), &too_large));
    assert_eq!((refused.status, stored(&world)), (413, (0, 0, 0)), "{}", refused.body);
    assert_eq!(send(&world, &token, &large, &hub(TYPED.as_bytes(), &too_large)).status, 401);
    assert_eq!(send(&world, &token, &large, &hub(TYPED.as_bytes(), &large)).json()["created"], 1);
}

#[test]
fn a_delivery_is_stored_once_and_answered_200_again() {
    let world = world();
    let token = signed_token(&world, "siem", ENCODED);
    let (one, two) = (one_alert("One"), one_alert("Two"));
    assert_eq!(send(&world, &token, &one, &standard(KEY, "msg_1", &one)).json()["created"], 1);
    for body in [&one, &two] {
        let answer = send(&world, &token, body, &standard(KEY, "msg_1", body));
        let counts = ["created", "updated", "skipped", "rejected"].map(|count| answer.json()[count].clone());
        assert_eq!((answer.status, counts), (200, [0, 0, 0, 0].map(|zero| json!(zero))));
        assert!(answer.json()["message"].as_str().unwrap().contains("already stored"), "{}", answer.body);
    }
    assert_eq!(stored(&world), (1, 0, 1));
    let other = signed_token(&world, "other", ENCODED);
    assert_eq!(send(&world, &other, &two, &standard(KEY, "msg_1", &two)).json()["created"], 1, "ids are the token's");
    let unsigned = with(standard(KEY, "msg_1", &one), "webhook-signature", "v1,AAAA");
    assert_eq!(send(&world, &token, &one, &unsigned).status, 401, "a known id does not replace a signature");
}

#[test]
fn the_same_delivery_sent_several_times_at_once_is_stored_once() {
    let world = world();
    let token = signed_token(&world, "siem", ENCODED);
    let body: Vec<u8> = (0..200).flat_map(|n| [one_alert(&format!("Alert {n}")), vec![b'\n']].concat()).collect();
    let headers = standard(KEY, "msg_1", &body);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..4).map(|_| scope.spawn(|| send(&world, &token, &body, &headers))).collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    let sum = |count: &str| answers.iter().filter_map(|answer| answer.json()[count].as_i64()).sum::<i64>();
    assert_eq!((sum("created"), sum("updated")), (200, 0));
    for answer in &answers {
        assert!([200, 409].contains(&answer.status), "being stored, or stored: {}", answer.body);
    }
}

#[test]
fn a_delivery_that_was_refused_can_be_sent_again() {
    let world = world();
    let token = signed_token(&world, "siem", ENCODED);
    let (damaged, mended) = (b"{\"title\":1}".to_vec(), one_alert("One"));
    assert_eq!(send(&world, &token, &damaged, &standard(KEY, "msg_1", &damaged)).status, 422);
    assert_eq!(send(&world, &token, b"", &standard(KEY, "msg_1", b"")).status, 400);
    assert_eq!(send(&world, &token, &mended, &standard(KEY, "msg_1", &mended)).json()["created"], 1);
}

#[test]
fn old_deliveries_are_forgotten() {
    let world = world();
    let token = signed_token(&world, "siem", ENCODED);
    let one = one_alert("One");
    send(&world, &token, &one, &standard(KEY, "msg_1", &one));
    send(&world, &token, &one, &standard(KEY, "msg_2", &one));
    assert_eq!(stored(&world), (1, 0, 2));
    world.execute(&format!("UPDATE signed_deliveries SET at = {}", clock::now() - 2 * clock::DAY));
    send(&world, &token, &one, &standard(KEY, "msg_3", &one));
    assert_eq!(stored(&world), (1, 0, 1));
}

#[test]
fn a_token_without_a_signing_secret_ignores_signatures() {
    let world = world();
    let token = world.token("siem", Scope::Ingest);
    let one = one_alert("One");
    for headers in [hub(b"any", &one), standard(KEY, "msg_1", &one), vec![("webhook-signature", "nonsense".into())]] {
        assert_eq!(send(&world, &token, &one, &headers).status, 200);
        assert_eq!(send(&world, &token, &one, &headers).json()["updated"], 1, "no id is remembered");
    }
    assert_eq!(stored(&world), (1, 0, 0));
}

#[test]
fn only_a_token_that_sends_alerts_has_a_signing_secret() {
    let world = world();
    world.token("reader", Scope::Read);
    let secret = SigningSecret::parse(TYPED).unwrap();
    assert!(world.db.write_now(|tx| tokens::set_signing_secret(tx, &CONSOLE, "reader", &secret)).is_err());
}
