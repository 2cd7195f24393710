//! Who may come in, and what each role may do.

mod disabling;
mod permissions;
mod signing_in;
