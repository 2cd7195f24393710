//! Everything of the product's own code that tests name, in one place: when a path moves, it is
//! changed here. Tests act over HTTP; what stands here prepares a world, or looks where no page does.

pub use watchdesk::accounts::setup::CONSOLE;
pub use watchdesk::accounts::{Actor, passwords, tokens, users};
pub use watchdesk::alerts::intake::{Encoding, decoded};
pub use watchdesk::alerts::mapping::Document;
pub use watchdesk::alerts::mapping::store::{Draft, save as save_mapping};
pub use watchdesk::alerts::states as alert_states;
pub use watchdesk::app::{self, Stopper};
pub use watchdesk::bench::correlation::{Labelled, Order, Truth};
pub use watchdesk::clock;
pub use watchdesk::config::{Config, MAX_BODY};
pub use watchdesk::db::{AnyConnection, DatabaseUrl, Db, SchemaState, schema_state};
pub use watchdesk::demo::alert::{AlertBuilder, rfc3339};
pub use watchdesk::demo::cast;
pub use watchdesk::history::Change;
pub use watchdesk::history::refresh::automatic_name;
pub use watchdesk::history::rescoring;
pub use watchdesk::history::timeline::{self, Kinds};
pub use watchdesk::incidents::bulk::Asked as BulkEdit;
pub use watchdesk::incidents::export;
pub use watchdesk::incidents::queue::choices::statements as statements_of_choices;
pub use watchdesk::incidents::queue::{Column, Filter, Sql, statements as statements_of_queue};
pub use watchdesk::incidents::{Outcome, Status, lookup, tags};
pub use watchdesk::live::Hub;
pub use watchdesk::operations::{Kind as OperationKind, jobs};
pub use watchdesk::permissions::Scope;
pub use watchdesk::secrets::random_hex;
pub use watchdesk::severity::Severity;
pub use watchdesk::web::routes::{Access, TABLE as ROUTES};
