//! A process and its file, as most endpoint products describe them: by members of one object.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_path_facts};
use crate::formats::building::file::File;
use crate::formats::building::path::{long_name_at, name_at, text_at};

type Paths = &'static [&'static str];

/// The paths of a process's members.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProcessPaths {
    pub command: Paths,
    pub name: Paths,
    /// The folder, or the whole path.
    pub path: Paths,
    pub sha256: Paths,
    pub sha1: Paths,
    pub md5: Paths,
    pub pid: Paths,
    /// Facts of the process. Its parent is among them: common parents such as explorer.exe would link
    /// alerts that have nothing to do with each other.
    pub facts: &'static [FactField],
}

impl ProcessPaths {
    pub const NONE: Self =
        Self { command: &[], name: &[], path: &[], sha256: &[], sha1: &[], md5: &[], pid: &[], facts: &[] };

    /// The file that the process runs.
    pub fn file(&self, value: &Value) -> File {
        File {
            name: name_at(value, self.name),
            path: name_at(value, self.path),
            sha256: name_at(value, self.sha256),
            sha1: name_at(value, self.sha1),
            md5: name_at(value, self.md5),
        }
    }

    /// Adds the process and its file; a file of which only the name is known is no evidence of its own.
    /// `remediation` is Graph's word for what became of both, such as "prevented"; "none" when nothing was
    /// done.
    pub fn add(&self, draft: &mut Draft, value: &Value, remediation: &str) {
        let command = long_name_at(value, self.command);
        let file = self.file(value);
        let runs = !(command.is_empty() && file.name.is_empty() && file.path.is_empty());
        let process = evidence_kinds::process(&command, &file, &text_at(value, self.pid)).filter(|_| runs);
        let process = process.map(|mut process| {
            add_path_facts(&mut process.facts, value, self.facts);
            process
        });
        let known = !(file.path.is_empty() && file.sha256.is_empty() && file.sha1.is_empty() && file.md5.is_empty());
        for mut evidence in [process, file.build().filter(|_| known)].into_iter().flatten() {
            remediation.clone_into(&mut evidence.remediation);
            draft.add_evidence(Some(evidence), &[]);
        }
    }
}
