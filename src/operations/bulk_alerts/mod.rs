//! The same edit of many alerts, of whatever incidents. It is read once; then each alert is decided by the same
//! rules as on its own page, and those of one transaction are written together, one entry in each incident (R20).
//! Each alert is changed or left alone, with the reason in words.

mod apply;
mod changed_since;
mod decide;
mod edit;
mod plan;
pub mod preview;
mod selected;

pub use self::apply::{LIMIT, edit_alerts, start, work};
pub use self::decide::Outcomes;
pub use self::edit::{AlertsEdit, Detail};
pub use self::plan::SO_ALREADY;
