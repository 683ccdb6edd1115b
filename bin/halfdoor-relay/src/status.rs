//! The relay's numbers for its operator, over HTTP on an address that strangers do not reach: `/healthz`, `/status` (JSON),
//! `/metrics` (Prometheus). Nothing can be changed here, and no peer or address is named.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{Method, Request, Response, StatusCode, body::Incoming, header, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::{
    encoding::text::encode, metrics::counter::ConstCounter, metrics::gauge::ConstGauge, registry::Registry,
};
use relay::{Observer, Status};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// Who asks at once.
const CONNECTIONS: usize = 16;
/// Longest wait for a question, and for the whole of a connection.
const HEADER_TIME: Duration = Duration::from_secs(5);
const CONNECTION_TIME: Duration = Duration::from_secs(60);
const HEADERS: usize = 32;
/// The least that hyper takes.
const BUFFER_BYTES: usize = 8 << 10;
/// Pause after a connection could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Listens; what is asked is answered from then on, for as long as the process lives.
pub(crate) async fn serve(address: SocketAddr, observer: Observer) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    tokio::spawn(async move {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        while let Ok(place) = places.clone().acquire_owned().await {
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let observer = observer.clone();
            tokio::spawn(async move {
                let _ = tokio::time::timeout(CONNECTION_TIME, talk(stream, observer)).await;
                drop(place);
            });
        }
    });
    Ok(bound)
}

async fn talk(stream: TcpStream, observer: Observer) {
    let service = service_fn(move |request: Request<Incoming>| {
        let observer = observer.clone();
        async move { Ok::<_, Infallible>(answer(request.method(), request.uri().path(), &observer).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(HEADERS)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::trace!(%error, "a connection for numbers ended early");
    }
}

async fn answer(method: &Method, path: &str, observer: &Observer) -> Response<String> {
    if method != Method::GET && method != Method::HEAD {
        return said(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "numbers are asked for with GET\n".to_owned());
    }
    let Some(status) = observer.status().await else {
        return said(StatusCode::SERVICE_UNAVAILABLE, "text/plain", "stopped\n".to_owned());
    };
    match path {
        // a load balancer sends nobody here any more
        "/healthz" if status.draining => said(StatusCode::SERVICE_UNAVAILABLE, "text/plain", "draining\n".to_owned()),
        "/healthz" => said(StatusCode::OK, "text/plain", "ok\n".to_owned()),
        "/status" => said(StatusCode::OK, "application/json", json(&status)),
        "/metrics" => {
            said(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", metrics(&status))
        }
        _ => said(StatusCode::NOT_FOUND, "text/plain", "there are /healthz, /status and /metrics\n".to_owned()),
    }
}

fn said(status: StatusCode, content: &'static str, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content));
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

fn json(status: &Status) -> String {
    let [connections, reservations, circuits, lookups] = status.refused;
    // numbers alone: nothing that JSON escapes
    format!(
        "{{\"peers\":{},\"reservations\":{},\"circuits\":{},\"registrations\":{},\"mailbox_items\":{},\"mailbox_bytes\":{},\
         \"carried_bytes\":{},\"refused\":{{\"connections\":{connections},\"reservations\":{reservations},\
         \"circuits\":{circuits},\"lookups\":{lookups}}},\"draining\":{},\"version\":\"{}\"}}\n",
        status.peers,
        status.reservations,
        status.circuits,
        status.registrations,
        status.mailbox_items,
        status.mailbox_bytes,
        status.carried_bytes,
        status.draining,
        env!("CARGO_PKG_VERSION"),
    )
}

fn metrics(status: &Status) -> String {
    let mut registry = Registry::with_prefix("halfdoor_relay");
    let gauges = [
        ("peers", "Peers connected now", status.peers),
        ("reservations", "Nodes that can be reached through this relay now", status.reservations),
        ("circuits", "Circuits open now", status.circuits),
        ("registrations", "Names under which nodes are listed now", status.registrations),
        ("mailbox_items", "Items in the mailbox now", status.mailbox_items),
        ("mailbox_bytes", "Bytes of the items in the mailbox now", status.mailbox_bytes),
        ("draining", "Whether it is about to stop", status.draining.into()),
    ];
    for (name, help, value) in gauges {
        registry.register(name, help, ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX)));
    }
    registry.register("carried_bytes", "Bytes that peers have sent", ConstCounter::new(status.carried_bytes));
    for (what, value) in ["connections", "reservations", "circuits", "lookups"].into_iter().zip(status.refused) {
        registry.register(format!("refused_{what}"), "Refused by quota", ConstCounter::new(value));
    }
    let mut text = String::new();
    // a text cannot fail to be written
    let _ = encode(&mut text, &registry);
    text
}

#[cfg(test)]
mod tests;
