//! What the analysts know of some devices and addresses: notes, tags and a comment.

use crate::clock::{self, DAY};
use crate::db::{Db, Tx};
use crate::demo::cast::Cast;
use crate::demo::stories::COMPANY;
use crate::entities::lookup::named;
use crate::entities::notes;
use crate::entities::tags::{self, TagEdit};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::operations::entity_comment;

/// Kind, name, note and tags.
type Known = (&'static str, String, &'static str, &'static [&'static str]);

pub fn describe(db: &Db, cast: &Cast, now: i64) -> Result<()> {
    let host = |name: &str| format!("{name}.{COMPANY}");
    let known: [Known; 3] = [
        ("device", host("srv-dc-01"), "Domain controller of the head office", &["Crown jewel", "Tier 0"]),
        ("device", host("srv-web-02"), "Quotes for customers, behind the load balancer", &["Internet facing"]),
        ("ip", "91.240.118.20".to_owned(), "Rating service that scans everybody", &["Scanner"]),
    ];
    let person = Actor::from(cast.omar.clone());
    let comment = "Asked them: they scan every customer of our insurer **once a quarter**, from this address only.";
    db.write_now(|tx| {
        for (kind, name, note, given) in &known {
            let Some(entity) = only(tx, kind, name)? else { continue };
            let wanted = given.iter().map(|tag| (*tag).to_owned()).collect();
            let edit = TagEdit { shown: Vec::new(), wanted };
            clock::at(now - 5 * DAY, || {
                notes::set(tx, &person, entity, note)?;
                tags::edit(tx, &person, entity, &edit)?;
                if *kind == "ip" {
                    entity_comment::post(tx, &person, entity, comment)?;
                }
                Ok::<_, crate::error::Error>(())
            })?;
        }
        Ok(())
    })
}

fn only(tx: &mut Tx<'_>, kind: &str, name: &str) -> Result<Option<i64>> {
    Ok(named(tx.conn, kind, name, 1)?.first().copied())
}
