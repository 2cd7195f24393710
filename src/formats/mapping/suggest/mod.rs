//! Suggests a mapping for a sample: vendors differ in structure, but little in the names of fields.
//!
//! ```text
//! sample ─ place ─► records ─ sample ─► pointers with examples ─┬─ alert_fields ──► title, id, severity, times
//!                                                               └─ evidence_rules ► devices, users, files
//! ```

mod alert_fields;
mod alert_names;
mod evidence_names;
mod evidence_rules;
mod fitting;
pub mod guess;
mod path;
pub mod place;
pub mod sample;
#[cfg(test)]
mod tests;
mod typed_lists;
mod values;
