//! Many event streams at once, read by one thread: each tells when it has received a whole batch of events.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::error::{Error, Result};

/// Longer than any measured time; a stream that gets nothing for so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a stream begins with.
pub(super) const GREETING: &[u8] = b"retry: 1000\n\n";
/// How a chunked response ends.
const END: &[u8] = b"\r\n0\r\n\r\n";

/// A stream has received a batch of events.
#[derive(Debug)]
pub struct Ready {
    pub at: Instant,
    /// The bytes as they came.
    pub bytes: Vec<u8>,
}

/// Open streams; dropping this value closes them.
pub struct Sockets {
    held: Arc<AtomicUsize>,
    ready: mpsc::Receiver<Ready>,
    _open: oneshot::Sender<()>,
}

impl Sockets {
    /// Sends each request on a connection of its own, and waits until each stream has begun or was refused.
    pub fn open(address: SocketAddr, requests: Vec<String>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
        let held = Arc::new(AtomicUsize::new(0));
        let (sender, ready) = mpsc::channel();
        let (opened, wait) = mpsc::channel();
        let (open, closed) = oneshot::channel::<()>();
        let counter = Arc::clone(&held);
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let mut result = Ok(());
                for request in requests {
                    match begin(address, &request).await {
                        Ok(Some(socket)) => {
                            counter.fetch_add(1, Ordering::Relaxed);
                            tokio::spawn(follow(socket, sender.clone(), Arc::clone(&counter)));
                        }
                        Ok(None) => {}
                        Err(error) => result = Err(Error::internal(error)),
                    }
                }
                // Only fails when nobody waits any more.
                let _ = opened.send(result);
                let _ = closed.await;
            });
        });
        wait.recv().map_err(Error::internal)??;
        Ok(Self { held, ready, _open: open })
    }

    /// How many streams are open.
    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Waits until this many batches have come, one for each stream.
    pub fn wait(&self, count: usize) -> Result<Vec<Ready>> {
        let lost = |_| Error::internal("a stream did not get a comment");
        (0..count).map(|_| self.ready.recv_timeout(PATIENCE).map_err(lost)).collect()
    }
}

/// Sends a request; returns the connection when its stream has begun, and none if it was refused.
async fn begin(address: SocketAddr, request: &str) -> std::io::Result<Option<TcpStream>> {
    let mut socket = TcpStream::connect(address).await?;
    socket.write_all(request.as_bytes()).await?;
    let mut received = Vec::new();
    while !contains(&received, GREETING) {
        if is_refusal(&received) || socket.read_buf(&mut received).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(socket))
}

/// A response with another status than 200.
fn is_refusal(received: &[u8]) -> bool {
    received.get(..12).is_some_and(|status| status.starts_with(b"HTTP/1.1 ") && !status.ends_with(b"200"))
}

/// Reads a stream to its end. A batch of events ends with the state of the incident.
async fn follow(mut socket: TcpStream, ready: mpsc::Sender<Ready>, held: Arc<AtomicUsize>) {
    let mut received = Vec::with_capacity(16 * 1024);
    while socket.read_buf(&mut received).await.is_ok_and(|bytes| bytes > 0) && !received.ends_with(END) {
        let state = position(&received, b"event: state\n");
        if state.is_some_and(|at| received.get(at..).is_some_and(|rest| contains(rest, b"\n\n"))) {
            let bytes = std::mem::replace(&mut received, Vec::with_capacity(16 * 1024));
            // Only fails when the measurement is over.
            let _ = ready.send(Ready { at: Instant::now(), bytes });
        }
    }
    held.fetch_sub(1, Ordering::Relaxed);
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    position(bytes, part).is_some()
}

fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
