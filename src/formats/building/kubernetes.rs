//! Accounts as Kubernetes and its monitoring tools name them.

use crate::formats::building::principals::Account;
use crate::formats::building::{evidence_kinds, windows};
use crate::model::incoming::IncomingEvidence;

/// The evidence of an account. Kubernetes' own accounts are no users: they have the same name in every
/// cluster.
pub(crate) fn account(name: &str) -> Option<IncomingEvidence> {
    if name.starts_with("system:") {
        return evidence_kinds::other("Kubernetes account", name, "");
    }
    if name.contains('@') {
        return Account { upn: name.to_owned(), ..Account::default() }.build();
    }
    windows::account(name, "", "")
}
