//! /setup, /login and /logout: first setup, signing in and signing out.

pub mod setup;
pub mod sign_in;
mod small_form;
