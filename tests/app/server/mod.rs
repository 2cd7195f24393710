//! What stands between the network and the pages: the log.

mod log;
