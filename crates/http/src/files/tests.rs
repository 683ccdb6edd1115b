use super::*;

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn a_private_file_is_readable_by_its_user_only_even_where_an_open_one_was() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(TOKEN);
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    write_private(&path, "new").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(mode(&path), 0o600);
}

#[cfg(unix)]
#[test]
fn a_link_is_replaced_and_what_it_points_at_stays() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("elsewhere");
    fs::write(&target, "theirs").unwrap();
    let path = home.path().join(TOKEN);
    std::os::unix::fs::symlink(&target, &path).unwrap();
    write_private(&path, "secret").unwrap();
    assert_eq!(fs::read_to_string(&target).unwrap(), "theirs");
    assert_eq!(fs::read_to_string(&path).unwrap(), "secret");
    assert!(!fs::symlink_metadata(&path).unwrap().is_symlink());
}

#[test]
fn a_half_written_file_of_an_earlier_crash_is_not_in_the_way() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(ADDRESS);
    fs::write(path.with_extension("new"), "half").unwrap();
    write_private(&path, "whole").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn a_passing_file_is_gone_when_it_is_dropped() {
    let home = tempfile::tempdir().unwrap();
    let passing = Passing::write(home.path().join(INVITE), "hd1").unwrap();
    let path = passing.path().to_owned();
    assert!(path.exists());
    drop(passing);
    assert!(!path.exists());
}

#[test]
fn a_home_that_is_not_there_is_named_in_the_error() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("missing").join(TOKEN);
    let error = write_private(&path, "x").unwrap_err();
    assert!(error.to_string().contains("missing"), "{error}");
}
