//! ATT&CK techniques by number or name, with the incidents that have them.

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::facet::facet_key;
use crate::model::techniques;
use crate::queue::Dimension;
use crate::queue::sort::Value;
use crate::queue::sql::Sql;
use crate::search::count::count;
use crate::search::found::{Found, Hits, Kind, TechniqueHit};
use crate::search::typed::Typed;
use crate::text::folded;

/// Techniques whose incidents are counted.
const RANKED: usize = 50;

pub(super) fn search(conn: &mut AnyConnection, typed: &Typed, shown: usize) -> Result<Found> {
    let text = folded(typed.as_str());
    let mut matching: Vec<(&str, &str)> = techniques::all()
        .filter(|(id, name)| folded(id).starts_with(&text) || text.len() > 2 && folded(name).contains(&text))
        .collect();
    matching.sort_by_key(|(id, name)| (typed.closeness(&folded(id)).min(typed.closeness(&folded(name))), *id));
    let total = matching.len();
    let mut hits = Vec::new();
    for (id, name) in matching.into_iter().take(RANKED) {
        let with = |condition: &str| {
            let values = [Dimension::Technique.as_str().to_owned(), facet_key(id)].map(Value::Text);
            let find = "SELECT incident_id AS id FROM incident_facets WHERE facet = {} AND value = {}";
            Sql::of(format!("{find}{condition}"), values)
        };
        let (open, incidents) = (count(conn, with(" AND is_open = TRUE"))?, count(conn, with(""))?);
        hits.push(TechniqueHit { id, name, open, incidents });
    }
    hits.sort_by_key(|hit| (hit.open.is_zero(), hit.incidents.is_zero()));
    let open = hits.iter().filter(|hit| !hit.open.is_zero()).count();
    hits.truncate(shown);
    Ok(Found { kind: Kind::Techniques, hits: Hits::Techniques(hits), open, closed: total - open, more: false })
}
