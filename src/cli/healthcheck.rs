//! `watchdesk healthcheck`: for containers and supervisors.

use std::process::ExitCode;

use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::cli::serve::local_url;

pub fn run(options: &Options) -> Outcome {
    let config = options.config()?;
    let port = config.listen.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(8080);
    let url = format!("{}/readyz", local_url(&config.listen, port));
    match ureq::get(&url).call() {
        Ok(_) => {
            println!("ready");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(Failed::run(format!("{url}: {error}"))),
    }
}
