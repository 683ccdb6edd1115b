use super::*;
use protocol::Kind;

fn forms(value: &str) -> Vec<String> {
    let mean = Kind::Mean.over("amount".parse().unwrap()).unwrap();
    let told = |(form, _)| match form {
        Computation::Rounded(rounding) => format!("rounded {}", rounding.to),
        Computation::Above(threshold) => format!("above {}", threshold.than),
        Computation::Band(bands) => {
            assert_eq!(Computation::Band(bands.clone()).validate(), Ok(()));
            bands.edges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        }
        other => panic!("{other:?}"),
    };
    safer(&mean, &Outcome::Decimal(value.parse().unwrap())).into_iter().map(told).collect()
}

#[test]
fn round_numbers_near_the_number_are_offered() {
    assert_eq!(forms("874.12"), ["rounded 100", "above 800", "100 200 500 1000"]);
    assert_eq!(forms("55.04166667"), ["rounded 10", "above 50", "10 20 50 100"]);
    assert_eq!(forms("0.042"), ["rounded 0.01", "above 0.04", "0.01 0.02 0.05 0.10"]);
    assert_eq!(forms("-12.50"), ["rounded 10", "above -20", "-100 -50 -20 -10"]);
    assert_eq!(forms("0.00"), ["rounded 1", "above 0", "1 2 5 10"]);
    assert_eq!(forms("100"), ["rounded 100", "above 100", "100 200 500 1000"]);
}

#[test]
fn what_is_no_single_number_has_no_safer_form() {
    let mean = Kind::Mean.over("amount".parse().unwrap()).unwrap();
    assert!(safer(&mean, &Outcome::Groups(vec![])).is_empty());
    let of = Box::new(mean);
    let question = Computation::Rounded(Rounding { of, to: "1".parse().unwrap() });
    assert!(safer(&question, &Outcome::Decimal("5".parse().unwrap())).is_empty());
}

#[test]
fn each_is_offered_with_its_answer() {
    let mean = Kind::Mean.over("amount".parse().unwrap()).unwrap();
    let offered = safer(&mean, &Outcome::Decimal("874.12".parse().unwrap()));
    let answers: Vec<_> = offered.iter().map(|(_, answer)| answer.to_string()).collect();
    assert_eq!(answers, ["900", "yes", "500 to below 1000"]);
}
