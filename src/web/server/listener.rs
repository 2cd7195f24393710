//! Accepts connections and serves the application over them. `actix_web::HttpServer` does this for streams of its own
//! only, so its parts are put together here.

use std::fmt::Debug;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol, Request, Response};
use actix_server::Server;
use actix_service::{IntoServiceFactory, Service, ServiceFactory, fn_factory, map_config};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;
use futures_util::future::LocalBoxFuture;

use crate::web::server::connection::Connection;
use crate::web::server::connections::Connections;
use crate::web::server::stream::{Stream, Transport};
use crate::web::server::tls::Tls;

/// How long a connection may be silent before its first request and between two.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// How long a client has to read an answer that was given before the end of its body.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Connections beyond the room that are accepted, only to be refused.
const REFUSED: usize = 16;
/// How long the handshake of TLS may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Where and how a server listens.
pub struct Settings<'a> {
    /// Address and port, such as "127.0.0.1:8080".
    pub listen: &'a str,
    pub workers: usize,
    /// How long a graceful stop waits for requests, in seconds.
    pub stop_timeout: u64,
    pub connections: Arc<Connections>,
    pub tls: Option<Arc<Tls>>,
}

/// Binds the address. Returns the server, which runs when awaited, and its port.
pub fn bind<A, I, S, B>(settings: &Settings<'_>, app: A) -> io::Result<(Server, u16)>
where
    A: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<Response<BoxBody>>,
    S::InitError: Debug,
    S::Response: Into<Response<B>>,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let Settings { connections, tls, workers, .. } = settings;
    let mut builder = Server::build()
        .workers(*workers)
        .worker_max_blocking_threads(32)
        .max_concurrent_connections((connections.room() + REFUSED) / workers)
        .shutdown_timeout(settings.stop_timeout)
        .disable_signals();
    let mut port = 0;
    for listener in listeners(settings.listen)? {
        port = listener.local_addr()?.port();
        let stop = builder.graceful_shutdown_signal();
        let (app, connections, tls) = (app.clone(), connections.clone(), tls.clone());
        builder = builder.listen("watchdesk", listener, move || {
            let stop = stop.clone();
            let http = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stop = stop.clone();
                    async move { stop.notified().await }
                })
                .keep_alive(KEEP_ALIVE)
                .client_request_timeout(KEEP_ALIVE)
                .client_disconnect_timeout(DISCONNECT_TIMEOUT)
                // A client that has left ends its handler, so that nothing more is done for it. Handlers of HTTP/2 are
                // ended by `request::track`.
                .h1_allow_half_closed(false)
                .on_connect_ext(|stream: &Stream, data| {
                    data.insert(stream.connection().clone());
                })
                .finish(map_config(app(), |()| AppConfig::default()));
            let (connections, tls) = (connections.clone(), tls.clone());
            fn_factory(move || {
                let (http, connections, tls) = (http.new_service(()), connections.clone(), tls.clone());
                async move { Ok::<_, ()>(ConnectionService { http: Rc::new(http.await?), connections, tls }) }
            })
        })?;
    }
    Ok((builder.run(), port))
}

/// Binds every address of a name, such as both of "localhost".
fn listeners(listen: &str) -> io::Result<Vec<TcpListener>> {
    let (mut bound, mut failure) = (Vec::new(), None);
    for address in listen.to_socket_addrs()? {
        match TcpListener::bind(address) {
            Ok(listener) => bound.push(listener),
            Err(error) => failure = Some(error),
        }
    }
    match failure {
        Some(error) if bound.is_empty() => Err(error),
        None if bound.is_empty() => Err(io::ErrorKind::AddrNotAvailable.into()),
        _ => Ok(bound),
    }
}

/// What every connection goes through before its first request.
struct ConnectionService<H> {
    http: Rc<H>,
    connections: Arc<Connections>,
    tls: Option<Arc<Tls>>,
}

type Accepted = (Stream, Protocol, Option<SocketAddr>);

impl<H> Service<TcpStream> for ConnectionService<H>
where
    H: Service<Accepted, Response = (), Error = DispatchError> + 'static,
    H::Future: 'static,
{
    type Response = ();
    type Error = DispatchError;
    type Future = LocalBoxFuture<'static, Result<(), DispatchError>>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), DispatchError>> {
        self.http.poll_ready(cx)
    }

    fn call(&self, tcp: TcpStream) -> Self::Future {
        let peer = tcp.peer_addr();
        let admitted = peer.as_ref().ok().and_then(|peer| self.connections.admit(peer.ip()));
        let (http, tls) = (self.http.clone(), self.tls.clone());
        Box::pin(async move {
            let Some(admitted) = admitted else { return Ok(()) };
            let serving = async {
                let (stream, protocol) = opened(tcp, tls.as_deref(), &admitted.connection).await?;
                http.call((stream, protocol, peer.ok())).await
            };
            tokio::select! {
                served = serving => served,
                () = admitted.connection.closed() => Ok(()),
            }
        })
    }
}

/// The stream of a connection, and the protocol that it speaks.
async fn opened(tcp: TcpStream, tls: Option<&Tls>, connection: &Arc<Connection>) -> io::Result<(Stream, Protocol)> {
    // Without it a compressed answer waits 43 ms for the client's delayed acknowledgement.
    tcp.set_nodelay(true)?;
    let Some(tls) = tls else {
        return Ok((Stream::new(Transport::Plain(tcp), connection.clone()), Protocol::Http1));
    };
    let encrypted = tokio::time::timeout(HANDSHAKE, tls.acceptor().accept(tcp)).await??;
    let protocol = match encrypted.get_ref().1.alpn_protocol() {
        Some(b"h2") => {
            connection.use_http2();
            Protocol::Http2
        }
        _ => Protocol::Http1,
    };
    Ok((Stream::new(Transport::Tls(Box::new(encrypted)), connection.clone()), protocol))
}
