// A page whose user signs in by redirect with aws-amplify v6. `amplify_redirect.py` bundles and serves it.

import { Amplify } from 'aws-amplify';
import { fetchAuthSession, fetchUserAttributes, signInWithRedirect, signOut } from 'aws-amplify/auth';
import { Hub } from 'aws-amplify/utils';

const { endpoint, userPoolId, userPoolClientId } = await (await fetch('/config.json')).json();
const here = `${location.origin}/`;

/** Shows a line, and the button for what comes next. */
function show(text, label, action) {
  const line = document.createElement('p');
  line.textContent = text;
  const button = document.createElement('button');
  button.textContent = label;
  button.addEventListener('click', action);
  document.body.replaceChildren(line, button);
}

async function showSession() {
  const { tokens } = await fetchAuthSession();
  if (!tokens) {
    show('Nobody is signed in.', 'Sign in', () => signInWithRedirect({ customState: 'shop' }));
    return;
  }
  const { email } = await fetchUserAttributes();
  const { iss } = tokens.idToken.payload;
  show(`Signed in as ${email} by ${iss}.`, 'Sign out', () => signOut());
}

Hub.listen('auth', ({ payload }) => {
  if (payload.event === 'signInWithRedirect_failure') {
    document.body.textContent = `The sign-in failed: ${payload.data?.error}`;
  }
  if (payload.event === 'customOAuthState') {
    document.title = payload.data;
  }
});
Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId,
      userPoolClientId,
      userPoolEndpoint: endpoint,
      loginWith: {
        oauth: {
          domain: new URL(endpoint).host,
          scopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
          redirectSignIn: [here],
          redirectSignOut: [here],
          responseType: 'code',
        },
      },
    },
  },
});
await showSession();
