use super::*;

fn sound() -> Record {
    let mut record = Record::new();
    let hash = || ByteBuf::from(vec![1; 32]);
    (record.request, record.model, record.seed) = (hash(), hash(), hash());
    record.commitments = vec![hash(), hash()];
    record.reveals = vec![ByteBuf::from(vec![2; 96]); 2];
    let starts = ByteBuf::from(vec![0, 3, 5]);
    record.inputs = vec![Input { feature: 4, holder: 1, starts, end: 8, sent: ByteBuf::from(vec![3; 9]) }];
    record
}

#[test]
fn a_record_reads_as_it_was_written() {
    let record = sound();
    assert_eq!(Record::from_bytes(&record.to_bytes().unwrap()).unwrap(), record);
    assert_eq!(record.inputs[0].bins().unwrap().starts(), ([0, 3, 5].as_slice(), 8));
}

#[test]
fn broken_records_are_refused() {
    let refused = |change: &dyn Fn(&mut Record), word: &str| {
        let mut record = sound();
        change(&mut record);
        let why = Record::from_bytes(&record.to_bytes().unwrap()).unwrap_err().to_string();
        assert!(why.contains(word), "{why} does not say {word}");
    };
    refused(&|record| record.format = 2, "format");
    refused(&|record| record.commitments.truncate(1), "holders");
    refused(&|record| record.reveals.truncate(1), "holders");
    refused(&|record| record.seed.truncate(31), "hashes");
    refused(&|record| record.commitments[1].push(0), "hashes");
    refused(&|record| record.inputs[0].holder = 2, "features");
    for starts in [vec![], vec![1, 2], vec![0, 2, 2], vec![0, 3, 2], vec![0, 8]] {
        refused(&|record| record.inputs[0].starts = starts.clone().into(), "bins");
    }
    refused(&|record| record.inputs[0].end = 65, "bins");
    let bytes = sound().to_bytes().unwrap();
    for end in 0..bytes.len() {
        assert!(Record::from_bytes(&bytes[..end]).is_err());
    }
    assert!(Record::from_bytes(&[bytes.as_slice(), &[0]].concat()).is_err());
    assert!(matches!(Record::from_bytes(&vec![0; LONGEST_RECORD + 1]), Err(RecordError::TooLong(_))));
}
