//! Account numbers, which are never stored: a dataset keeps what tells accounts apart and names none.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;

/// The key under which account numbers become what a dataset holds. Whoever lacks it cannot try numbers until one fits.
#[derive(Clone)]
pub struct AccountKey([u8; 32]);

impl AccountKey {
    /// A key of 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The first 16 hexadecimal digits of HMAC-SHA256(key, "halfdoor/account/1" ‖ number), the number without its spaces.
    pub(super) fn hash(&self, number: &str) -> String {
        use fmt::Write as _;
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() }; // any length of key is one
        let plain: String = number.chars().filter(|c| !c.is_whitespace()).collect();
        let hash = mac.chain_update(b"halfdoor/account/1").chain_update(plain).finalize().into_bytes();
        hash.iter().take(8).fold(String::with_capacity(16), |mut text, byte| {
            // writing to a string cannot fail
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountKey(..)")
    }
}

#[cfg(test)]
mod tests;
