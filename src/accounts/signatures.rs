//! Signatures of bodies: HMAC-SHA-256 over the bytes as they were sent, before they are unpacked.
//!
//! Two forms are taken: `X-Hub-Signature-256` as GitHub sends it, and Standard Webhooks (`webhook-id`,
//! `webhook-timestamp`, `webhook-signature`). A request with both is checked by Standard Webhooks, which
//! also tells an old body from a new one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::accounts::signing_secret::SigningSecret;
use crate::clock;
use crate::error::{Error, Result};
use crate::secrets::unhex;

/// How far the time of a delivery may be from ours, either way, in microseconds.
pub const WINDOW: i64 = 5 * clock::MINUTE;
/// Most characters of a `webhook-id`.
const ID_CHARACTERS: usize = 200;

const MISSING: &str = "This token accepts only signed requests: send X-Hub-Signature-256, \
    or webhook-id, webhook-timestamp and webhook-signature.";
const INCOMPLETE: &str =
    "A Standard Webhooks signature needs the headers webhook-id, webhook-timestamp and webhook-signature.";
const WRONG_ID: &str = "The header webhook-id must have 1 to 200 characters and no full stop.";
const WRONG_TIME: &str = "The header webhook-timestamp must be a number of seconds since 1970.";
const OUTSIDE_WINDOW: &str =
    "The header webhook-timestamp differs from the time of this server by more than 5 minutes.";
const NO_V1: &str = "The header webhook-signature must contain a signature of the form v1,BASE64.";
const WRONG_HUB: &str = "The header X-Hub-Signature-256 must be sha256= followed by 64 hexadecimal digits.";
/// The sentence about a body that is not what was signed.
pub const NO_MATCH: &str = "The signature does not match: the body was changed or signed with another secret.";

/// What the headers of a request say about its signature.
#[derive(Debug)]
pub enum Signature {
    /// Over the body alone.
    Hub(Vec<u8>),
    /// Over `{id}.{timestamp}.{body}`; one of the signatures has to match, so that secrets can be rotated.
    StandardWebhooks { id: String, timestamp: i64, signatures: Vec<Vec<u8>> },
}

impl Signature {
    /// Reads the headers; `header` gives one by its lower-case name. Fails with a sentence for the sender.
    pub fn read<'a>(header: impl Fn(&str) -> Option<&'a str>) -> std::result::Result<Self, &'static str> {
        let standard = [header("webhook-id"), header("webhook-timestamp"), header("webhook-signature")];
        match (standard, header("x-hub-signature-256")) {
            ([Some(id), Some(timestamp), Some(signatures)], _) => standard_webhooks(id, timestamp, signatures),
            ([_, _, None], Some(value)) => hub(value),
            ([None, None, None], None) => Err(MISSING),
            _ => Err(INCOMPLETE),
        }
    }

    /// The id of a delivery of Standard Webhooks.
    pub fn delivery(&self) -> Option<&str> {
        match self {
            Self::Hub(_) => None,
            Self::StandardWebhooks { id, .. } => Some(id),
        }
    }

    /// The check of the body that this came with, which follows part by part.
    pub fn check(self, secret: &SigningSecret) -> Result<Check> {
        match self {
            Self::Hub(signature) => Check::new(secret.hub_key(), vec![signature]),
            Self::StandardWebhooks { id, timestamp, signatures } => {
                let mut check = Check::new(&secret.webhook_key(), signatures)?;
                check.update(format!("{id}.{timestamp}.").as_bytes());
                Ok(check)
            }
        }
    }
}

fn hub(value: &str) -> std::result::Result<Signature, &'static str> {
    let digits = value.trim().strip_prefix("sha256=").ok_or(WRONG_HUB)?;
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(WRONG_HUB);
    }
    Ok(Signature::Hub(unhex(digits)))
}

