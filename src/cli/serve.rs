//! `watchdesk serve`.

use std::process::ExitCode;

use crate::app::{self, Application};
use crate::cli::logging::start_logging;
use crate::cli::options::{Options, prepare};
use crate::cli::outcome::{Failed, Outcome};
use crate::cli::output;
use crate::config::Config;
use crate::db::Db;
use crate::live::Hub;

pub fn run(options: &Options) -> Outcome {
    start_logging("info")?;
    let config = options.config()?;
    prepare(&Db::open(&config.database, Hub::default()).map_err(Failed::usage)?)?;
    app::block_on(async {
        let application = app::build(&config).map_err(Failed::usage)?;
        let base = config.public_url.clone().unwrap_or_else(|| local_url(&config, application.port()));
        output::print(&format!("Watchdesk is at {base}"));
        tracing::info!("{}", transport(&config));
        if config.network.insecure_http {
            tracing::warn!("--insecure-http: passwords and sessions can be read on the network");
        }
        if let Some(code) = &application.setup_code {
            output::print(&format!("Nobody can sign in yet. Open {base}/setup and enter this one-time code: {code}"));
        }
        serve(application).await
    })
}

/// How browsers are expected to come.
fn transport(config: &Config) -> &'static str {
    match (&config.network.tls, config.network.trusted_proxies.is_empty()) {
        (Some(_), _) => "serving HTTPS",
        (None, false) => "serving HTTP to the trusted proxies",
        (None, true) => "serving HTTP; no proxy is trusted, so every client behind one has the address of the proxy",
    }
}

/// Runs until a signal; used by `demo` too.
pub async fn serve(application: Application) -> Outcome {
    application.run(true).await.map_err(|error| Failed::run(error.to_string()))?;
    Ok(ExitCode::SUCCESS)
}

/// A URL that a person at this machine can open.
pub fn local_url(config: &Config, port: u16) -> String {
    let scheme = if config.network.tls.is_some() { "https" } else { "http" };
    let host = config.listen.rsplit_once(':').map_or("127.0.0.1", |(host, _)| host);
    let host = if matches!(host, "0.0.0.0" | "[::]" | "") { "127.0.0.1" } else { host };
    format!("{scheme}://{host}:{port}")
}
