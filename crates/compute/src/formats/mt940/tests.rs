//! The samples are made up.

use crate::formats::{
    Format, Options, read,
    testing::{amounts, notes, options, read_as_node, refusal, rows, skipped, skipping},
};

const SAMPLE: &str = "\r\n:20:STARTUMS\r\n:25:10020030/1234567\r\n:28C:00001/001\r\n:60F:C250130EUR2000,00\r\n\
:61:2501310131DR61,40N024NONREF//B5A30\r\n\
:86:005?00LASTSCHRIFT?109248?20EREF+47110 ABSCHLAG STROM U?21ND WASSER?22KD 99?30BANKDEFF\r\n\
?31DE02120300000000202051?32Stadtwerke Muster?33stadt?34992\r\n\
:61:2502030203CR2500,N051NONREF\r\n:86:GEHALT FEBRUAR\r\nWERK GMBH\r\n\
:61:2502040204RC10,5NMSCREF1\r\n:86:/TRTP/SEPA/IBAN/NL01/NAME/J. Jansen/REMI/Terug/betaling/EREF/x\r\n\
:62F:C250204EUR4428,10\r\n-\r\n";

fn told(text: &str) -> Vec<String> {
    rows(&read_as_node(text.as_bytes()).unwrap()).iter().map(|row| row[..6].join("|")).collect()
}

#[test]
fn statement_lines_and_their_details_become_transactions_with_balances() {
    assert_eq!(
        told(SAMPLE),
        [
            "2025-01-31|-61.40|EUR|EREF+47110 ABSCHLAG STROM UND WASSER KD 99|Stadtwerke Muster stadt|1938.60",
            "2025-02-03|2500.00|EUR|GEHALT FEBRUAR WERK GMBH||4438.60",
            "2025-02-04|-10.50|EUR|Terug/betaling|J. Jansen|4428.10",
        ]
    );
    let reading = read_as_node(SAMPLE.as_bytes()).unwrap();
    assert_eq!((reading.format, reading.notes.len()), (Format::Mt940, 0));
    assert_eq!(rows(&reading)[0][6].len(), 16);
}

#[test]
fn the_envelope_of_swift_is_no_part_of_the_statement() {
    let swift =
        format!("{{1:F01BANKDEFFAXXX0000000000}}{{2:O9400000}}{{4:{}-}}{{5:}}", SAMPLE.trim_end_matches("-\r\n"));
    assert_eq!(told(&swift), told(SAMPLE));
}

#[test]
fn directions_reversals_and_years_are_those_of_swift() {
    let of = |line: &str| {
        let text = format!(":20:x\n:25:1\n:60F:C241230EUR0,\n:61:{line}\n:62F:C250101EUR0,\n");
        let skipping = read(text.as_bytes(), &skipping());
        skipping.map(|reading| rows(&reading)[0][..2].join(" ")).map_err(|error| error.to_string())
    };
    assert_eq!(of("2412310102D1,NTRFx").unwrap(), "2025-01-02 -1.00");
    assert_eq!(of("2501021231C1,NTRFx").unwrap(), "2024-12-31 1.00");
    assert_eq!(of("250102RD1,5NTRFx").unwrap(), "2025-01-02 1.50");
    assert_eq!(of("250102RC1,5NTRFx").unwrap(), "2025-01-02 -1.50");
    assert_eq!(of("990102CR1,5NTRFx").unwrap(), "1999-01-02 1.50");
    assert!(of("250102ED1,5NTRFx").unwrap_err().contains("only pending ones"));
    for bad in ["", "25", "250231C1,", "250101X1,", "250101C", "250101C,", "250101C1.5", "25é101C1,"] {
        assert!(of(bad).unwrap_err().starts_with("no row can be read; the first, transaction 1 (line 4): "), "{bad}");
    }
}

#[test]
fn exactly_the_faulty_lines_are_left_out_and_then_there_are_no_balances() {
    let text = SAMPLE.replace("2502030203CR2500,", "2502310231CR2500,");
    assert_eq!(
        refusal(text.as_bytes()),
        "transaction 2 (line 9): 2502310231CR2500,N051NONREF is not a statement line with a date (“:61:”); \
         correct it, or skip bad rows"
    );
    let reading = read(text.as_bytes(), &skipping()).unwrap();
    assert_eq!(amounts(&reading), ["-61.40", "-10.50"]);
    assert_eq!(skipped(&reading).len(), 1);
    assert!(rows(&reading).iter().all(|row| row[5].is_empty()) && reading.notes.is_empty());
}

#[test]
fn a_statement_that_does_not_add_up_is_said_and_has_no_balances() {
    let text = SAMPLE.replace("4428,10", "4428,11");
    let reading = read_as_node(text.as_bytes()).unwrap();
    assert!(rows(&reading).iter().all(|row| row[5].is_empty()));
    assert_eq!(
        notes(&reading),
        ["line 2: the transactions do not add up to the change of the balance; no balances are kept of this statement"]
    );
    let unreadable = read_as_node(SAMPLE.replace(":60F:C250130EUR2000,00", ":60F:C2501").as_bytes()).unwrap();
    assert_eq!(notes(&unreadable), ["line 5: the balance :60F: is not read"]);
}

#[test]
fn broken_and_absurd_files_are_refused() {
    let cut = SAMPLE.find(":62F:").unwrap();
    for end in (SAMPLE.find(":28C").unwrap()..cut).step_by(5) {
        assert!(read_as_node(&SAMPLE.as_bytes()[..end]).is_err(), "{}", &SAMPLE[..end]);
    }
    assert_eq!(
        refusal(&SAMPLE.as_bytes()[..cut]),
        "line 13: the file ends within a statement (no closing balance, :62F:), so a part of it is missing; download it again"
    );
    let twice = format!("{}{}", &SAMPLE[..cut], SAMPLE);
    assert!(refusal(twice.as_bytes()).starts_with("line 15: the file ends within a statement"));
    let named = Options { format: Some(Format::Mt940), ..options() };
    assert!(read(b"a,b\n1,2\n", &named).unwrap_err().to_string().starts_with("this is not MT940"));
    let long = SAMPLE.replace("GEHALT", &"x".repeat(10 << 20));
    assert!(refusal(long.as_bytes()).contains("is longer than"));
    let latin: Vec<u8> = SAMPLE.replace("FEBRUAR", "M\u{1}RZ").bytes().map(|b| if b == 1 { 0xC4 } else { b }).collect();
    let reading = read_as_node(&latin).unwrap();
    assert_eq!(
        (&*rows(&reading)[1][3], &*notes(&reading)[0]),
        ("GEHALT MÄRZ WERK GMBH", "it was read as windows-1252")
    );
}
