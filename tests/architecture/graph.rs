//! The graph of modules: layers from top to bottom, no import upwards, no circle.
//! `cargo test --test architecture -- --nocapture graph` draws it.

use std::collections::{BTreeMap, BTreeSet};

use crate::modules::{self, ModulePath};

/// Folders and files of `src` from top to bottom. What stands on one line may import what stands on
/// lines below it, and nothing of its own line but itself.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["bench"],
    &["demo"],
    &["app"],
    &["web"],
    &["backup"],
    &["operations"],
    &["search"],
    &["lessons"],
    &["queue"],
    &["ingest"],
    &["rules"],
    &["incidents"],
    &["alerts"],
    &["proof"],
    &["attachments", "entities"],
    &["correlation"],
    &["history"],
    &["formats", "accounts"],
    &["audit"],
    &["permissions"],
    &["config"],
    &["db"],
    &["live", "secrets", "metrics"],
    &["error"],
    &["model"],
    &["search_text"],
    &["hash_chain"],
    &["schema", "clock", "text", "text_enum", "hash"],
];

type Imports = BTreeMap<ModulePath, BTreeMap<ModulePath, String>>;

fn imports() -> Imports {
    modules::read(&crate::files("src", ".rs")).imports()
}

fn name(path: &[String]) -> String {
    path.join("::")
}

/// The place of a module's folder, from the top.
fn layer(path: &[String]) -> usize {
    let folder = path.first().map(String::as_str).unwrap_or_default();
    let found = LAYERS.iter().position(|layer| layer.contains(&folder));
    found.unwrap_or_else(|| panic!("src/{folder} stands in no layer of tests/architecture/graph.rs"))
}

#[test]
fn graph_has_no_import_upwards() {
    let imports = imports();
    let mut between: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut upwards = Vec::new();
    for (from, imported) in imports.iter().filter(|(from, _)| !from.is_empty()) {
        for (to, example) in imported.iter().filter(|(to, _)| !to.is_empty() && to.first() != from.first()) {
            if layer(from) >= layer(to) {
                upwards.push(format!("{} imports {} ({example})", name(from), name(to)));
            }
            between.entry(&from[0]).or_default().insert(&to[0]);
        }
    }
    for folders in LAYERS {
        for folder in *folders {
            let below: Vec<&str> = between.get(folder).into_iter().flatten().copied().collect();
            println!("{folder:<12} -> {}", below.join(", "));
        }
    }
    assert!(upwards.is_empty(), "{}", upwards.join("\n"));
}

#[test]
fn graph_has_no_circle() {
    let circles = circles(&imports());
    assert!(circles.is_empty(), "files that import each other:\n{}", circles.join("\n"));
}

/// Every group of files each of which is reached from the others.
fn circles(imports: &Imports) -> Vec<String> {
    let reached: BTreeMap<&ModulePath, BTreeSet<&ModulePath>> =
        imports.keys().map(|from| (from, reachable(imports, from))).collect();
    let mut groups: BTreeSet<BTreeSet<&ModulePath>> = BTreeSet::new();
    for (from, there) in &reached {
        if there.contains(from) {
            groups.insert(
                there.iter().copied().filter(|to| reached.get(to).is_some_and(|it| it.contains(from))).collect(),
            );
        }
    }
    groups.iter().map(|group| group.iter().map(|path| name(path)).collect::<Vec<_>>().join(", ")).collect()
}

fn reachable<'i>(imports: &'i Imports, from: &'i ModulePath) -> BTreeSet<&'i ModulePath> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(next) = waiting.pop() {
        for to in imports.get(next).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(to) {
                waiting.push(to);
            }
        }
    }
    found
}
