//! Random secrets and their hashes. Stored are hashes, so that a stolen database opens nothing; the exception
//! are the secrets of signatures (`accounts::signing_secret`).

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::hash::hex;

/// Random bytes from the operating system.
pub fn random_bytes(count: usize) -> Result<Vec<u8>> {
    let mut buffer = vec![0_u8; count];
    getrandom::fill(&mut buffer).map_err(Error::internal)?;
    Ok(buffer)
}

/// The same as lower-case hexadecimal: `bytes` * 2 characters.
pub fn random_hex(bytes: usize) -> Result<String> {
    Ok(hex(&random_bytes(bytes)?))
}

/// Compares without telling by the time taken how much was equal.
pub fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (Sha256::digest(a.as_bytes()), Sha256::digest(b.as_bytes()));
    a.iter().zip(b.iter()).fold(0_u8, |difference, (x, y)| difference | (x ^ y)) == 0
}

/// Reads the installation's key (64 bytes as hexadecimal), or makes one, readable by the owner
/// alone. It signs cookies; a fresh one each start would sign everybody out.
pub fn installation_key(path: &Path) -> std::result::Result<Vec<u8>, String> {
    read_or_make(path, 64)
}

/// Reads the key that signs checkpoints (32 bytes as hexadecimal), or makes one, readable by the owner alone.
pub fn signing_key(path: &Path) -> std::result::Result<Vec<u8>, String> {
    read_or_make(path, 32)
}

fn read_or_make(path: &Path, bytes: usize) -> std::result::Result<Vec<u8>, String> {
    if let Ok(text) = std::fs::read_to_string(path) {
        let key = unhex(text.trim());
        if key.len() < bytes {
            return Err(format!(
                "{} does not hold a key of {bytes} bytes; remove it to have a new one made",
                path.display()
            ));
        }
        return Ok(key);
    }
    let text = random_hex(bytes).map_err(|error| error.to_string())?;
    write_private(path, &text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(unhex(&text))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The bytes of hexadecimal text; what is no digit is left out.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |value, digit| value << 4 | digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().map_err(|e| e.to_string());
        let Ok(folder) = folder else { panic!("no folder") };
        let path = folder.path().join("secret");
        let first = installation_key(&path);
        assert_eq!(first.as_ref().map(Vec::len), Ok(64));
        assert_eq!(installation_key(&path), first);
        let mode = std::fs::metadata(&path).map_or(0, |m| m.permissions().mode() & 0o777);
        assert_eq!(mode, 0o600);
    }
}
