//! What people say of entities wherever these are named: the note "Known to us as", and tags.

use std::collections::HashMap;

use crate::db::AnyConnection;
use crate::entities::{notes, tags};
use crate::error::Result;

/// What people say of one entity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownToUs {
    /// Empty for none.
    pub note: String,
    /// By name.
    pub tags: Vec<String>,
}

impl KnownToUs {
    /// "Scanner; tags: PCI, VIP"; empty for nothing.
    pub fn in_words(&self) -> String {
        let tags = if self.tags.is_empty() { String::new() } else { format!("tags: {}", self.tags.join(", ")) };
        let both = [self.note.as_str(), tags.as_str()];
        both.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

/// The same of several entities, by their ids; those of which nobody said anything are left out.
pub fn of(conn: &mut AnyConnection, entities: &[i64]) -> Result<HashMap<i64, KnownToUs>> {
    let mut known: HashMap<i64, KnownToUs> = HashMap::new();
    for (entity, note) in notes::of(conn, entities)? {
        known.entry(entity).or_default().note = note;
    }
    for (entity, tags) in tags::of(conn, entities)? {
        known.entry(entity).or_default().tags = tags;
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::KnownToUs;

    #[test]
    fn what_is_known_is_said_in_one_line() {
        let said = |note: &str, tags: &[&str]| {
            KnownToUs { note: note.to_owned(), tags: tags.iter().map(|tag| (*tag).to_owned()).collect() }.in_words()
        };
        assert_eq!(said("", &[]), "");
        assert_eq!(said("Scanner", &[]), "Scanner");
        assert_eq!(said("", &["PCI", "VIP"]), "tags: PCI, VIP");
        assert_eq!(said("Scanner", &["VIP"]), "Scanner; tags: VIP");
    }
}
