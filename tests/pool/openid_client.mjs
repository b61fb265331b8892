// Signs a person and a machine in with openid-client, which finds everything in the pool's OpenID configuration.
//
//     npm ci --prefix tests/pool
//     cargo cognito pool --no-function --tls --port 0 -- node tests/pool/openid_client.mjs
//
// The pool runs this script, so that Node trusts its certificate. The browser is a few requests that fill in the form.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import * as oidc from 'openid-client';
import { call } from './local_pool.mjs';

const { version } = createRequire(import.meta.url)('openid-client/package.json');

const endpoint = process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER;
const UserPoolId = process.env.COGNITO_USER_POOL_ID;
const CALLBACK = 'https://app.example/callback';
const PASSWORD = 'Passw0rd!';

/** Opens the page of a sign-in, submits its form, and returns where the app gets the browser back. */
async function signIn(url) {
  const start = await fetch(url, { redirect: 'manual' });
  const page = new URL(start.headers.get('location'), url);
  assert.equal(page.origin, endpoint);
  const form = await fetch(page);
  const html = await form.text();
  const cookies = form.headers.getSetCookie().map((line) => line.split(';')[0]);
  const token = html.match(/name="_csrf" value="([^"]+)"/)[1];
  const action = html.match(/<form method="post" action="([^"]+)"/)[1].replaceAll('&amp;', '&');
  const submitted = await fetch(new URL(action, page), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies.join('; '), origin: endpoint },
    body: new URLSearchParams({ _csrf: token, username: 'ana', password: PASSWORD }),
  });
  assert.equal(submitted.status, 302, await submitted.text());
  return new URL(submitted.headers.get('location'));
}

/** Discovers the pool for a client. */
function discover(client, method) {
  const issuer = new URL(`${endpoint}/${UserPoolId}`);
  return oidc.discovery(issuer, client.ClientId, client.ClientSecret, method);
}

async function refused(promise, error) {
  await assert.rejects(promise, (thrown) => thrown.error === error || thrown.cause?.[0]?.parameters?.error === error);
}

async function codeWithPkce(client) {
  const config = await discover(client, oidc.None());
  const [pkceCodeVerifier, expectedState, expectedNonce] = [
    oidc.randomPKCECodeVerifier(),
    oidc.randomState(),
    oidc.randomNonce(),
  ];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid email',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  });
  const back = await signIn(url);
  assert.equal(`${back.origin}${back.pathname}`, CALLBACK);
  const wrong = { pkceCodeVerifier: oidc.randomPKCECodeVerifier(), expectedState, expectedNonce };
  await refused(oidc.authorizationCodeGrant(config, back, wrong), 'invalid_grant');

  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  const tokens = await oidc.authorizationCodeGrant(config, await signIn(url), checks);
  const claims = tokens.claims();
  assert.equal(claims.iss, `${endpoint}/${UserPoolId}`);
  assert.equal(claims.email, 'ana@example.com');
  const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.equal(info.username, 'ana');

  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.equal(renewed.claims().sub, claims.sub);
  assert.notEqual(renewed.access_token, tokens.access_token);
  await oidc.tokenRevocation(config, tokens.refresh_token);
  await refused(oidc.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant');
  await refused(oidc.fetchUserInfo(config, renewed.access_token, claims.sub), 'invalid_token');
}

async function clientCredentials(client) {
  for (const method of [oidc.ClientSecretBasic, oidc.ClientSecretPost]) {
    const config = await discover(client, method(client.ClientSecret));
    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'api/read' });
    assert.equal(tokens.token_type, 'bearer');
    const [, payload] = tokens.access_token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url'));
    assert.equal(claims.sub, client.ClientId);
    assert.equal(claims.scope, 'api/read');
  }
  const config = await discover(client, oidc.ClientSecretPost('wrong'));
  await refused(oidc.clientCredentialsGrant(config), 'invalid_client');
}

const create = async (settings) => {
  const made = await call(endpoint, 'CreateUserPoolClient', {
    UserPoolId,
    AllowedOAuthFlowsUserPoolClient: true,
    ...settings,
  });
  return made.UserPoolClient;
};

await call(endpoint, 'AdminCreateUser', {
  UserPoolId,
  Username: 'ana',
  UserAttributes: [{ Name: 'email', Value: 'ana@example.com' }],
  MessageAction: 'SUPPRESS',
});
await call(endpoint, 'AdminSetUserPassword', { UserPoolId, Username: 'ana', Password: PASSWORD, Permanent: true });
await call(endpoint, 'CreateResourceServer', {
  UserPoolId,
  Identifier: 'api',
  Name: 'api',
  Scopes: [{ ScopeName: 'read', ScopeDescription: 'may read' }],
});
await codeWithPkce(
  await create({
    ClientName: 'app',
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email'],
    CallbackURLs: [CALLBACK],
    SupportedIdentityProviders: ['COGNITO'],
  }),
);
await clientCredentials(
  await create({
    ClientName: 'machine',
    GenerateSecret: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['api/read'],
  }),
);
console.log(`openid-client ${version}: discovery, code with PKCE, refresh, userInfo, revocation, client credentials`);
