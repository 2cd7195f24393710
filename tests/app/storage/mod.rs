//! The schema and its migrations, a store of an earlier version, and how statements are executed.

mod older_store;
mod query_plans;
mod schema;
mod turns;
