use super::*;

#[test]
fn the_table_names_each_call_once_and_only_the_homes_own_token_makes_tokens() {
    let mut calls: Vec<_> = CALLS.iter().map(|(method, path, _)| (path, method)).collect();
    calls.sort_unstable();
    assert!(calls.windows(2).all(|pair| pair[0] != pair[1]), "a call has two rows");
    let of_home: Vec<_> = CALLS.iter().filter(|(.., power)| *power == Home).map(|row| (row.0, row.1)).collect();
    assert_eq!(of_home, [("POST", "/v1/tokens"), ("DELETE", "/v1/tokens/{id}")]);
}

#[test]
fn reading_changes_nothing_and_asking_only_what_is_asked_of_others() {
    for (method, path, power) in CALLS {
        match power {
            Read => assert_eq!(*method, "GET", "{path}"),
            // the doctor and a ping speak to others, and change nothing here
            Ask => assert!(
                path.starts_with("/v1/requests")
                    || ["/v1/catalog", "/v1/doctor", "/v1/people/{name}/ping"].contains(path),
                "{path}"
            ),
            Decide | Home => {}
        }
    }
}

#[test]
fn what_is_not_in_the_table_needs_the_homes_own_token() {
    assert_eq!(of_call(&Method::GET, "/v1/something-new"), Home);
    assert_eq!(of_call(&Method::PUT, "/v1/datasets/{id}"), Home);
    assert_eq!(of_call(&Method::HEAD, "/v1/me"), Read);
    assert_eq!(of_call(&Method::HEAD, "/v1/invites/{id}"), Decide);
}

#[test]
fn each_power_includes_those_before_it() {
    let scopes = [Scope::Read, Scope::Request, Scope::Decide];
    assert!(scopes.map(Power::from).is_sorted_by(|less, more| less < more));
    assert!(
        scopes.iter().all(|scope| Power::from(*scope) < Home && scope.to_string() == Power::from(*scope).to_string())
    );
}
