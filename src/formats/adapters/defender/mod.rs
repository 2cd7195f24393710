//! defender

pub mod alert;
pub mod entities;
pub mod incident;
