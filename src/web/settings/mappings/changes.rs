//! Who changed a mapping, and which lines of its file.

use crate::accounts::setting_changes::SettingChange;
use crate::web::shared::time_format::{ShownTime, Zone};

/// Changes that a page shows.
pub const CHANGES: i64 = 20;

/// Most lines of a change that are shown.
const LINES_MAX: usize = 60;

/// One change.
#[derive(Debug)]
pub struct ChangeView {
    pub who: String,
    pub what: &'static str,
    pub name: String,
    pub when: ShownTime,
    /// Lines that are gone and lines that are new, each with its sign.
    pub lines: Vec<(&'static str, String)>,
}

impl ChangeView {
    pub fn new(change: &SettingChange, zone: &Zone) -> Self {
        let what = match (&change.old_body, &change.new_body) {
            (None, _) => "made",
            (_, None) => "deleted",
            _ => "changed",
        };
        let (old, new) =
            (change.old_body.as_deref().unwrap_or_default(), change.new_body.as_deref().unwrap_or_default());
        Self {
            who: change.actor_name.clone(),
            what,
            name: change.name.clone(),
            when: zone.show(change.at),
            // A new mapping is all there is to see of it on its own page.
            lines: if change.old_body.is_some() { differences(old, new) } else { Vec::new() },
        }
    }
}

/// A trailing comma is no difference: the next line came or went.
fn differences(old: &str, new: &str) -> Vec<(&'static str, String)> {
    let lines =
        |text: &str| -> Vec<String> { text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect() };
    let (old, new) = (lines(old), lines(new));
    let gone = without(&old, &new).into_iter().map(|line| ("−", line));
    let come = without(&new, &old).into_iter().map(|line| ("+", line));
    gone.chain(come).take(LINES_MAX).collect()
}

/// The lines of one text that the other does not have, as often as it lacks them.
fn without(lines: &[String], others: &[String]) -> Vec<String> {
    let mut left: Vec<&String> = others.iter().collect();
    let mut kept = Vec::new();
    for line in lines {
        match left.iter().position(|other| *other == line) {
            Some(index) => {
                left.swap_remove(index);
            }
            None => kept.push(line.trim().to_owned()),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::differences;

    #[test]
    fn only_what_differs_is_shown() {
        let told = differences("{\n \"a\": 1\n}", "{\n \"a\": 1,\n \"b\": 2\n}");
        assert_eq!(told, [("+", "\"b\": 2".to_owned())]);
        assert_eq!(differences("x", "y"), [("−", "x".to_owned()), ("+", "y".to_owned())]);
    }
}
