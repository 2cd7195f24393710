//! What adapters and mappings build alerts from: tolerant reading of JSON, an alert under construction,
//! evidence by kind, words of many tools for the same thing. Names no product.

pub mod activity_times;
pub mod assessment;
pub mod attack;
pub mod clean_text;
pub mod draft;
pub mod ecs;
pub mod evidence;
pub mod evidence_kinds;
pub mod facts;
pub mod json;
pub mod kubernetes;
pub mod network;
pub mod other_evidence;
pub mod path;
pub mod principals;
pub mod terms;
pub mod time;
pub mod windows;
