// Plays every drill against the API and against aws-amplify v6, and compares with the table in docs/pool/drills.md.
//
//     npm ci --prefix tests/pool
//     node tests/pool/drills.mjs           # fails if the table says something else
//     node tests/pool/drills.mjs --write   # rewrites the table

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';
import { withLocalPool } from './local_pool.mjs';

const PAGE = fileURLToPath(new URL('../../docs/pool/drills.md', import.meta.url));
const PASSWORD = 'Sunny-Day-42';
// Functions have less time than on AWS, so that those past the limit take a second instead of fifteen.
const LIMIT = 400;
process.env.FUNCTION_LIMIT_MS = String(LIMIT);

/** The users of this run. */
let users = 0;
const newUser = () => `user-${(users += 1)}`;

/** What an app calls: with Amplify, and as the API has it. `prepare` makes a user who can call it. */
const CALLS = {
  SignUp: {
    amplify: (username) => auth.signUp({ username, password: PASSWORD, options: { userAttributes: { email: `${username}@example.com` } } }),
    api: (username) => ({ Username: username, Password: PASSWORD, UserAttributes: [{ Name: 'email', Value: `${username}@example.com` }] }),
  },
  ConfirmSignUp: {
    prepare: signUp,
    amplify: async (username, pool) => auth.confirmSignUp({ username, confirmationCode: await pool.codeFor(username) }),
    api: async (username, pool) => ({ Username: username, ConfirmationCode: await pool.codeFor(username) }),
  },
  InitiateAuth: {
    prepare: confirmed,
    amplify: async (username) => {
      await auth.signIn({ username, password: PASSWORD, options: { authFlowType: 'USER_PASSWORD_AUTH' } });
      await auth.signOut();
    },
    api: (username) => ({ AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: username, PASSWORD } }),
  },
  ForgotPassword: {
    prepare: confirmed,
    amplify: (username) => auth.resetPassword({ username }),
    api: (username) => ({ Username: username }),
  },
};

const of = (trigger, how, more = {}) => ({ trigger, how, ...more });
const fails = (operation, exception, times) => ({ operation, exception, times });
/** A drill, the call that it makes go wrong, and how the page names it. */
const DRILLS = [
  [of('PreSignUp', 'error', { message: 'You have no invitation' }), 'SignUp', '`PreSignUp`: `error`'],
  [of('PreSignUp', 'crash'), 'SignUp', '`PreSignUp`: `crash`'],
  [of('PreSignUp', 'timeout'), 'SignUp', '`PreSignUp`: `timeout`'],
  [of('PreSignUp', 'slow', { ms: 20 }), 'SignUp', '`PreSignUp`: `slow`, within the limit'],
  [of('PreSignUp', 'slow', { ms: 2 * LIMIT }), 'SignUp', '`PreSignUp`: `slow`, past the limit'],
  [of('PreSignUp', 'cold', { ms: 20 }), 'SignUp', '`PreSignUp`: `cold`, within the limit'],
  [of('PreSignUp', 'cold', { ms: 1.5 * LIMIT }), 'SignUp', '`PreSignUp`: `cold`, past the limit'],
  [of('PreSignUp', 'throttle'), 'SignUp', '`PreSignUp`: `throttle`'],
  [of('PreSignUp', 'forbid'), 'SignUp', '`PreSignUp`: `forbid`'],
  [of('PreSignUp', 'deleted'), 'SignUp', '`PreSignUp`: `deleted`'],
  [of('PreSignUp', 'busy'), 'SignUp', '`PreSignUp`: `busy`'],
  [of('PreSignUp', 'null'), 'SignUp', '`PreSignUp`: `null`'],
  [of('PreSignUp', 'garbage'), 'SignUp', '`PreSignUp`: `garbage`'],
  [of('PreSignUp', 'wrongShape'), 'SignUp', '`PreSignUp`: `wrongShape`'],
  [of('CustomMessage', 'error', { message: 'No template' }), 'SignUp', '`CustomMessage`: `error`'],
  [{ trigger: 'delivery' }, 'SignUp', '`delivery`, of a sign-up'],
  [{ trigger: 'delivery' }, 'ForgotPassword', '`delivery`, of a forgotten password'],
  [of('PostConfirmation', 'timeout'), 'ConfirmSignUp', '`PostConfirmation`: `timeout`'],
  [of('PreAuthentication', 'throttle'), 'InitiateAuth', '`PreAuthentication`: `throttle`'],
  [of('PreTokenGeneration', 'error', { message: 'No claims' }), 'InitiateAuth', '`PreTokenGeneration`: `error`'],
  [fails('SignUp', 'LimitExceededException', 1), 'SignUp', '`SignUp`: `LimitExceededException`, once'],
  [fails('SignUp', 'LimitExceededException', 9), 'SignUp', '`SignUp`: `LimitExceededException`, always'],
  [fails('InitiateAuth', 'TooManyRequestsException', 1), 'InitiateAuth', '`InitiateAuth`: `TooManyRequestsException`, once'],
  [fails('InitiateAuth', 'TooManyRequestsException', 9), 'InitiateAuth', '`InitiateAuth`: `TooManyRequestsException`, always'],
  [fails('ForgotPassword', 'InternalErrorException', 1), 'ForgotPassword', '`ForgotPassword`: `InternalErrorException`, once'],
  [fails('ForgotPassword', 'InternalErrorException', 9), 'ForgotPassword', '`ForgotPassword`: `InternalErrorException`, always'],
];

