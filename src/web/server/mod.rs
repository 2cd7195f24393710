//! Between the network and the handlers: connections with limits, TLS, who the client is. One careless or hostile
//! client must not keep the others out.
//!
//! | file | what it is for |
//! |---|---|
//! | `listener` | accepts connections and serves the application over them |
//! | `connection`, `stream` | one connection, and the bytes that pass over it |
//! | `connection_state` | what is known of it, and whether it is to be closed |
//! | `connections` | all of them: how many there may be, and which are closed first |
//! | `read_ahead` | how much is read before the requests that came earlier have been answered |
//! | `minimum_rate` | the slowest transfer that is waited for |
//! | `tls` | the certificate in use |
//! | `request` | one request on a connection: its body must come in time |
//! | `client_address`, `check` | who the client is, behind proxies too; what is refused before any handler |
//!
//! A request passes the middleware in the reverse order of the `wrap` calls in `app`: the path of the public URL is
//! removed, the request is logged and counted (`request::track`), and then checked. `track` and `check` compare paths,
//! so the path of the public URL must be gone by then.

pub mod check;
pub mod client_address;
pub mod connection;
mod connection_state;
pub mod connections;
pub mod listener;
pub mod minimum_rate;
mod read_ahead;
pub mod request;
pub mod stream;
pub mod tls;

/// The target in the log of the library that reads HTTP.
pub const HTTP_TARGET: &str = "actix_http";
