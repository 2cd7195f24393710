//! building

pub mod attack;
pub mod draft;
pub mod ecs;
pub mod evidence;
pub mod evidence_kinds;
pub mod json;
pub mod mapped_evidence;
pub mod network;
pub mod other_evidence;
pub mod path;
pub mod principals;
pub mod terms;
pub mod time;
pub mod windows;
