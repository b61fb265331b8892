//! The syntax of a user pool's id.

/// Returns whether `id` is a region, an underscore, and letters and digits, as in `eu-central-1_aB3dE6gHi`.
///
/// The pattern is that of `UserPoolId` in Cognito's API:
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html>.
pub(crate) fn is_pool_id(id: &str) -> bool {
    let is_region = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    id.split_once('_').is_some_and(|(region, rest)| {
        !region.is_empty()
            && is_region(region)
            && !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::is_pool_id;

    #[test]
    fn a_pool_id_is_a_region_and_a_name() {
        for id in ["eu-central-1_aB3dE6gHi", "us-gov-west-1_0"] {
            assert!(is_pool_id(id), "{id}");
        }
        for other in [
            "",
            "eu-central-1",
            "eu-central-1_",
            "_aB3dE6gHi",
            "eu-central-1_*",
            "eu 1_a",
            "a_b_c",
        ] {
            assert!(!is_pool_id(other), "{other}");
        }
    }
}
