//! What Lessons counts, kept in the transaction of every change: alerts and incidents by the day of their creation and
//! by how they are classified now.
//!
//! A commit reads what its alerts and incidents counted as before ([`facts`]), what they count as afterwards, and adds
//! the difference ([`store`]); so moves, merges and undo need no rules of their own. What a person did when to an
//! incident is noted beside ([`work`]). [`rebuild`] counts a whole store again.

mod changed;
pub mod facts;
pub mod rebuild;
pub mod rows;
mod store;
pub mod tally;
mod work;

pub(super) use crate::history::lessons::changed::Changed;
pub(super) use crate::history::lessons::work::note as note_work;

use crate::db::Tx;
use crate::error::Result;
use crate::history::lessons::tally::Tally;

/// Counts again what a change of evidence outside of a commit moves: `change` makes an entity or an alert of two.
pub fn follow(
    tx: &mut Tx<'_>,
    read: impl Fn(&mut Tx<'_>) -> Result<Tally>,
    change: impl FnOnce(&mut Tx<'_>) -> Result<()>,
) -> Result<()> {
    store::lock(tx)?;
    let before = read(tx)?;
    change(tx)?;
    let mut moved = read(tx)?;
    moved.take(before);
    store::add(tx, moved)
}
