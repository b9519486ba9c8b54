//! A server on a free loopback port that ends, connections included, when its owner lets go of it.

use super::faults::{Faults, inject};
use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A running server. Dropping it closes the port and every connection at once.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: CancellationToken,
}

impl Server {
    /// Serves `router` behind `faults` on a free port of 127.0.0.1, in the runtime of the caller.
    ///
    /// # Errors
    /// When no port can be opened.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn start(router: Router, faults: &Faults) -> io::Result<Server> {
        Server::start_on(0, router, faults)
    }

    /// As [`Server::start`], on `port` of 127.0.0.1; 0 takes a free one.
    ///
    /// # Errors
    /// When the port cannot be opened, for example because somebody has it.
    pub fn start_on(port: u16, router: Router, faults: &Faults) -> io::Result<Server> {
        Server::start_at((Ipv4Addr::LOCALHOST, port).into(), router, faults)
    }

    /// As [`Server::start`], at `address` of this machine.
    ///
    /// # Errors
    /// When the port cannot be opened, or the machine has no such address.
    pub fn start_at(address: SocketAddr, router: Router, faults: &Faults) -> io::Result<Server> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let doors = Doors { listener: TcpListener::from_std(listener)?, stop: stop.clone() };
        let service = router
            .layer(axum::middleware::from_fn_with_state(faults.clone(), inject))
            .into_make_service_with_connect_info::<Connection>();
        let stopped = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = axum::serve(doors, service) => {}
                () = stopped.cancelled() => {}
            }
        });
        Ok(Server { address, stop })
    }

    /// `http://127.0.0.1:<port>` (or its other address), without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Ends it now, connections included. Dropping it does the same.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What a handler may do to the connection its request came by.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    cut: Arc<AtomicBool>,
    /// Cancelled when the whole server ends.
    pub(crate) stopped: CancellationToken,
}

impl Connection {
    /// From now on nothing leaves through this connection: whatever the handler still answers is lost.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, Doors>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Doors>) -> Connection {
        stream.io().connection.clone()
    }
}

struct Doors {
    listener: TcpListener,
    stop: CancellationToken,
}

impl Listener for Doors {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        // axum's own listener waits out a shortage of file handles instead of ending the server.
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Small answers must not wait for the peer's delayed acknowledgement; a socket without the option still works.
        let _ = stream.set_nodelay(true);
        let connection = Connection { cut: Arc::default(), stopped: self.stop.clone() };
        let line = Line { stream, connection, stopped: Box::pin(self.stop.clone().cancelled_owned()) };
        (line, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One accepted connection, which can be cut from inside.
struct Line {
    stream: TcpStream,
    connection: Connection,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Line {
    /// Whether the line is dead; registers to be woken when the server ends.
    fn is_dead(&mut self, context: &mut Context<'_>) -> bool {
        self.connection.cut.load(Ordering::Acquire) || self.stopped.as_mut().poll(context).is_ready()
    }
}

impl AsyncRead for Line {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        if line.is_dead(context) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut line.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let line = self.get_mut();
        if line.is_dead(context) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut line.stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
