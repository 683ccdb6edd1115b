//! An issuer's voucher, as it travels and as the issuer hands it over: what was accepted is accepted again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::{SignedVoucher, VoucherFile};

fuzz_target!(|data: &[u8]| {
    if let Ok(signed) = SignedVoucher::open(data) {
        assert_eq!(signed.bytes(), data);
    }
    if let Ok(file) = VoucherFile::open(data) {
        let again = file.to_vec().expect("what was decoded encodes");
        assert_eq!(VoucherFile::open(&again).expect("what was encoded decodes"), file);
    }
});
