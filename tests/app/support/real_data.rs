//! Real and labelled records, which are kept outside the repository.

use std::path::{Path, PathBuf};

/// A file of them; `None` where they are not at hand (in CI they always are).
pub fn real_data(file: &str) -> Option<Vec<u8>> {
    let folder = std::env::var("WATCHDESK_SHARED")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    std::fs::read(folder.join("data").join(file)).ok()
}
