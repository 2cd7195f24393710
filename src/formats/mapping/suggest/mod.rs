//! Suggests a mapping for a sample: vendors differ in structure, but little in the names of fields.
//!
//! ```text
//! sample ─ place ─► records ─ sample ─► pointers with examples ─┬─ alert_* ────────► title, id, severity, times
//!                                                               └─ evidence_rules ► devices, users, files
//! ```

mod alert_fields;
mod alert_names;
mod alert_severity;
mod alert_times;
mod device_by_address;
mod evidence_names;
mod evidence_ranks;
mod evidence_rules;
mod fitting;
pub mod guess;
mod member_names;
mod path;
pub mod place;
pub mod sample;
mod siblings;
#[cfg(test)]
mod tests;
mod time_names;
mod typed_lists;
mod values;
