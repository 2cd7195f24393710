//! Changes of mappings, with the lines of their JSON that differ.

use crate::accounts::setting_changes::SettingChange;
use crate::web::settings::change_view::ChangeView;
use crate::web::shared::time_format::Zone;

/// Most lines of a change that are shown.
const MAX_LINES: usize = 60;

/// A line of the JSON, with "−" if it was removed and "+" if it was added.
pub type ChangedLine = (&'static str, String);

pub fn change_view(change: &SettingChange, zone: &Zone) -> ChangeView<ChangedLine> {
    // All lines of a new mapping would be new.
    let lines = match &change.old_body {
        Some(old) => differences(old, change.new_body.as_deref().unwrap_or_default()),
        None => Vec::new(),
    };
    ChangeView::new(change, zone, lines)
}

/// Trailing commas are ignored: they change with the next line.
fn differences(old: &str, new: &str) -> Vec<ChangedLine> {
    let lines =
        |text: &str| -> Vec<String> { text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect() };
    let (old, new) = (lines(old), lines(new));
    let removed = without(&old, &new).into_iter().map(|line| ("−", line));
    let added = without(&new, &old).into_iter().map(|line| ("+", line));
    removed.chain(added).take(MAX_LINES).collect()
}

/// The lines that the other text does not have. A line that it has less often is returned as often as it
/// is missing.
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
        let changed = differences("{\n \"a\": 1\n}", "{\n \"a\": 1,\n \"b\": 2\n}");
        assert_eq!(changed, [("+", "\"b\": 2".to_owned())]);
        assert_eq!(differences("x", "y"), [("−", "x".to_owned()), ("+", "y".to_owned())]);
    }
}
