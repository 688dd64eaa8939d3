//! Requests to the collector. Spans are gathered by a thread of their own, which knows no runtime: each request runs on the
//! program's, and the thread waits for it.

use std::fmt;
use std::sync::OnceLock;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;

pub(crate) struct OnRuntime<B> {
    runtime: Handle,
    build: B,
    client: OnceLock<reqwest::Client>,
}

impl<B> OnRuntime<B> {
    pub(crate) fn new(runtime: Handle, build: B) -> OnRuntime<B> {
        OnRuntime { runtime, build, client: OnceLock::new() }
    }
}

impl<B> fmt::Debug for OnRuntime<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OnRuntime")
    }
}

#[async_trait]
impl<B> HttpClient for OnRuntime<B>
where
    B: Fn() -> reqwest::Result<reqwest::Client> + Send + Sync,
{
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = match self.client.get() {
            Some(client) => client.clone(),
            None => {
                let built = (self.build)()?;
                self.client.get_or_init(|| built).clone()
            }
        };
        self.runtime.spawn(async move { client.send_bytes(request).await }).await?
    }
}
