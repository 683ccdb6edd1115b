//! What people type or hand over: bounded and checked before it goes anywhere.

use crate::error::{CliError, Kind};
use protocol::{BadText, Kind as ComputationKind, Salt, Text};
use std::{
    fs::File,
    io::{BufRead, IsTerminal as _, Read, Write},
    path::Path,
};

/// Reads a file, or standard input for `-`, up to `limit` bytes.
pub(crate) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, CliError> {
    let unreadable = |e| CliError::failed(format!("{} cannot be read", path.display())).because(e);
    let source: Box<dyn Read> = match path.as_os_str() == "-" {
        true => Box::new(std::io::stdin().lock()),
        false => Box::new(File::open(path).map_err(unreadable)?),
    };
    let mut bytes = Vec::new();
    // One byte more than allowed tells "too large" from "exactly as large as allowed".
    source.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|read| read <= limit) {
        return Ok(bytes);
    }
    Err(CliError::failed(format!("{} is larger than {} MiB", path.display(), limit >> 20)))
}

/// Writes a new file, or standard output for `-`. A file that exists is kept.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    copy_file(path, bytes)
}

/// The same from a source of any length. A file that could not be written whole is not left behind.
pub(crate) fn copy_file(path: &Path, mut source: impl Read) -> Result<(), CliError> {
    if path.as_os_str() == "-" {
        if std::io::stdout().is_terminal() {
            return Err(
                CliError::usage("this file is not text").hint("name a file, or send the output somewhere: > FILE")
            );
        }
        return crate::print::copied(source);
    }
    let unwritable = |e: std::io::Error| {
        let exists = e.kind() == std::io::ErrorKind::AlreadyExists;
        let error = CliError::failed(format!("{} cannot be written", path.display())).because(e);
        if exists { error.hint("name a file that does not exist yet") } else { error }
    };
    let mut file = File::create_new(path).map_err(unwritable)?;
    std::io::copy(&mut source, &mut file).and_then(|_| file.sync_all()).map_err(|e| {
        // what is there of it could be taken for the whole
        let _ = std::fs::remove_file(path);
        unwritable(e)
    })
}

/// Words for somebody else's eyes: the other side would refuse the message as a whole, so they are refused here, by name.
pub(crate) fn words(what: &str, text: &str) -> Result<(), CliError> {
    // The salt of this check is never used.
    let deceptive = "write it without invisible characters, line breaks and direction marks";
    Text::new(text, Salt([0; 16])).map(|_| ()).map_err(|e| {
        let error = CliError::usage(format!("{what} cannot be sent")).hint(match &e {
            BadText::Deceptive { .. } => deceptive,
            _ => "say it in fewer words",
        });
        error.because(e)
    })
}

/// The name of a statistic or a credit attribute as the protocol has it.
pub(crate) fn computation(name: &str) -> Result<String, String> {
    one_of(&ComputationKind::STATISTICS, name)
}

/// The name of any kind of computation, questions among them: what a standing grant lists.
pub(crate) fn kind(name: &str) -> Result<String, String> {
    one_of(&ComputationKind::ALL, name)
}

fn one_of(known: &[ComputationKind], name: &str) -> Result<String, String> {
    let attribute = |kind: &ComputationKind| matches!(kind, ComputationKind::Attribute(_));
    let found = ComputationKind::named(name).filter(|kind| attribute(kind) || known.contains(kind));
    found.map(|kind| kind.name().to_owned()).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|kind| kind.name()).collect();
        format!("known are {}, and what halfdoor attributes lists", names.join(", "))
    })
}

/// What somebody answered to a question with two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The first word.
    First,
    /// The second word.
    Second,
}

/// Asks a question whose answer is one of two words, typed in full. Anything else, silence too, is no answer.
pub(crate) fn ask(
    question: &str,
    words: [&str; 2],
    from: &mut impl BufRead,
    to: &mut impl Write,
) -> Result<Answer, CliError> {
    let unasked = |e| CliError::failed("the question could not be asked").because(e);
    write!(to, "{question} ").and_then(|()| to.flush()).map_err(unasked)?;
    let mut line = String::new();
    from.take(64).read_line(&mut line).map_err(unasked)?;
    let typed = line.trim();
    match words {
        [first, _] if typed == first => Ok(Answer::First),
        [_, second] if typed == second => Ok(Answer::Second),
        [first, second] => {
            Err(CliError::new(Kind::Undecided, format!("that was neither {first} nor {second}, so nothing was done"))
                .hint("ask again whenever you like: nothing happens until you decide"))
        }
    }
}

/// Asks on the terminal for one word, or for others in a line: these are answered, the one word is none.
pub(crate) fn ask_words_here(question: &str, word: &str) -> Result<Option<String>, CliError> {
    ask_words(question, word, &mut std::io::stdin().lock(), &mut std::io::stderr().lock())
}

fn ask_words(
    question: &str,
    word: &str,
    from: &mut impl BufRead,
    to: &mut impl Write,
) -> Result<Option<String>, CliError> {
    let unasked = |e| CliError::failed("the question could not be asked").because(e);
    write!(to, "{question} ").and_then(|()| to.flush()).map_err(unasked)?;
    let mut line = String::new();
    from.take(512).read_line(&mut line).map_err(unasked)?;
    let typed = line.trim();
    Ok((typed != word).then(|| typed.to_owned()))
}

/// Asks on the terminal; the question goes to stderr, so that stdout holds answers only.
pub(crate) fn ask_here(question: &str, words: [&str; 2]) -> Result<Answer, CliError> {
    ask(question, words, &mut std::io::stdin().lock(), &mut std::io::stderr().lock())
}

/// Whether somebody sits there to be asked: what is typed comes from a terminal, and the prompt can be seen on one.
pub(crate) fn somebody_is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests;
