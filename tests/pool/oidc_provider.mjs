// Signs a user in with an OIDC provider that speaks over HTTP: oauth2-mock-server, which other projects test with.
//
//     npm ci --prefix tests/pool
//     node tests/pool/oidc_provider.mjs

import assert from 'node:assert/strict';

import { OAuth2Server } from 'oauth2-mock-server';
import { withLocalPool } from './local_pool.mjs';

const CALLBACK = 'http://localhost:3000/callback';

/** Follows redirects with the cookies of each host, until the browser leaves both servers. */
async function browse(url, hosts) {
  const jars = new Map();
  for (;;) {
    const { host } = new URL(url);
    if (!hosts.includes(host)) {
      return new URL(url);
    }
    const jar = jars.get(host) ?? new Map();
    jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      jar.set(name, value);
    }
    assert.equal(answer.status, 302, await answer.text());
    url = new URL(answer.headers.get('location'), url).href;
  }
}

const idp = new OAuth2Server();
await idp.issuer.keys.generate('RS256');
await idp.start(0, 'localhost');
idp.service.on('beforeTokenSigning', (token) => {
  token.payload.sub = 'ana-at-work';
  token.payload.email = 'ana@example.com';
  token.payload.email_verified = true;
});
idp.service.on('beforeUserinfo', (answer) => {
  answer.body = { sub: 'ana-at-work', name: 'Ana' };
});

await withLocalPool(async (pool) => {
  const made = await pool.call('CreateUserPool', {
    PoolName: 'federation',
    LambdaConfig: {
      InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: pool.hook },
      PreSignUp: pool.hook,
      PostConfirmation: pool.hook,
      PreAuthentication: pool.hook,
      PostAuthentication: pool.hook,
    },
  });
  const UserPoolId = made.UserPool.Id;
  const provider = await pool.call('CreateIdentityProvider', {
    UserPoolId,
    ProviderName: 'Work',
    ProviderType: 'OIDC',
    AttributeMapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
    ProviderDetails: {
      client_id: 'pool',
      client_secret: 'of no use',
      authorize_scopes: 'openid email',
      oidc_issuer: idp.issuer.url,
      attributes_request_method: 'GET',
    },
  });
  assert.equal(provider.IdentityProvider.ProviderDetails.token_url, `${idp.issuer.url}/token`);
  const client = await pool.call('CreateUserPoolClient', {
    UserPoolId,
    ClientName: 'app',
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'profile'],
    CallbackURLs: [CALLBACK],
    SupportedIdentityProviders: ['Work'],
  });
  const { ClientId } = client.UserPoolClient;
  const query = new URLSearchParams({
    client_id: ClientId,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    state: 'xyz',
  });
  const hosts = [new URL(pool.endpoint).host, new URL(idp.issuer.url).host];
  const signIn = async () => {
    const back = await browse(`${pool.endpoint}/oauth2/authorize?${query}`, hosts);
    assert.equal(back.searchParams.get('state'), 'xyz', back.href);
    const answer = await fetch(`${pool.endpoint}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: back.searchParams.get('code'),
        client_id: ClientId,
        redirect_uri: CALLBACK,
      }),
    });
    const tokens = await answer.json();
    assert.equal(answer.status, 200, JSON.stringify(tokens));
    return JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
  };
  const claims = await signIn();
  assert.equal(claims['cognito:username'], 'Work_ana-at-work');
  assert.equal(claims.email, 'ana@example.com');
  assert.equal(claims.email_verified, true);
  assert.equal(claims.name, 'Ana');
  assert.deepEqual(claims['cognito:groups'], [`${UserPoolId}_Work`]);
  assert.equal(claims.identities[0].userId, 'ana-at-work');
  assert.equal((await signIn()).sub, claims.sub);
  const events = await (await fetch(`${pool.endpoint}/_dev/events`)).json();
  assert.deepEqual(
    events.events.map((event) => event.triggerSource),
    [
      'InboundFederation_ExternalProvider',
      'PreSignUp_ExternalProvider',
      'PostConfirmation_ConfirmSignUp',
      'InboundFederation_ExternalProvider',
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
    ],
  );

  // A token of another issuer, for another client or from another time signs nobody in.
  for (const claim of ['iss', 'aud', 'exp']) {
    const wrong = { iss: 'http://localhost:1', aud: 'another', exp: 1 }[claim];
    const spoil = (token) => { token.payload[claim] = wrong; };
    idp.service.on('beforeTokenSigning', spoil);
    const back = await browse(`${pool.endpoint}/oauth2/authorize?${query}`, hosts);
    assert.equal(back.searchParams.get('error'), 'invalid_request', claim);
    assert.equal(back.searchParams.get('code'), null, claim);
    idp.service.off('beforeTokenSigning', spoil);
  }
});
await idp.stop();
console.log('oauth2-mock-server: discovery, code exchange, first and later sign-in, spoiled tokens');
