//! What a form sends, by the names of its fields. Everything in it is text that somebody typed.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// The fields of a form or a query. Of a field that is there twice the first counts, unless all are asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

/// Fields of one form; what comes after is not read.
const FIELDS: usize = 256;

impl Form {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(bytes).take(FIELDS);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// A field without the space around it; empty where it is not there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value.trim())
    }

    /// A field where it says something.
    pub(super) fn said(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Every value of a field that says something.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(of, _)| of == name).map(|(_, value)| value.trim());
        values.filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }

    /// A field as a list, with commas or line ends between.
    pub(super) fn list(&self, name: &str, between: &[char]) -> Vec<String> {
        let parts = self.text(name).split(|letter| between.contains(&letter)).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// A whole number; `None` where nothing is said, an error in words where it is something else.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &'static str) -> Result<Option<T>, node::NodeError> {
        let said = self.said(name).map(|text| text.parse().map_err(|_| invalid(name, super::words::fault::NUMBER)));
        said.transpose()
    }

    /// The end of a day, as a browser sends a date, in seconds since 1970 UTC.
    pub(super) fn day(&self, name: &'static str) -> Result<Option<u64>, node::NodeError> {
        let Some(text) = self.said(name) else { return Ok(None) };
        end_of(&text).map(Some).ok_or_else(|| invalid(name, super::words::fault::DATE))
    }

    pub(super) fn is_there(&self, name: &str) -> bool {
        self.0.iter().any(|(of, _)| of == name)
    }
}

fn end_of(text: &str) -> Option<u64> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let day = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let end = PrimitiveDateTime::new(day, Time::from_hms(23, 59, 59).ok()?).assume_utc();
    u64::try_from(OffsetDateTime::unix_timestamp(end)).ok()
}

fn invalid(field: &'static str, why: &str) -> node::NodeError {
    node::NodeError::Invalid { field, why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_gives_what_was_typed_and_nothing_more() {
        let form = Form::parse(b"name=+Jill%20%26+Co+&empty=&who=a&who=b&bands=1,%202,,3&uses=x");
        assert_eq!((form.text("name"), form.text("none"), form.said("empty")), ("Jill & Co", "", None));
        assert_eq!(
            (form.all("who"), form.list("bands", &[','])),
            (vec!["a".into(), "b".into()], vec!["1".into(), "2".into(), "3".into()])
        );
        assert!(form.number::<u32>("uses").is_err() && form.number::<u32>("none").is_ok_and(|none| none.is_none()));
        assert!(Form::parse(&[0xff, b'=', 0xfe, b'&', b'%']).is_there("%"));
    }

    #[test]
    fn a_day_ends_with_its_last_second_and_no_other_text_is_a_day() {
        assert_eq!(Form::parse(b"until=1970-01-01").day("until").unwrap(), Some(86_399));
        assert_eq!(Form::parse(b"").day("until").unwrap(), None);
        for wrong in ["2025-02-30", "2025", "x-1-1", "2025-13-01", "1969-12-31", "99999999999-01-01"] {
            assert!(Form::parse(format!("until={wrong}").as_bytes()).day("until").is_err(), "{wrong}");
        }
    }
}
