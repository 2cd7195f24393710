//! The key that signs checkpoints: Ed25519 (RFC 8032). Keys and signatures are written as hexadecimal.

use std::fmt;
use std::path::Path;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::hash::hex;
use crate::secrets::{self, unhex};

/// Bytes of a public key.
const PUBLIC_KEY: usize = 32;

/// The private key.
pub struct SigningKey(Ed25519KeyPair);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey of {}", self.public_key())
    }
}

impl SigningKey {
    /// Reads the key from a file, or makes one. The text of a failure is one clear line.
    pub fn read_or_make(path: &Path) -> Result<Self, String> {
        let seed = secrets::signing_key(path).map_err(|error| {
            format!("{error}; --signing-key-file names the file with the key that signs checkpoints")
        })?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed);
        pair.map(Self).map_err(|_| format!("{} does not hold a key of 32 bytes", path.display()))
    }

    /// The public key: 64 digits.
    pub fn public_key(&self) -> String {
        hex(self.0.public_key().as_ref())
    }

    /// The signature of a text: 128 digits.
    pub fn sign(&self, text: &str) -> String {
        hex(self.0.sign(text.as_bytes()).as_ref())
    }
}

/// Whether a text was signed with the key that a public key belongs to.
pub fn is_signed(text: &str, public_key: &str, signature: &str) -> bool {
    UnparsedPublicKey::new(&ED25519, unhex(public_key)).verify(text.as_bytes(), &unhex(signature)).is_ok()
}

/// Whether a text can be a public key.
pub fn is_public_key(text: &str) -> bool {
    text.len() == 2 * PUBLIC_KEY && text.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_is_taken_as_signed() {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::read_or_make(&folder.path().join("key")).unwrap();
        let (public, signature) = (key.public_key(), key.sign("one"));
        assert!(is_public_key(&public));
        assert!(is_signed("one", &public, &signature));
        assert!(!is_signed("two", &public, &signature));
        let other = SigningKey::read_or_make(&folder.path().join("other")).unwrap();
        assert!(!is_signed("one", &other.public_key(), &signature));
        let again = SigningKey::read_or_make(&folder.path().join("key")).unwrap();
        assert_eq!(again.public_key(), public);
    }
}
