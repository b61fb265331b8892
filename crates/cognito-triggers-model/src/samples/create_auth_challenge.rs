//! Samples of the route `create_auth_challenge`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { CreateAuthChallenge "create_auth_challenge":
    CreateAuthChallenge_Authentication "authentication", Captured, links::RUST_CHALLENGES,
        "The first challenge is made with an empty `session`, and the answer's three fields are null.";
    CreateAuthChallenge_Authentication "authentication" / "token-nbf", Captured, links::CREATE,
        "`cognito:token_nbf` is there after a global sign-out, before the other attributes.";
    CreateAuthChallenge_Authentication "authentication" / "without-user-not-found", Inferred, links::CREATE,
        "A client that doesn't prevent user existence errors gets no `userNotFound`.";
    CreateAuthChallenge_Authentication "authentication" / "user-not-found", Inferred, links::CREATE,
        "An unknown user needs a challenge that looks like any other, made without attributes.";
    CreateAuthChallenge_Authentication "authentication" / "after-password", Documented, links::CREATE,
        "After a password `session` starts with SRP_A and PASSWORD_VERIFIER.";
    CreateAuthChallenge_Authentication "authentication" / "after-wrong-answer", Documented, links::CREATE,
        "A repeated challenge finds its own `challengeMetadata` in `session`, so it can use the same code again.";
    CreateAuthChallenge_Authentication "authentication" / "client-metadata", Documented, links::LOCALSTACK_CREATE,
        "AWS documents `clientMetadata` here, though a report says that it doesn't arrive.";
};
