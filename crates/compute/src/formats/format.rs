//! The formats by name.

/// A format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Delimited text, with or without a header.
    Csv,
    /// A JSON list of numbers, or of objects without nesting.
    Json,
    /// Apache Parquet with flat columns.
    Parquet,
    /// Open Financial Exchange, also called QFX: 1.x as SGML, 2.x as XML.
    Ofx,
    /// Quicken Interchange Format.
    Qif,
    /// A bank statement of ISO 20022 as XML.
    Camt053,
    /// A customer statement of SWIFT.
    Mt940,
    /// Green Button: readings of a meter as XML.
    Espi,
    /// JSON with transactions as Plaid gives them.
    Plaid,
    /// JSON with transactions as the Financial Data Exchange defines them.
    Fdx,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 10] = [
        Self::Csv,
        Self::Json,
        Self::Parquet,
        Self::Ofx,
        Self::Qif,
        Self::Camt053,
        Self::Mt940,
        Self::Espi,
        Self::Plaid,
        Self::Fdx,
    ];

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
            Self::Parquet => ("parquet", "Parquet"),
            Self::Ofx => ("ofx", "OFX"),
            Self::Qif => ("qif", "QIF"),
            Self::Camt053 => ("camt.053", "camt.053"),
            Self::Mt940 => ("mt940", "MT940"),
            Self::Espi => ("espi", "Green Button (ESPI)"),
            Self::Plaid => ("plaid", "JSON of Plaid"),
            Self::Fdx => ("fdx", "JSON of FDX"),
        }
    }
}
