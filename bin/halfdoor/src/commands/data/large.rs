//! A file of any size on its way to the node, and how far it is.

use crate::{
    client::Client,
    error::CliError,
    print::{self, Moving},
};
use node::{
    loading::{self, Loading, Stage},
    views::DatasetView,
    wishes::NewDataset,
};
use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read},
    path::Path,
    thread,
};

/// Longest line of an event that is read.
const EVENT_BYTES: u64 = 64 * 1024;

/// Sends a file, or standard input for `-`; shows how far it is, on a terminal.
pub(super) fn sent(client: &Client, path: &Path, wish: &NewDataset) -> Result<DatasetView, CliError> {
    let unreadable = |e| CliError::failed(format!("{} cannot be read", path.display())).because(e);
    let (source, length): (Box<dyn Read>, _) = if path.as_os_str() == "-" {
        (Box::new(io::stdin().lock()), None)
    } else {
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if about.is_dir() {
            return Err(CliError::failed(format!("{} is a folder", path.display())).hint("name a file in it"));
        }
        // what is no plain file, such as a pipe, says nothing of its length
        (Box::new(file), about.is_file().then_some(about.len()))
    };
    if length.is_some_and(|length| length > loading::FILE_BYTES) {
        let why = format!("{} is larger than {} MiB", path.display(), loading::FILE_BYTES >> 20);
        return Err(CliError::failed(why).hint("split it, or save it as Parquet"));
    }
    print::staged("sending", length, |moving| {
        let watch = watch_word();
        if moving.is_shown() {
            let (client, moving, watch) = (client.clone(), moving.clone(), watch.clone());
            // it ends with the program: nothing waits for it
            thread::spawn(move || follow(&client, &watch, &moving));
        }
        client.add_file(wish, Counted { source, moving: moving.clone() }, length, &watch)
    })
}

/// A word that no other call uses: the bar would move with somebody else's file.
fn watch_word() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    format!("{:x}x{:x}", std::process::id(), since.as_nanos())
}

/// Moves the bar by what the node tells; a node that tells nothing leaves it where it is.
fn follow(client: &Client, watch: &str, moving: &Moving) {
    let Ok(events) = client.events() else { return };
    let mut events = BufReader::new(events);
    let mut line = String::new();
    while events.by_ref().take(EVENT_BYTES).read_line(&mut line).is_ok_and(|read| read > 0) {
        let told = line.strip_prefix("data:").and_then(|data| serde_json::from_str::<Loading>(data.trim()).ok());
        if let Some(Loading { stage: Stage::Reading, bytes, of: Some(of), rows, .. }) =
            told.filter(|told| told.id == watch)
        {
            moving.to(format!("reading, {rows} rows sealed"), bytes, of);
        }
        line.clear();
    }
}

/// A file whose bytes are counted as they go.
struct Counted {
    source: Box<dyn Read>,
    moving: Moving,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into)?;
        self.moving.by(read as u64);
        Ok(read)
    }
}
