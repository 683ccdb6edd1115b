use super::*;
use axum::{
    Router, body::Body, http::StatusCode, middleware::from_fn_with_state, response::IntoResponse, routing::get,
};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// Batches as they were written; each waits for a permit first.
#[derive(Clone)]
struct Disk {
    batches: Arc<Mutex<Vec<Vec<Call>>>>,
    turns: Arc<Semaphore>,
}

impl Disk {
    fn new(turns: usize) -> (Self, Recorder, JoinHandle<()>) {
        let disk = Self { batches: Arc::default(), turns: Arc::new(Semaphore::new(turns)) };
        let writer = disk.clone();
        let (recorder, task) = begin(move |calls| {
            let disk = writer.clone();
            async move {
                disk.turns.acquire().await.unwrap().forget();
                disk.batches.lock().unwrap().push(calls);
                Ok(())
            }
        });
        (disk, recorder, task)
    }

    fn sizes(&self) -> Vec<usize> {
        self.batches.lock().unwrap().iter().map(Vec::len).collect()
    }

    fn calls(&self) -> Vec<Call> {
        self.batches.lock().unwrap().concat()
    }
}

fn request(method: &str) -> Request {
    Request::builder().method(method).uri("/v1/datasets/bills?secret=1").body(Body::empty()).unwrap()
}

async fn open(recorder: &Recorder, changes: bool) -> Open {
    recorder.open(Caller::Home, &request("POST"), changes).await
}

#[tokio::test]
async fn a_change_is_answered_only_once_it_is_recorded() {
    let (disk, recorder, _task) = Disk::new(0);
    let mut call = open(&recorder, true).await;
    let answer = tokio::spawn(async move { call.end("done".into_response()).await.status() });
    tokio::task::yield_now().await;
    assert!(!answer.is_finished() && disk.sizes().is_empty());
    disk.turns.add_permits(1);
    assert_eq!(answer.await.unwrap(), StatusCode::OK);
    assert_eq!(disk.calls()[0].status, Some(200));
}

#[tokio::test]
async fn an_answer_whose_record_failed_is_not_given() {
    let (recorder, _task) = begin(|_| std::future::ready(Err(NodeError::Stopping)));
    let answer = open(&recorder, true).await.end("done".into_response()).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(open(&recorder, false).await.end("seen".into_response()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn reads_wait_for_company_and_the_last_are_written_when_the_doors_close() {
    let (disk, recorder, task) = Disk::new(usize::MAX >> 4);
    for _ in 0..100 {
        let answer = open(&recorder, false).await.end("seen".into_response()).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
    drop(recorder);
    task.await.unwrap();
    assert_eq!((disk.sizes().iter().sum::<usize>(), disk.calls().len()), (100, 100));
    assert!(disk.sizes().len() < 100, "each read had a commit of its own: {:?}", disk.sizes());
}

#[tokio::test]
async fn a_caller_that_went_away_is_recorded_all_the_same() {
    let (disk, recorder, task) = Disk::new(usize::MAX >> 4);
    drop(open(&recorder, true).await);
    open(&recorder, true).await.leave();
    drop(recorder);
    task.await.unwrap();
    let calls = disk.calls();
    assert_eq!(calls.len(), 2);
    assert!(calls.iter().all(|call| call.status.is_none() && call.changes), "{calls:?}");
}

#[tokio::test]
async fn what_was_refused_counts_as_no_change_and_what_failed_late_does() {
    let (disk, recorder, task) = Disk::new(usize::MAX >> 4);
    for status in [StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::CONFLICT, StatusCode::GATEWAY_TIMEOUT] {
        let _ = open(&recorder, true).await.end(status.into_response()).await;
    }
    drop(recorder);
    task.await.unwrap();
    let changes: Vec<_> = disk.calls().iter().map(|call| (call.status.unwrap(), call.changes)).collect();
    assert_eq!(changes, [(200, true), (403, false), (409, false), (504, true)]);
}

#[tokio::test]
async fn a_record_has_the_template_of_the_path_and_no_word_of_the_caller() {
    let (disk, recorder, task) = Disk::new(usize::MAX >> 4);
    let router =
        Router::new().route("/v1/datasets/{id}", get(async || "seen")).layer(from_fn_with_state(recorder.clone(), duo));
    for method in ["GET", "BREW"] {
        let _ = router.clone().oneshot(request(method)).await.unwrap();
    }
    drop((router, recorder));
    task.await.unwrap();
    let calls = disk.calls();
    assert_eq!((calls[0].method.as_str(), calls[0].route.as_str()), ("GET", "/v1/datasets/{id}"));
    assert_eq!(calls[1].method, "other");
    assert!(!format!("{calls:?}").contains("bills") && !format!("{calls:?}").contains("secret"));
}
