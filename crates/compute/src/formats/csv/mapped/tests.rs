use crate::formats::{
    Options, Part, read,
    testing::{amounts, notes, options, rows, skipped},
};

fn mapped(map: &[(Part, &str)]) -> Options {
    Options { map: map.iter().map(|(part, column)| (*part, (*column).to_owned())).collect(), ..options() }
}

const GERMAN: &str = "\"Kontonummer:\";\"DE02120300000000202051\"\n\n\
    Buchungstag;Wertstellung;Buchungstext;Zweck;Name;Betrag;Saldo;Währung\n\
    31.01.25;31.01.25;LASTSCHRIFT;Strom Januar;Stadtwerke;-61,40;1.938,60;EUR\n\
    03.02.25;03.02.25;GEHALT;Februar;Werk GmbH;2.500,00;4.438,60;EUR\n";

fn german() -> Options {
    mapped(&[
        (Part::Date, "Buchungstag"),
        (Part::Amount, "Betrag"),
        (Part::Description, "Buchungstext"),
        (Part::Description, "Zweck"),
        (Part::Counterparty, "Name"),
        (Part::Balance, "Saldo"),
        (Part::Currency, "Währung"),
    ])
}

fn refusal(text: &str, options: &Options) -> String {
    read(text.as_bytes(), options).unwrap_err().to_string()
}

#[test]
fn columns_named_by_the_owner_become_transactions() {
    let reading = read(GERMAN.as_bytes(), &german()).unwrap();
    let told: Vec<String> = rows(&reading).iter().map(|row| row.join("|")).collect();
    assert_eq!(
        told,
        [
            "2025-01-31|-61.40|EUR|LASTSCHRIFT Strom Januar|Stadtwerke|1938.60|",
            "2025-02-03|2500.00|EUR|GEHALT Februar|Werk GmbH|4438.60|",
        ]
    );
}

#[test]
fn money_in_and_out_can_stand_in_two_columns() {
    let text = "Date,Paid out,Paid in,Account\n2025-01-01,5.00,,A\n2025-01-02,,7.00,B\n2025-01-03,-2.50,0,A\n2025-01-04,1,1,A\n";
    let map = mapped(&[
        (Part::Date, "Date"),
        (Part::Debit, "Paid out"),
        (Part::Credit, "Paid in"),
        (Part::Account, "Account"),
    ]);
    assert_eq!(refusal(text, &map), "line 5: it has a debit and a credit; correct it, or skip bad rows");
    let reading = read(text.as_bytes(), &Options { skip_bad_rows: true, ..map }).unwrap();
    assert_eq!(amounts(&reading), ["-5.00", "7.00", "-2.50"]);
    assert_eq!(skipped(&reading), ["line 5: it has a debit and a credit"]);
    let accounts: Vec<String> = rows(&reading).into_iter().map(|row| row[6].clone()).collect();
    assert!(accounts[0] == accounts[2] && accounts[0] != accounts[1] && accounts[0].len() == 16);
}

#[test]
fn a_map_that_does_not_fit_the_file_is_refused_in_words() {
    for (map, expected) in [
        (vec![(Part::Amount, "Betrag")], "the map names no date; say which column it is: date=COLUMN"),
        (
            vec![(Part::Date, "Buchungstag")],
            "the map names no amount; say which column it is: amount=COLUMN, or debit=COLUMN and credit=COLUMN",
        ),
        (vec![(Part::Date, "a"), (Part::Date, "b")], "the map names date twice"),
        (
            vec![(Part::Date, "Buchungstag"), (Part::Amount, "Summe")],
            "there is no column “Summe” in the file; its columns are “Buchungstag”, “Wertstellung”, “Buchungstext”, \
             “Zweck”, “Name”, “Betrag”, “Saldo”, “Währung”",
        ),
        (vec![(Part::Date, "Zweck"), (Part::Amount, "Betrag")], "column “Zweck” does not hold dates"),
        (vec![(Part::Date, "Buchungstag"), (Part::Amount, "Name")], "column “Name” does not hold amounts"),
        (
            vec![(Part::Date, "Buchungstag"), (Part::Amount, "Betrag"), (Part::Debit, "Saldo")],
            "the map names an amount and a debit or credit; it is one or the other",
        ),
    ] {
        assert_eq!(refusal(GERMAN, &mapped(&map)), expected);
    }
    assert_eq!(
        refusal("[1]", &german()),
        "a map of columns is for delimited text, and this is a JSON list; leave the map out"
    );
    assert_eq!(
        refusal("a,a,b\n2025-01-01,1,2\n", &mapped(&[(Part::Date, "a"), (Part::Amount, "b")])),
        "two columns are called “a”; rename one in the file"
    );
}

#[test]
fn faulty_rows_are_named_by_their_lines() {
    let text = GERMAN.to_owned()
        + "31.02.25;;;;;1,00;;EUR\n01.03.25;;;;;zwei;;EUR\n01.03.25;;;;;;;EUR\n01.03.25;x\n01.03.25;;;;;3,00;;Euro\n";
    let reading = read(text.as_bytes(), &Options { skip_bad_rows: true, ..german() }).unwrap();
    assert_eq!(reading.table.rows(), 2);
    assert_eq!(
        skipped(&reading),
        [
            "line 6: 31.02.25 is not a date (column “Buchungstag”)",
            "line 7: zwei is not a number (column “Betrag”)",
            "line 8: it has no “amount”",
            "line 9: 2 fields where there are 8 columns",
            "line 10: Euro is not a currency of three letters (column “Währung”)",
        ]
    );
}

#[test]
fn a_bank_that_writes_windows_1252_is_understood_and_that_is_said() {
    let latin: Vec<u8> = GERMAN.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let reading = read(&latin, &german()).unwrap();
    assert_eq!(notes(&reading), ["it was read as windows-1252"]);
    assert_eq!(rows(&reading), rows(&read(GERMAN.as_bytes(), &german()).unwrap()));
}