fn standard_webhooks(id: &str, timestamp: &str, signatures: &str) -> std::result::Result<Signature, &'static str> {
    // A full stop separates the parts that are signed: with one in the id, two requests would be signed alike.
    if id.is_empty() || id.chars().count() > ID_CHARACTERS || id.contains('.') {
        return Err(WRONG_ID);
    }
    let seconds: i64 = timestamp.parse().map_err(|_| WRONG_TIME)?;
    // Signed is the text of the header: a number that is written in another way would not be the same text.
    if seconds.to_string() != timestamp {
        return Err(WRONG_TIME);
    }
    if seconds.saturating_mul(clock::SECOND).abs_diff(clock::now()) > WINDOW.unsigned_abs() {
        return Err(OUTSIDE_WINDOW);
    }
    let signatures: Vec<Vec<u8>> = signatures
        .split_whitespace()
        .filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok())
        .collect();
    if signatures.is_empty() {
        return Err(NO_V1);
    }
    Ok(Signature::StandardWebhooks { id: id.to_owned(), timestamp: seconds, signatures })
}

/// Computes the signature of a body that comes in parts.
pub struct Check {
    computed: Hmac<Sha256>,
    expected: Vec<Vec<u8>>,
}

impl Check {
    fn new(key: &[u8], expected: Vec<Vec<u8>>) -> Result<Self> {
        Ok(Self { computed: Hmac::new_from_slice(key).map_err(Error::internal)?, expected })
    }

    pub fn update(&mut self, part: &[u8]) {
        self.computed.update(part);
    }

    /// Whether one of the expected signatures is that of the body. Takes the same time wherever they differ.
    pub fn is_match(&self) -> bool {
        self.expected.iter().any(|expected| self.computed.clone().verify_slice(expected).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&str, &'static str)]) -> std::result::Result<Signature, &'static str> {
        Signature::read(|name| headers.iter().find(|(header, _)| *header == name).map(|(_, value)| *value))
    }

    fn matches(signature: std::result::Result<Signature, &'static str>, secret: &str, body: &str) -> bool {
        let secret = SigningSecret::stored(secret.to_owned());
        signature.ok().and_then(|signature| signature.check(&secret).ok()).is_some_and(|mut check| {
            check.update(body.as_bytes());
            check.is_match()
        })
    }

    #[test]
    fn the_examples_of_github_and_of_standard_webhooks_match() {
        let hub = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert!(matches(read(&[("x-hub-signature-256", hub)]), "It's a Secret to Everybody", "Hello, World!"));
        let standard = || {
            clock::at(1_614_265_330 * clock::SECOND, || {
                read(&[
                    ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                    ("webhook-timestamp", "1614265330"),
                    ("webhook-signature", "v1a,AAAA v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
                ])
            })
        };
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        assert!(matches(standard(), secret, r#"{"test": 2432232314}"#));
        assert!(!matches(standard(), secret, r#"{"test": 2432232315}"#));
    }

    #[test]
    fn headers_that_are_not_a_signature_are_refused_with_what_is_wrong() {
        let hub = |value| read(&[("x-hub-signature-256", value)]).err();
        for wrong in
            ["", "sha256=", "sha1=00", "sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]
        {
            assert_eq!(hub(wrong), Some(WRONG_HUB), "{wrong}");
        }
        assert_eq!(read(&[]).err(), Some(MISSING));
        assert_eq!(read(&[("webhook-signature", "v1,AAAA")]).err(), Some(INCOMPLETE));
        let standard = |id, time, signatures| {
            let headers = [("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", signatures)];
            clock::at(1_000 * clock::SECOND, || read(&headers)).err()
        };
        assert_eq!(standard("a", "1000", "v1,AAAA"), None);
        assert_eq!(standard("a", "700", "v1,AAAA"), None, "at the end of the window");
        for wrong in ["699", "1301", "0", "-1000", "9223372036854775807"] {
            assert_eq!(standard("a", wrong, "v1,AAAA"), Some(OUTSIDE_WINDOW), "{wrong}");
        }
        for wrong in ["", "+1000", "01000", "1000.5", "now", "9223372036854775808"] {
            assert_eq!(standard("a", wrong, "v1,AAAA"), Some(WRONG_TIME), "{wrong}");
        }
        for wrong in ["", "v2,AAAA", "v1a,AAAA", "AAAA", "v1,?"] {
            assert_eq!(standard("a", "1000", wrong), Some(NO_V1), "{wrong}");
        }
        for wrong in ["", "a.1000"] {
            assert_eq!(standard(wrong, "1000", "v1,AAAA"), Some(WRONG_ID), "{wrong}");
        }
    }
}
