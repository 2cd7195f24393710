//! Passwords: argon2id, its default cost. A hash takes some 40 ms of one core and 19 MiB, so
//! callers run it off the async threads and not many at once.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::error::{Error, Result};

/// Shortest password, in characters (NIST SP 800-63B asks for 8; a shared tool deserves more).
const SHORTEST: usize = 10;
/// Longest, so that hashing cannot be made to work on megabytes.
const LONGEST: usize = 1_000;

/// A password hash in PHC text form, ready to be stored.
#[derive(Clone)]
pub struct Hashed(String);

impl Hashed {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Says what is wrong with a password, if anything.
pub fn check(password: &str) -> std::result::Result<(), &'static str> {
    match password.chars().count() {
        0 => Err("Enter a password."),
        length if length < SHORTEST => Err("A password has at least 10 characters."),
        length if length > LONGEST => Err("A password has at most 1,000 characters."),
        _ => Ok(()),
    }
}

/// Hashes with a fresh salt.
pub fn hash(password: &str) -> Result<Hashed> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(Error::internal)?;
    Ok(Hashed(hash.to_string()))
}

/// Compares in constant time. Without a stored hash it still does the work of a comparison, so
/// that an unknown name takes as long as a wrong password.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(hash) = PasswordHash::new(stored.unwrap_or(NOBODY)) else {
        return false;
    };
    let matches = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    matches && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let hashed = hash("correct horse battery").map(|h| h.0).unwrap_or_default();
        assert!(verify("correct horse battery", Some(&hashed)));
        assert!(!verify("correct horse batterz", Some(&hashed)));
        assert!(!verify("", Some(&hashed)));
        assert!(!verify("anything", None));
    }
}
