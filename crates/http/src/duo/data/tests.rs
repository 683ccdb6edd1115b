use super::*;
use crate::problem::Kind;
use axum::body::Body;

async fn read(body: String) -> Result<StoreData, Kind> {
    let request =
        Request::post("/store_data").header("content-type", "application/json").body(Body::from(body)).unwrap();
    read_json(request, DUO_DATA_BYTES).await.map_err(|problem| problem.kind)
}

fn body(list: &str) -> String {
    format!(r#"{{"data":{list},"tag":"utility","description":"bills"}}"#)
}

#[tokio::test]
async fn ten_megabytes_of_list_are_too_large_and_four_are_not() {
    let list = |bytes: usize| body(&format!("[{}1]", "1,".repeat(bytes / 2)));
    assert_eq!(read(list(10 << 20)).await.unwrap_err(), Kind::TooLarge);
    assert_eq!(read(list(4 << 20)).await.unwrap().data.0.len(), (4 << 20) + 3);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_apart_from_what_does_not_fit() {
    for list in ["[1,NaN]", "[1,]", "nonsense"] {
        assert_eq!(read(body(list)).await.unwrap_err(), Kind::Malformed, "{list}");
    }
    for list in ["[]", "[\"a\"]", "[[1]]", "\"text\"", "[null]"] {
        assert_eq!(read(body(list)).await.unwrap_err(), Kind::Invalid, "{list}");
    }
}

#[test]
fn datasets_are_shown_in_the_order_of_their_indices() {
    let mut shelf = Shelf::default();
    let named = |id: &str| (id.to_owned(), format!("tag {id}"), String::new());
    numbered(&mut shelf, [named("a"), named("b")].into_iter());
    // The node lists them in another order, and one is gone.
    let shown = numbered(&mut shelf, [named("c"), named("b")].into_iter());
    let told: Vec<_> = shown.iter().map(|dataset| (dataset.index, dataset.filename.as_str())).collect();
    assert_eq!(told, [(1, "tag b"), (2, "tag c")]);
}
