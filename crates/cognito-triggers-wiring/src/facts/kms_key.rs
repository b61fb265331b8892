//! Keys of a template, and whether their policies let IAM policies count.

use crate::template_string::Id;

/// A key of AWS KMS that a template creates.
#[derive(Debug)]
pub(crate) struct KmsKey {
    /// Its logical id.
    pub(crate) id: Id,
    /// Whether a policy of a role can allow `kms:Decrypt` on it.
    pub(crate) iam_policies: IamPolicies,
}

/// Whether the policies of roles and users can allow `kms:Decrypt` on a key. Its own policy decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IamPolicies {
    /// The key's policy allows it to the account, as the default policy does.
    Count,
    /// It is unknown here: a condition decides, or a principal that can't be read.
    MayCount,
    /// The key's policy doesn't allow it to the account. Policies of roles have no effect then.
    DontCount,
}
