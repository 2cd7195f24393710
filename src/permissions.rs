//! Who may do what: the whole matrix on one screen. Domain operations ask [`require`]; pages only
//! hide what would be refused anyway.

use crate::error::{Error, Result};
use crate::model::actor::{Actor, Scope};
use crate::model::user::Role;

crate::text_enum! {
    /// What an operation does, as far as permission is concerned.
    pub enum Action {
        View = "view" / "See incidents, alerts, entities and their history",
        Work = "work" / "Change, comment on, assign, move and merge incidents and alerts, attach files",
        ProposeRule = "proposeRule" / "Propose rules and try them",
        ApproveRule = "approveRule" / "Save, approve, change and delete rules",
        Ingest = "ingest" / "Bring in alerts that a rule hid",
        Administer = "administer" / "Manage people, groups, tokens, sources and settings",
    }
}

/// Whether a role includes an action.
pub fn allows(role: Role, action: Action) -> bool {
    match action {
        Action::View => true,
        Action::Work | Action::ProposeRule => role >= Role::Analyst,
        Action::Ingest | Action::ApproveRule => role >= Role::Lead,
        Action::Administer => role == Role::Administrator,
    }
}

fn token_allows(scope: Scope, action: Action) -> bool {
    match action {
        Action::View => matches!(scope, Scope::Read | Scope::Write),
        Action::Work => scope == Scope::Write,
        Action::Ingest => scope == Scope::Ingest,
        Action::ProposeRule | Action::ApproveRule | Action::Administer => false,
    }
}

/// Refuses what the actor may not do. The system and the command line may do everything.
pub fn require(actor: &Actor, action: Action) -> Result<()> {
    let allowed = match actor {
        Actor::Person { user, .. } => allows(user.role, action),
        Actor::Token { scope, owner_role, .. } => {
            token_allows(*scope, action) && owner_role.is_none_or(|role| allows(role, action))
        }
        Actor::System(_) | Actor::Rule(_) | Actor::Import(_) => true,
        Actor::Stranger { .. } => false,
    };
    if allowed {
        return Ok(());
    }
    Err(Error::Forbidden(match action {
        Action::View => "This needs a token with the read scope.",
        Action::Work => "Only analysts, leads and administrators can change incidents and alerts.",
        Action::Ingest => "This needs a token with the ingest scope.",
        Action::ProposeRule => "Only analysts, leads and administrators can propose rules.",
        Action::ApproveRule => "Only leads and administrators can change rules.",
        Action::Administer => "Only administrators can do this.",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewers_only_look() {
        assert!(allows(Role::Viewer, Action::View));
        assert!(!allows(Role::Viewer, Action::Work));
        assert!(!allows(Role::Viewer, Action::ProposeRule));
        assert!(!allows(Role::Analyst, Action::Administer));
    }

    #[test]
    fn analysts_propose_rules_and_leads_decide() {
        assert!(allows(Role::Analyst, Action::ProposeRule) && !allows(Role::Analyst, Action::ApproveRule));
        assert!(allows(Role::Lead, Action::ApproveRule) && !allows(Role::Lead, Action::Administer));
    }

    #[test]
    fn a_token_does_only_what_its_scope_says() {
        assert!(token_allows(Scope::Ingest, Action::Ingest));
        assert!(!token_allows(Scope::Ingest, Action::View));
        assert!(!token_allows(Scope::Read, Action::Work));
    }
}
