//! What the guide cites exists: a citation of a file or a function that has moved fails here.

use std::path::Path;

use super::{files, root};

/// The citations of a text: `file:name` and `file` in backticks, where the file has a known ending.
fn citations(text: &str) -> Vec<(&str, Option<&str>)> {
    let in_backticks = text.split('`').skip(1).step_by(2);
    let cited = in_backticks.map(|cited| match cited.split_once(':') {
        Some((file, name)) => (file, Some(name)),
        None => (cited, None),
    });
    let endings = [".rs", ".md", ".html", ".js", ".mjs", ".sql"];
    cited.filter(|(file, _)| !file.contains(' ') && endings.iter().any(|ending| file.ends_with(ending))).collect()
}

#[test]
fn what_the_guide_cites_exists() {
    for (guide, text) in files("src/guide", ".md") {
        for (file, name) in citations(&text) {
            let places = [root().join("src").join(file), root().join(file), root().join("src/guide").join(file)];
            let found = places.iter().find(|place| place.is_file());
            let found = found.unwrap_or_else(|| panic!("{guide} cites {file}, which does not exist"));
            let Some(name) = name else { continue };
            let code = std::fs::read_to_string(found).unwrap();
            let words: Vec<&str> =
                code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
            let keywords = ["fn", "struct", "enum", "const", "static", "type", "trait", "function"];
            let defined = words.windows(2).any(|pair| keywords.contains(&pair[0]) && pair[1] == name);
            // A method of a script has no keyword.
            let is_rust = Path::new(file).extension().is_some_and(|ending| ending == "rs");
            assert!(defined || !is_rust, "{guide} cites {file}:{name}, which is not there");
        }
    }
}
