//! What adapters and mappings build alerts with: tolerant reading of JSON (`path`, `json`, `time`), the alert
//! that is being built (`draft`), evidence by kind (`principals`, `file`, `evidence_kinds`), and the words of many
//! tools for the same values (`terms`, `attack`, `severity_words`, `severity_scales`, `ids` and
//! `signature_classes` for the signatures of network sensors). No code here is for one product.

pub mod activity_times;
pub mod address;
pub mod assessment;
pub mod attack;
pub mod category_reading;
pub mod clean_text;
pub mod clock_ahead;
pub mod draft;
pub mod ecs;
pub mod event_fields;
pub mod event_time;
pub mod evidence;
pub mod evidence_item;
pub mod evidence_kinds;
pub mod facts;
pub mod file;
pub mod ids;
pub mod json;
pub mod kubernetes;
pub mod labelled_alert;
pub mod local_evidence;
pub mod names_in_text;
pub mod network;
pub mod other_evidence;
pub mod packed_names;
pub mod path;
pub mod principals;
pub mod process;
pub mod record_id;
pub mod several_names;
pub mod severity_scales;
pub mod severity_words;
pub mod signature_classes;
pub mod technique_tactics;
pub mod terms;
pub mod time;
pub mod windows;
