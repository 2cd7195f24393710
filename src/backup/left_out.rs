//! What a backup leaves out when it is asked to. What stands here is all that has to be known of a table: everything else
//! is copied as it is.

use crate::db::{RawRow, RawValue, Table};

/// What a backup is made without.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Passwords, tokens, signing secrets and sessions: nobody can sign in with what is restored.
    pub secrets: bool,
    /// Attached files. Their names stay.
    pub attachments: bool,
}

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    Nothing,
    /// A text that is no hash of anything, different in each row: this and the number of the row.
    Unusable,
    /// The time of the backup, where there is none yet.
    TimeOfBackup,
    /// This text, where there is none yet.
    Label(&'static str),
}

/// Tables whose rows are secrets.
pub const SECRET_TABLES: &[&str] =
    &["sessions", "one_time_links", "authenticator_apps", "recovery_codes", "passkeys", "passkey_handles"];

/// Columns that are secrets, and those that say so.
pub const SECRET_COLUMNS: &[(&str, &str, Instead)] = &[
    ("users", "password_hash", Instead::Nothing),
    ("api_tokens", "token_hash", Instead::Unusable),
    ("api_tokens", "signing_secret", Instead::Nothing),
    ("api_tokens", "earlier_hash", Instead::Nothing),
    ("identity_providers", "client_secret", Instead::Unusable),
    ("api_tokens", "revoked_at", Instead::TimeOfBackup),
];

const ATTACHMENT_TABLES: &[&str] = &["attachment_contents", "attachment_pieces", "attachment_previews"];

/// An attachment whose file was left out looks like one whose file was removed.
const ATTACHMENT_COLUMNS: &[(&str, &str, Instead)] = &[
    ("attachments", "sha256", Instead::Nothing),
    ("attachments", "removed_at", Instead::TimeOfBackup),
    ("attachments", "removed_label", Instead::Label("a backup without attachments")),
];

/// What is left out of one table.
pub enum OfTable {
    AllRows,
    /// By place of the column.
    Columns(Vec<(usize, Instead)>),
}

impl LeftOut {
    pub fn of(self, table: &Table) -> OfTable {
        let rules =
            [(self.secrets, SECRET_TABLES, SECRET_COLUMNS), (self.attachments, ATTACHMENT_TABLES, ATTACHMENT_COLUMNS)];
        let rules = rules.into_iter().filter(|(wanted, ..)| *wanted);
        let mut columns = Vec::new();
        for (_, tables, of_columns) in rules {
            if tables.contains(&table.name.as_str()) {
                return OfTable::AllRows;
            }
            let place = |name: &str| table.columns.iter().position(|column| column.name == name);
            let of_table = of_columns.iter().filter(|(of, ..)| *of == table.name);
            // An older store may lack a column.
            columns.extend(of_table.filter_map(|(_, name, instead)| place(name).map(|place| (place, *instead))));
        }
        OfTable::Columns(columns)
    }
}

impl OfTable {
    /// Leaves out of a row what is to be left out; false when that is all of it. `at`: the time of the backup.
    pub fn apply(&self, row: &mut RawRow, at: i64) -> bool {
        let Self::Columns(columns) = self else { return false };
        for (place, instead) in columns {
            let number = match row.first() {
                Some(RawValue::Number(number)) => *number,
                _ => 0,
            };
            let Some(value) = row.get_mut(*place) else { continue };
            match instead {
                Instead::Nothing => *value = RawValue::Null,
                Instead::Unusable => *value = RawValue::Text(format!("left out {number}")),
                Instead::TimeOfBackup if *value == RawValue::Null => *value = RawValue::Number(at),
                Instead::Label(label) if *value == RawValue::Null => *value = RawValue::Text((*label).to_owned()),
                Instead::TimeOfBackup | Instead::Label(_) => {}
            }
        }
        true
    }
}