async function signUp(username, pool) {
  await pool.call('SignUp', { ClientId: pool.clientId, ...CALLS.SignUp.api(username) });
}

async function confirmed(username, pool) {
  await signUp(username, pool);
  await pool.call('ConfirmSignUp', { ClientId: pool.clientId, Username: username, ConfirmationCode: await pool.codeFor(username) });
}

/** A request to the development endpoints. */
async function dev(pool, method, path, body) {
  const answer = await fetch(`${pool.endpoint}/_dev/${path}`, { method, body: body && JSON.stringify(body) });
  assert.equal(answer.status, 200, `${method} ${path}: ${await answer.clone().text()}`);
  return answer.json();
}

/** What the API answers to a call with a drill. */
async function ofApi(pool, drill, operation) {
  const { prepare, api } = CALLS[operation];
  const username = newUser();
  await prepare?.(username, pool);
  const input = { ClientId: pool.clientId, ...(await api(username, pool)) };
  await dev(pool, 'POST', 'fail', drill);
  const answer = await fetch(pool.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` },
    body: JSON.stringify(input),
  });
  await dev(pool, 'DELETE', 'fail');
  const { __type, message } = await answer.json();
  return answer.status === 200 ? 'success' : `${answer.status} \`${__type}\`: ${message}`;
}

/** The outcome of a call with Amplify. */
async function outcome(call) {
  try {
    await call();
    return 'success';
  } catch (error) {
    return `\`${error.name}\`: ${error.message}`;
  }
}

/** What Amplify says to a call with a drill, how often it called, and what it says to the same call without the drill. */
async function ofAmplify(pool, drill, operation) {
  const { prepare, amplify } = CALLS[operation];
  const username = newUser();
  await prepare?.(username, pool);
  const { next } = await dev(pool, 'GET', 'calls?since=0');
  await dev(pool, 'POST', 'fail', drill);
  const says = await outcome(() => amplify(username, pool));
  await dev(pool, 'DELETE', 'fail');
  const { calls } = await dev(pool, 'GET', `calls?since=${next}`);
  const made = calls.filter((call) => call.operation === operation);
  assert.ok(made[0].drills.length > 0, `${operation} used no drill`);
  return [says, String(made.length), await outcome(() => amplify(username, pool))];
}

async function rows(pool) {
  const lines = [];
  for (const [drill, operation, name] of DRILLS) {
    const api = await ofApi(pool, drill, operation);
    const [says, calls, again] = await ofAmplify(pool, drill, operation);
    const same = api !== 'success' && api.slice(4) === says;
    lines.push(`| ${[name, api, same ? 'the same' : says, calls, again].join(' | ')} |`);
  }
  return lines;
}

await withLocalPool(async (pool) => {
  const triggers = ['PreSignUp', 'CustomMessage', 'PostConfirmation', 'PreAuthentication', 'PreTokenGeneration'];
  const made = await pool.call('CreateUserPool', {
    PoolName: 'drills',
    AutoVerifiedAttributes: ['email'],
    LambdaConfig: Object.fromEntries(triggers.map((trigger) => [trigger, pool.hook])),
  });
  const userPoolId = made.UserPool.Id;
  const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];
  const client = await pool.call('CreateUserPoolClient', { UserPoolId: userPoolId, ClientName: 'app', ExplicitAuthFlows });
  const userPoolClientId = client.UserPoolClient.ClientId;
  Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint: pool.endpoint } } });

  const found = await rows({ ...pool, clientId: userPoolClientId });
  const page = readFileSync(PAGE, 'utf8');
  const head = '| drill | the API answers | Amplify says | calls | the same call again |\n|---|---|---|---|---|\n';
  const start = page.indexOf(head) + head.length;
  assert.ok(start > head.length, `${PAGE} has no table`);
  const end = page.indexOf('\n\n', start);
  if (process.argv.includes('--write')) {
    writeFileSync(PAGE, page.slice(0, start) + found.join('\n') + page.slice(end));
  } else {
    assert.deepEqual(page.slice(start, end).split('\n'), found, 'run tests/pool/drills.mjs --write, and read the diff');
  }
});
console.log(`drills: ok (${DRILLS.length} drills)`);
