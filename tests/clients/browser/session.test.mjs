// A session in a real browser, by deploy/client/voicegate.js. The gateway serves no pages, but each of its answers is a
// document of its origin, and scripts that are run in it are the page's.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import standing from '../standing.cjs';
import { openBrowser, serveSite } from './chromium.mjs';

const { gateway, mint, pcm, tellUpstream, voice } = standing;
const bounded = { timeout: 20_000 };
const origin = 'https://voice.example.test';
const cookie = '__Host-cartesia_token';
const module = 'https://app.example.test/voicegate.js';
const speech = JSON.stringify({ model_id: 'sonic-3', transcript: 'Spoken in a browser.', voice: { mode: 'id', id: voice }, output_format: { container: 'raw', ...pcm } });
const message = JSON.stringify({ ...JSON.parse(speech), context_id: 'c', continue: false });

let site, browser, context;
before(async () => {
  site = await serveSite();
  browser = await openBrowser({ 'voice.example.test:443': new URL(gateway).port, 'app.example.test:443': site.address().port });
}, bounded);
after(async () => {
  await browser?.close();
  site?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
}, bounded);
afterEach(() => context.close());

async function newPage() {
  const page = await context.newPage();
  await page.goto(`${origin}/session`);
  return page;
}

// A page whose `voice` is a session that `token` opened, and whose `told` is what ended it.
async function signedIn(token) {
  const page = await newPage();
  await page.evaluate(async ([module, token]) => {
    globalThis.told = [];
    const { openSession } = await import(module);
    globalThis.voice = await openSession({ token: async () => token, onend: (problem) => told.push(problem.error_code) });
  }, [module, token]);
  return page;
}

// Gives the page a `socket` and waits until it is open; `heard` are the events since.
function openSocket(page, path = '/tts/websocket') {
  return page.evaluate((path) => new Promise((resolve) => {
    globalThis.heard = [];
    globalThis.socket = voice.socket(`${path}?cartesia_version=2026-03-01`);
    socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(data)));
    socket.addEventListener('open', resolve);
  }), path);
}

const closed = (page) => page.evaluate(() => new Promise((resolve) => {
  socket.addEventListener('close', ({ code, problem }) => resolve({ code, why: problem?.error_code ?? null }));
}));

// Says `message` on the page's socket; resolves to the types of what comes back until it is done.
const speakOnSocket = (page) => page.evaluate((message) => new Promise((resolve) => {
  const types = [];
  socket.addEventListener('message', ({ data }) => {
    types.push(JSON.parse(data).type);
    if (types.at(-1) === 'done' || types.at(-1) === 'error') resolve(types);
  });
  socket.send(message);
}), message);

test('the token lies in a cookie that no script and no other site gets', bounded, async () => {
  const page = await signedIn(await mint({ tts: true }));
  assert.equal(await page.evaluate(() => document.cookie), '');
  const [kept, ...more] = await context.cookies();
  assert.deepEqual(more, []);
  const { name, domain, path, httpOnly, secure, sameSite, expires } = kept;
  assert.deepEqual({ name, domain, path, httpOnly, secure, sameSite },
    { name: cookie, domain: 'voice.example.test', path: '/', httpOnly: true, secure: true, sameSite: 'Strict' });
  const left = expires - Date.now() / 1000;
  assert.ok(left > 200 && left <= 300, `${left} s`);
  const { grants, subject } = await page.evaluate(() => voice.info);
  assert.deepEqual(grants, { tts: true, stt: false, agent: false });
  assert.equal(typeof subject, 'string');
});

