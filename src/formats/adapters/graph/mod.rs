//! graph

pub mod alert;
pub mod evidence;
pub mod facts;
pub mod incident;
