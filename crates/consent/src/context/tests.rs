use super::*;
use crate::view::MemoryView;

#[test]
fn now_never_goes_back() {
    let (key, mut view) = (IdentityKey::from_secret(&[1; 32]), MemoryView::default());
    let mut now = |time| {
        let mut draft = Draft::over(&view);
        let now = Context::new(time, &key, [0; 32]).now(&mut draft).unwrap();
        view.apply(draft.finish().changes);
        now
    };
    assert_eq!([now(10), now(20), now(5), now(20), now(21)], [10, 20, 20, 20, 21]);
}

#[test]
fn the_same_seed_gives_the_same_draws_and_every_draw_differs() {
    let key = IdentityKey::from_secret(&[1; 32]);
    let draws = |seed| {
        let mut context = Context::new(0, &key, seed);
        (context.salt(), context.salt(), context.nonce(), context.secret())
    };
    assert_eq!(draws([1; 32]), draws([1; 32]));
    let (first, second, nonce, secret) = draws([1; 32]);
    assert_ne!(first, second);
    assert_ne!(second.0, nonce.0);
    assert_ne!(secret[..16], first.0);
    assert_ne!(first, draws([2; 32]).0);
}
