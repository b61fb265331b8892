// Signs users in with a second factor, and with a factor that they choose, with aws-amplify v6.
//
//     npm ci --prefix tests/pool
//     node tests/pool/factors_amplify.mjs

import assert from 'node:assert/strict';

import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { addUser, withFactors, withLocalPool } from './local_pool.mjs';
import { totp } from './totp.mjs';

const PASSWORD = 'Sunny-Day-42';

// The library names a device after the browser.
globalThis.navigator ??= { userAgent: 'node', platform: 'node' };

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

function configure(pool, { UserPoolId, ClientId }) {
  const Cognito = { userPoolId: UserPoolId, userPoolClientId: ClientId, userPoolEndpoint: pool.endpoint };
  Amplify.configure({ Auth: { Cognito } });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(memory());
}

/** Begins a sign-in. Returns the step that follows. */
async function begin(username, options = {}) {
  const password = options.preferredChallenge?.endsWith('_OTP') ? undefined : PASSWORD;
  return (await auth.signIn({ username, password, options })).nextStep;
}

async function confirm(challengeResponse) {
  return (await auth.confirmSignIn({ challengeResponse })).nextStep.signInStep;
}

await withLocalPool(async (pool) => {
  async function secondFactors() {
    const ids = await withFactors(pool, 'OPTIONAL');
    configure(pool, ids);
    await addUser(pool, ids.UserPoolId, 'ana', PASSWORD);
    assert.equal((await begin('ana')).signInStep, 'DONE');
    const setup = await auth.setUpTOTP();
    await auth.verifyTOTPSetup({ code: totp(setup.sharedSecret, -1) });
    await auth.updateMFAPreference({ sms: 'ENABLED', totp: 'PREFERRED', email: 'ENABLED' });
    assert.deepEqual(await auth.fetchMFAPreference(), { enabled: ['SMS', 'TOTP', 'EMAIL'], preferred: 'TOTP' });
    await auth.signOut();

    assert.equal((await begin('ana')).signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE');
    await assert.rejects(confirm('000000'), {
      name: 'CodeMismatchException',
      message: 'Invalid code received for user',
    });
    assert.equal(await confirm(totp(setup.sharedSecret)), 'DONE');
    await auth.updateMFAPreference({ totp: 'NOT_PREFERRED' });
    await auth.signOut();

    for (const [answer, step] of [
      ['SMS', 'CONFIRM_SIGN_IN_WITH_SMS_CODE'],
      ['EMAIL', 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE'],
    ]) {
      const select = await begin('ana');
      assert.equal(select.signInStep, 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION');
      assert.deepEqual(select.allowedMFATypes, ['SMS', 'TOTP', 'EMAIL']);
      assert.equal(await confirm(answer), step);
      assert.equal(await confirm(await pool.codeFor('ana')), 'DONE');
      await auth.signOut();
    }
  }

  async function setUpAtSignIn() {
    const ids = await withFactors(pool, 'ON');
    const UserPoolId = ids.UserPoolId;
    const token = { UserPoolId, MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } };
    await pool.call('SetUserPoolMfaConfig', token);
    configure(pool, ids);
    await addUser(pool, UserPoolId, 'eve', PASSWORD);
    const step = await begin('eve');
    assert.equal(step.signInStep, 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP');
    assert.equal(step.totpSetupDetails.sharedSecret.length, 52);
    assert.equal(await confirm(totp(step.totpSetupDetails.sharedSecret)), 'DONE');
    await auth.signOut();
  }

  async function choice() {
    const ids = await withFactors(pool, 'OPTIONAL');
    configure(pool, ids);
    await addUser(pool, ids.UserPoolId, 'bob', PASSWORD);
    const authFlowType = 'USER_AUTH';

    const first = await begin('bob', { authFlowType, preferredChallenge: 'EMAIL_OTP' });
    assert.equal(first.signInStep, 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE');
    assert.equal(first.codeDeliveryDetails.destination, 'b***@e***');
    assert.equal((await pool.codeFor('bob')).length, 8);
    assert.equal(await confirm(await pool.codeFor('bob')), 'DONE');
    await auth.signOut();

    const select = await begin('bob', { authFlowType });
    assert.equal(select.signInStep, 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION');
    assert.deepEqual(select.availableChallenges, ['EMAIL_OTP', 'SMS_OTP', 'PASSWORD_SRP', 'PASSWORD']);
    assert.equal(await confirm('SMS_OTP'), 'CONFIRM_SIGN_IN_WITH_SMS_CODE');
    assert.equal(await confirm(await pool.codeFor('bob')), 'DONE');
    await auth.signOut();

    for (const preferredChallenge of ['PASSWORD', 'PASSWORD_SRP']) {
      const step = await begin('bob', { authFlowType, preferredChallenge });
      assert.equal(step.signInStep, 'DONE');
      await auth.signOut();
    }

    // A user who has just signed up is signed in by the code of the sign-up.
    const options = { userAttributes: { email: 'cy@example.com' }, autoSignIn: { authFlowType } };
    await auth.signUp({ username: 'cy', password: PASSWORD, options });
    const confirmationCode = await pool.codeFor('cy');
    const confirmed = await auth.confirmSignUp({ username: 'cy', confirmationCode });
    assert.equal(confirmed.nextStep.signUpStep, 'COMPLETE_AUTO_SIGN_IN');
    assert.ok((await auth.autoSignIn()).isSignedIn);
    assert.equal((await auth.getCurrentUser()).username, 'cy');
    await auth.signOut();
  }

  async function devices() {
    const settings = { DeviceConfiguration: { ChallengeRequiredOnNewDevice: true } };
    const ids = await withFactors(pool, 'OPTIONAL', settings);
    configure(pool, ids);
    await addUser(pool, ids.UserPoolId, 'dan', PASSWORD);
    assert.equal((await begin('dan')).signInStep, 'DONE');
    await auth.rememberDevice();
    await auth.updateMFAPreference({ sms: 'PREFERRED' });
    await auth.signOut();

    assert.equal((await begin('dan')).signInStep, 'DONE', 'the device stands in for the second factor');
    assert.ok((await auth.fetchAuthSession({ forceRefresh: true })).tokens.accessToken.payload.device_key);
    assert.equal((await auth.fetchDevices()).length, 1);
    await auth.signOut();

    // Of a device that an administrator forgets, the library forgets the key, and signs in as a new one.
    const { Devices } = await pool.call('AdminListDevices', { UserPoolId: ids.UserPoolId, Username: 'dan' });
    const [{ DeviceKey }] = Devices;
    await pool.call('AdminForgetDevice', { UserPoolId: ids.UserPoolId, Username: 'dan', DeviceKey });
    assert.equal((await begin('dan')).signInStep, 'CONFIRM_SIGN_IN_WITH_SMS_CODE');
    assert.equal(await confirm(await pool.codeFor('dan')), 'DONE');
    await auth.forgetDevice();
    assert.equal((await auth.fetchDevices()).length, 0);
    await auth.signOut();
  }

  await secondFactors();
  await devices();
  await setUpAtSignIn();
  await choice();
});
console.log('factors_amplify: ok');
// The automatic sign-in leaves a timer behind.
process.exit(0);
