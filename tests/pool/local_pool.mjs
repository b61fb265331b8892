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
      await use({ endpoint, poolId: userPools[0].id, codeFor: (userName) => codeFor(endpoint, userName) });
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
