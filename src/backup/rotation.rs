//! The files of a folder of backups: how they are called, and which are removed when newer ones are there. Files of other
//! names are never touched.

use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::backup::new_file::PARTIAL;
use crate::clock;

const BEGIN: &str = "watchdesk-";
const END: &str = ".backup";
const TIME: &str = "%Y-%m-%dT%H%M%SZ";

/// How the backup of a moment is called: `watchdesk-2026-11-29T120000Z.backup`.
pub fn name(at: i64) -> String {
    format!("{BEGIN}{}{END}", shown_time(at))
}

/// The name of a backup that a folder does not have yet: of this moment, or of a second that is soon.
pub fn free_name(folder: &Path, at: i64) -> String {
    let names = (0..).map(|seconds| name(at + seconds * clock::SECOND));
    names.into_iter().find(|name| !folder.join(name).exists()).unwrap_or_default()
}

/// How the backup before a migration is called; no schedule removes it.
pub fn name_before_migration(at: i64) -> String {
    format!("{BEGIN}before-migration-{}{END}", shown_time(at))
}

fn shown_time(at: i64) -> String {
    Timestamp::from_microsecond(at).unwrap_or_default().strftime(TIME).to_string()
}

/// The time in the name of a backup; none for other files.
fn time(name: &str) -> Option<Timestamp> {
    let text = name.strip_prefix(BEGIN)?.strip_suffix(END)?;
    let at = DateTime::strptime(TIME, text).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    // Nothing but what this program writes.
    (at.strftime(TIME).to_string() == text).then_some(at)
}

/// Removes all backups but the newest `keep`, and what backups left that were ended more than a day before `now`. Returns
/// how many files were removed.
pub fn rotate(folder: &Path, keep: usize, now: i64) -> io::Result<usize> {
    let mut backups = Vec::new();
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if let Some(at) = time(&name) {
            backups.push((at, entry.path()));
        } else if let Some(at) = name.strip_suffix(PARTIAL).and_then(time)
            && at.as_microsecond() < now - clock::DAY
        {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    backups.sort();
    for (_, path) in backups.iter().rev().skip(keep) {
        fs::remove_file(path)?;
        removed += 1;
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_backups_and_all_other_files_stay() {
        let folder = tempfile::tempdir().unwrap();
        let now = "2026-11-29T12:00:00Z".parse::<Timestamp>().unwrap().as_microsecond();
        assert_eq!(name(now), "watchdesk-2026-11-29T120000Z.backup");
        let old = now - 30 * clock::DAY;
        let mut files = [0, 1, 2, 3].map(|day| name(now - day * clock::DAY)).to_vec();
        let kept = files[..2].to_vec();
        let others = [
            name_before_migration(old),
            "watchdesk.db".to_owned(),
            "notes.backup".to_owned(),
            "watchdesk-2026-13-29T120000Z.backup".to_owned(),
            "watchdesk-2026-1-2T120000Z.backup".to_owned(),
            format!("{}{PARTIAL}", name(now)),
            format!("{}.copy", name(old)),
        ];
        files.extend(others.iter().cloned());
        files.push(format!("{}{PARTIAL}", name(old)));
        for file in &files {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        assert_eq!(rotate(folder.path(), 2, now).unwrap(), 3);
        let mut left: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let mut expected = [kept, others.to_vec()].concat();
        expected.sort();
        assert_eq!(left, expected);
    }
}
