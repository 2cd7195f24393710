//! Everything of the product's own code that tests name, in one place: when a path moves, it is
//! changed here. Tests act over HTTP; what stands here prepares a world, or looks where no page does.

pub use watchdesk::accounts::new_token::{self, NewToken};
pub use watchdesk::accounts::setup::CONSOLE;
pub use watchdesk::accounts::signing_secret::SigningSecret;
pub use watchdesk::accounts::token_sources::Binding;
pub use watchdesk::accounts::{passwords, people, token_sources, tokens, users};
pub use watchdesk::alerts::lookup::alert_states;
pub use watchdesk::app::{self, Stopper};
pub use watchdesk::backup::left_out::{SECRET_COLUMNS, SECRET_TABLES};
pub use watchdesk::bench::correlation::{Labelled, Order, Truth};
pub use watchdesk::clock;
pub use watchdesk::config::checkpoints::{CHECKPOINT_EVERY, Destinations, Syslog};
pub use watchdesk::config::{
    ATTACHMENT_LIMIT, Backups as BackupOptions, Config, MAX_BODY, MAX_STREAMS, MetricsAccess, Network, SESSION_IDLE,
    SESSION_LIFETIME, TlsFiles,
};
pub use watchdesk::db::{AnyConnection, DatabaseUrl, Db, SchemaState, Tx, known_migrations, schema_state, tables};
pub use watchdesk::demo::alert::{AlertBuilder, rfc3339};
pub use watchdesk::demo::cast;
pub use watchdesk::error::Error;
pub use watchdesk::formats::mapping::document::Document;
pub use watchdesk::formats::readers::decode::{Encoding, decoded};
pub use watchdesk::history::chain;
pub use watchdesk::history::entity_texts;
pub use watchdesk::history::lessons::rebuild as lessons_rebuild;
pub use watchdesk::history::recompute::automatic_name;
pub use watchdesk::history::rescore;
pub use watchdesk::history::timeline::{self, Kinds};
pub use watchdesk::history::written_texts;
pub use watchdesk::incidents::lookup::find_incident;
pub use watchdesk::incidents::tags;
pub use watchdesk::ingest::mappings::{Draft, save as save_mapping};
pub use watchdesk::live::Hub;
pub use watchdesk::model::actor::{Actor, Scope};
pub use watchdesk::model::change::Change;
pub use watchdesk::model::incident::Status;
pub use watchdesk::model::operation::Kind as OperationKind;
pub use watchdesk::model::outcome::Outcome;
pub use watchdesk::model::severity::Severity;
pub use watchdesk::model::titles::Titles;
pub use watchdesk::model::user::Role;
pub use watchdesk::operations::bulk::BulkEdit;
pub use watchdesk::operations::bulk_alerts::{self, AlertsEdit};
pub use watchdesk::operations::comment;
pub use watchdesk::operations::{job_worker, jobs};
pub use watchdesk::proof::checkpoint::Checkpoint;
pub use watchdesk::proof::signing::SigningKey;
pub use watchdesk::proof::store as stored_checkpoints;
pub use watchdesk::proof::{deliver, verify};
pub use watchdesk::queue::choices::statements as statements_of_choices;
pub use watchdesk::queue::export;
pub use watchdesk::queue::listed::Rows;
pub use watchdesk::queue::{Column, Dimension, Filter, List, Sql, statements as statements_of_queue};
pub use watchdesk::secrets::random_hex;
pub use watchdesk::web::routes::{Access, Method as RouteMethod, ROUTES};
