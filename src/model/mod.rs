//! The types of the domain and the pure rules that derive from them: incident, alert, entity, change,
//! operation; automatic name, priority, outcome. No input or output: a type may derive its columns from
//! `schema`, but nothing here opens a connection or asks the clock of a server.

pub mod actor;
pub mod alert;
pub mod builtin_account;
pub mod change;
mod change_effects;
mod change_references;
pub mod conflict;
pub mod count;
pub mod entity;
pub mod episode;
pub mod facet;
pub mod field;
pub mod follow_up;
pub mod importance;
pub mod incident;
pub mod incoming;
pub mod lesson;
pub mod linked_by;
pub mod linking;
pub mod meaningless;
pub mod mention;
pub mod naming;
pub mod operation;
pub mod outcome;
pub mod planned_change;
pub mod priority;
pub mod process_tree;
pub mod severity;
pub mod signals;
pub mod tag;
pub mod techniques;
pub mod titles;
pub mod user;
pub mod verdict;
