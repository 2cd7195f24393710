//! Reading the alerts that analysts work on. Taking them in is `ingest`, changing them `operations`.

pub mod episodes;
pub mod lookup;
pub mod outcomes;
pub mod overview;
pub mod processes;
