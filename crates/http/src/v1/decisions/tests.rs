use super::*;

#[test]
fn a_prompt_is_that_of_the_request_unless_something_else_is_proposed() {
    assert_eq!(Instead::default().offer(), None);
    let instead = Instead { until: Some(7), ..Instead::default() };
    assert_eq!(instead.offer(), Some(CounterOffer { until: Some(7), ..CounterOffer::default() }));
    let instead = Instead { computation: Some("count".into()), column: Some("amount".into()), ..Instead::default() };
    let offer = instead.offer().unwrap();
    assert_eq!((offer.computation.as_deref(), offer.column.as_deref()), (Some("count"), Some("amount")));
    let bands = Instead { bands: Some("0, 500,1000".into()), ..Instead::default() }.offer().unwrap();
    assert_eq!(bands.bands, ["0", "500", "1000"]);
    let rounded = Instead { rounded: Some("100".into()), ..Instead::default() }.offer().unwrap();
    assert_eq!(rounded.rounded.as_deref(), Some("100"));
    let shorter = Instead { days: Some(30), months: Some(3), ..Instead::default() }.offer().unwrap();
    assert_eq!((shorter.days, shorter.months), (Some(30), Some(3)));
}

#[test]
fn a_misspelled_counter_offer_is_refused_and_not_taken_for_silence() {
    assert!(serde_json::from_str::<Counter>(r#"{"offer":{"untill":7},"preview":"abc"}"#).is_err());
    assert!(serde_json::from_str::<Deny>(r#"{"becuase":"no"}"#).is_err());
}
