//! Accounts as Kubernetes and the tools that watch it name them.

use crate::formats::building::principals::Account;
use crate::formats::building::{evidence_kinds, windows};
use crate::model::incoming::IncomingEvidence;

/// Accounts of Kubernetes itself belong to no person and are the same in every cluster.
pub(crate) fn account(name: &str) -> Option<IncomingEvidence> {
    if name.starts_with("system:") {
        return evidence_kinds::other("Kubernetes account", name, "");
    }
    if name.contains('@') {
        return Account { upn: name.to_owned(), ..Account::default() }.build();
    }
    windows::account(name, "", "")
}
