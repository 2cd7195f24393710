//! Builds evidence of files, from their names, paths and hashes.

use serde_json::{Value, json};

use crate::formats::building::clean_text::first_nonempty;
use crate::formats::building::evidence_item::{add_key, new_evidence};
use crate::formats::building::facts::add_fact;
use crate::formats::building::names_in_text::{all_names, member_text, object_in, parts_in, single};
use crate::formats::building::packed_names::packed;
use crate::formats::building::terms::normalized;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// The known data of a file.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub name: String,
    /// The folder, or the whole path.
    pub path: String,
    pub sha256: String,
    pub sha1: String,
    pub md5: String,
}

impl File {
    /// A file by its name, path or hash, or by an object that has them.
    pub fn named(text: String) -> Self {
        let Some(members) = object_in(&text) else {
            let file = Self::default().with_hashes(std::slice::from_ref(&text));
            let is_hash = [&file.sha256, &file.sha1, &file.md5].iter().any(|hash| !hash.is_empty());
            return if is_hash { file } else { Self { path: text, ..Self::default() } };
        };
        let text = |wanted: &[&str]| member_text(&members, wanted);
        Self {
            name: text(&["filename", "name"]),
            path: text(&["filepath", "path", "folderpath", "directory"]),
            sha256: text(&["sha256"]),
            sha1: text(&["sha1"]),
            md5: text(&["md5"]),
        }
    }

    /// [`with_hashes`](Self::with_hashes) for the hash or the list of hashes in a text.
    pub fn with_hash_text(self, text: &str) -> Self {
        self.with_hashes(&all_names(EvidenceKind::File, text))
    }

    pub fn has_hash(&self) -> bool {
        [&self.sha256, &self.sha1, &self.md5].iter().any(|hash| !hash.is_empty())
    }

    /// With hashes whose algorithm their length tells; several of one algorithm are a list.
    pub fn with_hashes(mut self, hashes: &[String]) -> Self {
        for (place, length) in [(&mut self.sha256, 64), (&mut self.sha1, 40), (&mut self.md5, 32)] {
            let fits =
                hashes.iter().filter(|hash| hash.len() == length && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
            if place.is_empty() {
                *place = packed(&fits.cloned().collect::<Vec<_>>());
            }
        }
        self
    }

    /// The files of fields that hold lists, as one text that evidence takes apart; `None` for a single file. Lists
    /// of equal length go together, entry by entry, and a single name or path with each hash. Of other lists each entry
    /// is a file of its own.
    fn several(&self) -> Option<IncomingEvidence> {
        let fields = [&self.name, &self.path, &self.sha256, &self.sha1, &self.md5];
        let lists = fields.map(|text| parts_in(EvidenceKind::File, text).unwrap_or_else(|| vec![text.clone()]));
        let most = lists.iter().map(Vec::len).max().filter(|most| *most > 1)?;
        let keys = ["name", "path", "sha256", "sha1", "md5"];
        let entry = |list: &[String], index: usize| {
            list.get(if list.len() == 1 { 0 } else { index }).cloned().unwrap_or_default()
        };
        let [name, path, hashes @ ..] = &lists;
        let together = [name, path].iter().all(|list| list.len() == most || list.len() == 1)
            && hashes.iter().all(|list| list.len() == most || list.iter().all(String::is_empty));
        let files: Vec<Value> = if together {
            let file = |index| {
                let members = keys.iter().zip(&lists).map(|(key, list)| ((*key).to_owned(), entry(list, index).into()));
                Value::Object(members.collect())
            };
            (0..most).map(file).collect()
        } else {
            let texts = keys.iter().zip(&lists).flat_map(|(key, list)| list.iter().map(move |text| (*key, text)));
            texts.filter(|(_, text)| !text.is_empty()).map(|(key, text)| json!({ key: text })).collect()
        };
        Some(new_evidence(EvidenceKind::File, &Value::Array(files).to_string()))
    }

    /// `None` when it has neither name, path nor hash.
    pub fn build(mut self) -> Option<IncomingEvidence> {
        if let Some(several) = self.several() {
            return Some(several);
        }
        self.look_into();
        let path = self.full_path();
        let last = path.rsplit(['\\', '/']).next().unwrap_or_default();
        let shown = [&*self.name, last, &self.sha256, &self.sha1, &self.md5];
        let mut evidence = new_evidence(EvidenceKind::File, first_nonempty(&shown)?);
        let hashes = [("sha256", &self.sha256, 64), ("sha1", &self.sha1, 40), ("md5", &self.md5, 32)];
        for (key_type, hash, length) in hashes {
            if hash.len() == length && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                add_key(&mut evidence, key_type, hash);
            }
        }
        if evidence.keys.is_empty() {
            add_key(&mut evidence, "path", &path);
        }
        add_fact(&mut evidence.facts, "Path", &path);
        for (label, hash) in [("SHA256", self.sha256), ("SHA1", self.sha1), ("MD5", self.md5)] {
            add_fact(&mut evidence.facts, label, &hash);
        }
        Some(evidence)
    }

