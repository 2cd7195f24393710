//! The entity that a Sentinel alert calls compromised, beside its list of entities.

use crate::formats::building::address::parse_address;
use crate::formats::building::evidence::{EvidenceSet, add_role};
use crate::formats::building::evidence_kinds;
use crate::formats::building::names_in_text::all_names;
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::terms::normalized;
use crate::model::builtin_account::{is_builtin_name, is_sid};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;
use crate::model::meaningless::is_placeholder;

/// Adds the compromised entity, or each of a list, or gives the entity that is there its role. `resource_type` is
/// that of the resource, such as "Virtual Machine" or "storageAccounts"; empty when not given.
pub(super) fn add(evidence: &mut Vec<IncomingEvidence>, text: &str, resource_type: &str) {
    let mut found = Vec::new();
    for name in all_names(EvidenceKind::Device, text) {
        if is_placeholder(&name) {
            continue;
        }
        if let Some(known) = evidence.iter_mut().find(|item| is_named(item, &name)) {
            add_role(known, "compromised");
        } else if let Some(mut one) = build(evidence, &name, resource_type) {
            add_role(&mut one, "compromised");
            found.push(one);
        }
    }
    let mut set = EvidenceSet::default();
    std::mem::take(evidence).into_iter().chain(found).for_each(|item| set.add(item));
    *evidence = set.finish();
}

/// The entity, unless a device or a user is known already: then it is another name of it.
fn build(known: &[IncomingEvidence], text: &str, resource_type: &str) -> Option<IncomingEvidence> {
    let kind = kind_of(text, resource_type);
    if matches!(kind, EvidenceKind::Device | EvidenceKind::User) && known.iter().any(|item| item.kind == kind) {
        return None;
    }
    match kind {
        EvidenceKind::Device => Device { names: vec![machine_name(text)], ..Device::default() }.build(),
        EvidenceKind::User => Account { name: text.to_owned(), ..Account::default() }.build(),
        EvidenceKind::Ip => evidence_kinds::ip(text),
        EvidenceKind::CloudResource => {
            evidence_kinds::named_resource(EvidenceKind::CloudResource, "", &[text.to_owned()])
        }
        _ => None,
    }
}

/// The type of a resource in Azure by its address, such as "storageAccounts"; empty for a subscription or a group.
pub(super) fn type_in(address: &str) -> String {
    let Some((_, path)) = address.split_once("/providers/") else { return String::new() };
    path.trim_end_matches('/').rsplit('/').nth(1).unwrap_or_default().to_owned()
}

/// Whether evidence goes by this name: as shown, as one of its keys, or without the domain.
fn is_named(evidence: &IncomingEvidence, text: &str) -> bool {
    let wanted = text.to_lowercase();
    let short = last_segment(&wanted);
    let bare = wanted.rsplit('\\').next().and_then(|name| name.split('@').next()).unwrap_or(&wanted);
    evidence.name.to_lowercase() == wanted
        || evidence.keys.iter().filter_map(|key| key.split_once(':')).any(|(key_type, key)| match key_type {
            "upn" => key == wanted || key.split('@').next() == Some(bare),
            "sam" => key == wanted || key.rsplit('\\').next() == Some(bare),
            "host" | "fqdn" => key == short,
            _ => key == wanted,
        })
}

fn kind_of(text: &str, resource_type: &str) -> EvidenceKind {
    let kind = normalized(resource_type);
    let lower = text.to_lowercase();
    let machine = |kind: &str| {
        let kind = kind.trim_end_matches('s');
        ["virtualmachine", "machine", "server", "computer", "host"].iter().any(|known| kind.ends_with(known))
    };
    let machine_address =
        ["/virtualmachines/", "/microsoft.hybridcompute/machines/"].iter().any(|part| lower.contains(part));
    match () {
        () if machine_address => EvidenceKind::Device,
        () if lower.starts_with("/subscriptions/") => EvidenceKind::CloudResource,
        () if parse_address(text).is_some() => EvidenceKind::Ip,
        () if text.contains(['@', '\\']) || is_sid(text) => EvidenceKind::User,
        () if is_builtin_name(text) && !machine(&kind) => EvidenceKind::User,
        () if !kind.is_empty() && !machine(&kind) => EvidenceKind::CloudResource,
        () if is_host_name(text) => EvidenceKind::Device,
        () => EvidenceKind::Other,
    }
}

/// Letters, digits, hyphens, underscores and dots, which excludes sentences, addresses of sites and GUIDs.
fn is_host_name(text: &str) -> bool {
    let guid = text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    !guid && text.len() <= 255 && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn last_segment(text: &str) -> String {
    text.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

/// The name of a machine; of one in a scale set, "set_0".
fn machine_name(text: &str) -> String {
    let parts: Vec<&str> = text.trim_end_matches('/').rsplit('/').take(4).collect();
    match parts.as_slice() {
        [index, _, set, sets] if sets.eq_ignore_ascii_case("virtualMachineScaleSets") => format!("{set}_{index}"),
        _ => last_segment(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str, resource_type: &str) -> Vec<String> {
        let mut evidence = Vec::new();
        add(&mut evidence, text, resource_type);
        evidence.into_iter().map(|item| format!("{} {}", item.kind.as_str(), item.name)).collect()
    }

    #[test]
    fn the_compromised_entity_is_the_device_or_the_user_that_it_names() {
        assert_eq!(added("vm1", ""), ["device vm1"]);
        assert_eq!(added("vm1", "Virtual Machine"), ["device vm1"]);
        assert_eq!(
            added("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1", ""),
            ["device vm1"]
        );
        assert_eq!(added("ana@contoso.test", ""), ["user ana@contoso.test"]);
        assert_eq!(added("CONTOSO\\ana", ""), ["user CONTOSO\\ana"]);
        for account in ["root", "SYSTEM", "LOCAL SERVICE", "NT AUTHORITY\\SYSTEM", "S-1-5-18"] {
            assert_eq!(added(account, ""), [format!("user {account}")]);
        }
        assert_eq!(added("admin", "Virtual Machine"), ["device admin"]);
        assert_eq!(added("storage1", "Storage"), ["cloudResource storage1"]);
        assert_eq!(added("aks1", "managedClusters"), ["cloudResource aks1"]);
        assert_eq!(added("vm1", "virtualMachines"), ["device vm1"]);
        let set = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web";
        assert_eq!(added(&format!("{set}/virtualMachines/3"), ""), ["device web_3"]);
        assert_eq!(added(set, ""), ["cloudResource web"]);
        assert_eq!(type_in(set), "virtualMachineScaleSets");
        assert_eq!(type_in("/subscriptions/s"), "");
        assert!(added("Several resources", "").is_empty());
        for nothing in ["", "N/A", "-", "Unknown", "anonymous", "Not Available", "(null)", "UnknownFutureValue"] {
            assert!(added(nothing, "").is_empty(), "{nothing}");
        }
        assert_eq!(added("127.0.0.1", ""), ["ip 127.0.0.1"]);
    }

    #[test]
    fn an_entity_that_is_there_gets_the_role_and_no_second_device_comes() {
        let device = Device { names: vec!["web-01.contoso.test".to_owned()], ..Device::default() }.build();
        let mut evidence: Vec<IncomingEvidence> = device.into_iter().collect();
        add(&mut evidence, "WEB-01", "");
        add(&mut evidence, "vm2", "");
        assert_eq!(evidence.len(), 1);
        assert!(evidence.iter().all(|item| item.roles == ["compromised"]));
    }
}
