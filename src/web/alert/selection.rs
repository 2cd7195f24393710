//! Which alerts a form about many is of.

use std::collections::BTreeSet;

use crate::alerts::lookup::places;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::operations::bulk_alerts;
use crate::queue::filter::Filter;
use crate::web::queue::strict_filter;
use crate::web::shared::form::Submitted;

/// The alerts that the form is of.
#[derive(Debug, Clone)]
pub enum Selection {
    Ids(Vec<i64>),
    /// Everything that a filter finds.
    Filter(Box<Filter>),
}

impl Selection {
    pub fn from_form(form: &Submitted) -> Result<Self> {
        if !strict_filter::is_asked(form) {
            return Ok(Self::Ids(form.ids("alerts")));
        }
        let filter = strict_filter::of_form(form)?;
        if !filter.list.is_of_alerts() {
            return Err(Error::at_field("filter", "This is a filter of incidents. Nothing was changed."));
        }
        // Alerts of one title are one row, but each is meant.
        Ok(Self::Filter(Box::new(Filter { grouped: false, ..filter })))
    }

    /// Whether it is everything that a filter finds, not single rows: this is previewed in any case.
    pub fn by_filter(&self) -> bool {
        matches!(self, Self::Filter(_))
    }

    /// The ids, ascending, each once. An alert that turned out to be a repeat is the one that counts it.
    pub fn ids(&self, conn: &mut AnyConnection, viewer: i64) -> Result<Vec<i64>> {
        match self {
            Self::Ids(ids) => {
                let places = places(conn, ids)?;
                let alert = |id: &i64| places.get(id).map(|(alert, _)| *alert).ok_or(Error::NotFound);
                let found: BTreeSet<i64> = ids.iter().map(alert).collect::<Result<_>>()?;
                Ok(found.into_iter().collect())
            }
            Self::Filter(filter) => strict_filter::ids(conn, filter, viewer, bulk_alerts::LIMIT),
        }
    }
}
