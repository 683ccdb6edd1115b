use super::*;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

/// What happened, in order.
type Story = Arc<Mutex<Vec<String>>>;

/// Keeps a story instead of a store.
struct Told {
    story: Story,
    fails: bool,
}

impl Keeper<&'static str> for Told {
    fn sync(&mut self, _: Applied) -> Result<(), StoreError> {
        tell(&self.story, "sync");
        if self.fails { Err(self.stopped()) } else { Ok(()) }
    }

    fn carry_out(&mut self, effect: &'static str) {
        tell(&self.story, effect);
    }

    fn stopped(&self) -> StoreError {
        StoreError::Stopped { path: PathBuf::from("control") }
    }
}

fn tell(story: &Story, what: &str) {
    story.lock().unwrap().push(what.to_owned());
}

fn told(fails: bool) -> (Told, Story) {
    let story = Story::default();
    (Told { story: Arc::clone(&story), fails }, story)
}

fn answer(story: &Story, whose: &'static str) -> Answer {
    let story = Arc::clone(story);
    Box::new(move |durable| tell(&story, &format!("{whose}: {}", if durable.is_ok() { "done" } else { "failed" })))
}

fn seen(story: &Story) -> Vec<String> {
    story.lock().unwrap().clone()
}

#[test]
fn effects_and_answers_wait_for_one_sync_and_come_in_order() {
    let (mut keeper, story) = told(false);
    let mut group = Group::default();
    for (effect, whose) in [("deliver", "Jill"), ("compute", "Jack"), ("notify", "Kim")] {
        group.applied(Applied::default());
        group.then(vec![effect]);
        group.answer(answer(&story, whose));
    }
    assert_eq!(seen(&story), Vec::<String>::new(), "nothing shows before the sync");
    group.close(&mut keeper).unwrap();
    assert_eq!(seen(&story), ["sync", "deliver", "compute", "notify", "Jill: done", "Jack: done", "Kim: done"]);
}

#[test]
fn a_reader_who_may_have_seen_a_change_waits_for_its_sync() {
    let (mut keeper, story) = told(false);
    let mut group = Group::default();
    group.answer(answer(&story, "early reader"));
    assert_eq!(seen(&story), ["early reader: done"], "nothing was changed: nothing to wait for");
    group.applied(Applied::default());
    group.answer(answer(&story, "writer"));
    group.answer(answer(&story, "late reader"));
    assert_eq!(seen(&story).len(), 1);
    group.close(&mut keeper).unwrap();
    assert_eq!(seen(&story), ["early reader: done", "sync", "writer: done", "late reader: done"]);
}

#[test]
fn a_failed_sync_reaches_everybody_and_nothing_happens() {
    let (mut keeper, story) = told(true);
    let mut group = Group::default();
    for whose in ["Jill", "Jack"] {
        group.applied(Applied::default());
        group.then(vec!["deliver"]);
        group.answer(answer(&story, whose));
    }
    assert!(matches!(group.close(&mut keeper), Err(StoreError::Stopped { .. })));
    assert_eq!(seen(&story), ["sync", "Jill: failed", "Jack: failed"]);
}

#[test]
fn what_changed_nothing_needs_no_sync() {
    let (mut keeper, story) = told(true);
    let mut group = Group::default();
    group.then(vec!["notify"]);
    group.answer(answer(&story, "Jill"));
    group.close(&mut keeper).unwrap();
    assert_eq!(seen(&story), ["notify", "Jill: done"]);
    Group::<&str>::default().close(&mut keeper).unwrap();
    assert_eq!(seen(&story).len(), 2);
}
