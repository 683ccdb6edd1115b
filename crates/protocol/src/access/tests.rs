use super::*;

#[test]
fn a_proof_is_of_one_token_one_relay_and_one_node() {
    let made = |token: &[u8], relay: &[u8], node: &[u8]| proof(token, relay, node).expect("small");
    let all = [
        made(b"a token of some bytes", b"relay", b"node"),
        made(b"a token of other bytes", b"relay", b"node"),
        made(b"a token of some bytes", b"other", b"node"),
        made(b"a token of some bytes", b"relay", b"other"),
        made(b"a token of some bytes", b"relaynode", b""),
        made(b"a token of some bytes", b"node", b"relay"),
    ];
    let distinct: std::collections::BTreeSet<_> = all.iter().map(|proof| proof.0).collect();
    assert_eq!(distinct.len(), all.len());
    assert_eq!(all[0], made(b"a token of some bytes", b"relay", b"node"));
}

#[test]
fn what_is_said_reads_as_it_was_written_and_nothing_else_reads() {
    let show = Show { proof: Digest([7; 32]) };
    let bytes = show.to_vec().expect("encodes");
    assert!(bytes.len() <= BYTES);
    assert_eq!(Show::from_slice(&bytes).expect("reads"), show);
    for said in [Said::Admitted, Said::Refused] {
        assert_eq!(Said::from_slice(&said.to_vec().expect("encodes")).expect("reads"), said);
    }
    for at in 0..bytes.len() {
        assert!(Show::from_slice(&bytes[..at]).is_err());
    }
    assert!(Show::from_slice(&[0; BYTES + 1]).is_err());
    assert!(Said::from_slice(b"\x65maybe").is_err());
}
