//! sentinel

pub mod alert;
pub mod entities;
pub mod facts;
pub mod incident;
pub mod principals;
pub mod references;
