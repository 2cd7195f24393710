//! Suggests a mapping for a sample: vendors differ in structure, but little in the names of fields.

mod evidence_rules;
pub mod guess;
mod names;
mod rank;
pub mod sample;
#[cfg(test)]
mod tests;
