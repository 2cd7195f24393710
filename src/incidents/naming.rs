//! Renaming an incident, and returning to its automatic name (R5).

use crate::error::{Error, Result};
use crate::model::change::Change;
use crate::model::incident::{Incident, NameSource};
use crate::model::naming::LENGTH_LIMIT;
use crate::model::planned_change::PlannedChange;
use crate::text::one_line;

/// Checks a name that a person typed. An empty one returns to the automatic name.
pub fn rename(incident: &Incident, typed: &str, automatic: &str) -> Result<Vec<PlannedChange>> {
    if !typed.trim().is_empty() && one_line(typed).is_empty() {
        return Err(Error::at_field("name", "This name has no visible characters."));
    }
    let typed = one_line(typed);
    if typed.chars().count() > LENGTH_LIMIT {
        return Err(Error::at_field("name", format!("A name can have at most {LENGTH_LIMIT} characters.")));
    }
    let (to, to_source) =
        if typed.is_empty() { (automatic.to_owned(), NameSource::Automatic) } else { (typed, NameSource::Custom) };
    let unchanged =
        to == one_line(&incident.name) && (to_source == NameSource::Custom || incident.name_source == to_source);
    if unchanged {
        return Ok(Vec::new());
    }
    Ok(vec![PlannedChange::incident(Change::Renamed {
        from: incident.name.clone(),
        from_source: incident.name_source,
        to,
        to_source,
    })])
}
