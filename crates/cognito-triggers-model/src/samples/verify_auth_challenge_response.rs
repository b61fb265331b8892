//! Samples of the route `verify_auth_challenge_response`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { VerifyAuthChallengeResponse "verify_auth_challenge_response":
    VerifyAuthChallengeResponse_Authentication "authentication", Captured, links::RUST_VERIFY,
        "The answer is a string, and `answerCorrect` is null until the function sets it.";
    VerifyAuthChallengeResponse_Authentication "authentication" / "user-not-found-false", Captured,
        links::RUST_CHALLENGES,
        "A client that prevents user existence errors gets `userNotFound` in every event, false for a known user.";
    VerifyAuthChallengeResponse_Authentication "authentication" / "user-not-found", Inferred, links::VERIFY,
        "An unknown user's answer should be checked like any other.";
    VerifyAuthChallengeResponse_Authentication "authentication" / "wrong-answer", Inferred, links::VERIFY,
        "`privateChallengeParameters` are what the create trigger kept to compare the answer with.";
    VerifyAuthChallengeResponse_Authentication "authentication" / "empty-answer", Captured, links::VERIFY,
        "The answer can be an empty string.";
    VerifyAuthChallengeResponse_Authentication "authentication" / "empty-private-parameters", Captured, links::VERIFY,
        "`privateChallengeParameters` can be {}, and then there is nothing to compare with.";
    VerifyAuthChallengeResponse_Authentication "authentication" / "client-metadata", Captured, links::VERIFY,
        "`clientMetadata` of RespondToAuthChallenge arrives as a map of strings.";
};
