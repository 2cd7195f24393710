//! Backups on a schedule.

use std::path::PathBuf;

use crate::clock;

/// Where and how often the server makes backups.
#[derive(Debug, Clone)]
pub struct Backups {
    /// None: only when they are asked for by command.
    pub folder: Option<PathBuf>,
    /// Microseconds.
    pub every: i64,
    /// How many are kept.
    pub keep: usize,
    /// Public keys (`age1...`) of those who can read them; everybody who has the files, where there is none.
    pub encrypt_to: Vec<String>,
}

impl Default for Backups {
    fn default() -> Self {
        Self { folder: None, every: clock::DAY, keep: 7, encrypt_to: Vec::new() }
    }
}
