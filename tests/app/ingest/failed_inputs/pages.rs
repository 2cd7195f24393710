//! Faults of pages and of the command line; the tests named beside each hold their rules.

pub const FILES: &[&str] = &[
    "bulk-move-is-fifty-entries.json",   // alert/moving_many.rs
    "comment-loses-backslashes.json",    // incident/comments.rs
    "comment-of-an-image-is-blank.json", // incident/comments.rs
    "csv-without-bom.json",              // queue/export.rs
    "disabled-person.json",              // accounts
    "public-url-with-a-path.json",       // pages/below_a_path.rs
    "two-tags-that-look-alike.json",     // incident/tagging.rs
];
