//! Exported files, verified from their bytes alone, one by one and against each other.

use super::outcomes::plain;
use crate::{
    error::NodeError,
    prompt,
    show::issuers,
    views::{EvidenceView, FileView, FilesView, LogFileView, OutcomeView, VoucherFileView},
};
use consent::{
    bundle::{self, BUNDLE_BYTES, Verified},
    files::{self, BadLog, EVIDENCE_BYTES, Evidence, Files, Kind, LogFile},
};
use protocol::{VoucherFile, voucher};
use std::{
    collections::BTreeSet,
    io::{self, Cursor, Read},
};

/// Bytes at the beginning of a file that tell what it is.
const BEGINNING: u64 = 64;

/// A file: its name in words, and how to read it from its beginning. A log is read once more to be compared.
pub struct Source<'s> {
    /// What it is called.
    pub name: String,
    /// Opens it.
    pub open: Box<dyn FnMut() -> io::Result<Box<dyn Read + 's>> + 's>,
}

/// A file that verified.
enum Checked {
    Receipt(Box<Verified>),
    Log(LogFile),
    Evidence(Box<Evidence>),
    Voucher(Box<VoucherFile>),
}

/// What an exported outcome proves, without a node.
///
/// # Errors
/// A file that is not an exported outcome, or one of whose messages does not verify; the error names which.
pub fn verify_file(bytes: &[u8]) -> Result<OutcomeView, NodeError> {
    Ok(plain(&receipt(bytes)?))
}

