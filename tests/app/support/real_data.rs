//! Real and labelled records, which are kept outside the repository.

use std::path::{Path, PathBuf};

/// A file of them; `None` where they are not at hand (in CI they always are).
pub fn real_data(file: &str) -> Option<Vec<u8>> {
    std::fs::read(path(file)).ok()
}

/// A folder of them; `None` where they are not at hand.
pub fn real_data_folder(folder: &str) -> Option<PathBuf> {
    Some(path(folder)).filter(|folder| folder.is_dir())
}

fn path(file: &str) -> PathBuf {
    let shared = std::env::var("WATCHDESK_SHARED")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    shared.join("data").join(file)
}
