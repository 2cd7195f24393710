//! What stands between the network and the pages: connections, TLS, proxies, and the log.

mod connections;
mod http2;
mod log;
mod metrics;
mod proxies;
mod tls;
