use super::{
    beside,
    file::{Content, Understood},
};
use crate::{context::Context, error::CliError, input, print};
use clap::Args;
use data_encoding::BASE64;
use node::wishes::NewVoucher;
use std::path::PathBuf;

/// Vouch for a file that you made, as a bank does for a statement: writes FILE.voucher, to be handed over beside it
///
/// What is signed are the rows as they are understood, so that the file may be saved anew; a row that is changed, lost, added
/// or moved breaks it. Whoever stores the file with its voucher can show that you signed it, and not what it says.
#[derive(Debug, Args)]
pub(super) struct Sign {
    /// The file; - reads standard input
    file: PathBuf,
    /// What, or whom, it is about: shown to its holder and to whom they show the dataset
    #[arg(long, default_value = "")]
    subject: String,
    /// The person it is for, whose key it then names: it counts for nobody else's data
    #[arg(long = "for", value_name = "NAME")]
    holder: Option<String>,
    /// Where to write the voucher [default: FILE.voucher]
    #[arg(long, value_name = "VOUCHER")]
    to: Option<PathBuf>,
    #[command(flatten)]
    understood: Understood,
}

impl Sign {
    pub(super) fn run(self, at: &Context) -> Result<(), CliError> {
        input::words("the subject", &self.subject)?;
        let to = match self.to {
            Some(to) => to,
            None if self.file.as_os_str() == "-" => {
                return Err(CliError::usage("there is no name to write beside").hint("say where: --to VOUCHER"));
            }
            None => beside(&self.file),
        };
        let client = at.client()?;
        let Content { content, content_base64 } = Content::of(&self.file)?;
        let Understood { format, skip_bad_rows, .. } = self.understood.clone();
        let (reading, holder) = (self.understood.reading(), self.holder);
        let subject = Some(self.subject).filter(|subject| !subject.is_empty());
        let wish = NewVoucher { content, content_base64, format, skip_bad_rows, reading, subject, holder };
        let made = print::waiting("signing", || client.vouch(&wish))?;
        let file = BASE64.decode(made.file_base64.as_bytes());
        input::write_file(&to, &file.map_err(|e| CliError::failed("the node's answer makes no sense").because(e))?)?;
        at.answer(&made, |made| print::voucher(made, &to))
    }
}
