// A sign-up and a sign-in with aws-amplify v6, against the pool that runs this test.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';

const endpoint = process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER;

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: process.env.COGNITO_USER_POOL_ID,
      userPoolClientId: process.env.COGNITO_CLIENT_ID,
      userPoolEndpoint: endpoint,
    },
  },
});

/** The code of the last message to a user. */
async function lastCode(userName) {
  const messages = await fetch(`${endpoint}/_dev/messages?userName=${encodeURIComponent(userName)}`);
  return (await messages.json()).at(-1).code;
}

function signUp(username, email) {
  return auth.signUp({ username, password: 'Passw0rd!', options: { userAttributes: { email } } });
}

// Returns the pool to its state at start before each test.
beforeEach(() => fetch(`${endpoint}/_dev/reset`, { method: 'POST' }));

test('a user signs up and in', async () => {
  const { nextStep } = await signUp('ana', 'ana@example.com');
  assert.equal(nextStep.signUpStep, 'CONFIRM_SIGN_UP');
  await auth.confirmSignUp({ username: 'ana', confirmationCode: await lastCode('ana') });
  // Amplify proves the password with SRP; it never sends it.
  const { isSignedIn } = await auth.signIn({ username: 'ana', password: 'Passw0rd!' });
  assert.ok(isSignedIn);
  const { tokens } = await auth.fetchAuthSession();
  assert.equal(tokens.idToken.payload.email, 'ana@example.com');
  await auth.signOut();
});

test('an uninvited domain is rejected', async () => {
  await assert.rejects(signUp('bob', 'bob@elsewhere.test'), {
    name: 'UserLambdaValidationException',
    message: /^PreSignUp failed with error /,
  });
});
