//! What several pages share: layout, session, forms, errors, markup, times, links.

pub mod csrf;
pub mod error;
pub mod event_stream;
pub mod flash;
pub mod form;
pub mod guard;
pub mod headers;
pub mod incident_links;
pub mod layout;
pub mod markup;
pub mod paths;
pub mod query;
pub mod request_log;
pub mod session;
pub mod source_attention;
pub mod state;
pub mod static_files;
pub mod time_format;
