//! The product as its users meet it: one binary, the real server, a real database.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and is told by the environment which database to use"
)]

mod support;

mod alerts_page;
mod assigning;
mod batches;
mod bulk;
mod chart;
mod classifying;
mod commands;
mod comments;
mod conflicts;
mod correlating;
mod explaining;
mod exporting;
mod filtering;
mod grouping;
mod hostile;
mod house_rules;
mod importing;
mod ingesting;
mod intake;
mod live;
mod mappings;
mod merging;
mod moving_alerts;
mod naming;
mod permissions;
mod priority;
mod queue;
mod rebuilding;
mod refused;
mod resolving;
mod severities;
mod signing_in;
mod sources;
mod storage;
mod table;
mod tagging;
mod times;
mod undoing;
mod updates;
mod views;
mod walking;
