use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

#[test]
fn a_number_changes_scale_only_if_no_digit_is_lost() {
    assert_eq!(rescaled(&decimal("12.5"), 2), Some(1250));
    assert_eq!(rescaled(&decimal("12.50"), 1), Some(125));
    assert_eq!(rescaled(&decimal("12.55"), 1), None);
    assert_eq!(rescaled(&decimal("-3"), 0), Some(-3));
}

#[test]
fn a_number_that_needs_29_digits_at_the_columns_scale_is_refused() {
    assert_eq!(rescaled(&Decimal::new(10_i128.pow(27), 0).unwrap(), 0), Some(10_i128.pow(27)));
    assert_eq!(rescaled(&Decimal::new(10_i128.pow(27), 0).unwrap(), 1), None);
    assert_eq!(rescaled(&Decimal::new(-(10_i128.pow(27)), 0).unwrap(), 12), None);
}

#[test]
fn only_whole_numbers_of_64_bits_are_integers() {
    assert_eq!(integer(&decimal("-9223372036854775808")), Some(i64::MIN));
    assert_eq!(integer(&decimal("9223372036854775808")), None);
    assert_eq!(integer(&decimal("1.5")), None);
    assert_eq!(integer(&decimal("2.0")), Some(2));
}

/// Types and rows of the chunks that some numbers become, in a column of scale 2.
fn chunks(numbers: impl Iterator<Item = i128>) -> Vec<(bool, usize)> {
    let of = ColumnType::Decimal(2);
    let mut column = ColumnBuilder::new(of);
    let mut expected = Vec::new();
    for number in numbers {
        column.push(&Cell::Number(Decimal::new(number, 2).unwrap())).unwrap();
        expected.push(number.to_string());
    }
    let mut found = Vec::new();
    let described = column.finish().unwrap().into_iter().map(|made| {
        let values = chunk::decode(&made.bytes, of).unwrap();
        assert_eq!(values.len(), made.rows as usize);
        found.extend(crate::text::texts(&values).into_iter().flatten().map(|text| text.replace('.', "")));
        (Some(values.data_type()) == chunk::narrow_type(of).as_ref(), values.len())
    });
    let described = described.collect();
    let trimmed = |text: &String| text.parse::<i128>().unwrap();
    assert!(found.iter().map(trimmed).eq(expected.iter().map(trimmed)), "no number is lost or moved");
    described
}

#[test]
fn decimals_of_18_digits_lie_in_8_bytes_and_others_in_16() {
    let most = 10_i128.pow(18) - 1;
    assert_eq!(chunks([1, most, -most].into_iter()), [(true, 3)]);
    assert_eq!(chunks([most + 1].into_iter()), [(false, 1)]);
    assert_eq!(chunks([1, 2, -most - 1, 3].into_iter()), [(true, 2), (false, 2)], "a wide one begins a chunk");
    let cut = chunks((0..40_000).map(|n| if n == 20_000 { most + 1 } else { n }));
    assert_eq!(cut.iter().map(|(_, rows)| rows).sum::<usize>(), 40_000);
    assert_eq!(
        cut.iter().filter(|(narrow, _)| !narrow).count(),
        1,
        "the chunk after a wide one is narrow again: {cut:?}"
    );
    let wide = chunks((0..20_000).map(|_| most + 1));
    assert!(wide.iter().all(|(narrow, rows)| !narrow && *rows <= 8_192), "{wide:?}");
}
