use super::*;

#[test]
fn deceptive_characters_are_escaped_and_nothing_is_lost() {
    let told = serde_json::json!({ "reason": "a\u{202e}b\u{9b}31mc\u{7f}d\u{e0041}é名", "n": [1, 2.5] });
    let shown = escaped(&serde_json::to_string_pretty(&told).unwrap());
    for hidden in ['\u{202e}', '\u{9b}', '\u{7f}', '\u{e0041}'] {
        assert!(!shown.contains(hidden), "{hidden:?}");
    }
    assert!(shown.contains("\\u202e") && shown.contains("é名") && shown.contains('\n'));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), told);
}