/// What exported receipts, logs and evidence prove, and whether they contradict each other. Logs are read as streams.
///
/// # Errors
/// A file that is none of these, or does not verify: the error names the file, the part and where.
pub fn verify_files(sources: &mut [Source<'_>]) -> Result<FilesView, NodeError> {
    let alone = sources.len() == 1;
    let mut all = Files::default();
    let mut checked = Vec::new();
    for (at, source) in sources.iter_mut().enumerate() {
        let one = check(source).map_err(|error| if alone { error } else { named(&source.name, &error) })?;
        match &one {
            Checked::Receipt(verified) => all.receipt(at, verified),
            Checked::Log(log) => all.log(at, log),
            Checked::Evidence(evidence) => all.evidence(at, evidence),
            // speaks of no log
            Checked::Voucher(_) => {}
        }
        checked.push(one);
    }
    let fork = match all.fork() {
        Some(fork) => Some(fork),
        None => against_logs(sources, &checked, &all)?,
    };
    let fork = fork.map(|fork| {
        let name = |at: usize| sources.get(at).map_or("?", |source| source.name.as_str());
        let [one, other] = fork.files.map(name);
        format!("{one} and {other} cannot both be true: the log of {} was {}", fork.party, fork.contradiction)
    });
    Ok(FilesView { files: checked.iter().map(view).collect(), fork })
}

/// Reads each log again where others say what it must come to.
fn against_logs(
    sources: &mut [Source<'_>],
    checked: &[Checked],
    all: &Files,
) -> Result<Option<files::Fork>, NodeError> {
    for (at, (source, one)) in sources.iter_mut().zip(checked).enumerate() {
        let Checked::Log(log) = one else { continue };
        let sizes = all.sizes(&log.party);
        if checked.len() > 1
            && let Some(fork) = all.against(at, &read_log(source, &sizes)?)
        {
            return Ok(Some(fork));
        }
    }
    Ok(None)
}

fn check(source: &mut Source<'_>) -> Result<Checked, NodeError> {
    let mut file = (source.open)().map_err(|error| unread(&error))?;
    let mut beginning = Vec::new();
    file.by_ref().take(BEGINNING).read_to_end(&mut beginning).map_err(|error| unread(&error))?;
    let kind = files::kind(&beginning);
    let rest = |limit: usize| {
        let mut bytes = Vec::new();
        // one byte more tells "too large" from "as large as allowed"
        let most = limit as u64 + 1;
        Cursor::new(beginning).chain(file).take(most).read_to_end(&mut bytes).map_err(|error| unread(&error))?;
        Ok::<_, NodeError>(bytes)
    };
    match kind {
        Some(Kind::Receipt) | None => Ok(Checked::Receipt(Box::new(receipt(&rest(BUNDLE_BYTES)?)?))),
        Some(Kind::Evidence) => {
            let evidence = Evidence::verify(&rest(EVIDENCE_BYTES)?);
            evidence.map(|found| Checked::Evidence(Box::new(found))).map_err(|error| invalid(error.to_string()))
        }
        Some(Kind::Voucher) => {
            let voucher = VoucherFile::open(&rest(voucher::FILE_BYTES)?);
            let voucher = voucher.map_err(|error| invalid(format!("the voucher does not verify: {error}")))?;
            Ok(Checked::Voucher(Box::new(voucher)))
        }
        Some(Kind::Log) => read_log(source, &BTreeSet::new()).map(Checked::Log),
        Some(Kind::OldLog) => Err(invalid(
            "a log as the first version exported it, which nobody but its owner could hold to anything; \
             export it again: halfdoor log export FILE"
                .to_owned(),
        )),
    }
}

fn read_log(source: &mut Source<'_>, sizes: &BTreeSet<u64>) -> Result<LogFile, NodeError> {
    let file = (source.open)().map_err(|error| unread(&error))?;
    files::verify(file, sizes).map_err(|error| match error {
        BadLog::Read(error) => unread(&error),
        other => invalid(other.to_string()),
    })
}

fn receipt(bytes: &[u8]) -> Result<Verified, NodeError> {
    bundle::verify(bytes).map_err(|error| invalid(error.to_string()))
}

fn invalid(why: String) -> NodeError {
    NodeError::Invalid { field: "file", why }
}

fn unread(error: &io::Error) -> NodeError {
    invalid(format!("it cannot be read: {error}"))
}

fn named(name: &str, error: &NodeError) -> NodeError {
    match error {
        NodeError::Invalid { why, .. } => invalid(format!("{name}: {why}")),
        other => invalid(format!("{name}: {other}")),
    }
}

fn view(checked: &Checked) -> FileView {
    match checked {
        Checked::Receipt(verified) => FileView::Outcome(Box::new(plain(verified))),
        Checked::Log(log) => FileView::Log(log_view(log)),
        Checked::Evidence(evidence) => FileView::Evidence(EvidenceView {
            party: evidence.statements[0].party.to_string(),
            contradiction: evidence.contradiction.to_string(),
            said: [evidence.statements[0].created, evidence.statements[1].created],
        }),
        Checked::Voucher(file) => FileView::Voucher(voucher_view(file)),
    }
}

fn voucher_view(file: &VoucherFile) -> VoucherFileView {
    let subject = file.subject.as_ref().map(|text| text.as_str());
    let holder = file.signed.voucher().holder.map(|party| party.to_string());
    VoucherFileView { issuer: issuers::plain(&file.signed, subject), holder }
}

fn log_view(log: &LogFile) -> LogFileView {
    let mut verified = vec![
        "its party signed the head of the log".to_owned(),
        "the log begins with that party, and no entry is earlier than the one before it".to_owned(),
        format!("all {} entries are those that were signed over, in their order", log.head.size),
    ];
    verified.extend(log.restored.iter().map(|head| format!("it began anew from a backup of {} entries", head.size)));
    verified.extend(log.cosigned.iter().map(|(by, size)| format!("{by} cosigned its first {size} entries")));
    if log.restored.is_empty() {
        verified.push(format!("it was never begun anew until {}", prompt::day(log.last)));
    }
    LogFileView {
        party: log.party.to_string(),
        size: log.head.size,
        root: log.head.root.to_string(),
        last: log.last,
        pruned: log.pruned,
        verified,
    }
}
