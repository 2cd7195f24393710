//! How well the name of a member fits a field of evidence, and which end of a connection it is.

use crate::formats::mapping::suggest::evidence_names::{DESTINATIONS, ENDINGS, NO_ENDS, SOURCES};
use crate::formats::mapping::suggest::path::Path;

/// The rank of a name of a field. A device or a user is also known by its owner or by how its name ends, an address
/// by its look.
pub(super) fn rank_of(kind: &str, position: usize, path: &Path, names: &[&str]) -> Option<usize> {
    if kind == "ip" {
        return path.rank(names).or(Some(names.len()));
    }
    let main = position == 0;
    let endings = ENDINGS.iter().find(|(of, _)| *of == kind && main).map_or(&[][..], |(_, endings)| endings);
    let ending = endings.iter().position(|ending| path.last().ends_with(ending));
    path.rank(names).or_else(|| path.rank_of_subject(names)).or(ending.map(|ending| names.len() + 1 + ending))
}

/// Which end of a connection an address is, by its name or else by the nearest member around it.
pub(super) fn role_of(pointer: &str) -> Option<&'static str> {
    let path = Path::of(pointer);
    let begins = |name: &str, words: &[&str]| words.iter().any(|word| name.starts_with(word));
    let around = path.owners().iter().rev().map(String::as_str);
    let around = around.filter(|owner| !NO_ENDS.iter().any(|end| owner.ends_with(end)));
    std::iter::once(path.last()).chain(around).find_map(|name| {
        let source = begins(name, &SOURCES).then_some("source");
        source.or_else(|| begins(name, &DESTINATIONS).then_some("destination"))
    })
}
