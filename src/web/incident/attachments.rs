//! The tab Attachments of an incident.

use std::collections::HashMap;

use crate::attachments::{AT_ONCE, Attachment, Risk, zipped};
use crate::config::show_size;
use crate::db::AnyConnection;
use crate::entities::lookup::{self, Entity};
use crate::error::Result;
use crate::model::user::User;
use crate::operations::attach::may_remove;
use crate::text::file_size;
use crate::web::shared::layout::Layout;
use crate::web::shared::paths;
use crate::web::shared::shown_value::ShownValue;
use crate::web::shared::time_format::ShownTime;

/// The files of an incident, as read from the database.
#[derive(Debug, Default)]
pub struct Attachments {
    files: Vec<Attachment>,
    /// Files that alerts name, by the same hashes.
    seen: HashMap<String, Entity>,
}

impl Attachments {
    pub fn load(conn: &mut AnyConnection, incident: i64) -> Result<Self> {
        let files = crate::attachments::read::of_incident(conn, incident)?;
        let hashes: Vec<&str> = files.iter().map(|file| file.sha256.as_str()).collect();
        Ok(Self { seen: lookup::files_by_sha256(conn, &hashes)?, files })
    }
}

/// What the tab shows.
#[derive(Debug, Default)]
pub(super) struct AttachmentsView {
    pub files: Vec<AttachmentView>,
    /// What is wrong with what was sent; empty for nothing.
    pub problem: String,
    /// What can be attached, such as "Up to 10 files of at most 25 MiB each."
    pub limits: String,
}

/// A file.
#[derive(Debug)]
pub(super) struct AttachmentView {
    pub id: i64,
    pub name: String,
    pub label: String,
    pub size: String,
    pub hash: ShownValue,
    pub author: String,
    pub when: ShownTime,
    /// The incident that it was added to, if that was merged into this one.
    pub from: Option<i64>,
    /// What the name says and the content does not.
    pub mismatch: Option<String>,
    /// What may happen to whoever opens it.
    pub risk: Option<&'static str>,
    pub href: String,
    pub zip_href: String,
    /// The address of a PNG of a small image.
    pub preview: Option<String>,
    /// The page of the file that alerts name, and its name there.
    pub seen: Option<(String, ShownValue)>,
    pub may_remove: bool,
}

impl AttachmentsView {
    pub fn new(data: &Attachments, layout: &Layout, people: &HashMap<i64, User>, incident: i64, limit: u64) -> Self {
        let view = |file: &Attachment| view(file, data.seen.get(&file.sha256), layout, people, incident);
        Self {
            files: data.files.iter().map(view).collect(),
            problem: String::new(),
            limits: format!("Up to {AT_ONCE} files of at most {} each.", show_size(limit)),
        }
    }

    pub fn password(&self) -> &'static str {
        zipped::PASSWORD
    }
}

fn view(
    file: &Attachment,
    seen: Option<&Entity>,
    layout: &Layout,
    people: &HashMap<i64, User>,
    incident: i64,
) -> AttachmentView {
    let href = paths::attachment(file.id);
    let entity =
        |one: &Entity| (paths::entity(&one.kind, &one.name, one.id), ShownValue::name(&one.kind, "name", &one.name));
    AttachmentView {
        id: file.id,
        name: file.name.clone(),
        label: file.content.label(),
        size: file_size(file.size),
        hash: ShownValue::fact("SHA-256", &file.sha256),
        author: file.author(people),
        when: layout.zone.show(file.at),
        from: Some(file.incident).filter(|from| *from != incident),
        mismatch: file.content.mismatch(&file.name),
        risk: file.risk().map(Risk::label),
        zip_href: paths::attachment_zip(file.id),
        preview: file.has_preview.then(|| format!("{href}/preview")),
        href,
        seen: seen.map(entity),
        may_remove: may_remove(&layout.actor(), file),
    }
}
