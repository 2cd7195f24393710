//! Passwords: argon2id, its default cost. A hash takes some 40 ms of one core and 19 MiB, so
//! callers run it off the async threads and one at a time.

use std::sync::{Mutex, TryLockError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::error::{Error, Result};

/// Shortest password, in characters (NIST SP 800-63B asks for 8; a shared tool deserves more).
const SHORTEST: usize = 10;
/// Longest, so that hashing cannot be made to work on megabytes.
const LONGEST: usize = 1_000;
/// A password that is found within so many guesses is refused, by the estimate of zxcvbn (Wheeler, USENIX Security
/// 2016). It is above the 10,000 commonest passwords, also with a digit or capital more, and what a slowed-down
/// guesser tries in months.
const FEWEST_GUESSES: u64 = 1_000_000;
/// The product, as users could name it in a password.
const PRODUCT: &str = "watchdesk";

/// A password hash in PHC text form, ready to be stored.
#[derive(Clone)]
pub struct Hashed(String);

impl Hashed {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks the length of a password, and that it is neither common nor made of the person's or the product's name.
/// The error is a sentence.
pub fn check(password: &str, names: &[&str]) -> std::result::Result<(), &'static str> {
    match password.chars().count() {
        0 => Err("Enter a password."),
        length if length < SHORTEST => Err("Use at least 10 characters."),
        length if length > LONGEST => Err("Use at most 1,000 characters."),
        _ if is_guessed_first(password, names) => Err(
            "This password is easy to guess: it is common, a name or a simple pattern. Use several unrelated words.",
        ),
        _ => Ok(()),
    }
}

fn is_guessed_first(password: &str, names: &[&str]) -> bool {
    let joined: Vec<String> = names.iter().map(|name| name.split_whitespace().collect()).collect();
    let parts = names.iter().flat_map(|name| name.split_whitespace());
    let known: Vec<&str> =
        parts.chain(names.iter().copied()).chain(joined.iter().map(String::as_str)).chain([PRODUCT]).collect();
    zxcvbn::zxcvbn(password, &known).guesses() < FEWEST_GUESSES
}

/// The memory that hashing works in, kept for the next time. When it was freed each time, the C library's
/// allocator kept as much for every thread: sixteen sign-ins cost up to 80 MB permanently.
static WORK: Mutex<Vec<Block>> = Mutex::new(Vec::new());

/// Hashes with a fresh salt.
pub fn hash(password: &str) -> Result<Hashed> {
    let salt = Salt::generate();
    let argon2 = Argon2::default();
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params()).map_err(Error::internal)?,
        hash: Some(derive(&argon2, password, &salt)?),
        salt: Some(salt),
    };
    Ok(Hashed(hash.to_string()))
}

fn derive(argon2: &Argon2<'_>, password: &str, salt: &Salt) -> Result<Output> {
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    match WORK.try_lock() {
        Ok(mut memory) => {
            let blocks = argon2.params().block_count().max(memory.len());
            memory.resize(blocks, Block::default());
            argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, memory.as_mut_slice())
        }
        // Only where many servers run in one process, as in tests.
        Err(TryLockError::WouldBlock | TryLockError::Poisoned(_)) => {
            argon2.hash_password_into(password.as_bytes(), salt, &mut out)
        }
    }
    .map_err(Error::internal)?;
    Output::new(&out).map_err(Error::internal)
}

/// Compares in constant time. Without a stored hash it compares with a made-up one, so
/// that an unknown name takes as long as a wrong password.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    const UNMATCHED: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(hash) = PasswordHash::new(stored.unwrap_or(UNMATCHED)) else {
        return false;
    };
    let (Ok(params), Some(salt), Some(expected)) = (Params::try_from(&hash), &hash.salt, &hash.hash) else {
        return false;
    };
    let argon2 = Argon2::new(Algorithm::default(), Version::default(), params);
    // `Output` compares in constant time.
    let matches = derive(&argon2, password, salt).is_ok_and(|output| output == *expected);
    matches && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_that_are_guessed_first_are_refused() {
        for password in [
            "password123",
            "Password123",
            "P@ssw0rd123",
            "1234567890",
            "qwertyuiop",
            "iloveyou123",
            "aaaaaaaaaaaa",
            "watchdesk1",
            "WatchDesk2026",
            "dana.reyes",
            "Dana Reyes",
            "danareyes1",
        ] {
            assert!(check(password, &["dana.reyes", "Dana Reyes"]).is_err(), "{password}");
        }
        for password in ["a long enough password", "correct horse battery", "4f9c1e0b7a2d", "Kühle Suppe im Mai"] {
            assert_eq!(check(password, &["dana", "Dana Reyes"]), Ok(()), "{password}");
        }
        assert!(check("short", &[]).is_err());
        assert!(check(&"long words ".repeat(100), &[]).is_err());
    }

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let hashed = hash("correct horse battery").map(|h| h.0).unwrap_or_default();
        assert!(verify("correct horse battery", Some(&hashed)));
        assert!(!verify("correct horse batterz", Some(&hashed)));
        assert!(!verify("", Some(&hashed)));
        assert!(!verify("anything", None));
    }
}
