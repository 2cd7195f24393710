//! /setup, /login and /logout: first setup, signing in and signing out.

mod begin_session;
pub mod setup;
pub mod sign_in;
mod small_form;
