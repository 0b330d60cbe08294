// What pages of other origins can do with the cookie of a session, in a real browser: all that the gateway's own pages can,
// where their origin is listed in browsers.origins; otherwise nothing, whether the browser sends the cookie or not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import standing from '../standing.cjs';
import { openBrowser, openLaxContext, serveSite } from './chromium.mjs';

const { atUpstream, gateway, mint, tellUpstream } = standing;
const bounded = { timeout: 30_000 };
const own = 'https://voice.example.test';
const cookie = '__Host-cartesia_token';

let site, hosts, browser;
before(async () => {
  site = await serveSite();
  hosts = { 'voice.example.test:443': new URL(gateway).port };
  for (const name of ['app.example.test', 'other.example.test', 'evil.test']) hosts[`${name}:443`] = site.address().port;
  browser = await openBrowser(hosts);
}, bounded);
after(async () => {
  await browser?.close();
  site?.close();
});

// A browser with the cookie of a session, as the gateway set it or as loose as `sameSite`; and a page of `origin` in it.
async function visit(t, origin, sameSite = 'Strict') {
  const context = sameSite === 'None' ? await openLaxContext(hosts) : await browser.newContext();
  t.after(() => context.close());
  const home = await context.newPage();
  await home.goto(`${own}/session`);
  const inLog = watchLog();
  const status = await home.evaluate(async (token) => {
    const answer = await fetch('/session', { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
    return answer.status;
  }, await mint({ tts: true }));
  assert.equal(status, 204);
  await inLog(1, 'POST', '/session');
  const [set] = await context.cookies();
  assert.equal(set.sameSite, 'Strict');
  await context.addCookies([{ ...set, sameSite }]);
  const page = await context.newPage();
  await page.goto(`${origin}/session`);
  await tellUpstream('DELETE', '/requests');
  return { context, home, page };
}

// Each function is run in a page and tells what that page sees.
const attempts = {
  socket: (own) => new Promise((resolve) => {
    const socket = new WebSocket(`${own.replace('https', 'wss')}/tts/websocket?cartesia_version=2026-03-01`);
    socket.onopen = () => {
      socket.close();
      resolve('open');
    };
    socket.onclose = ({ code }) => resolve(code);
  }),
  json: (own) => fetch(`${own}/tts/bytes`, {
    method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json', 'X-Voicegate': '1' }, body: '{}',
  }).then(({ status }) => status, () => 'failed'),
  read: (own) => fetch(`${own}/session`, { credentials: 'include' })
    .then(async (answer) => [answer.status, (await answer.json()).grants?.tts], () => 'failed'),
  readRequestId: (own) => fetch(`${own}/session`, { credentials: 'include' })
    .then(({ headers }) => headers.get('X-Request-Id') !== null, () => 'failed'),
  signOut: (own) => fetch(`${own}/session`, { method: 'DELETE', credentials: 'include', headers: { 'X-Voicegate': '1' } })
    .then(({ status }) => status, () => 'failed'),
};

// What needs no leave of the other side (Fetch's simple requests), so that its page sees nothing.
const blind = {
  'a fetch without CORS': (url) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).catch(() => {}),
  'a form': (url) => new Promise((resolve) => {
    document.body.innerHTML = `<iframe name="f"></iframe><form method="POST" enctype="text/plain" target="f" action="${url}"><input name="{" value="}"></form>`;
    document.querySelector('iframe').onload = resolve;
    document.querySelector('form').submit();
  }),
  'a beacon': (url) => navigator.sendBeacon(url, '{}'),
};

// The access log since now: `wait(count, method, paths)` resolves to that many of its lines, once they are there.
function watchLog() {
  const read = () => readFileSync(join(process.env.STAND, 'access.log'));
  const begin = read().length;
  return async (count, method, ...paths) => {
    let found;
    for (const end = Date.now() + 10_000; Date.now() < end; await pause(10)) {
      const lines = read().subarray(begin).toString().split('\n').slice(0, -1).map((line) => JSON.parse(line));
      found = lines.filter((line) => line.method === method && paths.includes(line.path));
      if (found.length >= count) return found;
    }
    return assert.fail(`${found.length} of ${count} requests ${method} ${paths} in the log`);
  };
}

for (const [who, origin] of [['the gateway\'s own', own], ['a listed', 'https://app.example.test']]) {
  test(`a page of ${who} origin may do all`, bounded, async (t) => {
    const { context, page } = await visit(t, origin);
    const attempt = (name) => page.evaluate(attempts[name], own);
    assert.equal(await attempt('socket'), 'open');
    const inLog = watchLog();
    assert.notEqual(await attempt('json'), 'failed');
    assert.deepEqual(await attempt('read'), [200, true]);
    assert.equal(await attempt('readRequestId'), true);
    for (const act of Object.values(blind)) await page.evaluate(act, `${own}/tts/bytes`);
    const spoken = await inLog(4, 'POST', '/tts/bytes');
    assert.deepEqual(spoken.map(({ granted }) => granted), [true, true, true, true]);
    assert.equal((await atUpstream()).filter(({ target }) => target === '/tts/bytes').length, 4);
    assert.equal(await attempt('signOut'), 204);
    assert.deepEqual(await context.cookies(own), []);
  });
}

test('a page of a listed origin has the whole client', bounded, async (t) => {
  const { page } = await visit(t, 'https://app.example.test');
  const told = await page.evaluate(async ([own, token]) => {
    const { openSession } = await import('/voicegate.js');
    const voice = await openSession({ base: own, token: async () => token });
    const refreshed = await voice.refresh();
    const socket = voice.socket('/tts/websocket?cartesia_version=2026-03-01');
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.close();
    await voice.close();
    return refreshed.grants;
  }, [own, await mint({ tts: true })]);
  assert.deepEqual(told, { tts: true, stt: false, agent: false });
});

const strangers = [
  // The browser sends a Strict cookie from here: the gateway alone says no.
  ['another origin of the same site', 'https://other.example.test', 'Strict', 'origin_not_allowed'],
  ['another site', 'https://evil.test', 'Strict', 'no_token'],
  ['another site, the cookie being SameSite=None', 'https://evil.test', 'None', 'origin_not_allowed'],
];
for (const [who, origin, sameSite, reason] of strangers) {
  test(`a page of ${who} may do nothing`, bounded, async (t) => {
    const { context, home, page } = await visit(t, origin, sameSite);
    const [{ value }] = await context.cookies(own);
    const attempt = (name) => page.evaluate(attempts[name], own);

    const inLog = watchLog();
    assert.equal(await attempt('socket'), 1006);
    const [{ reason: told }] = await inLog(1, 'GET', '/tts/websocket');
    assert.equal(told, reason);
    for (const name of ['json', 'read', 'readRequestId', 'signOut']) assert.equal(await attempt(name), 'failed', name);
    const paths = ['/tts/bytes', '/session/refresh', '/session'];
    for (const act of Object.values(blind)) {
      for (const path of paths) await page.evaluate(act, own + path);
    }
    const tried = await inLog(9, 'POST', ...paths);
    assert.deepEqual(tried.filter(({ status }) => status < 400), []);

    assert.deepEqual(await atUpstream(), []);
    assert.equal((await context.cookies(own)).find(({ name }) => name === cookie).value, value);
    assert.deepEqual(await home.evaluate(attempts.read, own), [200, true]);
  });
}

test('a sandboxed frame of a listed page may do nothing', bounded, async (t) => {
  const { context, home, page } = await visit(t, 'https://app.example.test', 'None');
  const [{ value }] = await context.cookies(own);
  await page.setContent('<iframe sandbox="allow-scripts" srcdoc="<p>"></iframe>');
  const frame = page.frames().find((each) => each.parentFrame());
  const inLog = watchLog();
  assert.equal(await frame.evaluate(attempts.socket, own), 1006);
  assert.equal((await inLog(1, 'GET', '/tts/websocket'))[0].reason, 'origin_not_allowed');
  assert.equal(await frame.evaluate(attempts.read, own), 'failed');
  assert.equal(await frame.evaluate(attempts.json, own), 'failed');
  await frame.evaluate(blind['a fetch without CORS'], `${own}/tts/bytes`);
  assert.deepEqual(await atUpstream(), []);
  assert.equal((await context.cookies(own)).find(({ name }) => name === cookie).value, value);
  assert.deepEqual(await home.evaluate(attempts.read, own), [200, true]);
});
