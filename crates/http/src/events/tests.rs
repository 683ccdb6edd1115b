use super::*;
use axum::{body::Body, response::IntoResponse};
use node::loading::Stage;
use std::sync::LazyLock;
use tokio_stream::StreamExt as _;

static FILES: LazyLock<broadcast::Sender<Loading>> = LazyLock::new(|| broadcast::channel(1).0);

/// With no file on its way.
fn alone(happenings: broadcast::Receiver<Happening>) -> (broadcast::Receiver<Happening>, broadcast::Receiver<Loading>) {
    (happenings, FILES.subscribe())
}

fn happening(id: &str) -> Happening {
    Happening { what: "request".into(), id: id.into(), of: None }
}

async fn next(body: &mut axum::body::BodyDataStream) -> Option<String> {
    body.next().await.map(|chunk| String::from_utf8(chunk.unwrap().to_vec()).unwrap())
}

fn opened(streams: &Streams, happenings: broadcast::Receiver<Happening>) -> axum::body::BodyDataStream {
    let response = streams
        .open(alone(happenings), std::future::pending())
        .map_err(|problem| problem.detail)
        .unwrap()
        .into_response();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    Body::into_data_stream(response.into_body())
}

#[tokio::test]
async fn a_happening_is_told_by_its_name_with_its_ids() {
    let (_stop, stopping) = watch::channel(false);
    let (sender, receiver) = broadcast::channel(4);
    let mut body = opened(&Streams::new(stopping), receiver);
    sender.send(happening("ab")).unwrap();
    assert_eq!(
        next(&mut body).await.unwrap(),
        "event: request\ndata: {\"what\":\"request\",\"id\":\"ab\",\"of\":null}\n\n"
    );
}

#[tokio::test]
async fn a_client_that_lagged_is_told_so_and_then_goes_on() {
    let (_stop, stopping) = watch::channel(false);
    let (sender, receiver) = broadcast::channel(1);
    sender.send(happening("a")).unwrap();
    sender.send(happening("b")).unwrap();
    let mut body = opened(&Streams::new(stopping), receiver);
    assert_eq!(next(&mut body).await.unwrap(), "event: lagged\ndata: {\"missed\":1}\n\n");
    assert!(next(&mut body).await.unwrap().contains("\"b\""));
}

#[tokio::test]
async fn the_stream_ends_when_the_node_stops() {
    let (stop, stopping) = watch::channel(false);
    let (_sender, receiver) = broadcast::channel(1);
    let mut body = opened(&Streams::new(stopping), receiver);
    stop.send(true).unwrap();
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test]
async fn the_stream_ends_when_its_token_does() {
    let (_stop, stopping) = watch::channel(false);
    let (sender, receiver) = broadcast::channel(1);
    let (revoke, revoked) = tokio::sync::oneshot::channel::<()>();
    let over = async move { revoked.await.unwrap_or_default() };
    let response = Streams::new(stopping).open(alone(receiver), over).map_err(|problem| problem.detail).unwrap();
    let mut body = Body::into_data_stream(response.into_response().into_body());
    sender.send(happening("ab")).unwrap();
    assert!(next(&mut body).await.is_some());
    revoke.send(()).unwrap();
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test]
async fn one_client_more_than_there_are_places_is_refused_until_one_goes() {
    let (_stop, stopping) = watch::channel(false);
    let (sender, _) = broadcast::channel(1);
    let streams = Streams::new(stopping);
    let mut open: Vec<_> = (0..EVENT_STREAMS).map(|_| opened(&streams, sender.subscribe())).collect();
    assert!(streams.open(alone(sender.subscribe()), std::future::pending()).is_err());
    open.pop();
    while streams.open(alone(sender.subscribe()), std::future::pending()).is_err() {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_name_with_a_line_break_is_no_panic_and_no_second_field() {
    let event = told(&Happening { what: "a\r\nid: 7".into(), id: String::new(), of: None });
    assert!(format!("{event:?}").contains("aid: 7"));
}

#[tokio::test]
async fn how_far_a_file_is_is_told_too_and_what_was_missed_of_it_is_not_said() {
    let (_stop, stopping) = watch::channel(false);
    let (_happenings, happenings) = broadcast::channel(1);
    let (sender, loadings) = broadcast::channel(1);
    let streams = Streams::new(stopping);
    let stream =
        streams.open((happenings, loadings), std::future::pending()).map_err(|problem| problem.detail).unwrap();
    let loading = |bytes| Loading { id: "7f".into(), stage: Stage::Reading, bytes, of: Some(900), rows: 3 };
    sender.send(loading(1)).unwrap();
    sender.send(loading(300)).unwrap();
    let mut body = Body::into_data_stream(stream.into_response().into_body());
    assert_eq!(
        next(&mut body).await.unwrap(),
        "event: loading\ndata: {\"id\":\"7f\",\"stage\":\"reading\",\"bytes\":300,\"of\":900,\"rows\":3}\n\n"
    );
}
