//! `cargo cognito replay`

use cognito_triggers_replay::{Case, Process, Replay};

use super::Unable;
use crate::{
    args,
    output::{self, STYLE, exit},
};

pub(super) async fn run(args: args::Replay) -> Result<u8, Unable> {
    let mut cases = Vec::new();
    let mut sound = true;
    for place in &args.places {
        match Case::find(place) {
            Ok(found) => cases.extend(found),
            Err(errors) => {
                errors.iter().for_each(output::error);
                sound = false;
            }
        }
    }
    if !sound {
        return Ok(exit::UNABLE);
    }
    if cases.is_empty() {
        let places: Vec<_> = args
            .places
            .iter()
            .map(|place| place.display().to_string())
            .collect();
        return Err(format!(
            "no case in {}: a case is a file NAME.event.json",
            places.join(", ")
        )
        .into());
    }
    let process = Process::new(args.target.program()?);
    let report = Replay::cases(cases)
        .accept(args.accept)
        .run(&process, |entry| output::data(STYLE.entry(entry)))
        .await;
    output::data(STYLE.end(&report));
    Ok(if report.is_good() { exit::GOOD } else { exit::BAD })
}
