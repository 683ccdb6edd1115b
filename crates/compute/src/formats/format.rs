//! The formats by name.

/// A format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Delimited text, with or without a header.
    Csv,
    /// A JSON list of numbers, or of objects without nesting.
    Json,
    /// Open Financial Exchange, also called QFX: 1.x as SGML, 2.x as XML.
    Ofx,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Ofx];

    /// Its name, as people choose it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// What it is called in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().1
    }

    /// The format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("csv", "delimited text (CSV)"),
            Self::Json => ("json", "a JSON list"),
            Self::Ofx => ("ofx", "OFX"),
        }
    }
}
