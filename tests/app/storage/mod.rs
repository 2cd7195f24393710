//! The schema, its migrations, and how the queue's statements are executed.

mod schema;
