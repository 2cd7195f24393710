//! Files that people attach to incidents: what they are by their content, how they are stored, and how they are handed on.
//!
//! Files of incidents are often malware. Nothing of one is ever opened or shown: it is downloaded as a file without a type,
//! or as a zip with a password. The one exception are small images, of which a PNG is made from their pixels.
//!
//! The same content is stored once, by its SHA-256, and deleted with the last attachment that has it. An attachment
//! stays with the incident that it was added to, and is shown in the one that this was merged into, as comments are.
//!
//! Reading order: `file_name`, `known_types`, `content_type`, `preview`, `received`, `store`, `read`, `zipped`. Only
//! `operations::attach` writes, together with the entry of history.

pub mod content_type;
pub mod file_name;
mod known_types;
mod preview;
pub mod read;
pub mod received;
pub mod store;
pub mod zipped;

pub use crate::attachments::content_type::ContentType;
pub use crate::attachments::known_types::Risk;
pub use crate::attachments::read::Attachment;
pub use crate::attachments::received::{Received, Receiving};

/// Files that are attached at once, at most.
pub const AT_ONCE: usize = 10;
/// Files that an incident has, at most.
pub const OF_INCIDENT: i64 = 500;
