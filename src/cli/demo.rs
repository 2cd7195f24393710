//! `watchdesk demo`: a sample world in a throw-away database.

use crate::cli::logging::start_logging;
use crate::cli::options::{Options, set_up};
use crate::cli::outcome::{Failed, Outcome};
use crate::cli::output;
use crate::cli::serve::{local_url, serve};
use crate::config::Backups;
use crate::db::{DatabaseUrl, Db};
use crate::live::Hub;
use crate::{app, demo};

pub fn run(options: &Options) -> Outcome {
    start_logging("warn")?;
    let folder = tempfile::Builder::new()
        .prefix("watchdesk-demo-")
        .tempdir()
        .map_err(|error| Failed::run(format!("cannot make a temporary folder: {error}")))?;
    let mut config = options.config()?;
    config.database = DatabaseUrl::throw_away(folder.path().join("demo.db"));
    config.secret_file = folder.path().join("demo.secret");
    // Its backups would push out those of a real store.
    config.backups = Backups::default();
    config.signing_key_file = folder.path().join("demo.signing-key");
    let db = Db::open(&config.database, Hub::default()).map_err(Failed::run)?;
    set_up(&db)?;
    let world = demo::build(&db)?;
    drop(db);
    config.demo_user = Some(world.viewer);
    app::block_on(async {
        let application = app::build(&config).map_err(Failed::usage)?;
        let base = config.public_url.clone().unwrap_or_else(|| local_url(&config, application.port()));
        let link = application.demo_path.clone().unwrap_or_default();
        output::print(&format!(
            "The demo is ready. This link signs you in as Dana, an analyst:\n\n    {base}{link}\n\n\
             For a second browser: omar or mei (analysts), lena (lead), vic (viewer), password {}\n\
             All data is deleted when you stop the demo with Ctrl-C.",
            world.password
        ));
        serve(application).await
    })
}
