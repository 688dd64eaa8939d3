//! Serves the pages so that slow or many clients take neither the descriptors of the passes nor each other's places.
//!
//! A connection has a place. When there is none left, the connection that has waited longest for a request gives way:
//! whoever asks gets an answer, however many connections stay silent.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use rustix::process::{Resource, getrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::retry::pages;

/// Who has a place.
#[derive(Clone, Debug)]
struct Places {
    all: Arc<Mutex<BTreeMap<u64, Place>>>,
    most: usize,
    /// Of one address; this machine's own, where a proxy may be, has no share of its own.
    share: usize,
}

#[derive(Debug)]
struct Place {
    address: IpAddr,
    /// A request is being answered.
    busy: bool,
    since: Instant,
    end: CancellationToken,
}

impl Places {
    /// A quarter of the descriptors that the process may open, so that the passes have theirs.
    fn new() -> Places {
        let descriptors = getrlimit(Resource::Nofile).current.and_then(|limit| usize::try_from(limit).ok());
        let most = descriptors.map_or(pages::CONNECTIONS, |limit| (limit / 4).clamp(8, pages::CONNECTIONS));
        Places { all: Arc::default(), most, share: (most / 4).max(4) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Place>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place, which another connection may have had to leave; `None` when each is answering somebody.
    fn take(&self, number: u64, address: IpAddr) -> Option<CancellationToken> {
        let mut all = self.lock();
        let (own, shared) = (address.to_canonical(), !address.to_canonical().is_loopback());
        let mine = all.values().filter(|place| place.address == own).count();
        let leaves = if shared && mine >= self.share {
            Some(longest_waiting(&all, Some(own))?)
        } else if all.len() >= self.most {
            Some(longest_waiting(&all, None)?)
        } else {
            None
        };
        if let Some(place) = leaves.and_then(|number| all.remove(&number)) {
            place.end.cancel();
        }
        let end = CancellationToken::new();
        let place = Place { address: own, busy: false, since: Instant::now(), end: end.clone() };
        all.insert(number, place);
        Some(end)
    }

    fn mark(&self, number: u64, busy: bool) {
        if let Some(place) = self.lock().get_mut(&number) {
            (place.busy, place.since) = (busy, Instant::now());
        }
    }

    fn leave(&self, number: u64) {
        self.lock().remove(&number);
    }
}

/// The one that has waited longest for a request or, when there is none, for its reader, who had time enough.
fn longest_waiting(all: &BTreeMap<u64, Place>, address: Option<IpAddr>) -> Option<u64> {
    let of = |place: &Place| address.is_none_or(|address| place.address == address);
    let may_leave = |place: &Place| !place.busy || place.since.elapsed() > pages::READER;
    let candidates = all.iter().filter(|(_, place)| of(place) && may_leave(place));
    candidates.min_by_key(|(_, place)| (place.busy, place.since)).map(|(number, _)| *number)
}

/// Serves until a stop is asked for. Requests already received are then answered.
///
/// # Errors
/// None: an accept that fails is tried again.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> io::Result<()> {
    let (places, graceful) = (Places::new(), GracefulShutdown::new());
    let mut number = 0;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!("a connection cannot be accepted: {error}");
                tokio::time::sleep(pages::ACCEPT).await;
                continue;
            }
        };
        number += 1;
        match places.take(number, peer.ip()) {
            Some(end) => connection(stream, peer, &router, (number, places.clone(), end), &graceful),
            None => drop(tokio::spawn(too_many(stream))),
        }
    }
    drop(listener);
    graceful.shutdown().await;
    Ok(())
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: &Router,
    (number, places, end): (u64, Places, CancellationToken),
    graceful: &GracefulShutdown,
) {
    // The end of an answer does not wait for the reader's acknowledgement of its beginning.
    let _ = stream.set_nodelay(true);
    let (router, own) = (router.clone(), places.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, places) = (router.clone(), own.clone());
        async move {
            places.mark(number, true);
            let waits = Waits { number, places };
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = router.oneshot(request).await;
            answer.map(|answer| answer.map(|body| Body::new(Answering { body, _waits: waits })))
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(pages::HEADERS).max_buf_size(pages::HEAD);
    let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        tokio::select! {
            // What a client does wrong ends its connection, and concerns nobody else.
            _ = connection => {}
            () = end.cancelled() => {}
        }
        places.leave(number);
    });
}

/// While a request is answered; the connection waits for another one afterwards.
struct Waits {
    number: u64,
    places: Places,
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.places.mark(self.number, false);
    }
}

/// A body whose end says that the connection waits again.
struct Answering {
    body: Body,
    _waits: Waits,
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Each place answers somebody: come back soon.
async fn too_many(stream: TcpStream) {
    let answer = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let write = async {
        stream.writable().await?;
        stream.try_write(answer).map(|_| ())
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), write).await;
}
