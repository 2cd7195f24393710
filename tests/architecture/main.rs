//! The invariants of the crate's documentation, held by reading the sources, and the licences of
//! what is built in.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod glossary;
mod graph;
mod guide;
mod modules;
mod sizes;
mod writes;

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder of the project, with its text, named from the project's root.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.to_string_lossy().ends_with(ending) {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            found.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    assert!(!found.is_empty(), "nothing under {folder}");
    found
}

/// The files of the crate without those that only tests use: `#[cfg(test)] mod name;`.
fn production_files() -> Vec<(String, String)> {
    let all = files("src", ".rs");
    let mut only_tests = Vec::new();
    for (name, text) in &all {
        let folder = match name.strip_suffix("/mod.rs").or_else(|| name.strip_suffix("/lib.rs")) {
            Some(folder) => folder,
            None => name.trim_end_matches(".rs"),
        };
        for item in syn::parse_file(text).unwrap().items {
            if let syn::Item::Mod(item) = item
                && item.content.is_none()
                && modules::is_test(&item.attrs)
            {
                only_tests.push([format!("{folder}/{}.rs", item.ident), format!("{folder}/{}/", item.ident)]);
            }
        }
    }
    let production =
        |name: &str| !only_tests.iter().any(|[file, folder]| name == file || name.starts_with(folder.as_str()));
    all.into_iter().filter(|(name, _)| production(name)).collect()
}

/// The code of a file without its comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_domain_never_names_the_web_framework_and_the_web_never_names_the_database() {
    for (name, text) in files("src", ".rs") {
        let code = code(&text);
        let web = name.starts_with("src/web/") || matches!(name.as_str(), "src/app.rs" | "src/main.rs");
        assert!(web || !code.contains("actix"), "{name} names actix");
        if name.starts_with("src/web/") {
            assert!(!code.contains("diesel") && !code.contains("schema::"), "{name} names the database");
        }
    }
}

#[test]
fn only_the_database_module_names_a_backend() {
    for (name, text) in files("src", ".rs") {
        let code = code(&text);
        for backend in ["PgConnection", "SqliteConnection", "AnyConnection::Sqlite", "AnyConnection::Postgres"] {
            let own = name == "src/db.rs" || name.starts_with("src/db/");
            assert!(own || !code.contains(backend), "{name} names {backend}");
        }
    }
}

#[test]
fn templates_print_nothing_unescaped_and_carry_no_inline_script_or_style() {
    for (name, text) in files("templates", ".html") {
        for forbidden in ["|safe", "| safe", "<style", " style=", " onclick", " onload", "javascript:"] {
            assert!(!text.contains(forbidden), "{name} has {forbidden}");
        }
        assert!(!text.contains("<script>"), "{name} has an inline script");
        assert!(!text.contains("https://") && !text.contains("src=\"//"), "{name} loads from elsewhere");
    }
}

#[test]
fn template_lines_fit_a_screen() {
    for (name, text) in files("templates", ".html") {
        for (number, line) in (1..).zip(text.lines()) {
            let length = line.chars().count();
            assert!(length <= 160, "{name}:{number} has {length} characters");
        }
    }
}

/// The selectors of a style sheet, each rule's on lines of their own that end with a comma or a brace.
fn selectors(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let rules = text.lines().map(str::trim).filter(|line| !line.starts_with(['@', '/']));
    for line in rules.filter(|line| line.contains(" {") || line.ends_with(',')) {
        let (mut depth, mut selector) = (0, String::new());
        for c in line.split(" {").next().unwrap().chars() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            if c == ',' && depth == 0 { found.push(std::mem::take(&mut selector)) } else { selector.push(c) }
        }
        found.push(selector);
    }
    let found = found.into_iter().map(|selector| selector.trim().to_owned());
    found.filter(|selector| !selector.is_empty()).collect()
}

