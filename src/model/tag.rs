//! Tags: custom ones that people give, system ones that only Watchdesk gives (R9).

use diesel::prelude::*;

use crate::schema::tags;
use crate::text::folded;

/// The system tag of an incident that was redirected.
pub const REDIRECTED: &str = "Redirected";

/// Names that people cannot use, because they are system tags.
pub(crate) const SYSTEM: [&str; 2] = [REDIRECTED, "Ransomware"];

/// A tag as shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Queryable, Selectable)]
#[diesel(table_name = tags)]
pub struct Tag {
    pub name: String,
    pub system: bool,
}

/// The form under which tags are compared.
pub fn key(name: &str) -> String {
    folded(name.trim())
}
