//! How an answer is sent, whole or damaged: the same for the API and for the host of files.

use super::faults::Fault;
use super::refusals;
use super::wire::Peer;
use async_graphql::futures_util::stream::{self, StreamExt as _};
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::io;
use std::time::Duration;

/// An answer before anything happens to it.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    pub(super) fn json(status: u16, body: &serde_json::Value) -> Answer {
        let content_type = "application/json; charset=utf-8".to_owned();
        Answer { status, content_type, bytes: body.to_string().into_bytes() }
    }

    fn build(&self, body: Body) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, self.content_type.clone())], body).into_response()
    }

    fn whole(self) -> Response {
        let body = Body::from(self.bytes.clone());
        self.build(body)
    }
}

pub(super) fn cut(peer: &Peer) -> Response {
    peer.cut();
    StatusCode::NO_CONTENT.into_response()
}

/// Sends an answer whose work is done, damaged as `fault` says. The faults that prevent the work are dealt with before.
pub(super) async fn deliver(fault: Option<Fault>, peer: &Peer, mut answer: Answer) -> Response {
    match fault {
        Some(Fault::LostResponse) => return cut(peer),
        Some(Fault::GatewayTimeoutAfter) => return refusals::proxy(504),
        Some(Fault::Slow(delay)) => tokio::time::sleep(delay).await,
        Some(Fault::Rewrite { from, to }) => {
            answer.bytes = String::from_utf8_lossy(&answer.bytes).replace(&from, &to).into_bytes();
        }
        Some(Fault::Truncated) => answer.bytes.truncate(answer.bytes.len() / 2),
        Some(Fault::WrongBytes) => answer.bytes.iter_mut().for_each(|byte| *byte = !*byte),
        Some(Fault::Longer(more)) => answer.bytes.resize(answer.bytes.len() + more, 0),
        Some(Fault::CutInBody) => return cut_in_body(&answer),
        Some(Fault::NoLength) => {
            let body = in_pieces(&answer.bytes);
            return answer.build(body);
        }
        Some(Fault::Endless(bound)) => return answer.build(zeros(bound)),
        Some(Fault::LyingGzip) => {
            let mut response = answer.whole();
            response.headers_mut().insert(header::CONTENT_ENCODING, header::HeaderValue::from_static("gzip"));
            return response;
        }
        _ => {}
    }
    answer.whole()
}

/// The pause lets the first half be sent before the connection is closed: without it nothing at all would be sent.
fn cut_in_body(answer: &Answer) -> Response {
    let half = Bytes::copy_from_slice(&answer.bytes[..answer.bytes.len() / 2]);
    let first = stream::once(async move { Ok::<_, io::Error>(half) });
    let broken = stream::once(async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    let mut response = answer.build(Body::from_stream(first.chain(broken)));
    response.headers_mut().insert(header::CONTENT_LENGTH, answer.bytes.len().into());
    response
}

fn in_pieces(bytes: &[u8]) -> Body {
    let pieces: Vec<_> =
        bytes.chunks(1024).map(|piece| Ok::<_, io::Error>(Bytes::copy_from_slice(piece))).collect();
    Body::from_stream(stream::iter(pieces))
}

fn zeros(bound: u64) -> Body {
    const PIECE: u64 = 16 * 1024;
    let piece = Bytes::from_static(&[0; 16 * 1024]);
    let count = usize::try_from(bound.div_ceil(PIECE)).unwrap_or(usize::MAX);
    Body::from_stream(stream::repeat(piece).take(count).map(Ok::<_, io::Error>))
}
