//! Errors of sign-ins through identity providers, and of the OAuth endpoints.

use crate::explain::errors::error_text::{ErrorText, error_texts};

/// The page about linking a federated user to a user of the pool.
const LINK: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html";
/// The page about the authorization endpoint.
const AUTHORIZE: &str =
    "https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html";
/// The page about the token endpoint.
const TOKEN: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html";
/// The page about attribute mapping.
const MAPPING: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html";

/// Texts of the redirect after a failed sign-in, of the OAuth endpoints, and of the calls that link users.
pub(super) const ROWS: &[ErrorText] = error_texts! {
    "Already found an entry for username …" or "Already found an entry for username…", "Error in SAML response processing: Already found an entry for username…";
        "A federated sign-in collided with the user that it was just linked to.";
        "PreSignUp_ExternalProvider called AdminLinkProviderForUser: the sign-in that is under way fails.";
        "Let the app start the sign-in again. It then finds the linked user.";
        LINK;
    "attributes required: […]" in "invalid_request" or "attributes required: …";
        "The identity provider's answer lacks attributes that the pool requires.";
        "The attribute isn't mapped, or the provider's scopes don't include it.",
        "Inbound federation answered a map that leaves the attribute out: what it doesn't name is dropped.";
        "Map the attribute, ask the provider for it, and keep it in `userAttributesToMap`.";
        MAPPING;
    "user.…: Attribute cannot be updated." in "InvalidParameterException" or "user.…: Attribute cannot be updated.\n";
        "An attribute is immutable, and it has a value already.";
        "An identity provider sends the attribute at every sign-in, and the pool's attribute isn't mutable.",
        "The app updates an immutable custom attribute.";
        "A mapped attribute has to be mutable. Mutability can't be changed: add a new attribute and map that.";
        MAPPING;
    "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser for linking, only as a DestinationUser" in "InvalidParameterException" or "Invalid SourceUser: …";
        "AdminLinkProviderForUser was called with the users in the wrong order.";
        "`SourceUser` names a user of the pool, and it has to name the provider's user.";
        "Put the pool's user into `DestinationUser`, and the provider's name and subject into `SourceUser`.";
        LINK;
    "Alias entry already exists for a different username" or "Alias entry already exists for a different username…";
        "Another user of the pool has this email address or phone number as an alias.";
        "A federated or migrated user has the address of an existing user.",
        "The trigger answered `autoVerify…` or `email_verified` for an address that another user has verified.";
        "Link the provider to the existing user, or set `forceAliasCreation` in a migration to move the alias.";
        LINK;
    "Error in SAML response processing: …" in "server_error" or "Error in SAML response processing…", "Invalid samlResponse…", "Invalid relayState…";
        "Cognito couldn't use the SAML response of the identity provider.";
        "A required attribute is missing or not mapped, or the response's audience, time or signature is wrong.",
        "A trigger ended the sign-in; its text follows the colon.";
        "Read the words after the colon. Compare the response with the pool's attribute mapping and metadata.";
        "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp.html";
    "invalid_request";
        "The authorization or token endpoint doesn't accept the request, or a federated sign-in failed.";
        "A parameter of the request is missing or wrong.",
        "In a redirect: an attribute of the identity provider isn't accepted, or a trigger ended the sign-in; `error_description` says which.";
        "Read `error_description`, and pass it to `cargo cognito explain`.";
        AUTHORIZE;
    "server_error";
        "A sign-in through an identity provider failed; the redirect has the error.";
        "The provider's response can't be used, or a trigger failed; `error_description` says which.";
        "Read `error_description`, and pass it to `cargo cognito explain`.";
        AUTHORIZE;
    "invalid_client" or "invalid_client…", "Invalid client or secret", "unauthorized_client";
        "The token endpoint doesn't accept the app client.";
        "The client id or secret is wrong, or the client doesn't allow the grant.";
        "Compare id, secret and `AllowedOAuthFlows` of the app client.";
        TOKEN;
    "invalid_scope" or "invalid_scope…";
        "The request asks for a scope that the app client doesn't allow.";
        "The scope isn't in `AllowedOAuthScopes`, or the resource server doesn't have it.";
        "Add the scope to the app client. A trigger can't grant a scope that the request asks for.";
        TOKEN;
    "invalid_grant" or "invalid_grant…";
        "The code or refresh token that the app sent is used, expired or revoked.";
        "The authorization code was used twice, or after five minutes.",
        "The redirect URI differs from that of the login.",
        "A trigger that runs before the tokens failed, so the code is used up.";
        "Start the sign-in again.";
        TOKEN;
    "redirect_mismatch" or "redirect_mismatch…";
        "The redirect URI isn't one of the app client's callback URLs.";
        "The URI differs in scheme, host, port or a slash at its end.";
        "Add the exact URI to `CallbackURLs` of the app client.";
        AUTHORIZE;
};
