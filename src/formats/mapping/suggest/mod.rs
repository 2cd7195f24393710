//! A first mapping guessed from a sample: vendors differ in structure, but not much in what they
//! call things.

mod evidence_rules;
pub mod guess;
mod names;
mod rank;
pub mod sample;
#[cfg(test)]
mod tests;