test('speech by fetch, whole and as events', bounded, async () => {
  const page = await signedIn(await mint({ tts: true }));
  const { bytes, events } = await page.evaluate(async (speech) => {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json', 'Cartesia-Version': '2026-03-01' }, body: speech };
    const sound = await voice.fetch('/tts/bytes', init);
    const stream = await voice.fetch('/tts/sse', init);
    let text = '';
    for await (const piece of stream.body.pipeThrough(new TextDecoderStream())) text += piece;
    return {
      bytes: (await sound.arrayBuffer()).byteLength,
      events: text.match(/^data: .*$/gm).map((line) => JSON.parse(line.slice(6)).type),
    };
  }, speech);
  assert.ok(bytes > 16_000, `${bytes} bytes`);
  assert.ok(events.filter((type) => type === 'chunk').length >= 2, events.join());
  assert.equal(events.at(-1), 'done');
});

test('speech on a socket, which goes on after the upstream restarts', bounded, async () => {
  const page = await signedIn(await mint({ tts: true }));
  await openSocket(page);
  assert.equal((await speakOnSocket(page)).at(-1), 'done');
  const again = page.evaluate(() => new Promise((resolve) => socket.addEventListener('reconnect', resolve)).then(() => 'again'));
  await tellUpstream('POST', '/close-websockets?code=1012');
  assert.equal(await again, 'again');
  assert.equal((await speakOnSocket(page)).at(-1), 'done');
  const end = closed(page);
  await page.evaluate(() => socket.close());
  assert.deepEqual(await end, { code: 1000, why: null });
});

test('a refresh replaces the cookie, and the socket stays', bounded, async () => {
  const page = await signedIn(await mint({ tts: true }));
  await openSocket(page);
  const [before] = await context.cookies();
  await page.evaluate(() => voice.refresh());
  const [next] = await context.cookies();
  assert.notEqual(next.value, before.value);
  assert.equal((await speakOnSocket(page)).at(-1), 'done');
});

test('signing out in one tab ends the other one\'s socket, and says why', bounded, async () => {
  const first = await signedIn(await mint({ tts: true }));
  await openSocket(first);
  const second = await newPage();
  const end = closed(first);
  await context.addCookies([{ name: 'app', value: '1', domain: '.example.test', path: '/' }]); // clear_site_data ends it, too
  assert.equal(await second.evaluate(async () => (await fetch('/session', { method: 'DELETE' })).status), 204);
  // The page asks why at once: the cookie may be gone by then, or be still there and revoked. Nothing orders the two.
  const { code, why } = await end;
  assert.equal(code, 1008);
  assert.match(why, /^(no_token|token_revoked)$/);
  const heard = await first.evaluate(() => heard);
  assert.deepEqual(heard.map(({ type, error_code }) => [type, error_code]), [['error', 'token_revoked']]);
  assert.deepEqual(await first.evaluate(() => told), [why]);
  assert.deepEqual(await context.cookies(), []);
});

test('voice.close() signs out', bounded, async () => {
  const page = await signedIn(await mint({ tts: true }));
  await page.evaluate(() => voice.close());
  assert.deepEqual(await context.cookies(), []);
  assert.equal(await page.evaluate(async () => (await fetch('/session')).status), 401);
});

test('a forged token opens no session, and a browser learns why', bounded, async () => {
  const page = await newPage();
  const problem = await page.evaluate(async (module) => {
    const { openSession } = await import(module);
    return openSession({ token: async () => 'forged' }).catch(({ status, error_code }) => ({ status, error_code }));
  }, module);
  assert.deepEqual(problem, { status: 401, error_code: 'token_malformed' });
});

test('a socket without a session is refused, with nothing but 1006', bounded, async () => {
  const page = await newPage();
  const code = await page.evaluate(() => new Promise((resolve) => {
    new WebSocket('wss://voice.example.test/tts/websocket').onclose = ({ code }) => resolve(code);
  }));
  assert.equal(code, 1006);
});

test('a socket without its grant is refused once', bounded, async () => {
  const page = await signedIn(await mint({ tts: true }));
  const end = await page.evaluate(() => new Promise((resolve) => {
    voice.socket('/stt/websocket?model=ink-2').addEventListener('close', ({ code, problem }) => resolve({ code, problem }));
  }));
  assert.deepEqual(end, { code: 1006, problem: undefined });
});
