//! The samples are made up.

use crate::formats::{
    DayMonth, Format, Options, read,
    testing::{amounts, notes, options, read_as_node, refusal, rows, skipped, skipping},
};

const SAMPLE: &str = "!Option:AutoSwitch\n!Account\nNChecking\nTBank\n^\n!Type:Bank\nD1/31'25\nT-1,061.40\nU-1,061.40\n\
    PElectric Company\nMJanuary\nLUtilities\nSUtilities\n$-1,061.40\n^\nD2/ 3'25\nT2,500.00\nPPayroll\n^\n!Account\nNCard\nTCCard\n^\n\
    !Type:CCard\nD02/14/2025\nT-9.99\nPBooks\n^\n!Type:Cat\nNUtilities\n^\n!Type:Invst\nD1/31'25\nNBuy\n^\n";

fn told(text: &str, options: &Options) -> Vec<String> {
    rows(&read(text.as_bytes(), options).unwrap()).iter().map(|row| row[..6].join("|")).collect()
}

#[test]
fn records_of_accounts_become_transactions() {
    let dollars = Options { currency: Some("USD".to_owned()), ..options() };
    assert_eq!(
        told(SAMPLE, &dollars),
        [
            "2025-01-31|-1061.40|USD|January|Electric Company|",
            "2025-02-03|2500.00|USD|Payroll|Payroll|",
            "2025-02-14|-9.99|USD|Books|Books|",
        ]
    );
    let reading = read_as_node(SAMPLE.as_bytes()).unwrap();
    assert_eq!(reading.format, Format::Qif);
    assert_eq!(notes(&reading), ["line 32: a section on investments is not read"]);
    let accounts: Vec<String> = rows(&reading).into_iter().map(|row| row[6].clone()).collect();
    assert!(accounts[0] == accounts[1] && accounts[0] != accounts[2] && accounts[2].len() == 16);
}

#[test]
fn the_order_of_day_and_month_is_decided_by_the_whole_file_or_asked_for() {
    let european = "!Type:Bank\nD31.01.2025\nT-1.061,40\nPa\n^\nD01.02.2025\nT5,00\nPb\n^\n";
    assert_eq!(told(european, &options()), ["2025-01-31|-1061.40||a|a|", "2025-02-01|5.00||b|b|"]);
    let unclear = "!Type:Bank\nD03/04/2025\nT5.00\nPb\n^\n";
    assert_eq!(
        refusal(unclear.as_bytes()),
        "column “date”: 03/04/2025 can be day/month or month/day, and no date in the column tells; say whether dates are \
         day-first or month-first"
    );
    let told_so = Options { day_month: Some(DayMonth::DayFirst), ..options() };
    assert_eq!(told(unclear, &told_so), ["2025-04-03|5.00||b|b|"]);
}

#[test]
fn exactly_the_faulty_records_are_left_out() {
    let text = "!Type:Bank\nD1/31/2025\nT1.00\n^\nD2/31/2025\nT2.00\n^\nT3.00\n^\nD1/31/2025\n^\nD1/31/2025\nTmuch\n^\nD1/31/2025\nT6.00\n^\n";
    let reading = read(text.as_bytes(), &skipping()).unwrap();
    assert_eq!(amounts(&reading), ["1.00", "6.00"]);
    assert_eq!(
        skipped(&reading),
        [
            "transaction 2 (line 5): 2/31/2025 is not a date (“D”)",
            "transaction 3 (line 8): it has no “D”",
            "transaction 4 (line 10): it has no “T”",
            "transaction 5 (line 12): much is not an amount (“T”)",
        ]
    );
}

#[test]
fn broken_and_absurd_files_are_refused() {
    assert_eq!(
        refusal(b"!Type:Bank\nD1/31/2025\nT1.00\n^\nD1/31/2025\nT2."),
        "line 6: the file ends within a transaction (no ^ ends it), so a part of it is missing; download it again"
    );
    assert_eq!(
        refusal(b"!Type:Cat\nNx\n^\n").split(';').next().unwrap(),
        "there are no booked transactions in this file"
    );
    let named = Options { format: Some(Format::Qif), ..options() };
    assert!(read(b"a,b\n1,2\n", &named).unwrap_err().to_string().starts_with("this is not QIF"));
    let long = format!("!Type:Bank\nD1/31/2025\nT1.00\nM{}\n^\n", "x".repeat(10 << 20));
    assert!(refusal(long.as_bytes()).contains("a text of 10485760 bytes is longer than"));
    let huge = format!("!Type:Bank\nD1/31/2025\nT{}\n^\n", "9".repeat(10 << 20));
    assert!(refusal(huge.as_bytes()).contains("has more than 28 digits"));
    let old = read_as_node(b"!Type:Bank\nD1/31/2025\nT1.00\nPCaf\xE9\n^\n").unwrap();
    assert_eq!((&*rows(&old)[0][4], &*notes(&old)[0]), ("Café", "it was read as windows-1252"));
}
