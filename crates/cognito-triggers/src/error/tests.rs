use std::io;

use super::*;

#[derive(Debug, thiserror::Error)]
enum Own {
    #[error("this code has expired.")]
    Expired(#[source] Rejection),
    #[error("the table is down")]
    Table(#[from] io::Error),
}

/// Says nothing of its own: text and source are those of the error inside.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Transparent(#[from] Own);

#[derive(Debug, thiserror::Error)]
#[error("the sign-in ended")]
struct Wrapped(#[source] Box<dyn StdError + Send + Sync>);

struct Plain;

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain")
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("written by hand")
    }
}

impl StdError for Plain {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&Rejection)
    }
}

fn converted<E: Into<BoxError>>(error: E) -> Error {
    error.into().into()
}

fn through_question_marks() -> Result<()> {
    Err(Transparent(Own::Expired(Rejection)))?;
    Ok(())
}

#[test]
fn an_enum_decides_which_variant_the_user_reads() {
    let expired = || Own::Expired(Rejection);
    for (error, log) in [
        (converted(expired()), "this code has expired."),
        (converted(Transparent(expired())), "this code has expired."),
        (
            converted(Wrapped(expired().into())),
            "this code has expired: the sign-in ended: this code has expired.",
        ),
        (
            converted(Wrapped(Transparent(expired()).into())),
            "this code has expired: the sign-in ended: this code has expired.",
        ),
        (converted(io::Error::other(expired())), "this code has expired."),
    ] {
        assert_eq!(error.user_text(), Some("this code has expired"));
        assert_eq!(error.to_string(), log);
    }
    let error = through_question_marks().unwrap_err();
    assert_eq!(error.user_text(), Some("this code has expired"));
    assert_eq!(converted(Plain).user_text(), Some("written by hand"));
}

#[test]
fn the_other_variants_are_for_the_logs() {
    let table = || Own::Table(io::Error::other("connection refused"));
    for (error, log) in [
        (converted(table()), "the table is down: connection refused"),
        (
            converted(Wrapped(Transparent(table()).into())),
            "the sign-in ended: the table is down: connection refused",
        ),
    ] {
        assert_eq!(error.user_text(), None);
        assert_eq!(error.to_string(), log);
    }
}

#[test]
fn a_rejection_keeps_its_cause_for_the_team() {
    let error = Err::<(), _>(Own::Table(io::Error::other("refused")))
        .or_reject("not invited. ")
        .unwrap_err();
    assert_eq!(error.user_text(), Some("not invited"));
    assert_eq!(error.to_string(), "not invited: the table is down: refused");
}

#[test]
fn every_result_can_be_rejected() {
    let own = || -> Result<()> { Err("table down".into()) };
    let user_text = |error: Error| error.user_text().map(str::to_owned);
    let later = Some("try again later".to_owned());
    assert_eq!(user_text(own().or_reject("try again later").unwrap_err()), later);
    assert_eq!(
        user_text(
            Err::<(), _>("plain text")
                .or_reject("try again later")
                .unwrap_err()
        ),
        later
    );
    assert_eq!(
        user_text(None::<()>.or_reject("try again later").unwrap_err()),
        later
    );
    let twice = Err::<(), _>(reject("first"))
        .or_reject("try again later")
        .unwrap_err();
    assert_eq!(twice.to_string(), "try again later: first");
    assert_eq!(user_text(twice), later);
}

#[test]
fn a_rejection_has_words_and_no_full_stop_of_its_own() {
    let text = |message: &str| reject(message).to_string();
    assert_eq!(
        (text(" not invited. "), text("Wait...")),
        ("not invited".into(), "Wait...".into())
    );
    assert_eq!(
        (text(" . "), text(""), text("...")),
        ("not allowed".into(), "not allowed".into(), "not allowed".into())
    );
}

#[test]
fn everything_that_is_an_error_converts() {
    let from_text: Error = "plain words".into();
    let from_box: Error = BoxError::from("boxed").into();
    assert_eq!(
        (from_text.to_string(), from_box.to_string()),
        ("plain words".into(), "boxed".into())
    );
}
