//! Processes that end between two steps, and what the next call then does.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{moto, table};

/// The example `one_call`, which `tests/dynamodb/run.sh` builds first.
fn program() -> PathBuf {
    let tests = env::current_exe().unwrap();
    tests
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples/one_call")
}

/// Runs one call in a process of its own. Returns what it printed, or `None` if it ended itself.
fn call(file: &Path, user: &str, if_unknown: &str, end_at: Option<&str>) -> Option<String> {
    let mut command = Command::new(program());
    command
        .env("DYNAMODB_ENDPOINT", moto())
        .env("FILE", file)
        .env("USER_NAME", user)
        .env("IF_UNKNOWN", if_unknown);
    if let Some(step) = end_at {
        command.env("END_AT", step);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        output.status.success(),
        end_at.is_none(),
        "{said} {:?}",
        String::from_utf8_lossy(&output.stderr)
    );
    end_at.is_none().then(|| said.trim().to_owned())
}

#[tokio::test]
#[ignore = "needs moto: tests/dynamodb/run.sh"]
async fn a_crash_between_two_steps_leaves_one_effect_or_is_stated() {
    table("crashes").await;
    // (where the first call ends, effects and answer with `Repeat`, effects and answer with `Refuse`)
    let rows = [
        ("before claim", (1, "1"), (1, "1")),
        ("after claim", (1, "1"), (0, "Unknown")),
        ("before effect", (1, "1"), (0, "Unknown")),
        ("after effect", (2, "2"), (1, "Unknown")),
        ("before finish", (2, "2"), (1, "Unknown")),
        ("after finish", (1, "1"), (1, "1")),
    ];
    for (step, repeat, refuse) in rows {
        for (if_unknown, (effects, answer)) in [("Repeat", repeat), ("Refuse", refuse)] {
            let name = format!("{step} {if_unknown}").replace(' ', "-");
            let file = env::temp_dir().join(format!("once-{}-{name}", std::process::id()));
            fs::write(&file, "").unwrap();
            assert_eq!(call(&file, &name, if_unknown, Some(step)), None);
            let second = call(&file, &name, if_unknown, None).unwrap();
            let third = call(&file, &name, if_unknown, None).unwrap();
            let happened = fs::read_to_string(&file).unwrap().lines().count();
            fs::remove_file(&file).unwrap();
            assert_eq!(
                (happened, second.as_str(), third.as_str()),
                (effects, answer, answer),
                "{step}, {if_unknown}"
            );
        }
    }
}
