//! Finding part of a name by index: SQLite's full-text tables and PostgreSQL's extension pg_trgm both
//! index every three characters. Only this file and `text_tables`, which creates the indexes, know their difference.
//!
//! Assets have an index of their own, because the other entities are many times as many and a search takes
//! as long as the list of its rarest three characters.

use crate::db::connection::AnyConnection;
use crate::text::folded;

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Searched {
    /// Entities that people call assets: devices, users, mailboxes, cloud applications and resources.
    Assets,
    /// All other entities: files, addresses, processes ...
    OtherEntities,
    /// Names of entities of all kinds beside those by which they are shown.
    FurtherNames,
    /// What alerts tell of entities beside their names: command lines, paths, hashes.
    EntityTexts,
    IncidentNames,
    AlertTitles,
    /// What people wrote: comments and notes.
    WrittenTexts,
    /// What people wrote of entities: comments.
    EntityComments,
    /// Names of attached files.
    AttachmentNames,
}

/// The kinds of assets, as SQL lists them.
pub(super) const ASSETS: &str = "('device', 'user', 'mailbox', 'cloudApplication', 'cloudResource')";

impl AnyConnection {
    /// A statement that finds names by index: entities, attachments (`n`) and entries of history as `id`, or names of incidents and
    /// titles of alerts as `word`. It ends in a condition and has two places `{}` for the values of [`Self::patterns`].
    pub fn names_like(&self, searched: Searched) -> String {
        match self {
            Self::Sqlite(_) => sqlite_names_like(searched),
            Self::Postgres(_) => postgres_names_like(searched),
        }
    }

    /// The patterns of [`Self::names_like`] for "contains `typed`": a wider one for the index, and the exact one.
    pub fn patterns(&self, typed: &str) -> [String; 2] {
        let exact = contains(typed);
        match self {
            Self::Sqlite(_) => [format!("%{}%", longest_without_wildcards(&folded(typed))), exact],
            Self::Postgres(_) => [exact.clone(), exact],
        }
    }

    /// A statement that finds the names that begin with `typed` by index, as [`Self::names_like`] does, with its two
    /// values. Further names and texts are not searched. SQLite's full-text tables find no text of less than three characters;
    /// PostgreSQL's trigrams include the beginnings of words.
    pub fn names_beginning(&self, searched: Searched, typed: &str) -> (String, [String; 2]) {
        let belongs = if searched == Searched::Assets { "IN" } else { "NOT IN" };
        let typed = folded(typed);
        match (self, searched) {
            (Self::Sqlite(_), Searched::IncidentNames) => (
                "SELECT n.name_key AS word FROM incident_names n WHERE n.name_key >= {} AND n.name_key < {}".to_owned(),
                range(typed),
            ),
            (Self::Sqlite(_), Searched::AlertTitles) => (
                "SELECT n.title_key AS word FROM alert_titles n WHERE n.title_key >= {} AND n.title_key < {}"
                    .to_owned(),
                range(typed),
            ),
            (Self::Sqlite(_), Searched::AttachmentNames) => (
                "SELECT n.id AS id FROM attachments n WHERE n.name_key >= {} AND n.name_key < {}".to_owned(),
                range(typed),
            ),
            (Self::Sqlite(_), _) => (
                format!(
                    "SELECT n.id AS id FROM entities n WHERE n.name_key >= {{}} AND n.name_key < {{}} \
                     AND n.kind {belongs} {ASSETS}"
                ),
                range(typed),
            ),
            (Self::Postgres(_), _) => {
                let pattern = beginning(&typed);
                (self.names_like(searched), [pattern.clone(), pattern])
            }
        }
    }
}

