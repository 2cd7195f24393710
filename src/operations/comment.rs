//! Comments: a comment is an entry of the history; posting one is a change like any other.

use crate::db::Tx;
use crate::error::{Error, FieldErrors, Result};
use crate::history::claim::claim;
use crate::history::commit::commit_one;
use crate::history::timeline;
use crate::incidents::lookup::follow_redirects;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::planned_change::PlannedChange;
use crate::operations::edit_alert;
use crate::permissions::{Action, require};

/// Longest comment, in characters, as in Defender.
pub const LENGTH_LIMIT: usize = 30_000;

/// Posts on an incident; returns its new revision.
pub fn post(tx: &mut Tx<'_>, actor: &Actor, incident: i64, body: &str) -> Result<i64> {
    require(actor, Action::Work)?;
    let change = commented(body)?;
    // Where its alerts are now is where it is read: a pane that is still open may not know yet.
    let incident = follow_redirects(tx.conn, incident)?;
    let claimed = claim(tx, incident)?;
    commit_one(tx, claimed, actor, vec![PlannedChange::incident(change)])
}

/// Posts on an alert: in its history and in its incident's (R7).
pub fn post_on_alert(tx: &mut Tx<'_>, actor: &Actor, alert: i64, body: &str) -> Result<i64> {
    require(actor, Action::Work)?;
    let change = commented(body)?;
    let claimed = edit_alert::claim_incident_of(tx, alert)?;
    commit_one(tx, claimed, actor, vec![PlannedChange::alert(alert, change)])
}

/// Changes the text of a comment. Only its author may; the same text again records nothing.
pub fn edit(tx: &mut Tx<'_>, actor: &Actor, comment: i64, body: &str) -> Result<()> {
    require(actor, Action::Work)?;
    let Change::Commented { body, .. } = commented(body)? else { return Ok(()) };
    let entry = timeline::comment(tx.conn, comment)?;
    if !entry.is_by(actor) {
        return Err(Error::Forbidden("Only its author can edit a comment."));
    }
    // Of a merged incident, people read the edit where its comments are read.
    let incident = follow_redirects(tx.conn, entry.incident_id)?;
    let claimed = claim(tx, incident)?;
    // Read again under the claim: two edits of one comment take turns.
    let entry = timeline::comment(tx.conn, comment)?;
    if matches!(&entry.change, Change::Commented { body: now, .. } if *now == body) {
        claimed.release();
        return Ok(());
    }
    let change = Change::CommentEdited { comment, body };
    let planned = match entry.alert_id {
        Some(alert) => PlannedChange::alert(alert, change),
        None => PlannedChange::incident(change),
    };
    commit_one(tx, claimed, actor, vec![planned])?;
    Ok(())
}

/// A comment that may be typed with other changes, none where it is empty. What is wrong with it is added to `errors`.
pub(crate) fn typed(body: &str, errors: &mut FieldErrors) -> Result<Option<Change>> {
    if body.trim().is_empty() {
        return Ok(None);
    }
    match commented(body) {
        Ok(change) => Ok(Some(change)),
        Err(Error::Invalid(found)) => {
            errors.add("comment", found.to_string());
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// A comment as it is recorded, or why it cannot be.
pub(crate) fn commented(body: &str) -> Result<Change> {
    Ok(Change::Commented { body: cleaned(body)?, at: None })
}

/// The text of a comment as it is stored, or why it cannot be.
pub(super) fn cleaned(body: &str) -> Result<String> {
    // Browsers send line ends as CRLF; a limit in characters should not count them twice.
    // A lone CR is a line end in Markdown too.
    let body = body.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    let body = body.trim();
    if body.is_empty() {
        return Err(Error::at_field("body", "Enter a comment."));
    }
    if body.chars().count() > LENGTH_LIMIT {
        return Err(Error::at_field("body", "A comment can have at most 30,000 characters."));
    }
    Ok(body.to_owned())
}
