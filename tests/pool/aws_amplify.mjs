// Signs users in with aws-amplify v6.
//
//     npm ci --prefix tests/pool
//     node tests/pool/aws_amplify.mjs

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { withLocalPool } from './local_pool.mjs';

const { version } = createRequire(import.meta.url)('aws-amplify/package.json');

const PASSWORD = 'Sunny-Day-42';

/** A browser would keep tokens in its local storage. */
function memory() {
  const stored = new Map();
  return {
    getItem: async (key) => stored.get(key) ?? null,
    setItem: async (key, value) => void stored.set(key, value),
    removeItem: async (key) => void stored.delete(key),
    clear: async () => stored.clear(),
  };
}

async function refused(promise, name, message) {
  await assert.rejects(promise, { name, message });
}

/** Signs in without a challenge. */
async function signIn(username, password, authFlowType = 'USER_SRP_AUTH') {
  const { isSignedIn } = await auth.signIn({ username, password, options: { authFlowType } });
  assert.ok(isSignedIn);
  return (await auth.fetchAuthSession()).tokens;
}

await withLocalPool(async (pool) => {
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: pool.poolId, userPoolClientId: 'public', userPoolEndpoint: pool.endpoint },
    },
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(memory());

  async function signUp() {
    const options = { userAttributes: { email: 'ana@example.com' } };
    const made = await auth.signUp({ username: 'ana', password: PASSWORD, options });
    assert.equal(made.nextStep.signUpStep, 'CONFIRM_SIGN_UP');
    assert.equal(made.nextStep.codeDeliveryDetails.destination, 'a***@e***');
    const early = await auth.signIn({ username: 'ana', password: PASSWORD });
    assert.equal(early.nextStep.signInStep, 'CONFIRM_SIGN_UP');
    await refused(
      auth.confirmSignUp({ username: 'ana', confirmationCode: '000000x' }),
      'CodeMismatchException',
      'Invalid verification code provided, please try again.',
    );
    await auth.resendSignUpCode({ username: 'ana' });
    const confirmationCode = await pool.codeFor('ana');
    assert.ok((await auth.confirmSignUp({ username: 'ana', confirmationCode })).isSignUpComplete);
  }

  async function session() {
    const tokens = await signIn('ana@example.com', PASSWORD);
    assert.equal(tokens.idToken.payload['cognito:username'], 'ana');
    assert.deepEqual(tokens.accessToken.payload.tenant, { id: 7 });
    assert.equal((await auth.getCurrentUser()).username, 'ana');
    const refreshed = (await auth.fetchAuthSession({ forceRefresh: true })).tokens;
    assert.notEqual(refreshed.accessToken.toString(), tokens.accessToken.toString());

    await auth.updateUserAttributes({ userAttributes: { name: 'Ana' } });
    assert.equal((await auth.fetchUserAttributes()).name, 'Ana');
    await auth.updatePassword({ oldPassword: PASSWORD, newPassword: `${PASSWORD}!` });
    await auth.signOut();
    await refused(signIn('ana', PASSWORD), 'NotAuthorizedException', 'Incorrect username or password.');
    await signIn('ana', `${PASSWORD}!`, 'USER_PASSWORD_AUTH');
    await auth.signOut({ global: true });
  }

  async function forgotPassword() {
    const asked = await auth.resetPassword({ username: 'ana' });
    assert.equal(asked.nextStep.resetPasswordStep, 'CONFIRM_RESET_PASSWORD_WITH_CODE');
    const confirmationCode = await pool.codeFor('ana');
    await auth.confirmResetPassword({ username: 'ana', newPassword: PASSWORD, confirmationCode });
    await signIn('ana', PASSWORD);
    await auth.signOut();
  }

  async function customChallenges() {
    for (const [authFlowType, password] of [
      ['CUSTOM_WITHOUT_SRP', undefined],
      ['CUSTOM_WITH_SRP', PASSWORD],
    ]) {
      const asked = await auth.signIn({ username: 'ana', password, options: { authFlowType } });
      assert.equal(asked.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE');
      assert.equal(asked.nextStep.additionalInfo.question, '3 + 4');
      const again = await auth.confirmSignIn({ challengeResponse: '8' });
      assert.equal(again.isSignedIn, false);
      assert.ok((await auth.confirmSignIn({ challengeResponse: '7' })).isSignedIn);
      await auth.signOut();
    }
  }

  async function migration() {
    const tokens = await signIn('legacy', 'Legacy-Passw0rd', 'USER_PASSWORD_AUTH');
    assert.equal(tokens.idToken.payload.email, 'legacy@example.com');
    await auth.deleteUser();
  }

  await signUp();
  await session();
  await forgotPassword();
  await customChallenges();
  await migration();
});
console.log(`aws_amplify: ok (aws-amplify ${version}, node ${process.version})`);