    /// Takes what a list of one or an object in place of a text says.
    fn look_into(&mut self) {
        for text in [&mut self.sha256, &mut self.sha1, &mut self.md5] {
            *text = single(EvidenceKind::File, text);
        }
        let given = [&mut self.name, &mut self.path].map(|text| match parts_in(EvidenceKind::File, text) {
            Some(parts) => {
                text.clear();
                parts.into_iter().next().map(Self::named).unwrap_or_default()
            }
            None => Self::default(),
        });
        for inner in given {
            for (place, found) in [
                (&mut self.name, inner.name),
                (&mut self.path, inner.path),
                (&mut self.sha256, inner.sha256),
                (&mut self.sha1, inner.sha1),
                (&mut self.md5, inner.md5),
            ] {
                if place.is_empty() {
                    *place = found;
                }
            }
        }
    }

    /// A file of which only one hash is known.
    pub fn of_hash(algorithm: &str, hash: &str) -> Self {
        let mut file = Self::default();
        let place = match normalized(algorithm).as_str() {
            "sha256" | "sha256ac" => &mut file.sha256,
            "sha1" => &mut file.sha1,
            "md5" => &mut file.md5,
            _ => &mut file.name,
        };
        hash.clone_into(place);
        file
    }

    /// Folder and name together; some sources repeat the name at the end of the folder.
    pub fn full_path(&self) -> String {
        let folder = self.path.trim_end_matches(['\\', '/']);
        let last = folder.rsplit(['\\', '/']).next().unwrap_or_default();
        if folder.is_empty() {
            return format!("{}{}", self.path, self.name);
        }
        if self.name.is_empty() || last.eq_ignore_ascii_case(&self.name) {
            return folder.to_owned();
        }
        let separator = if folder.contains('/') { '/' } else { '\\' };
        format!("{folder}{separator}{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(file: File) -> Vec<String> {
        file.build().map(|evidence| evidence.keys).unwrap_or_default()
    }

    #[test]
    fn a_file_is_its_hashes_or_else_its_path() {
        let file = |sha1: &str| File {
            name: "Run.exe".into(),
            path: "C:\\Temp\\".into(),
            sha1: sha1.into(),
            ..File::default()
        };
        let hash = "AB".repeat(20);
        assert_eq!(keys(file(&hash)), [format!("sha1:{}", "ab".repeat(20))]);
        assert_eq!(keys(file("not a hash")), ["path:c:\\temp\\run.exe"]);
    }

    #[test]
    fn a_path_that_ends_with_the_name_is_whole() {
        let path = |path: &str, name: &str| {
            let (path, name) = (path.to_owned(), name.to_owned());
            File { name, path, ..File::default() }.full_path()
        };
        assert_eq!(path("/opt/x/run.sh", "run.sh"), "/opt/x/run.sh");
        assert_eq!(path("/opt/x", "run.sh"), "/opt/x/run.sh");
        assert_eq!(path("/", "run.sh"), "/run.sh");
        assert_eq!(path("", "run.sh"), "run.sh");
    }
}
