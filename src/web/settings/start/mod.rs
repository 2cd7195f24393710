//! /settings/start: the first hour of a new server, and how each product is connected. Only for administrators.

pub mod checklist;
mod guide;
mod guides;
mod made_token;
pub mod page;
pub mod source;
