//! Who changed a rule, when, and what of it.

use crate::accounts::setting_changes::SettingChange;
use crate::rules::describe;
use crate::web::shared::time_format::{ShownTime, Zone};

/// Changes that a page shows.
pub const CHANGES: i64 = 20;

/// Who changed what.
pub struct ChangeView {
    pub who: String,
    pub what: &'static str,
    pub name: String,
    pub when: ShownTime,
    /// Label, before, after.
    pub lines: Vec<(String, String, String)>,
}

impl ChangeView {
    pub fn new(change: &SettingChange, zone: &Zone) -> Self {
        let (old, new) = (change.old_body.as_deref(), change.new_body.as_deref());
        let what = match (old, new) {
            (None, _) => "made",
            (_, None) => "deleted",
            _ => "changed",
        };
        Self {
            who: change.actor_name.clone(),
            what,
            name: change.name.clone(),
            when: zone.show(change.at),
            lines: describe::differences(old, new),
        }
    }
}
