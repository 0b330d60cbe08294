// The recipes of the README, run as they stand there. Only addresses differ: all listen on free ports, and Cartesia is the
// simulator.
import assert from 'node:assert/strict';
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const { STAND, VOICEGATE, SIMULATOR_URL } = process.env;
assert.ok(STAND && VOICEGATE && SIMULATOR_URL, 'start these tests with tests/clients/run');

const root = fileURLToPath(new URL('../../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const apiKey = readFileSync(join(STAND, 'api.key'), 'utf8').trim();

// The text from a heading to the next one.
function section(heading) {
  const [, text] = readme.split(new RegExp(`^##+ ${heading}$`, 'm'));
  assert.ok(text, `README.md has no heading "${heading}"`);
  return text.split(/^##+ /m)[0];
}

// The code blocks whose first line is a comment with a file's name, by that name.
function filesIn(text) {
  const blocks = text.matchAll(/^```\w+\n(?:\/\/|<!--) ([\w./-]+\.\w+).*\n([^]*?)^```$/gm);
  return Object.fromEntries([...blocks].map(([, name, content]) => [name, content]));
}

const commandsIn = (text) => /^```sh\n([^]*?)^```$/m.exec(text)[1];

// A directory with the files of the recipe under `heading` beside the app's, set up as the README says.
export function unpack(heading) {
  const home = mkdtempSync(join(STAND, 'recipe-'));
  const common = section('Put it in front of your app');
  const files = { ...filesIn(common), ...filesIn(section(heading)) };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  copyFileSync(join(root, 'deploy/client/voicegate.js'), join(home, 'public/voicegate.js'));
  symlinkSync(join(root, 'tests/clients/node_modules'), join(home, 'node_modules')); // npm install express
  const env = { ...process.env, PATH: `${dirname(VOICEGATE)}:${process.env.PATH}` };
  execFileSync('bash', ['-euc', commandsIn(common)], { cwd: home, env, stdio: 'pipe' });
  if (files['keys.mjs']) execFileSync('node', ['keys.mjs'], { cwd: home });
  return { home, files };
}

async function ended(process) {
  process.kill();
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
}

// The app's own port, once it listens.
export async function startApp(t, { home }) {
  const app = fork('app.mjs', {
    cwd: home,
    execArgv: ['--require', fileURLToPath(new URL('elsewhere.cjs', import.meta.url))],
    env: { ...process.env, CARTESIA_API_KEY: apiKey },
  });
  t.after(() => ended(app));
  const [port] = await Promise.race([once(app, 'message'), once(app, 'exit').then(() => assert.fail('app.mjs ended'))]);
  return port;
}

// The gateway's port, once it serves; for its configuration the app is at `appPort`.
export async function startGateway(t, { home, files }, appPort) {
  const config = (0, eval)(`(${files['voicegate.json']})`); // trailing commas are as good as the gateway's
  config.listen = { https: ['127.0.0.1:0'], http: [], admin: null };
  config.log = { access: 'off' };
  config.upstream = { ...config.upstream, url: SIMULATOR_URL, ca_file: join(STAND, 'certs/ca.pem') };
  if (config.session) config.session.authorize_url = config.session.authorize_url.replace(':3000', `:${appPort}`);
  writeFileSync(join(home, 'voicegate.json'), JSON.stringify(config));
  const gateway = spawn(VOICEGATE, ['serve', '--config', 'voicegate.json', '--print-ports'], {
    cwd: home, env: { ...process.env, CARTESIA_API_KEY: apiKey }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => ended(gateway));
  for await (const line of createInterface({ input: gateway.stdout })) {
    const port = /ready https=(\d+)/.exec(line)?.[1];
    if (port) return port;
  }
  return assert.fail('the gateway did not start');
}
