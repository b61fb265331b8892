//! Makes the tables of `docs/scale.md`.
//!
//! ```sh
//! cargo run -p cognito-triggers-scale              # prints them
//! cargo run -p cognito-triggers-scale -- --write   # writes them into the document
//! cargo run -p cognito-triggers-scale -- --check   # fails if the document has others
//! ```

use std::{fs, process::ExitCode};

use cognito_triggers_scale::{document, tables};

fn main() -> ExitCode {
    match run(std::env::args().nth(1).as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(option: Option<&str>) -> Result<(), String> {
    if !matches!(option, None | Some("--write" | "--check")) {
        return Err("the options are --write and --check; without one, the tables are printed".to_owned());
    }
    let path = document::path();
    let at = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut made = fs::read_to_string(&path).map_err(at)?;
    let found = made.clone();
    for table in tables::all() {
        if option.is_none() {
            println!("{}\n\n{}", table.name, table.text);
        }
        made = document::replace(&made, &table)?;
    }
    match option {
        Some("--write") => fs::write(&path, made).map_err(at),
        Some("--check") => match document::difference(&found, &made) {
            Some((found, made)) => Err(format!(
                "{} has\n    {found}\nand the simulation makes\n    {made}\nRun it with --write, and read the diff",
                path.display()
            )),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}
