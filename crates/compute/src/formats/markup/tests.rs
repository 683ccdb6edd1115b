use super::*;

/// Pieces as text, until the end or the refusal.
fn pieces(mut markup: Markup<'_>) -> Result<String, String> {
    let mut shown = String::new();
    loop {
        let piece = markup.next().map_err(|error| error.to_string())?;
        let line = markup.line();
        match piece {
            Piece::Open(tag) => shown += &format!("{line}:<{}> ", tag.name().0),
            Piece::Close(tag) => shown += &format!("{line}:</{}> ", tag.name().0),
            Piece::Text(text) if text.trim().is_empty() => {}
            Piece::Text(text) => shown += &format!("{line}:{} ", text.trim()),
            Piece::End => return Ok(shown.trim_end().to_owned()),
        }
    }
}

#[test]
fn pieces_have_the_line_they_begin_on() {
    let text = "<?xml version='1.0'?>\n<a>\r\n <b x='1'>one\n two</b>\n<c/><!-- no --></a>\n";
    assert_eq!(pieces(Markup::strict(text)).unwrap(), "2:<a> 3:<b> 3:one\n two 4:</b> 5:<c> 5:</c> 5:</a>");
}

#[test]
fn only_entities_of_xml_itself_are_known() {
    assert_eq!(pieces(Markup::strict("<a>x &amp; &#65;<![CDATA[<&]]></a>")).unwrap(), "1:<a> 1:x 1:& 1:A 1:<& 1:</a>");
    assert_eq!(pieces(Markup::strict("<a>\n&bomb;</a>")).unwrap_err(), "line 2: the entity &bomb; is not known");
    assert_eq!(pieces(Markup::lenient("<a>&bomb; &nbsp; R & B")).unwrap(), "1:<a> 1:&bomb; 1:R 1:& B");
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><lolz>&lol2;</lolz>";
    for markup in [Markup::strict(bomb), Markup::lenient(bomb)] {
        let refused = pieces(markup).unwrap_err();
        assert_eq!(refused, "line 2: a document type (DOCTYPE) is not taken; remove it, or export the file again");
    }
}

#[test]
fn what_is_not_well_formed_is_refused_with_its_line() {
    for text in ["<a>\n<b></a>", "<a>\n<b", "<a>\n<![CDATA[", "<a>\n&x</a>"] {
        let refused = pieces(Markup::strict(text)).unwrap_err();
        assert!(refused.starts_with("line 2: it is not well-formed ("), "{text:?}: {refused}");
    }
    let long = format!("<a>\n<b {}/></a>", "x='1' ".repeat(100_000));
    assert_eq!(pieces(Markup::strict(&long)).unwrap_err(), "line 2: a tag is longer than 4096 bytes");
}
