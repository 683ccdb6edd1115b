//! What holds for every attribute.
