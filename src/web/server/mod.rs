//! Between the network and the handlers: connections with limits, TLS, who the client is. One careless or hostile
//! client must not keep the others out.
//!
//! | file | what it is for |
//! |---|---|
//! | `listener` | accepts connections and serves the application over them |
//! | `connection`, `stream` | what is known of one connection, from the bytes that pass |
//! | `connections` | all of them: how many there may be, and which are closed first |
//! | `patience` | how long a slow client is waited for |
//! | `tls` | the certificate in use |
//! | `request` | one request on a connection: its body must come in time |
//! | `client_address`, `check` | who the client is, behind proxies too; what is refused before any handler |

pub mod check;
pub mod client_address;
pub mod connection;
pub mod connections;
pub mod listener;
pub mod patience;
pub mod request;
pub mod stream;
pub mod tls;
