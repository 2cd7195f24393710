//! What event streams are compared with: a plain server that writes the same bytes to as many sockets, one
//! after the other.

use std::net::SocketAddr;
use std::time::Instant;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::bench::live::sockets::{GREETING, Ready, Sockets};
use crate::error::{Error, Result};

/// The plain server and its streams; dropping this value ends both.
pub struct FanOut {
    count: usize,
    bytes: mpsc::UnboundedSender<Vec<u8>>,
    sockets: Sockets,
}

impl FanOut {
    /// Starts the server, and opens this many streams of it.
    pub fn start(count: usize) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
        let listener = runtime.block_on(TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))));
        let listener = listener.map_err(Error::internal)?;
        let address = listener.local_addr().map_err(Error::internal)?;
        let (bytes, to_write) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            // An error closes the sockets, and those who wait for the bytes report it.
            let _ = runtime.block_on(serve(listener, count, to_write));
        });
        Ok(Self { count, bytes, sockets: Sockets::open(address, vec![String::new(); count])? })
    }

    /// Writes the bytes to every stream; returns when that began, and when each had them.
    pub fn send(&self, bytes: Vec<u8>) -> Result<(Instant, Vec<Ready>)> {
        let sent = Instant::now();
        self.bytes.send(bytes).map_err(Error::internal)?;
        Ok((sent, self.sockets.wait(self.count)?))
    }
}

async fn serve(
    listener: TcpListener,
    count: usize,
    mut to_write: mpsc::UnboundedReceiver<Vec<u8>>,
) -> std::io::Result<()> {
    let mut sockets: Vec<TcpStream> = Vec::with_capacity(count);
    while sockets.len() < count {
        let (mut socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        socket.write_all(GREETING).await?;
        sockets.push(socket);
    }
    while let Some(bytes) = to_write.recv().await {
        for socket in &mut sockets {
            socket.write_all(&bytes).await?;
        }
    }
    Ok(())
}
