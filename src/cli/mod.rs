//! The command line: one file a command. A bad option or file is one clear
//! line on stderr and exit 2, with nothing half done.

mod backup;
mod backup_progress;
mod bench;
mod checkpoint;
pub mod command;
mod demo;
mod healthcheck;
mod import;
pub mod logging;
mod mapping;
mod migrate;
pub mod options;
pub mod outcome;
mod output;
mod restore;
mod serve;
mod token;
mod user;
mod verify;

pub use crate::cli::command::run;
