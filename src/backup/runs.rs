//! What became of the latest backups, for Settings and for measuring.

use diesel::prelude::*;

use crate::audit::{self, Activity, Target};
use crate::backup::making::Made;
use crate::backup::writing::Wanted;
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result, Unavailable};
use crate::model::actor::Actor;
use crate::schema::backup_runs;

/// How many are kept.
const KEPT: i64 = 100;

crate::text_enum! {
    /// Why a backup was made. The values are stored.
    pub enum Occasion {
        Schedule = "schedule" / "Schedule",
        Request = "request" / "Back up now",
        Command = "command" / "watchdesk backup",
        Migration = "migration" / "Before a migration",
    }
}

/// A backup that was made, or failed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = backup_runs, treat_none_as_default_value = false)]
pub struct Run {
    pub id: i64,
    /// Microseconds UTC, as is the end.
    pub began_at: i64,
    pub ended_at: i64,
    /// The stored value of an [`Occasion`].
    pub occasion: String,
    /// The name of who or what began it.
    pub begun_by: String,
    /// The name of the file, without its folder.
    pub file: String,
    /// The size of the file; none after a failure.
    pub bytes: Option<i64>,
    pub row_count: Option<i64>,
    /// Why it failed, as a sentence.
    pub failure: Option<String>,
}

/// How backups are going.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The latest that was made, by whatever occasion.
    pub last_success: Option<Run>,
    /// The latest of the schedule's folder: by the schedule itself or by a person in Settings.
    pub last_in_folder: Option<Run>,
    /// The latest that failed in the folder, if it is later than that.
    pub last_failure: Option<Run>,
    /// The latest first.
    pub latest: Vec<Run>,
}

/// Reads how backups are going, with the latest of them.
pub fn state(conn: &mut AnyConnection) -> Result<State> {
    let latest: Vec<Run> =
        backup_runs::table.order(backup_runs::id.desc()).limit(KEPT).select(Run::as_select()).load(conn)?;
    let in_folder = |run: &&Run| [Occasion::Schedule.as_str(), Occasion::Request.as_str()].contains(&&*run.occasion);
    let last_success = latest.iter().find(|run| run.failure.is_none()).cloned();
    let last_in_folder = latest.iter().filter(in_folder).find(|run| run.failure.is_none()).cloned();
    let last_failure = latest.iter().filter(in_folder).take_while(|run| run.failure.is_some()).next().cloned();
    Ok(State { last_success, last_in_folder, last_failure, latest })
}

/// Records a backup that was made, here and in the audit log.
pub fn record_made(tx: &mut Tx<'_>, actor: &Actor, occasion: Occasion, made: &Made, wanted: &Wanted) -> Result<()> {
    let id = tx.take_ids("backup_run", 1)?;
    add(
        tx,
        &Run {
            id,
            began_at: made.began_at,
            ended_at: made.ended_at,
            occasion: occasion.as_str().to_owned(),
            begun_by: actor.label().to_owned(),
            file: made.name.clone(),
            bytes: made.bytes.and_then(|bytes| i64::try_from(bytes).ok()),
            row_count: i64::try_from(made.rows).ok(),
            failure: None,
        },
    )?;
    let detail = serde_json::json!({
        "bytes": made.bytes,
        "rows": made.rows,
        "encrypted": !wanted.encrypt_to.is_empty(),
        "withoutSecrets": wanted.left_out.secrets,
        "withoutAttachments": wanted.left_out.attachments,
    });
    let target = Target { kind: "backup", id: Some(id), name: &made.name };
    audit::record_with(tx, actor, Activity::BackupMade, target, &detail)
}

/// Records a backup that failed.
pub fn record_failed(
    tx: &mut Tx<'_>,
    actor: &Actor,
    occasion: Occasion,
    (file, began_at): (&str, i64),
    error: &Error,
) -> Result<()> {
    let id = tx.take_ids("backup_run", 1)?;
    add(
        tx,
        &Run {
            id,
            began_at,
            ended_at: clock::now(),
            occasion: occasion.as_str().to_owned(),
            begun_by: actor.label().to_owned(),
            file: file.to_owned(),
            bytes: None,
            row_count: None,
            failure: Some(sentence(error).to_owned()),
        },
    )
}

fn add(tx: &mut Tx<'_>, run: &Run) -> Result<()> {
    diesel::insert_into(backup_runs::table).values(run).execute(tx.conn)?;
    diesel::delete(backup_runs::table.filter(backup_runs::id.le(run.id - KEPT))).execute(tx.conn)?;
    Ok(())
}

/// Why a backup failed, without paths.
fn sentence(error: &Error) -> &'static str {
    let text = error.to_string().to_lowercase();
    let says = |part: &str| text.contains(part);
    match Unavailable::of_text(&text) {
        Some(Unavailable::Full) => "The disk is full.",
        _ if says("permission denied") || says("read-only") => "The folder of backups cannot be written to.",
        _ if says("no such file") || says("not a directory") => "The folder of backups is missing.",
        Some(_) => "The database could not be read.",
        None => "It failed; the log of the server says why.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_a_sentence_without_paths() {
        for (error, told) in [
            ("cannot write /backups/x: No space left on device (os error 28)", "The disk is full."),
            ("cannot write /backups/x: Permission denied (os error 13)", "The folder of backups cannot be written to."),
            ("cannot write /backups/x: No such file or directory (os error 2)", "The folder of backups is missing."),
            ("server closed the connection unexpectedly", "The database could not be read."),
            ("something else in /backups", "It failed; the log of the server says why."),
        ] {
            assert_eq!(sentence(&Error::internal(error)), told, "{error}");
        }
    }
}
