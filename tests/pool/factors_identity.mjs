// Signs users in with a second factor, with amazon-cognito-identity-js.
//
//     npm ci --prefix tests/pool
//     node tests/pool/factors_identity.mjs

import assert from 'node:assert/strict';

import cognito from 'amazon-cognito-identity-js';
import { addUser, fired, withFactors, withLocalPool } from './local_pool.mjs';
import { totp } from './totp.mjs';

const { AuthenticationDetails, CognitoUser, CognitoUserPool } = cognito;

const PASSWORD = 'Sunny-Day-42';

/** Signs in. Each function of `on` answers a challenge with the handlers of the next step. */
function signedIn(user, on = {}) {
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password: PASSWORD });
  return new Promise((resolve, reject) => {
    const handlers = { onSuccess: resolve, onFailure: reject };
    for (const name of ['mfaRequired', 'totpRequired', 'mfaSetup', 'selectMFAType']) {
      handlers[name] = (challenge, parameters) => on[name](handlers, challenge, parameters);
    }
    user.authenticateUser(details, handlers);
  });
}

/** Calls a function with `{ onSuccess, onFailure, … }`. `success` names the function that ends it. */
function called(start, success = 'onSuccess') {
  return new Promise((resolve, reject) => start({ [success]: resolve, onFailure: reject }));
}

function preferred(user, sms, token) {
  return new Promise((resolve, reject) => {
    user.setUserMfaPreference(sms, token, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

await withLocalPool(async (pool) => {
  async function users(mode) {
    const { UserPoolId, ClientId } = await withFactors(pool, mode);
    const userPool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: pool.endpoint });
    return async (name) => {
      await addUser(pool, UserPoolId, name, PASSWORD);
      return new CognitoUser({ Username: name, Pool: userPool });
    };
  }

  const user = await users('OPTIONAL');
  const on = { Enabled: true, PreferredMfa: true };

  async function sms() {
    const ana = await user('ana');
    assert.ok((await signedIn(ana)).isValid(), 'MFA is optional');
    assert.equal(await preferred(ana, on, null), 'SUCCESS');
    const wrong = { mfaRequired: (handlers) => ana.sendMFACode('000000x', handlers) };
    const message = 'Invalid code or auth state for the user.';
    await assert.rejects(signedIn(ana, wrong), { name: 'CodeMismatchException', message });
    const right = {
      mfaRequired: async (handlers, challenge, parameters) => {
        assert.equal(challenge, 'SMS_MFA');
        assert.equal(parameters.CODE_DELIVERY_DESTINATION, '+*******1234');
        ana.sendMFACode(await pool.codeFor('ana'), handlers);
      },
    };
    assert.ok((await signedIn(ana, right)).isValid());
  }

  async function app() {
    const bob = await user('bob');
    await signedIn(bob);
    const secret = await called((on) => bob.associateSoftwareToken(on), 'associateSecretCode');
    const failed = called((on) => bob.verifySoftwareToken('000000', 'phone', on));
    await assert.rejects(failed, { name: 'EnableSoftwareTokenMFAException' });
    // One step early, so that the next one can be used at once.
    await called((on) => bob.verifySoftwareToken(totp(secret, -1), 'phone', on));
    await preferred(bob, null, on);
    const right = (code) => ({
      totpRequired: (handlers, challenge, parameters) => {
        assert.equal(challenge, 'SOFTWARE_TOKEN_MFA');
        assert.equal(parameters.FRIENDLY_DEVICE_NAME, 'phone');
        bob.sendMFACode(code, handlers, 'SOFTWARE_TOKEN_MFA');
      },
    });
    const code = totp(secret);
    assert.ok((await signedIn(bob, right(code))).isValid());
    await assert.rejects(signedIn(bob, right(code)), {
      name: 'ExpiredCodeException',
      message: 'Your software token has already been used once.',
    });

    // With two factors and no preference, the user chooses.
    await signedIn(bob, right(totp(secret, 1)));
    await preferred(bob, { Enabled: true, PreferredMfa: false }, { Enabled: true, PreferredMfa: false });
    const choice = {
      selectMFAType: (handlers, challenge, parameters) => {
        assert.equal(parameters.MFAS_CAN_CHOOSE, '["SMS_MFA","SOFTWARE_TOKEN_MFA"]');
        bob.sendMFASelectionAnswer('SMS_MFA', handlers);
      },
      mfaRequired: async (handlers) => bob.sendMFACode(await pool.codeFor('bob'), handlers),
    };
    assert.ok((await signedIn(bob, choice)).isValid());
  }

  async function setUp() {
    const { UserPoolId, ClientId } = await withFactors(pool, 'ON');
    await pool.call('SetUserPoolMfaConfig', {
      UserPoolId,
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
    await addUser(pool, UserPoolId, 'eve', PASSWORD);
    const userPool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: pool.endpoint });
    const eve = new CognitoUser({ Username: 'eve', Pool: userPool });
    let secret;
    const session = await signedIn(eve, {
      mfaSetup: async (handlers) => {
        secret = await called((on) => eve.associateSoftwareToken(on), 'associateSecretCode');
        eve.verifySoftwareToken(totp(secret, -1), 'phone', handlers);
      },
    });
    assert.ok(session.isValid());
    const right = {
      totpRequired: (handlers) => eve.sendMFACode(totp(secret), handlers, 'SOFTWARE_TOKEN_MFA'),
    };
    assert.ok((await signedIn(eve, right)).isValid());
  }

  /** The library confirms a new device by itself, and proves it at the next sign-in. */
  async function devices() {
    const DeviceConfiguration = { ChallengeRequiredOnNewDevice: true };
    const settings = { DeviceConfiguration, LambdaConfig: { PostAuthentication: pool.hook, PreTokenGeneration: pool.hook } };
    const { UserPoolId, ClientId } = await withFactors(pool, 'OPTIONAL', settings);
    await addUser(pool, UserPoolId, 'dan', PASSWORD);
    const userPool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: pool.endpoint });
    const dan = new CognitoUser({ Username: 'dan', Pool: userPool });
    const session = await signedIn(dan);
    const key = session.getAccessToken().payload.device_key;
    assert.match(key, /^us-east-1_[0-9a-f-]{36}$/);
    assert.equal(await called((on) => dan.setDeviceStatusRemembered(on)), 'SUCCESS');
    await preferred(dan, { Enabled: true, PreferredMfa: true }, null);

    // No second factor is asked for: the device stands in for it.
    const again = await signedIn(new CognitoUser({ Username: 'dan', Pool: userPool }));
    assert.equal(again.getAccessToken().payload.device_key, key);
    assert.equal(await fired(pool, 'TokenGeneration_AuthenticateDevice'), 1);
    const refreshed = await new Promise((resolve, reject) => {
      dan.refreshSession(again.getRefreshToken(), (error, result) => (error ? reject(error) : resolve(result)));
    });
    assert.equal(refreshed.getAccessToken().payload.device_key, key);

    const listed = await called((on) => dan.listDevices(10, null, on));
    assert.deepEqual(listed.Devices.map((device) => device.DeviceKey), [key]);
    assert.equal(await called((on) => dan.forgetDevice(on)), 'SUCCESS');
    const forgotten = { mfaRequired: async (on) => dan.sendMFACode(await pool.codeFor('dan'), on) };
    assert.ok((await signedIn(dan, forgotten)).isValid());
  }

  await sms();
  await app();
  await setUp();
  await devices();
});
console.log('factors_identity: ok');
