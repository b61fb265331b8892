// Starts the pool of the example `pool_for_clients`.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START = 'cargo run --quiet -p cognito-triggers-pool --example pool_for_clients';

/** Starts the pool, gives it to `use`, and ends it. */
export async function withLocalPool(use) {
  const [program, ...args] = (process.env.LOCAL_POOL || START).split(' ');
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { endpoint, userPools } = JSON.parse(line);
      await use({
        endpoint,
        poolId: userPools[0].id,
        codeFor: (userName) => codeFor(endpoint, userName),
        // A function that answers with the event.
        hook: 'arn:aws:lambda:us-east-1:123456789012:function:Echo',
        call: (operation, input) => call(endpoint, operation, input),
      });
      break;
    }
  } finally {
    child.kill();
  }
}

/** The code of the last message to a user. */
async function codeFor(endpoint, userName) {
  const answer = await fetch(`${endpoint}/_dev/messages?userName=${encodeURIComponent(userName)}`);
  return (await answer.json()).at(-1).code;
}

/** Calls an operation of the API as an administrator would. */
export async function call(endpoint, operation, input) {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` },
    body: JSON.stringify(input),
  });
  const body = await answer.json();
  if (answer.status !== 200) {
    throw new Error(`${operation}: ${JSON.stringify(body)}`);
  }
  return body;
}

/** Creates a pool with all second factors, and an app client. Returns the ids of both. */
export async function withFactors(pool, mode, settings = {}) {
  const made = await pool.call('CreateUserPool', {
    PoolName: 'factors',
    AutoVerifiedAttributes: ['email'],
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] } },
    ...settings,
  });
  const UserPoolId = made.UserPool.Id;
  await pool.call('SetUserPoolMfaConfig', {
    UserPoolId,
    MfaConfiguration: mode,
    SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } },
    SoftwareTokenMfaConfiguration: { Enabled: true },
    EmailMfaConfiguration: {},
  });
  const ExplicitAuthFlows = ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];
  const client = await pool.call('CreateUserPoolClient', { UserPoolId, ClientName: 'app', ExplicitAuthFlows });
  return { UserPoolId, ClientId: client.UserPoolClient.ClientId };
}

/** How many events of a trigger source there were. */
export async function fired(pool, triggerSource) {
  const answer = await fetch(`${pool.endpoint}/_dev/events`);
  return (await answer.json()).events.filter((event) => event.triggerSource === triggerSource).length;
}

/** Creates a user with an email address and a phone number. */
export async function addUser(pool, UserPoolId, Username, Password) {
  const attributes = { email: `${Username}@example.com`, phone_number: '+15555551234' };
  const verified = { email_verified: 'true', phone_number_verified: 'true' };
  const UserAttributes = Object.entries({ ...attributes, ...verified }).map(([Name, Value]) => ({ Name, Value }));
  await pool.call('AdminCreateUser', { UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' });
  await pool.call('AdminSetUserPassword', { UserPoolId, Username, Password, Permanent: true });
}
