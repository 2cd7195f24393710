//! Attaching files to incidents and removing them: an entry of the history each, in the transaction that stores the file.

use crate::attachments::read::{self, Found};
use crate::attachments::{Attachment, OF_INCIDENT, Received, store};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::claim;
use crate::history::commit::commit_one;
use crate::incidents::lookup::{follow_redirects, shown_in};
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::planned_change::PlannedChange;
use crate::permissions::{Action, require};
use crate::text::thousands;

/// Attaches files to an incident, all or none; returns the incident that has them.
pub fn attach(tx: &mut Tx<'_>, actor: &Actor, incident: i64, files: &[Received]) -> Result<i64> {
    require(actor, Action::Work)?;
    // As with comments: a page that is still open may not know of a merge.
    let incident = follow_redirects(tx.conn, incident)?;
    let claimed = claim(tx, incident)?;
    if read::count(tx.conn, incident)? + i64::try_from(files.len()).unwrap_or(i64::MAX) > OF_INCIDENT {
        let most = thousands(OF_INCIDENT);
        return Err(Error::at_field("files", format!("An incident can have at most {most} attachments.")));
    }
    let mut by_hash: Vec<&Received> = files.iter().collect();
    by_hash.sort_by_key(|file| &file.sha256);
    by_hash.into_iter().try_for_each(|file| store::add_content(tx, file))?;
    let mut changes = Vec::with_capacity(files.len());
    for file in files {
        let change = Change::Attached {
            attachment: store::add(tx, actor, incident, file)?,
            name: file.name.clone(),
            size: file.size,
            sha256: file.sha256.clone(),
            risky: file.content.risk(&file.name).is_some(),
        };
        changes.push(PlannedChange::incident(change));
    }
    commit_one(tx, claimed, actor, changes)?;
    Ok(incident)
}

/// Whether somebody may remove an attachment: who attached it, and administrators.
pub fn may_remove(actor: &Actor, attachment: &Attachment) -> bool {
    require(actor, Action::Administer).is_ok() || require(actor, Action::Work).is_ok() && attachment.is_by(actor)
}

/// Removes an attachment, with its content unless another one has the same; returns the incident where it was shown.
/// Of one that is removed already, nothing is recorded.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, attachment: i64) -> Result<i64> {
    require(actor, Action::Work)?;
    let added_to = match read::find(tx.conn, attachment)? {
        Found::Removed(incident) => return shown_in(tx.conn, incident),
        Found::Attached(found) if !may_remove(actor, &found) => {
            return Err(Error::Forbidden("Only who attached a file, or an administrator, can remove it."));
        }
        Found::Attached(found) => found.incident,
    };
    // Of a merged incident, people read the entry where its files are shown.
    let incident = shown_in(tx.conn, added_to)?;
    let claimed = claim(tx, incident)?;
    // Read again under the claim: of two at the same moment, the second finds that nothing is left to do.
    let Found::Attached(found) = read::find(tx.conn, attachment)? else {
        claimed.release();
        return Ok(incident);
    };
    store::remove(tx, actor, attachment, &found.sha256)?;
    let change = Change::AttachmentRemoved { attachment, name: found.name, sha256: found.sha256 };
    commit_one(tx, claimed, actor, vec![PlannedChange::incident(change)])?;
    Ok(incident)
}
