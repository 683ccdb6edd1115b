//! The tree as the laws see it: rooms out of `cargo metadata`, files out of git.

use cargo_metadata::{Dependency, DependencyKind, Metadata, MetadataCommand};
use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// A workspace package: where it stands and what it names directly.
pub(crate) struct Room {
    pub(crate) at: String,
    /// Rooms it stands on, and whether a normal build needs them.
    pub(crate) rooms: Vec<(String, bool)>,
    /// Everything else it names, of any kind.
    pub(crate) crates: Vec<Named>,
}

pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) normal: bool,
    pub(crate) features: Vec<String>,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("/")).to_path_buf()
}

pub(crate) fn rooms() -> Result<Vec<Room>, Box<dyn Error>> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec()?;
    let rooms: Vec<Room> = metadata.packages.iter().map(|package| room(&metadata, package)).collect();
    if rooms.len() < 2 {
        return Err("cargo metadata names no rooms".into());
    }
    Ok(rooms)
}

fn room(metadata: &Metadata, package: &cargo_metadata::Package) -> Room {
    let at = |path: &Path| {
        let inside = path.strip_prefix(&metadata.workspace_root).unwrap_or(path);
        inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let normal = |one: &Dependency| one.kind != DependencyKind::Development;
    let manifest = package.manifest_path.parent().map(|dir| at(dir.as_std_path())).unwrap_or_default();
    Room {
        at: manifest,
        rooms: package
            .dependencies
            .iter()
            .filter_map(|one| Some((at(one.path.as_ref()?.as_std_path()), normal(one))))
            .collect(),
        crates: package
            .dependencies
            .iter()
            .map(|one| Named { name: one.name.clone(), normal: normal(one), features: one.features.clone() })
            .collect(),
    }
}

pub(crate) fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

pub(crate) fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
}

/// Manifests of all rooms. Left out are the root's, and those of workspaces of their own, which inherit nothing.
pub(crate) fn manifests() -> Result<Vec<(PathBuf, String)>, Box<dyn Error>> {
    let all = texts()?.into_iter();
    let below = all.filter(|(path, _)| path.ends_with("Cargo.toml") && path.components().count() > 1);
    Ok(below.filter(|(_, text)| !text.lines().any(|line| line.trim() == "[workspace]")).collect())
}

/// Every text file that git tracks or would track, by its path from the root.
pub(crate) fn texts() -> Result<Vec<(PathBuf, String)>, Box<dyn Error>> {
    let listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").args(listing).current_dir(root()).output()?;
    if !listed.status.success() {
        return Err(format!("git ls-files failed: {}", String::from_utf8_lossy(&listed.stderr)).into());
    }
    let mut texts = Vec::new();
    for name in String::from_utf8(listed.stdout)?.split_terminator('\0') {
        match fs::read(root().join(name)) {
            Ok(bytes) => texts.extend(String::from_utf8(bytes).ok().map(|text| (PathBuf::from(name), text))),
            // Deleted in the work tree, or a link to a folder: nothing to read.
            Err(gone) if [io::ErrorKind::NotFound, io::ErrorKind::IsADirectory].contains(&gone.kind()) => {}
            Err(other) => return Err(format!("{name}: {other}").into()),
        }
    }
    if texts.is_empty() { Err("git lists no file".into()) } else { Ok(texts) }
}
