//! Changes of rules, with the fields that differ.

use crate::accounts::setting_changes::SettingChange;
use crate::rules::describe;
use crate::web::settings::change_view::ChangeView;
use crate::web::shared::time_format::Zone;

/// A field of a rule that was changed: label, value before, value after.
pub type ChangedField = (String, String, String);

pub fn change_view(change: &SettingChange, zone: &Zone) -> ChangeView<ChangedField> {
    let lines = describe::differences(change.old_body.as_deref(), change.new_body.as_deref());
    ChangeView::new(change, zone, lines)
}
