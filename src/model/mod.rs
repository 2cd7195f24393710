//! model

pub mod actor;
pub mod alert;
pub mod change;
pub mod conflict;
pub mod entity;
pub mod facet;
pub mod importance;
pub mod incident;
pub mod incoming;
pub mod linked_by;
pub mod linking;
pub mod naming;
pub mod operation;
pub mod outcome;
pub mod priority;
pub mod severity;
pub mod signals;
pub mod tag;
pub mod user;
