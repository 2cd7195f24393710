//! `watchdesk checkpoint`.

use std::process::ExitCode;

use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::proof::signing::SigningKey;
use crate::proof::{deliver, store};

pub fn run(options: &Options) -> Outcome {
    let config = options.config()?;
    let db = options.database()?;
    let key = SigningKey::read_or_make(&config.signing_key_file).map_err(Failed::usage)?;
    println!("{}", store::make(&db, &key)?.line());
    let failed = deliver::send(&db, &config.checkpoints);
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failed::run(failed.iter().map(|why| format!("not sent: {why}")).collect::<Vec<_>>().join("\n")))
}
