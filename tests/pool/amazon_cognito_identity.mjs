// Signs users in with amazon-cognito-identity-js, by SRP and by custom challenges.
//
//     npm ci --prefix tests/pool
//     node tests/pool/amazon_cognito_identity.mjs

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import cognito from 'amazon-cognito-identity-js';
import { withLocalPool } from './local_pool.mjs';

const { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } = cognito;
const { version } = createRequire(import.meta.url)('amazon-cognito-identity-js/package.json');

const PASSWORD = 'Sunny-Day-42';

/** Calls a function that takes a callback `(error, result)`. */
function called(start) {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Signs in. `on` answers challenges; without an answer, a challenge is an error. */
function signedIn(user, password, on = {}) {
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password: password });
  return new Promise((resolve, reject) => {
    const handlers = {
      onSuccess: resolve,
      onFailure: reject,
      newPasswordRequired: (attributes, required) => on.newPassword(attributes, required, handlers),
      customChallenge: (parameters) => on.custom(parameters, handlers),
    };
    (on.start || ((details) => user.authenticateUser(details, handlers)))(details, handlers);
  });
}

async function refused(promise, name, message) {
  await assert.rejects(promise, { name, message });
}

await withLocalPool(async (pool) => {
  const userPool = new CognitoUserPool({
    UserPoolId: pool.poolId,
    ClientId: 'public',
    endpoint: pool.endpoint,
  });
  const user = (name) => new CognitoUser({ Username: name, Pool: userPool });

  async function signUp() {
    const email = new CognitoUserAttribute({ Name: 'email', Value: 'ana@example.com' });
    const made = await called((done) => userPool.signUp('ana', PASSWORD, [email], [], done));
    assert.equal(made.userConfirmed, false);
    await refused(
      called((done) => userPool.signUp('ana', PASSWORD, [email], [], done)),
      'UsernameExistsException',
      'User already exists',
    );
    await refused(signedIn(user('ana'), PASSWORD), 'UserNotConfirmedException', 'User is not confirmed.');
    await called((done) => user('ana').resendConfirmationCode(done));
    const code = await pool.codeFor('ana');
    assert.equal(await called((done) => user('ana').confirmRegistration(code, false, done)), 'SUCCESS');
  }

  async function signIn() {
    const ana = user('ana@example.com');
    const session = await signedIn(ana, PASSWORD);
    assert.ok(session.isValid());
    assert.equal(session.getIdToken().payload['cognito:username'], 'ana');
    assert.deepEqual(session.getAccessToken().payload.tenant, { id: 7 });
    assert.equal(ana.getUsername(), 'ana', 'the client learns the real user name');
    await refused(
      signedIn(user('ana'), 'wrong'),
      'NotAuthorizedException',
      'Incorrect username or password.',
    );
    await refused(signedIn(user('nobody'), PASSWORD), 'UserNotFoundException', 'User does not exist.');
    for (let round = 0; round < 10; round += 1) {
      await signedIn(user('ana'), PASSWORD);
    }
    return ana;
  }

  async function attributes(ana) {
    const name = new CognitoUserAttribute({ Name: 'name', Value: 'Ana' });
    assert.equal(await called((done) => ana.updateAttributes([name], done)), 'SUCCESS');
    const found = await called((done) => ana.getUserAttributes(done));
    assert.equal(found.find((attribute) => attribute.getName() === 'name').getValue(), 'Ana');
    assert.equal(await called((done) => ana.deleteAttributes(['name'], done)), 'SUCCESS');
    assert.equal(await called((done) => ana.changePassword(PASSWORD, `${PASSWORD}!`, done)), 'SUCCESS');
    await signedIn(ana, `${PASSWORD}!`);
  }

  async function forgotPassword() {
    const ana = user('ana');
    const asked = await new Promise((resolve, reject) => {
      ana.forgotPassword({ onSuccess: resolve, onFailure: reject, inputVerificationCode: resolve });
    });
    assert.equal(asked.CodeDeliveryDetails.Destination, 'a***@e***');
    const code = await pool.codeFor('ana');
    await new Promise((resolve, reject) => {
      ana.confirmPassword(code, PASSWORD, { onSuccess: resolve, onFailure: reject });
    });
    await signedIn(ana, PASSWORD);
  }

  async function customChallenges() {
    const answers = ['8', '7'];
    const custom = (parameters, handlers) => {
      assert.equal(parameters.question, '3 + 4');
      ana.sendCustomChallengeAnswer(answers.shift(), handlers);
    };
    let ana = user('ana');
    ana.setAuthenticationFlowType('CUSTOM_AUTH');
    const start = (details, handlers) => ana.initiateAuth(details, handlers);
    assert.ok((await signedIn(ana, undefined, { start, custom })).isValid());

    // The same behind a password, which the client proves first.
    ana = user('ana');
    ana.setAuthenticationFlowType('CUSTOM_AUTH');
    answers.push('7');
    assert.ok((await signedIn(ana, PASSWORD, { custom })).isValid());

    ana = user('ana');
    answers.push('1', '2', '3');
    await refused(
      signedIn(ana, undefined, { start, custom }),
      'NotAuthorizedException',
      'Incorrect username or password.',
    );
  }

  async function newPassword() {
    const answer = await fetch(pool.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.AdminCreateUser' },
      body: JSON.stringify({
        UserPoolId: pool.poolId,
        Username: 'bob',
        TemporaryPassword: 'Temporary-1',
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'email', Value: 'bob@example.com' }],
      }),
    });
    assert.equal(answer.status, 200);
    const bob = user('bob');
    const session = await signedIn(bob, 'Temporary-1', {
      newPassword: (attributes, required, handlers) => {
        assert.equal(attributes.email, 'bob@example.com');
        assert.deepEqual(required, []);
        bob.completeNewPasswordChallenge(PASSWORD, {}, handlers);
      },
    });
    assert.ok(session.isValid());
  }

  async function refreshAndSignOut(ana) {
    const session = await signedIn(ana, PASSWORD);
    const refreshed = await called((done) => ana.refreshSession(session.getRefreshToken(), done));
    assert.notEqual(refreshed.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken());
    await new Promise((resolve, reject) => {
      ana.globalSignOut({ onSuccess: resolve, onFailure: reject });
    });
    await refused(
      called((done) => ana.refreshSession(session.getRefreshToken(), done)),
      'NotAuthorizedException',
      'Refresh Token has been revoked',
    );
    await signedIn(ana, PASSWORD);
    await called((done) => ana.deleteUser(done));
    await refused(signedIn(user('ana'), PASSWORD), 'UserNotFoundException', 'User does not exist.');
  }

  await signUp();
  const ana = await signIn();
  await attributes(ana);
  await forgotPassword();
  await customChallenges();
  await newPassword();
  await refreshAndSignOut(ana);
});
console.log(`amazon_cognito_identity: ok (amazon-cognito-identity-js ${version}, node ${process.version})`);
