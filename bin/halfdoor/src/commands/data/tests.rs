use super::*;

#[test]
fn nobody_means_no_names_and_stands_alone_as_everyone_does() {
    let of = |names: &[&str]| visible(names.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(of(&["nobody"]).unwrap(), Vec::<String>::new());
    assert_eq!(of(&["everyone"]).unwrap(), ["everyone"]);
    assert_eq!(of(&["Jill", "Bob"]).unwrap(), ["Jill", "Bob"]);
    assert!(of(&["nobody", "Jill"]).is_err() && of(&["Jill", "everyone"]).is_err());
}
