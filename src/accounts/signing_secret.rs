//! The secret that a sender and Watchdesk share, by which bodies are signed. It is stored in clear, because
//! the server has to compute the signature; it does not replace the token.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, Result};
use crate::secrets::random_bytes;

/// Marks a secret of Standard Webhooks: what follows is the key in base64.
const PREFIX: &str = "whsec_";
/// Bytes of a new key; Standard Webhooks asks for 24 to 64.
const KEY_BYTES: usize = 32;
/// Fewest and most characters of a secret.
const CHARACTERS: std::ops::RangeInclusive<usize> = 16..=500;

/// A secret as the sender has it. Printed for debugging it is hidden.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(String);

impl SigningSecret {
    /// A new random secret in the form of Standard Webhooks.
    pub fn generate() -> Result<Self> {
        Ok(Self(format!("{PREFIX}{}", STANDARD.encode(random_bytes(KEY_BYTES)?))))
    }

    /// Takes a secret that the sender made. White space around it does not belong to it.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if !CHARACTERS.contains(&text.chars().count()) {
            return Err(Error::at_field("signing_secret", "A signing secret must have 16 to 500 characters."));
        }
        let secret = Self(text.to_owned());
        let is_short = secret.decoded().is_some_and(|key| key.is_ok_and(|key| key.len() < *CHARACTERS.start()));
        if is_short || secret.decoded().is_some_and(|key| key.is_err()) {
            let message = "After whsec_, a signing secret must be the base64 of at least 16 bytes.";
            return Err(Error::at_field("signing_secret", message));
        }
        Ok(secret)
    }

    /// As it was stored.
    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key for Standard Webhooks: what whsec_ encodes; of any other secret the text itself.
    pub(super) fn webhook_key(&self) -> Vec<u8> {
        self.decoded().and_then(std::result::Result::ok).unwrap_or_else(|| self.0.clone().into_bytes())
    }

    /// The key for `X-Hub-Signature-256`: the text as it was typed at GitHub.
    pub(super) fn hub_key(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// What follows whsec_, if the secret has that form.
    fn decoded(&self) -> Option<std::result::Result<Vec<u8>, base64::DecodeError>> {
        self.0.strip_prefix(PREFIX).map(|encoded| STANDARD.decode(encoded))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_secret_is_a_valid_one_of_32_bytes_and_is_hidden_from_logs() {
        let Ok(secret) = SigningSecret::generate() else { panic!("no random bytes") };
        assert_eq!(secret.webhook_key().len(), 32);
        assert!(SigningSecret::parse(secret.as_str()).is_ok_and(|same| same == secret));
        assert!(!format!("{secret:?}").contains(secret.as_str()));
    }

    #[test]
    fn a_short_secret_and_damaged_base64_are_refused() {
        assert!(SigningSecret::parse(" sixteen letters! \n").is_ok_and(|secret| secret.as_str().len() == 16));
        for wrong in ["", "fifteen letters", "whsec_c2hvcnQgc2VjcmV0", "whsec_not base64 at all!"] {
            assert!(SigningSecret::parse(wrong).is_err(), "{wrong}");
        }
    }
}
