//! Output that only a terminal gets: the questions of `--review`.

use crate::support::{TestDir, assert_snapshot};

#[test]
fn replay_review_needs_a_terminal() {
    assert_snapshot(
        &TestDir::new().run("replay cases --bin ./sign_up --review"),
        "replay-review",
    );
}

#[test]
fn review_asks_for_one_answer_after_the_other() {
    const QUESTION: &str = "approve this answer? [y]es, [n]o, [q]uit: ";
    let place = TestDir::new();
    place.corrupt_answer();
    let before = place.read("cases/deep/stranger.answer.json");
    let review = |answers: &[&str]| {
        let mut terminal = place.in_terminal("replay cases --bin ./sign_up --review -j1");
        for answer in answers {
            terminal.wait_for(QUESTION);
            terminal.type_line(answer);
        }
        place.normalize(&terminal.end())
    };
    let mut shown = review(&["y", "perhaps", "n", "no", "yes"]);
    assert_eq!(place.read("cases/deep/stranger.answer.json"), before);
    shown += &review(&["q"]);
    assert_eq!(place.read("cases/deep/stranger.answer.json"), before);
    assert_snapshot(&shown, "replay-review-asks");
}

#[test]
fn an_answer_that_cannot_be_written_is_named() {
    let place = TestDir::new();
    place.corrupt_answer();
    place.remove("cases/deep/new.event.json");
    place.remove("cases/deep/unrouted.event.json");
    let mut terminal = place.in_terminal("replay cases/invited.event.json --bin ./sign_up --review");
    terminal.wait_for("[q]uit: ");
    place.remove("cases/invited.answer.json");
    place.write("cases/invited.answer.json/in-the-way", "");
    terminal.type_line("y");
    assert_snapshot(&place.normalize(&terminal.end()), "replay-review-unwritable");
}
