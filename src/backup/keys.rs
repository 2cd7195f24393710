//! The keys of encrypted backups: who may read them (`age1...`), and the files of the keys that open them, as `age-keygen`
//! makes them.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::str::FromStr as _;

use age::stream::StreamWriter;
use age::x25519::{Identity, Recipient};

use crate::backup::format::refused;
use crate::error::{Error, Result};

/// Whoever has the other half of such a key can read the backup.
#[derive(Debug, Clone)]
pub struct PublicKey(Recipient);

/// Opens what was encrypted to its other half.
#[derive(Clone)]
pub struct PrivateKey(Identity);

impl PublicKey {
    /// Reads `age1...`.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        Recipient::from_str(text.trim())
            .map(Self)
            .map_err(|_| "is not a public key of age, such as age1... (age-keygen makes one)".to_owned())
    }
}

impl PrivateKey {
    /// Reads the keys of a file, one a line, as `age-keygen` writes it. The text of a failure has nothing of the file.
    pub fn read_all(path: &Path) -> std::result::Result<Vec<Self>, String> {
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Vec<Self> = lines
            .map(|line| Identity::from_str(line).map(Self))
            .collect::<std::result::Result<_, _>>()
            .map_err(|_| format!("{shown} has a line that is not a private key of age (AGE-SECRET-KEY-1...)"))?;
        if keys.is_empty() {
            return Err(format!("{shown} has no key"));
        }
        Ok(keys)
    }
}

/// Where the bytes of a backup go: as they are, or encrypted.
pub enum Sealed<W: Write> {
    Plain(W),
    Encrypted(Box<StreamWriter<W>>),
}

impl<W: Write> Sealed<W> {
    /// Encrypts to all of these keys; not at all without one.
    pub fn new(out: W, keys: &[PublicKey]) -> Result<Self> {
        if keys.is_empty() {
            return Ok(Self::Plain(out));
        }
        let recipients = keys.iter().map(|PublicKey(key)| key as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients).map_err(Error::internal)?;
        Ok(Self::Encrypted(Box::new(encryptor.wrap_output(out).map_err(Error::internal)?)))
    }

    /// Writes what belongs to the end.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(out) => Ok(out),
            Self::Encrypted(writer) => writer.finish(),
        }
    }
}

impl<W: Write> Write for Sealed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Encrypted(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Encrypted(writer) => writer.flush(),
        }
    }
}

/// Opens an encrypted backup with one of the keys.
pub fn opened<'a>(source: impl Read + 'a, keys: &[PrivateKey]) -> Result<Box<dyn Read + 'a>> {
    if keys.is_empty() {
        return Err(refused("the backup is encrypted; give the file of the key with --identity"));
    }
    let decryptor = age::Decryptor::new(source).map_err(reason)?;
    let keys = keys.iter().map(|PrivateKey(key)| key as &dyn age::Identity);
    Ok(Box::new(decryptor.decrypt(keys).map_err(reason)?))
}

fn reason(error: age::DecryptError) -> Error {
    match error {
        age::DecryptError::NoMatchingKeys => {
            refused("none of the keys opens the backup; it was encrypted to another one")
        }
        _ => refused("the backup is damaged: its encryption cannot be read"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_keys_is_read_without_its_comments_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.txt");
        let told = |text: &str| {
            fs::write(&path, text).unwrap();
            PrivateKey::read_all(&path).map(|keys| keys.len())
        };
        let key = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
        assert_eq!(told(&format!("# created: now\n# public key: age1x\n{key}\n")), Ok(1));
        assert!(told("# only a comment\n").is_err());
        let error = told("AGE-SECRET-KEY-1HUNTER2\n").unwrap_err();
        assert!(!error.contains("HUNTER2"), "{error}");
    }
}
