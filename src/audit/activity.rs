//! What is recorded.

crate::text_enum! {
    /// What somebody did, or tried to do. The values are stored: they are never renamed.
    pub enum Activity {
        SignedIn = "signedIn" / "Signed in",
        SignInFailed = "signInFailed" / "Sign-in failed",
        SignedOut = "signedOut" / "Signed out",
        SessionEnded = "sessionEnded" / "Session ended",
        PersonAdded = "personAdded" / "Person added",
        PersonInvited = "personInvited" / "Person invited",
        InvitationWithdrawn = "invitationWithdrawn" / "Invitation withdrawn",
        InvitationAccepted = "invitationAccepted" / "Invitation accepted",
        PersonDisabled = "personDisabled" / "Person disabled",
        PersonEnabled = "personEnabled" / "Person enabled",
        DisplayNameChanged = "displayNameChanged" / "Display name changed",
        RoleChanged = "roleChanged" / "Role changed",
        PasswordChanged = "passwordChanged" / "Password changed",
        PasswordReset = "passwordReset" / "Password reset",
        WorkHandedOver = "workHandedOver" / "Work handed over",
        GroupAdded = "groupAdded" / "Group added",
        GroupChanged = "groupChanged" / "Group changed",
        GroupDeleted = "groupDeleted" / "Group deleted",
        TokenMade = "tokenMade" / "Token made",
        TokenRotated = "tokenRotated" / "Token rotated",
        TokenRevoked = "tokenRevoked" / "Token revoked",
        SettingChanged = "settingChanged" / "Setting changed",
        Exported = "exported" / "Exported",
        Imported = "imported" / "Imported",
        Migrated = "migrated" / "Migrated",
        Verified = "verified" / "Verified",
    }
}
