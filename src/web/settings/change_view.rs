//! A change of a mapping or a rule, for the list of changes on its page.

use crate::accounts::setting_changes::SettingChange;
use crate::web::shared::time_format::{ShownTime, Zone};

/// Most changes that a page lists.
pub const CHANGES: i64 = 20;

/// Who changed what, and when.
#[derive(Debug)]
pub struct ChangeView<Line> {
    pub who: String,
    pub what: &'static str,
    pub name: String,
    pub when: ShownTime,
    /// What differs.
    pub lines: Vec<Line>,
}

impl<Line> ChangeView<Line> {
    pub fn new(change: &SettingChange, zone: &Zone, lines: Vec<Line>) -> Self {
        let what = match (&change.old_body, &change.new_body) {
            (None, _) => "created",
            (_, None) => "deleted",
            _ => "changed",
        };
        Self { who: change.actor_name.clone(), what, name: change.name.clone(), when: zone.show(change.at), lines }
    }
}
