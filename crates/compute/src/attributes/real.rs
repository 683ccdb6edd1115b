//! Attributes over statements of real banks.
