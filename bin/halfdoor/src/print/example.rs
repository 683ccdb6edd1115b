//! One request and its prompt, for tests.

use node::views::{Instead, Leaves, Prompt, RequestView, Who};

pub(crate) fn request() -> RequestView {
    RequestView {
        id: "3f2a91c0".repeat(8),
        direction: "received".into(),
        person: "Jill".into(),
        party: "9b".repeat(32),
        index: Some(0),
        dataset: "aa".repeat(32),
        tag: "utility".into(),
        computation: "max".into(),
        column: "amount".into(),
        sentence: "The largest of your 12 bills".into(),
        purpose: "credit_application".into(),
        reason: "To decide about your card".into(),
        uses: 1,
        until: 1_795_323_600,
        created: 1_795_323_600,
        expires: 1_795_323_600,
        state: "waiting".into(),
        detail: None,
        decided: None,
        grant: None,
        counter: None,
        follows: None,
        receipt: None,
    }
}

pub(crate) fn prompt() -> Prompt {
    Prompt {
        request: request(),
        who: Who { name: "Jill".into(), key: "first seen".into(), party: "9b".repeat(32) },
        wants: "The largest of your 12 electricity bills, January to December 2025".into(),
        reads: "utility: the column amount, 12 rows".into(),
        leaves: Leaves { value: Some("102.75".into()), sentence: "102.75, and nothing else".into(), refused: false },
        could_work_out: vec!["No single bill was higher than that.".into()],
        why: "to decide on an application for credit".into(),
        words: "To decide about your card".into(),
        how_long: "once, until 2026-11-22".into(),
        undo: "halfdoor revoke stops every later run".into(),
        instead: vec![Instead {
            sentence: "Only rounded to the nearest multiple of 100: the largest of your 12 electricity bills".into(),
            value: "100".into(),
            form: "rounded".into(),
            with: "100".into(),
        }],
        preview: Some("c4".repeat(32)),
    }
}