#[test]
fn a_component_is_styled_in_one_file() {
    let mut places = std::collections::HashMap::<String, String>::new();
    for (name, text) in files("static/css", ".css") {
        for (number, line) in (1..).zip(text.lines()) {
            assert!(line.chars().count() <= 160, "{name}:{number} is too long");
            let layer = line.strip_prefix("@layer ").unwrap_or("components {");
            let known = ["reset, base, components, utilities;", "reset {", "base {", "components {", "utilities {"];
            assert!(known.contains(&layer), "{name}:{number} names another layer");
        }
        // What paper needs of every component stands in one file of its own.
        if name.ends_with("/print.css") {
            assert!(text.lines().nth(1) == Some("@media print {"), "{name} is for paper only");
            continue;
        }
        for selector in selectors(&text) {
            let place = places.entry(selector.clone()).or_insert_with(|| name.clone());
            assert_eq!(*place, name, "{selector} has rules in two files");
        }
    }
    assert!(places.contains_key(".queue tbody :is(tr, a)") && places.contains_key(".plain td"));
}

/// Where a statement has some ids of evidence and a kind of entity, SQLite takes the index of kinds, and reads every entity
/// of the kind; at half a million alerts that took nine tenths of the time of an intake. `kind.concat("")` has no index.
#[test]
fn no_statement_looks_for_entities_by_their_kind_alone() {
    let by_kind = |line: &str| {
        let line = line.replace("incident_entities::kind.eq", "");
        line.contains("entities::kind.eq") && !line.contains("name_key")
    };
    for (name, text) in production_files() {
        let found: Vec<&str> = text.lines().filter(|line| by_kind(line)).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for (name, text) in files("src", ".rs") {
        assert!(text.starts_with("//!"), "{name} has no module documentation");
    }
}

#[test]
fn the_top_level_holds_what_it_should_and_nothing_else() {
    let expected = [
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "clippy.toml",
        "migrations",
        "rustfmt.toml",
        "src",
        "static",
        "templates",
        "tests",
    ];
    let listed = Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let Ok(listed) = listed else { return };
    for path in String::from_utf8_lossy(&listed.stdout).lines() {
        let top = path.split('/').next().unwrap();
        assert!(top.starts_with('.') || expected.contains(&top), "{path}");
    }
}

#[test]
fn every_dependency_has_a_permissive_licence_and_a_reason() {
    const PERMISSIVE: [&str; 12] = [
        "MIT",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "0BSD",
        "Unlicense",
        "Unicode-3.0",
        "BSL-1.0",
        "CC0-1.0",
        "PostgreSQL",
    ];
    // MPL-2.0 binds changes to its own files only, and these are used unchanged: ammonia, the
    // cleaner of comments, reads style attributes with the first three; lol_html, which adds the base
    // path to pages, and the tests' reader of pages select with all four. Nothing else may come in under it.
    const UNCHANGED_MPL: [&str; 4] = ["cssparser", "cssparser-macros", "dtoa-short", "selectors"];
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for package in metadata["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or("none").replace('/', " OR ");
        // Of alternatives one permissive one is enough; of licences that hold together every one.
        let permissive = licence.split(" OR ").any(|option| {
            option
                .split(" AND ")
                .map(|part| part.trim_matches(['(', ')', ' ']))
                .all(|part| PERMISSIVE.contains(&part.split(" WITH ").next().unwrap()))
        });
        let name = package["name"].as_str().unwrap_or_default();
        let permissive = permissive || (licence == "MPL-2.0" && UNCHANGED_MPL.contains(&name));
        assert!(permissive, "{} is under {licence}", package["name"]);
    }
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("[lints").next().unwrap();
    let mut reasoned = false;
    for line in dependencies.lines().filter(|line| !line.is_empty() && !line.starts_with('[')) {
        assert!(line.starts_with('#') || reasoned, "no reason above: {line}");
        reasoned = line.starts_with('#');
    }
}
