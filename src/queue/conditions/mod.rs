//! What a filter asks of the database: conditions on the row itself, and things an incident or alert is found
//! by (facets, tags, entities, its owner), which stand in tables and indexes of their own.

mod alerts;
mod by_dimension;
mod facets;
mod finder;
pub(crate) mod name_search;
mod names;
mod row;

pub(super) use crate::queue::conditions::by_dimension::conditions;
pub(super) use crate::queue::conditions::finder::{Conditions, Finder};
pub(super) use crate::queue::conditions::row::between;
