//! Entities as the story names them, and where their names lead.

use crate::incidents::story::read::{Story, StoryAlert, StoryEntity};
use crate::model::importance::is_asset;
use crate::text::{counted, thousands};
use crate::web::incident::page_parts::{Tab, href};
use crate::web::shared::impacted_assets::short_name;
use crate::web::shared::shown_value::ShownValue;
use crate::web::shared::{paths, query};

/// Most assets that a line names.
const ASSETS: usize = 4;

/// The kinds of entities, as stored, with the words for one and for several.
pub const KINDS: [(&str, &str, &str); 12] = [
    ("user", "user", "users"),
    ("device", "device", "devices"),
    ("mailbox", "mailbox", "mailboxes"),
    ("ip", "IP address", "IP addresses"),
    ("process", "process", "processes"),
    ("file", "file", "files"),
    ("url", "URL", "URLs"),
    ("mailMessage", "email", "emails"),
    ("registryKey", "registry key", "registry keys"),
    ("cloudApplication", "cloud application", "cloud applications"),
    ("cloudResource", "cloud resource", "cloud resources"),
    ("other", "other", "others"),
];

/// "IP address".
pub fn kind_name(kind: &str) -> &'static str {
    KINDS.iter().find(|(known, ..)| *known == kind).map_or("other", |(_, one, _)| one)
}

/// "1 file", "12 files".
pub fn kind_counted(kind: &str, count: usize) -> String {
    let words = KINDS.iter().find(|(known, ..)| *known == kind).map_or(("other", "others"), |(_, one, all)| (one, all));
    format!("{} {}", thousands(count), if count == 1 { words.0 } else { words.1 })
}

/// The page of an entity.
pub fn entity_address(entity: &StoryEntity) -> String {
    paths::entity(&entity.kind, &entity.name, entity.id)
}

/// Where the evidence of a kind stands.
pub fn kind_address(incident: i64, kind: &str) -> String {
    query::link(&href(incident, Tab::Evidence), [("kind", kind)])
}

/// The name that pages show: short, and such that nothing makes a link of it.
pub fn shown_name(entity: &StoryEntity) -> String {
    let kind = entity.kind.as_str();
    if is_asset(kind) {
        short_name(kind, &entity.name)
    } else {
        ShownValue::name(kind, kind_name(kind), &entity.name).shown
    }
}

/// The whole name, such that nothing makes a link of it.
pub fn whole_name(entity: &StoryEntity) -> String {
    ShownValue::name(&entity.kind, kind_name(&entity.kind), &entity.name).full_text().to_owned()
}

/// An entity as a link.
#[derive(Debug, Clone)]
pub struct NameView {
    pub kind: String,
    pub kind_name: &'static str,
    pub name: String,
    /// The whole name.
    pub whole: String,
    pub href: String,
}

impl NameView {
    pub fn new(entity: &StoryEntity) -> Self {
        Self {
            kind: entity.kind.clone(),
            kind_name: kind_name(&entity.kind),
            name: shown_name(entity),
            whole: whole_name(entity),
            href: entity_address(entity),
        }
    }
}

/// The assets of an alert, without the mailbox of a user that it names.
fn distinct_assets<'a>(story: &'a Story, alert: &'a StoryAlert) -> Vec<&'a StoryEntity> {
    let all: Vec<&StoryEntity> = story.assets_of(alert).collect();
    let is_users = |mailbox: &StoryEntity| {
        mailbox.kind == "mailbox"
            && all.iter().any(|user| user.kind == "user" && shown_name(user) == shown_name(mailbox))
    };
    all.iter().copied().filter(|asset| !is_users(asset)).collect()
}

/// The first assets of an alert, and how many more there are.
pub fn assets(story: &Story, alert: &StoryAlert) -> (Vec<NameView>, usize) {
    let all = distinct_assets(story, alert);
    let shown = all.iter().take(ASSETS).map(|entity| NameView::new(entity)).collect();
    (shown, all.len().saturating_sub(ASSETS))
}

/// " on mb-adfs and 2 more by gsmith in the mailbox of ana".
pub fn where_and_who(story: &Story, alert: &StoryAlert) -> String {
    let assets = distinct_assets(story, alert);
    let of = |kind: &str, before: &str| {
        let names: Vec<String> =
            assets.iter().filter(|entity| entity.kind == kind).map(|entity| shown_name(entity)).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => format!(" {before} {one}"),
            [one, two] => format!(" {before} {one} and {two}"),
            [one, rest @ ..] => format!(" {before} {one} and {} more", rest.len()),
        }
    };
    format!("{}{}{}", of("device", "on"), of("user", "by"), of("mailbox", "in mailbox"))
}

/// "12 alerts", "1 alert".
pub fn alerts_counted(count: usize) -> String {
    counted(thousands(count), "alert")
}
