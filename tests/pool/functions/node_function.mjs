#!/usr/bin/env node
// A function for triggers in JavaScript. It speaks Lambda's Runtime API itself, so it needs nothing but Node.

const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

/** Fills `response`, as each trigger needs it. */
function answer(event) {
  const { triggerSource: source, request, response } = event;
  if (source === 'PreSignUp_SignUp' && !request.userAttributes.email.endsWith('@example.com')) {
    console.log('refused an address of another domain');
    throw new Error('Node invites nobody from there');
  }
  if (source.startsWith('CustomMessage_')) {
    response.emailSubject = 'Hello from Node';
    response.emailMessage = `Node says: ${request.codeParameter}`;
  }
  if (source.startsWith('TokenGeneration_')) {
    response.claimsOverrideDetails = { claimsToAddOrOverride: { language: 'Node' } };
  }
  return event;
}

const post = (path, body) => fetch(`${runtime}/${path}`, { method: 'POST', body: JSON.stringify(body) });

for (;;) {
  const next = await fetch(`${runtime}/next`);
  const requestId = next.headers.get('Lambda-Runtime-Aws-Request-Id');
  const event = await next.json();
  try {
    await post(`${requestId}/response`, answer(event));
  } catch (error) {
    await post(`${requestId}/error`, { errorType: error.name, errorMessage: error.message });
  }
}
