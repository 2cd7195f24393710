//! What a search finds.

use crate::entities::known_to_us::KnownToUs;
use crate::model::count::Count;
use crate::model::importance::Importance;
use crate::queue::QueueRow;

/// Hits of a kind beside those of other kinds, and alone.
pub const FEW: usize = 5;
pub const MANY: usize = 100;

crate::text_enum! {
    /// The kinds of results, by their parameter, in the order of the page.
    pub enum Kind {
        Incidents = "incident" / "Incidents",
        Alerts = "alert" / "Alerts",
        Devices = "device" / "Devices",
        Users = "user" / "Users",
        Mailboxes = "mailbox" / "Mailboxes",
        Addresses = "ip" / "Addresses",
        Files = "file" / "Files",
        Processes = "process" / "Processes",
        Urls = "url" / "URLs",
        Emails = "mailMessage" / "Emails",
        RegistryKeys = "registryKey" / "Registry keys",
        CloudApplications = "cloudApplication" / "Cloud applications",
        CloudResources = "cloudResource" / "Cloud resources",
        Other = "other" / "Other",
        Techniques = "technique" / "Techniques",
        Comments = "comment" / "Comments",
        Attachments = "attachment" / "Attachments",
    }
}

/// What was found of one kind.
#[derive(Debug, Clone)]
pub struct Found {
    pub kind: Kind,
    pub hits: Hits,
    /// How many there are of which something is open, and how many others. Of comments, by their incidents; those of entities
    /// count as open.
    pub open: usize,
    pub closed: usize,
    /// Whether there are more than were looked at.
    pub more: bool,
}

impl Found {
    pub fn total(&self) -> usize {
        self.open + self.closed
    }
}

/// The hits of one kind, the best first.
#[derive(Debug, Clone)]
pub enum Hits {
    Incidents(Vec<IncidentHit>),
    Alerts(Vec<TitleHit>),
    Entities(Vec<EntityHit>),
    Techniques(Vec<TechniqueHit>),
    Comments(Vec<CommentHit>),
    Attachments(Vec<AttachmentHit>),
}

/// An incident that was found, as the queue shows it.
pub type IncidentHit = QueueRow;

/// The alerts with one title, or one alert by its ID.
#[derive(Debug, Clone)]
pub struct TitleHit {
    pub title: String,
    /// Present where it is one alert.
    pub alert: Option<i64>,
    /// The id that its provider gave it, where it was found by that.
    pub provider_id: Option<String>,
    pub open: Count,
    pub alerts: Count,
}

/// An entity that was found.
#[derive(Debug, Clone)]
pub struct EntityHit {
    pub id: i64,
    pub kind: String,
    pub name: String,
    pub importance: Importance,
    /// What people say of it.
    pub known: KnownToUs,
    /// What of it matches, where its name does not; else what tells it from others of its name.
    pub matched: Option<Matched>,
    /// Open incidents with it, and all.
    pub open: Count,
    pub incidents: Count,
}

/// A label such as "Command line", and the text that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    pub label: String,
    pub text: String,
}

/// A technique that was found.
#[derive(Debug, Clone)]
pub struct TechniqueHit {
    pub id: &'static str,
    pub name: &'static str,
    pub open: Count,
    pub incidents: Count,
}

/// What somebody wrote about.
#[derive(Debug, Clone)]
pub enum Commented {
    Incident { id: i64, name: String },
    Entity { id: i64, kind: String, name: String },
}

/// A text that somebody wrote.
#[derive(Debug, Clone)]
pub struct CommentHit {
    pub entry: i64,
    pub on: Commented,
    pub is_open: bool,
    pub who: String,
    /// Microseconds UTC.
    pub at: i64,
    /// The text before what matches, what matches, and the text after it.
    pub before: String,
    pub found: String,
    pub after: String,
}

/// A file that is attached.
#[derive(Debug, Clone)]
pub struct AttachmentHit {
    pub id: i64,
    /// The incident that shows it now.
    pub incident: i64,
    pub incident_name: String,
    pub is_open: bool,
    pub name: String,
    /// What it is by its content.
    pub label: String,
    /// In bytes.
    pub size: i64,
    pub sha256: String,
    /// Microseconds UTC.
    pub at: i64,
}
