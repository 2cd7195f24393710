//! A filter for files and acts: they cannot say beside their result what was ignored of it, so a filter
//! of which anything is unknown or over the limits is refused.

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::queue::filter::{Filter, Ignored, OVER_LIMIT, Why};
use crate::queue::list::List;

/// Reads the pairs of a list's filter; `so` says what did not happen, after the message.
pub fn read(list: List, pairs: &[(String, String)], so: &str) -> Result<Filter> {
    let (filter, ignored) = Filter::from_pairs(list, pairs);
    refuse(&ignored, so)?;
    Ok(filter)
}

/// Whether all the owners that it names are somebody's names.
pub fn check_owners(conn: &mut AnyConnection, filter: &Filter, so: &str) -> Result<()> {
    let people = users::list(conn)?;
    let is_known = |name: &str| people.iter().any(|user| user.name.eq_ignore_ascii_case(name));
    refuse(&filter.clone().ignore_unknown_owners(is_known), so)
}

fn refuse(ignored: &[Ignored], so: &str) -> Result<()> {
    let Some(one) = ignored.first() else { return Ok(()) };
    let message = match one.why {
        Why::Unknown => format!("Unknown filter {}={}{so}.", one.name, one.value),
        Why::OverLimit => format!("The filter {}={} exceeds a limit: {OVER_LIMIT}{so}.", one.name, one.value),
    };
    Err(Error::at_field("filter", message))
}