/// The full-text table of each, by which its rows are found. LIKE with ESCAPE cannot use such a table, so the first
/// pattern is without it.
fn sqlite_names_like(searched: Searched) -> String {
    let found = match searched {
        Searched::IncidentNames => {
            return like("SELECT t.name_key AS word FROM incident_names_text t", "t.name_key", "t.name_key");
        }
        Searched::AlertTitles => {
            return like("SELECT t.title_key AS word FROM alert_titles_text t", "t.title_key", "t.title_key");
        }
        Searched::WrittenTexts => {
            let rows = "SELECT n.entry_id AS id FROM written_texts_text t \
                        CROSS JOIN written_texts n ON n.entry_id = t.rowid";
            return like(rows, "t.text_key", "n.text_key");
        }
        Searched::EntityComments => {
            let rows = "SELECT n.entry_id AS id FROM entity_comments_text t \
                        CROSS JOIN entity_comment_texts n ON n.entry_id = t.rowid";
            return like(rows, "t.text_key", "n.text_key");
        }
        Searched::EntityTexts => {
            let rows = "SELECT n.id AS id FROM entity_texts_text t CROSS JOIN entity_texts x ON x.id = t.rowid \
                        CROSS JOIN entities n ON n.id = x.entity_id";
            return like(rows, "t.text_key", "x.text_key");
        }
        Searched::AttachmentNames => {
            "SELECT n.id AS id FROM attachment_names_text t CROSS JOIN attachments n ON n.id = t.rowid"
        }
        Searched::FurtherNames => {
            "SELECT n.entity_id AS id FROM further_names_text t CROSS JOIN entity_names n ON n.id = t.rowid"
        }
        Searched::Assets => "SELECT n.id AS id FROM assets_text t CROSS JOIN entities n ON n.id = t.rowid",
        Searched::OtherEntities => "SELECT n.id AS id FROM things_text t CROSS JOIN entities n ON n.id = t.rowid",
    };
    like(found, "t.name_key", "n.name_key")
}

fn like(rows: &str, indexed: &str, exact: &str) -> String {
    format!("{rows} WHERE {indexed} LIKE {{}} AND {exact} LIKE {{}} ESCAPE '\\'")
}

fn postgres_names_like(searched: Searched) -> String {
    let (rows, column) = match searched {
        Searched::IncidentNames => ("SELECT n.name_key AS word FROM incident_names n", "n.name_key"),
        Searched::AlertTitles => ("SELECT n.title_key AS word FROM alert_titles n", "n.title_key"),
        Searched::WrittenTexts => ("SELECT n.entry_id AS id FROM written_texts n", "n.text_key"),
        Searched::EntityComments => ("SELECT n.entry_id AS id FROM entity_comment_texts n", "n.text_key"),
        Searched::EntityTexts => {
            ("SELECT n.id AS id FROM entity_texts x JOIN entities n ON n.id = x.entity_id", "x.text_key")
        }
        Searched::AttachmentNames => ("SELECT n.id AS id FROM attachments n", "n.name_key"),
        Searched::FurtherNames => ("SELECT n.entity_id AS id FROM entity_names n", "n.name_key"),
        Searched::Assets | Searched::OtherEntities => ("SELECT n.id AS id FROM entities n", "n.name_key"),
    };
    let kinds = match searched {
        Searched::Assets => format!(" AND n.kind IN {ASSETS}"),
        Searched::OtherEntities => format!(" AND n.kind NOT IN {ASSETS}"),
        _ => String::new(),
    };
    format!("{rows} WHERE {column} LIKE {{}} AND {column} LIKE {{}}{kinds}")
}

/// The names that begin with a text, as a range of SQLite's byte order: from the text to before the second.
fn range(typed: String) -> [String; 2] {
    let end = format!("{typed}{}", char::MAX);
    [typed, end]
}

/// The longest part of a text that has no wildcard of LIKE.
fn longest_without_wildcards(text: &str) -> &str {
    text.split(['%', '_']).max_by_key(|part| part.chars().count()).unwrap_or_default()
}

/// Whether both databases find the names that contain a text by index: SQLite's needs three characters without a
/// wildcard, PostgreSQL's a letter or digit among the last two of them.
pub fn has_trigram(typed: &str) -> bool {
    let typed: Vec<char> = folded(typed).chars().collect();
    typed
        .windows(3)
        .any(|three| !three.iter().any(|c| matches!(c, '%' | '_')) && three.iter().skip(1).any(|c| c.is_alphanumeric()))
}

/// A LIKE pattern for "contains", lower case, with its wildcards taken literally.
pub fn contains(typed: &str) -> String {
    format!("%{}%", literal(typed))
}

/// The same for "begins with".
pub fn beginning(typed: &str) -> String {
    format!("{}%", literal(typed))
}

fn literal(typed: &str) -> String {
    let mut pattern = String::new();
    for character in folded(typed).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_no_index_finds_anywhere_in_a_name_are_told() {
        for typed in ["web", "10.0.0.1", "a-b", "C:\\x", "100%abc", "--a", "äöü"] {
            assert!(has_trigram(typed), "{typed}");
        }
        for typed in ["", "a", "zq", "~", "%", "%%%%", "a%b%c", "a_b", "---", "a--", "äö"] {
            assert!(!has_trigram(typed), "{typed}");
        }
        assert_eq!(longest_without_wildcards("ab%cde_f"), "cde");
    }
}
