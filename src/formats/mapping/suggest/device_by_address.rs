//! The device of an alert that gives only addresses.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::formats::building::address::parse_address;
use crate::formats::building::network::is_internal;
use crate::formats::mapping::document::Rule;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::suggest::evidence_names::EVIDENCE;
use crate::formats::mapping::suggest::evidence_ranks::{rank_of, role_of};
use crate::formats::mapping::suggest::path::{Path, has_signature};
use crate::formats::mapping::suggest::sample::SampleValue;

/// Where nothing names a device, it is the own network's end of the connection, the destination first; or those of a
/// list of devices.
pub(super) fn rule(entries: &[SampleValue]) -> Option<Rule> {
    let names = EVIDENCE.iter().find(|(kind, _)| *kind == "ip").and_then(|(_, fields)| fields.first())?;
    let mut found: Vec<(bool, bool, usize, &str)> = entries
        .iter()
        .filter_map(|entry| {
            let path = Path::of(&entry.pointer);
            let known = rank_of("ip", 0, &path, names.1)?;
            let listed = known < names.1.len() || entry.example.parse::<IpAddr>().is_ok();
            let own = parse_address(&entry.example).is_some_and(is_internal);
            let role = role_of(&entry.pointer);
            (own && listed && !path.in_list)
                .then(|| (role != Some("destination"), path.is_further(), known, entry.pointer.as_str()))
        })
        .collect();
    found.sort_unstable();
    let Some((_, _, _, pointer)) = found.first() else { return of_list(entries) };
    let name = name_beside(pointer, entries).unwrap_or(pointer);
    Some(device(String::new(), name))
}

/// A list of devices of which only addresses are known.
fn of_list(entries: &[SampleValue]) -> Option<Rule> {
    entries.iter().find_map(|entry| {
        let (each, member) = entry.pointer.rsplit_once("/*/")?;
        let of_devices =
            Path::of(&entry.pointer).subject().is_some_and(|subject| !matches!(subject, "user" | "account"));
        let own = parse_address(&entry.example).is_some_and(is_internal);
        (of_devices && own).then(|| device(each.to_owned(), &format!("/{member}")))
    })
}

/// The member with the name of what has the address: "CanaryName" beside "CanaryIP".
fn name_beside<'a>(pointer: &str, entries: &'a [SampleValue]) -> Option<&'a str> {
    let (start, end) = pointer.split_at_checked(pointer.len().checked_sub("ip".len())?)?;
    if !end.eq_ignore_ascii_case("ip") {
        return None;
    }
    let is_name = |entry: &&SampleValue| {
        let rest = entry.pointer.strip_prefix(start);
        !start.ends_with('/') && rest.is_some_and(|rest| rest.eq_ignore_ascii_case("name"))
    };
    entries.iter().find(is_name).map(|entry| entry.pointer.as_str())
}

/// Whether a signature met a connection of the network, so that a sensor reports it.
pub(super) fn is_of_network(entries: &[SampleValue]) -> bool {
    let ends = |role: &str| {
        let is_end = |entry: &&SampleValue| role_of(&entry.pointer) == Some(role);
        entries.iter().filter(is_end).any(|entry| entry.example.parse::<IpAddr>().is_ok())
    };
    has_signature(entries, |_| true) && ends("source") && ends("destination")
}

fn device(each: String, pointer: &str) -> Rule {
    let fields = BTreeMap::from([("name".to_owned(), Field::of(&[pointer]))]);
    Rule { kind: "device".to_owned(), each, fields, ..Rule::default() }
}
