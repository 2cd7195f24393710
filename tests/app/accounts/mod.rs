//! Who may come in, and what each role may do.

mod disabling;
mod guessing;
mod names;
mod permissions;
mod sessions;
mod signing_in;
