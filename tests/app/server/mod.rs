//! What stands between the network and the pages: connections, TLS, proxies, and the log.

mod connections;
mod log;
mod proxies;
mod tls;
