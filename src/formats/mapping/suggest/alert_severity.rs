//! Suggests the severity of an alert.

use crate::formats::mapping::document_field::{Field, Lines};
use crate::formats::mapping::suggest::alert_fields::{Sample, fits_owner};
use crate::formats::mapping::suggest::alert_names::{OTHER_MEANINGS, SEVERITY, SEVERITY_IN_OTHERS, SEVERITY_WORDS};
use crate::formats::mapping::suggest::path::{Path, has_signature};
use crate::formats::mapping::suggest::values::{self, Scale};

impl Sample<'_> {
    /// A word goes before a number; a number gets the table of its scale.
    pub(super) fn severity(&self) -> Option<Field> {
        let found = self.best(|entry, path| {
            let word = rank_of_word(path, &entry.example);
            let listed = path.rank_of_alert(SEVERITY).or(word);
            let rank = listed.or(path.last().ends_with("score").then_some(3 * SEVERITY.len()))?;
            let fits = !path.in_list
                && !path.is_of_other_subject()
                && (word.is_some() || fits_owner(path, SEVERITY))
                && values::is_severity(&entry.example);
            let number = entry.example.parse::<f64>().is_ok();
            let kind = if values::is_severity_word(&entry.example) { 0 } else { 2 - usize::from(number) };
            // Of several scores for several threats the highest counts.
            let low = if listed.is_none() { lowness(&entry.example) } else { 0 };
            fits.then(|| (kind, usize::from(!path.belongs_to_alert()), rank, path.depth() + low))
        });
        let first = found.into_iter().next().or_else(|| self.severity_in_others())?;
        let path = Path::of(&first);
        let table = values::severity_table(path.last(), &self.texts(&first), self.scale());
        Some(Field { from: Lines(vec![first]), table, ..Field::default() })
    }

    /// A word for a severity in a member that is called otherwise.
    fn severity_in_others(&self) -> Option<String> {
        let found = self.best(|entry, path| {
            let rank = SEVERITY_IN_OTHERS.iter().position(|ending| path.last().ends_with(ending))?;
            let other = OTHER_MEANINGS.iter().any(|word| entry.example.eq_ignore_ascii_case(word));
            let fits = !path.in_list
                && !other
                && values::is_known_severity(&entry.example)
                && !values::is_status(&entry.example);
            fits.then(|| (rank, path.depth(), 0, 0))
        });
        found.into_iter().next()
    }

    /// How its numbers of severity are counted.
    fn scale(&self) -> Scale {
        // Sysdig counts from 0 as the highest, as syslog does.
        let of_system_calls = self.entries.iter().any(|entry| {
            let path = Path::of(&entry.pointer);
            path.last() == "raweventoriginator" || (path.last() == "source" && entry.example == "syscall")
        });
        match () {
            // Priorities of signatures begin with the highest.
            () if has_signature(self.entries, Path::belongs_to_alert) => Scale::Signature,
            () if of_system_calls => Scale::Falling,
            () => Scale::Usual,
        }
    }
}

/// The rank of the word in a severity that is an object.
fn rank_of_word(path: &Path, example: &str) -> Option<usize> {
    let owner = path.owners().last().filter(|_| SEVERITY_WORDS.contains(&path.last()))?;
    SEVERITY.iter().position(|name| name == owner).filter(|_| values::is_known_severity(example))
}

/// How far a score is below the highest that scales have, in whole numbers.
fn lowness(score: &str) -> usize {
    (0_u8..100).rev().take_while(|step| score.parse::<f64>().is_ok_and(|score| score <= f64::from(*step))).count()
}
