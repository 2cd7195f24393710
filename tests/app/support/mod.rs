//! What every test stands on: a real server on a free port with a database of its own, people of the
//! cast who use it over HTTP, and pages looked at by role, label and text.

pub mod browser;
pub mod bulk;
pub mod chunked_body;
pub mod database;
pub mod files;
pub mod merged;
pub mod page;
pub mod process;
pub mod product;
pub mod real_data;
pub mod stream;
mod world;

pub use browser::{Answer, Browser};
pub use product::AlertBuilder;
pub use world::{PASSWORD, World, empty_world, make_token, world, world_on, world_with_people};

/// A medium alert of one minute ago that names nobody, with an ID of its own.
pub fn alert(title: &str) -> AlertBuilder {
    AlertBuilder::new(&product::random_hex(8).unwrap(), title)
}

/// A time as Graph writes it.
pub fn minutes_ago(minutes: i64) -> String {
    product::rfc3339(product::clock::now() - minutes * product::clock::MINUTE)
}
