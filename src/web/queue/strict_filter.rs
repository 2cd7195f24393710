//! A filter for files and acts: they cannot say beside their result what was ignored of it, so a filter
//! of which anything is unknown or over the limits is refused.

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::queue;
use crate::queue::filter::{Filter, Ignored, OVER_LIMIT, Why};
use crate::queue::list::List;
use crate::web::shared::form::Submitted;
use crate::web::shared::queue_links::list_at;

/// The end of the message about a filter that is refused.
const NOTHING: &str = ". Nothing was changed";

/// Reads the pairs of a list's filter; `so` says what did not happen, after the message.
pub fn read(list: List, pairs: &[(String, String)], so: &str) -> Result<Filter> {
    let (filter, ignored) = Filter::from_pairs(list, pairs);
    refuse(&ignored, so)?;
    Ok(filter)
}

/// The filter of a form about everything that a list's filter finds: the form names the address of the list.
pub fn of_form(form: &Submitted) -> Result<Filter> {
    let address = form.text("filter");
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let list = list_at(path).ok_or_else(|| Error::at_field("filter", format!("No filter was given{NOTHING}.")))?;
    let query = Submitted::parse(query.as_bytes());
    query.within_limits()?;
    // The page of the list and its open pane say nothing of what the filter finds.
    let pairs: Vec<_> =
        query.pairs().iter().filter(|(name, _)| !matches!(name.as_str(), "after" | "pane")).cloned().collect();
    read(list, &pairs, NOTHING)
}

/// Everything that the filter of a form finds now, in ascending order; at most one more than `at_most`.
pub fn ids(conn: &mut AnyConnection, filter: &Filter, viewer: i64, at_most: usize) -> Result<Vec<i64>> {
    check_owners(conn, filter, NOTHING)?;
    queue::ids(conn, filter, viewer, at_most)
}

/// Whether a form is about everything that a filter finds.
pub fn is_asked(form: &Submitted) -> bool {
    form.text("scope") == "filter" || form.text("act") == "manage-all"
}

/// Whether all the owners that it names are somebody's names.
pub fn check_owners(conn: &mut AnyConnection, filter: &Filter, so: &str) -> Result<()> {
    let people = users::list(conn)?;
    let is_known = |name: &str| people.iter().any(|user| user.name.eq_ignore_ascii_case(name));
    refuse(&filter.clone().ignore_unknown_owners(is_known), so)
}

/// Refuses what is not followed; `so` says what did not happen, after the message.
pub fn refuse(ignored: &[Ignored], so: &str) -> Result<()> {
    let Some(one) = ignored.first() else { return Ok(()) };
    let message = match one.why {
        Why::Unknown => format!("Unknown filter {}={}{so}.", one.name, one.value),
        Why::OverLimit => format!("The filter {}={} exceeds a limit: {OVER_LIMIT}{so}.", one.name, one.value),
    };
    Err(Error::at_field("filter", message))
}
