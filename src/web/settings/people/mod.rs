//! /settings/people: the people of the team, their invitations, and a page for each. Only for administrators.

pub mod acts;
pub mod invite;
pub mod list;
mod one_time_link;
pub mod person;
mod role_choices;
pub mod roles;
mod session_view;

pub use session_view::SessionView;
