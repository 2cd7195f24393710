//! Tests of keys and about merging.

use crate::formats::building::evidence::*;

fn entry(kind: EvidenceKind, name: &str, keys: &[(&str, &str)]) -> IncomingEvidence {
    let mut evidence = new_evidence(kind, name);
    for (key_type, value) in keys {
        add_key(&mut evidence, key_type, value);
    }
    evidence
}

fn names(entries: Vec<IncomingEvidence>) -> Vec<String> {
    let mut all = EvidenceSet::default();
    for one in entries {
        all.add(one);
    }
    all.finish().into_iter().map(|one| one.name).collect()
}

#[test]
fn a_third_spelling_joins_two_entries() {
    let merged = names(vec![
        entry(EvidenceKind::File, "a", &[("sha1", "1")]),
        entry(EvidenceKind::File, "b", &[("md5", "2")]),
        entry(EvidenceKind::File, "c", &[("md5", "2"), ("sha1", "1")]),
    ]);
    assert_eq!(merged, ["a"]);
}

#[test]
fn a_short_name_that_fits_two_hosts_is_neither() {
    let kept = names(vec![
        entry(EvidenceKind::Device, "x", &[("fqdn", "web.a.test"), ("host", "web")]),
        entry(EvidenceKind::Device, "y", &[("fqdn", "web.b.test"), ("host", "web")]),
        entry(EvidenceKind::Device, "z", &[("host", "WEB")]),
    ]);
    assert_eq!(kept, ["x", "y", "z"]);
}

#[test]
fn kinds_do_not_mix() {
    let kept =
        names(vec![entry(EvidenceKind::Device, "x", &[("aad", "1")]), entry(EvidenceKind::User, "y", &[("aad", "1")])]);
    assert_eq!(kept, ["x", "y"]);
}

#[test]
fn evidence_is_bounded() {
    let many = (0..1_500).map(|n| entry(EvidenceKind::Ip, "i", &[("ip", &n.to_string())]));
    assert_eq!(names(many.collect()).len(), EVIDENCE_MAX);
}

#[test]
fn long_commands_that_start_alike_have_different_keys() {
    let long = "a".repeat(2_000);
    let one = entry(EvidenceKind::Process, "p", &[("cmd", &format!("{long}1"))]);
    let two = entry(EvidenceKind::Process, "p", &[("cmd", &format!("{long}2"))]);
    assert_ne!(one.keys, two.keys);
    assert!(one.keys.iter().all(|key| key.len() < 600));
}

#[test]
fn the_zero_guid_identifies_nothing() {
    let zero = "00000000-0000-0000-0000-000000000000";
    assert!(entry(EvidenceKind::User, "u", &[("aad", zero)]).keys.is_empty());
}
