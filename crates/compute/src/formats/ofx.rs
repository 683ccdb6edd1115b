//! OFX (Open Financial Exchange, also QFX): 1.x, which is SGML, and 2.x, which is XML or says that it is.
//!
//! Source: the OFX specification 2.3 and 1.6 (financialdataexchange.org), chapters 2, 3 and 11. Banks write both badly,
//! so one reader serves both: an element of a transaction is the text between its tag and the next one, whether it is
//! closed or not; only aggregates that matter here are kept track of. Dates are the bank's, as written: a time zone
//! beside one moves nothing. Crates that read OFX (ofx-rs, ofxy) refuse a file whole for one bad value and name no line.

mod charset;
mod statement;

use super::{
    Format, Note, Options, ReadError, Reading, ledger,
    ledger::Sink,
    markup::{Markup, Piece},
};
use statement::Statement;

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Reading, ReadError> {
    let decoded = charset::decode(bytes)?;
    let text = charset::tidied(&decoded.text);
    ledger::read(Format::Ofx, options, |sink| {
        decoded.encoding.into_iter().for_each(|encoding| sink.note(Note::Encoding { encoding }));
        pass(&text, options, sink)
    })
}

/// Goes through a file once.
fn pass(text: &str, options: &Options, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let mut markup = Markup::lenient(text);
    let mut statement = Statement::new(options, sink);
    loop {
        match markup.next()? {
            Piece::Open(tag) => statement.open(tag.name().0, markup.line())?,
            Piece::Text(text) => statement.text(&text),
            Piece::Close(tag) => statement.close(tag.name().0)?,
            Piece::End => break,
        }
    }
    match statement.left_open() {
        _ if !statement.is_ofx() => Err(ReadError::NotThat { format: Format::Ofx }),
        Some(tag) => Err(markup.cut_off(&format!("<{tag}>"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
