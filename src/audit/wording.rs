//! What an entry says, as the rest of a sentence that begins with who did it.

use serde_json::Value;

use crate::audit::{Activity, AuditEntry};
use crate::text::humanise;

impl AuditEntry {
    /// "made the token siem": plain text; the page escapes it.
    pub fn sentence(&self) -> String {
        let name = &self.target_name;
        let Some(activity) = Activity::parse(&self.activity) else {
            // An entry of a later version is shown as far as this one understands it.
            return format!("{}: {name}", humanise(&self.activity));
        };
        match activity {
            Activity::SignedIn => "signed in".to_owned(),
            Activity::SignInFailed => "failed to sign in".to_owned(),
            Activity::SignedOut => "signed out".to_owned(),
            Activity::SessionEnded => format!("ended a session of {name}"),
            Activity::PersonAdded => format!("added {name}"),
            Activity::PersonInvited => format!("invited {name}"),
            Activity::InvitationWithdrawn => format!("withdrew the invitation of {name}"),
            Activity::InvitationAccepted => "accepted the invitation".to_owned(),
            Activity::PersonDisabled => format!("disabled {name}"),
            Activity::PersonEnabled => format!("enabled {name}"),
            Activity::DisplayNameChanged => format!("changed the display name of {name}"),
            Activity::RoleChanged => format!("changed the role of {name}"),
            Activity::PasswordChanged => format!("changed the password of {name}"),
            Activity::PasswordReset => format!("reset the password of {name}"),
            Activity::AuthenticatorAdded
            | Activity::AuthenticatorRemoved
            | Activity::RecoveryCodesMade
            | Activity::RecoveryCodeUsed
            | Activity::PasskeyAdded
            | Activity::PasskeyRemoved
            | Activity::SecondFactorReset
            | Activity::IdentityConnected
            | Activity::IdentityRemoved
            | Activity::SignInLinkMade => self.ways_to_sign_in(activity),
            Activity::WorkHandedOver => format!("handed over the work of {name}"),
            Activity::GroupAdded => format!("added the group {name}"),
            Activity::GroupChanged => format!("changed the group {name}"),
            Activity::GroupDeleted => format!("deleted the group {name}"),
            Activity::TokenMade => format!("made the token {name}"),
            Activity::TokenRotated => format!("rotated the token {name}"),
            Activity::TokenRevoked => format!("revoked the token {name}"),
            Activity::SettingChanged => format!("changed the {} {name}", humanise(&self.target_kind).to_lowercase()),
            Activity::Exported => format!("exported {name}"),
            Activity::BackupMade => "created a backup".to_owned(),
            Activity::Restored => "restored a backup".to_owned(),
            Activity::Imported => format!("imported {name}"),
            Activity::Migrated => "migrated the database".to_owned(),
            Activity::Verified => "verified the history and the audit log".to_owned(),
        }
    }

    /// What was done to the ways in which somebody signs in.
    fn ways_to_sign_in(&self, activity: Activity) -> String {
        let name = &self.target_name;
        match activity {
            Activity::AuthenticatorAdded => "set up an authenticator app".to_owned(),
            Activity::AuthenticatorRemoved => "removed the authenticator app".to_owned(),
            Activity::RecoveryCodesMade => "made new recovery codes".to_owned(),
            Activity::RecoveryCodeUsed => "used a recovery code".to_owned(),
            Activity::PasskeyAdded => "added a passkey".to_owned(),
            Activity::PasskeyRemoved => "removed a passkey".to_owned(),
            Activity::SecondFactorReset => format!("reset the second factor of {name}"),
            Activity::IdentityConnected => format!("connected {name} with an account of an identity provider"),
            Activity::IdentityRemoved => format!("removed the account of {name} at an identity provider"),
            Activity::SignInLinkMade => format!("created a sign-in link for {name}"),
            other => format!("{}: {name}", other.label()),
        }
    }

    /// What else is known, each with its label; nothing that is empty.
    pub fn details(&self) -> Vec<(String, String)> {
        let Ok(Value::Object(known)) = serde_json::from_str(&self.detail) else { return Vec::new() };
        let shown = |value: Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        };
        known
            .into_iter()
            .map(|(label, value)| (humanise(&label), shown(value)))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}
