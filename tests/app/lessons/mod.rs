//! GET /lessons, /lessons.csv, /lessons.json and /lessons/how.

mod changes;
mod files;
mod links;
mod numbers;
mod page;
mod world;
