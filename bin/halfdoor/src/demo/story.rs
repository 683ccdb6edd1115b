//! The story, chapter by chapter.

use super::{
    scene::{Places, Scene},
    stage::Stage,
    steps,
    telling::Telling,
};
use crate::error::CliError;

/// Tells all of it; fails at the first step that is not as it should be. Answers with where both nodes are.
pub(super) fn tell(stage: &Stage) -> Result<Places, CliError> {
    let telling = Telling::begin();
    let mut scene: Scene<'_> = steps::start::start(stage, &telling)?;
    steps::store::store(&scene)?;
    steps::pair::pair(&scene)?;
    steps::store::show(&scene)?;
    steps::ask::ask(&scene)?;
    steps::deny::deny(&scene)?;
    steps::counter::counter(&scene)?;
    steps::statement::statement(&scene)?;
    steps::standing::standing(&scene)?;
    steps::revoke::revoke(&scene)?;
    steps::power_cut::power_cut(&mut scene)?;
    steps::remove::remove(&scene)?;
    steps::logs::logs(&scene)?;
    telling.chapter(&telling.sum())?;
    Ok(scene.at)
}
