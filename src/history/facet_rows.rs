//! The rows of incidents' facets: the values of their alerts that the queue filters by.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::history::derive::Added;
use crate::history::search_index::Facet;
use crate::history::{derive, search_index};
use crate::model::incident::{Incident, Scope};
use crate::schema::incident_facets;

/// Rows a statement.
const BATCH: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = incident_facets, treat_none_as_default_value = false)]
pub(super) struct FacetRow {
    pub incident_id: i64,
    pub facet: &'static str,
    pub value: String,
    pub is_open: bool,
}

/// Replaces the facets of an incident by those of all its alerts.
pub(super) fn replace(conn: &mut AnyConnection, incident: &Incident, added: &[Added<'_>]) -> Result<()> {
    let (incident_id, is_open) = (incident.id, incident.is_open());
    let mut facets: HashSet<Facet> = HashSet::new();
    for alert in added {
        derive::facets(alert, &mut facets);
    }
    search_index::note_multiple(&mut facets, &Scope::default());
    diesel::delete(incident_facets::table.filter(incident_facets::incident_id.eq(incident_id))).execute(conn)?;
    let facets: Vec<FacetRow> =
        facets.into_iter().map(|(facet, value)| FacetRow { incident_id, facet, value, is_open }).collect();
    for batch in facets.chunks(BATCH) {
        each!(conn, inner => diesel::insert_into(incident_facets::table).values(batch).execute(inner))?;
    }
    Ok(())
}

/// Adds facets to those that are stored.
pub(super) fn add(tx: &mut Tx<'_>, facets: &[FacetRow]) -> Result<()> {
    for rows in facets.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(incident_facets::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(inner))?;
    }
    Ok(())
}
