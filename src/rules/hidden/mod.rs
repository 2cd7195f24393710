//! What rules hid: the latest alerts of each rule are kept as they were sent, within bounds, until they are brought
//! back or forgotten. How much was hidden is counted exactly.

pub mod keep;
pub mod list;
