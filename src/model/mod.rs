//! model

pub mod actor;
pub mod alert;
pub mod change;
pub mod entity;
pub mod incident;
pub mod incoming;
pub mod linking;
pub mod naming;
pub mod outcome;
pub mod priority;
pub mod severity;
pub mod signals;
