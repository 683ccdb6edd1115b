use super::*;

fn status(status: u16) -> Result<(), CliError> {
    Err(CliError::new(Kind::Problem { of: "refused".into(), status }, "the owner said no"))
}

#[test]
fn a_value_is_right_by_its_worth_not_by_its_digits() {
    let expected = Decimal::new(4500, 3).unwrap();
    assert_eq!(value("x", Some(&"4.50".to_owned()), expected).unwrap(), "4.50");
    assert!(value("x", Some(&"4.51".to_owned()), expected).unwrap_err().to_string().contains("4.51"));
    assert!(value("x", Some(&"nothing".to_owned()), expected).is_err());
    assert!(value("x", None, expected).is_err());
}

#[test]
fn only_a_no_of_the_node_is_a_refusal() {
    assert_eq!(refused("the run", status(409)).unwrap(), "the owner said no");
    assert!(refused("the run", Ok(())).is_err());
    assert!(refused("the run", status(504)).is_err());
    assert!(refused::<()>("the run", Err(CliError::failed("broken pipe"))).is_err());
}

#[test]
fn what_does_not_come_about_is_named_with_the_time_waited_for_it() {
    let mut looks = 0;
    let found = eventually("it", Duration::from_secs(60), || {
        looks += 1;
        Ok((looks == 3).then_some(looks))
    });
    assert_eq!(found.unwrap(), 3);
    let never = eventually("the reply", Duration::ZERO, || Ok(None::<()>)).unwrap_err();
    assert!(never.to_string().contains("the reply"));
}
