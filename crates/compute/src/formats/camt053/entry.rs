//! An entry of a statement, and the payments within it.

use crate::formats::{Excerpt, RowProblem, balance::sum, element::Element, field, ledger::Transaction};
use protocol::Decimal;

/// References that name nothing.
const NO_REFERENCE: &[&str] = &["NOTPROVIDED", "NONREF", "NOREF"];

/// The transactions of an entry: its payments where they add up to it, else itself.
pub(super) fn transactions(
    entry: &Element,
    account: Option<&str>,
    currency: Option<&str>,
) -> Vec<Result<Transaction, RowProblem>> {
    let whole = match whole(entry, account, currency) {
        Ok(whole) => whole,
        Err(problem) => return vec![Err(problem)],
    };
    let payments: Vec<&Element> = entry.all("NtryDtls").flat_map(|details| details.all("TxDtls")).collect();
    if let Some(amounts) = parts(&payments, &whole) {
        let each = payments.iter().zip(amounts).map(|(payment, amount)| {
            let (description, counterparty) = told(entry, Some(payment), amount.mantissa() > 0);
            let id = payment.text_at("Refs/AcctSvcrRef").filter(|id| !NO_REFERENCE.contains(id));
            Ok(Transaction { amount, description, counterparty, id: id.map(str::to_owned), ..whole.clone() })
        });
        return each.collect();
    }
    let only = payments.first().copied().filter(|_| payments.len() == 1);
    let (description, counterparty) = told(entry, only, whole.amount.mantissa() > 0);
    vec![Ok(Transaction { description, counterparty, ..whole })]
}

/// The entry without its words.
fn whole(entry: &Element, account: Option<&str>, currency: Option<&str>) -> Result<Transaction, RowProblem> {
    let written = field::plain_amount(field::needed(entry.text_at("Amt"), "Amt")?, "Amt")?;
    let day = ["BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"].iter().find_map(|path| entry.text_at(path));
    let currency = entry.at("Amt").and_then(|amount| amount.attribute("Ccy")).or(currency);
    let id = entry.text_at("AcctSvcrRef").filter(|id| !NO_REFERENCE.contains(id));
    Ok(Transaction {
        date: field::iso_day(field::needed(day, "BookgDt")?, "BookgDt")?,
        amount: directed(written, field::needed(entry.text_at("CdtDbtInd"), "CdtDbtInd")?)?,
        currency: currency.map(|code| field::currency(code, "Ccy")).transpose()?,
        description: String::new(),
        counterparty: String::new(),
        balance: None,
        account: account.map(str::to_owned),
        id: id.map(str::to_owned),
    })
}

fn directed(amount: Decimal, direction: &str) -> Result<Decimal, RowProblem> {
    match direction {
        "CRDT" => Ok(amount),
        "DBIT" => field::negated(amount),
        other => Err(RowProblem::Field { cell: Excerpt::of(other), expected: "CRDT or DBIT", field: "CdtDbtInd" }),
    }
}

/// The amounts of several payments, if each has one in the entry's currency and they add up to the entry.
fn parts(payments: &[&Element], whole: &Transaction) -> Option<Vec<Decimal>> {
    if payments.len() < 2 {
        return None;
    }
    let out = whole.amount.mantissa() < 0;
    let mut amounts = Vec::with_capacity(payments.len());
    let mut total = Decimal::new(0, 0).ok()?;
    for payment in payments {
        let stated = payment.at("AmtDtls/TxAmt/Amt").or_else(|| payment.at("Amt"))?;
        if stated.attribute("Ccy") != whole.currency.as_deref() {
            return None;
        }
        let written = field::plain_amount(&stated.text, "Amt").ok()?;
        let direction = payment.text_at("CdtDbtInd").unwrap_or(if out { "DBIT" } else { "CRDT" });
        let amount = directed(written, direction).ok()?;
        total = sum(&total, &amount)?;
        amounts.push(amount);
    }
    (total.normalized() == whole.amount.normalized()).then_some(amounts)
}

/// What it was for, and the other side: who is paid of money out, who pays of money in; of a reversal the other way.
fn told(entry: &Element, payment: Option<&Element>, money_in: bool) -> (String, String) {
    let reversed = matches!(entry.text_at("RvslInd"), Some("true" | "1"));
    let party = if money_in == reversed { "Cdtr" } else { "Dbtr" };
    let name = payment.and_then(|payment| {
        let paths = [format!("RltdPties/{party}/Nm"), format!("RltdPties/{party}/Pty/Nm")];
        paths.iter().find_map(|path| payment.text_at(path))
    });
    let lines: Vec<&str> = payment
        .and_then(|payment| payment.at("RmtInf"))
        .into_iter()
        .flat_map(|remittance| remittance.all("Ustrd"))
        .map(|line| line.text.as_str())
        .collect();
    let unstructured = Some(lines.join(" ")).filter(|text| !text.trim().is_empty());
    let description = unstructured
        .or_else(|| payment?.text_at("RmtInf/Strd/CdtrRefInf/Ref").map(str::to_owned))
        .or_else(|| payment?.text_at("AddtlTxInf").map(str::to_owned))
        .or_else(|| entry.text_at("AddtlNtryInf").map(str::to_owned));
    (description.map(|text| field::words(&text)).unwrap_or_default(), name.map(field::words).unwrap_or_default())
}
