//! What several pages share: session, layout, forms, event streams, and views of alerts, entries and
//! times. Must not import a page.

pub mod alert_view;
pub mod base_path;
pub mod below_a_path;
pub mod choices;
pub mod csrf;
pub mod entry_view;
pub mod error;
pub mod event_stream;
pub mod evidence_view;
pub mod field_conflict;
pub mod flash;
pub mod form;
pub mod guard;
pub mod hashing;
pub mod headers;
pub mod impacted_assets;
pub mod incident_links;
pub mod intakes;
pub mod known_browser;
pub mod layout;
pub mod limits;
pub mod markup;
pub mod paths;
pub mod payload;
pub mod query;
pub mod queue_links;
pub mod readiness;
pub mod request_log;
pub mod session;
pub mod session_failure;
pub mod source_attention;
pub mod state;
pub mod static_files;
pub mod time_format;
pub mod valid_tokens;
