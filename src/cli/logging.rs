//! Logs of the commands that serve.

use std::io::{self, IsTerminal as _};

use crate::cli::outcome::Failed;
use crate::cli::output;

/// Logs to stderr; `RUST_LOG` narrows or widens. From here on nothing that is printed can block or stop the server.
pub(crate) fn start_logging(default: &str) -> Result<(), Failed> {
    use tracing_subscriber::EnvFilter;
    let log = output::start().map_err(|error| Failed::run(format!("cannot start the log: {error}")))?;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        // It logs an error for each request that is no HTTP, so that strangers could fill the disk.
        EnvFilter::new(format!("{default},{}=off", crate::web::server::HTTP_TARGET))
    });
    // Fails only when a logger is there already, as in tests.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(move || log.clone())
        .with_ansi(io::stderr().is_terminal())
        .with_target(false)
        // They would be printed on stderr directly.
        .log_internal_errors(false)
        .try_init();
    // The hook of std prints on stderr directly, too.
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    Ok(())
}
