// deploy/client/voicegate.js, run as a page would, against a gateway made of node's own server and ws. Time stands still
// until a test moves it; each page has a cookie jar, timers and events of its own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import WebSocket, { WebSocketServer } from 'ws';

const file = new URL('../../deploy/client/voicegate.js', import.meta.url);
const source = readFileSync(file, 'utf8');
const bounded = { timeout: 20_000 };
const lifetime = 60;
const start = 1_800_000_000_000;

async function fakeGateway(t) {
  const it = { now: start, good: false, seen: [], fail: {}, hold: null, date: true, renewable: true, generation: 0, renewed: start };
  const problem = (status, error_code) => [status, { error_code, title: 'No', message: 'No session.', request_id: 'r' }];
  const code = (cookie) => {
    if (!it.good) return it.why ?? 'no_token';
    return cookie === `s=${it.generation}` && it.now < it.renewed + lifetime * 1000 ? null : 'token_expired';
  };
  const info = () => {
    const from = it.renewed / 1000;
    const refresh_after = it.renewable ? from + 40 : undefined;
    return { subject: 'u', grants: { tts: true, agent: false }, refresh_after, expires_at: from + lifetime, stream_until: from + 3600 };
  };
  const renew = () => {
    it.generation += 1;
    it.renewed = it.now;
    return { 'Set-Cookie': `s=${it.generation}; HttpOnly; Secure; SameSite=Strict; Path=/` };
  };
  const reply = (request) => {
    const { method, url, headers } = request;
    const name = `${method} ${url}`;
    if (it.fail[name]) return problem(...it.fail[name]);
    if (method !== 'GET' && url.startsWith('/session') && headers['x-voicegate'] !== '1') return problem(403, 'no_header');
    if (name === 'POST /session') {
      if (headers.authorization && headers.authorization !== 'Bearer from-backend') return problem(401, 'token_malformed');
      it.good = true;
      return [204, null, renew()];
    }
    if (name === 'POST /session/refresh') return it.good && it.renewable ? [200, info(Object.assign(it, { set: renew() })), it.set] : problem(401, code());
    const denied = code(headers.cookie);
    if (denied) return problem(401, denied);
    if (name === 'GET /session') return [200, info()];
    if (name === 'DELETE /session') {
      it.good = false;
      return [204, null];
    }
    return [200, { heard: it.body }];
  };

  const server = createServer(async (request, response) => {
    it.seen.push(`${request.method} ${request.url}`);
    it.body = '';
    for await (const piece of request) it.body += piece;
    await it.hold;
    const [status, body, headers] = reply(request);
    if (it.date) response.setHeader('Date', new Date(it.now).toUTCString());
    else response.sendDate = false;
    response.writeHead(status, headers).end(body && JSON.stringify(body));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    it.seen.push(`WS ${request.url}`);
    if (it.refuse || code(request.headers.cookie)) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (open) => {
      it.peer = open;
      open.on('message', (text) => open.send(`echo ${text}`));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    for (const open of sockets.clients) open.terminate();
    server.closeAllConnections();
    server.close();
  });
  it.url = `http://127.0.0.1:${server.address().port}`;
  it.count = (name) => it.seen.filter((each) => each === name).length;
  return it;
}

// The globals of a browser. `behind`: how far its clock is from the server's.
function newPage(gateway, behind = 0) {
  const timers = new Map();
  let cookie, timer = 0, busy = 0;
  const busily = async (work) => {
    busy += 1;
    try {
      return await work;
    } finally {
      busy -= 1;
    }
  };
  const events = new EventTarget();
  const browser = {
    location: { origin: gateway.url },
    addEventListener: events.addEventListener.bind(events),
    fetch: (url, init) => busily((async () => {
      assert.equal(init.credentials, 'include');
      const answer = await fetch(url, { ...init, headers: { ...init.headers, ...(cookie && { cookie }) } });
      const set = answer.headers.get('set-cookie');
      if (set) cookie = set.split(';')[0];
      return answer;
    })()),
    WebSocket: class extends WebSocket {
      constructor(url, protocols = []) {
        super(url, protocols, { headers: cookie ? { cookie } : {} });
        this.on('error', () => {});
        busily(new Promise((resolve) => this.on('open', resolve).on('close', resolve)));
      }
    },
    Date: class extends Date {
      static now() { return gateway.now - behind; }
    },
    setTimeout: (run, delay) => {
      timers.set(++timer, { run, at: gateway.now + delay });
      return timer;
    },
    clearTimeout: (id) => timers.delete(id),
  };
  const page = {
    timers,
    open: compileFunction(`${source.replace('export async', 'async')}\nreturn openSession;`, Object.keys(browser),
      { filename: fileURLToPath(file) })(...Object.values(browser)),
    wake: (type) => events.dispatchEvent(new Event(type)),
    // Until the page waits for nothing but time.
    async settle() {
      for (let calm = 0; calm < 5; calm = busy ? 0 : calm + 1) await turn();
    },
    sleep(seconds) { gateway.now += seconds * 1000; }, // no timer runs
    async pass(seconds) {
      const until = gateway.now + seconds * 1000;
      for (;;) {
        await page.settle();
        const next = [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
        if (!next) break;
        timers.delete(next[0]);
        gateway.now = Math.max(gateway.now, next[1].at);
        next[1].run();
      }
      gateway.now = until;
      await page.settle();
    },
  };
  return page;
}

async function opened(t, options) {
  const gateway = await fakeGateway(t);
  const page = newPage(gateway);
  const voice = await page.open(options);
  return { gateway, page, voice };
}

async function socketOf(voice, path = '/tts/websocket') {
  const socket = voice.socket(path);
  const told = [];
  for (const type of ['open', 'reconnect', 'message', 'close']) {
    socket.addEventListener(type, (event) => told.push({ open: 'open', reconnect: 'reconnect', message: event.data, close: event.code }[type]));
  }
  await once(socket, 'open');
  return { socket, told };
}

test('it is a module of one function, under 4 KiB', async () => {
  assert.ok(Buffer.byteLength(source) < 4096, `${Buffer.byteLength(source)} bytes`);
  assert.deepEqual(Object.keys(await import(`data:text/javascript,${encodeURIComponent(source)}`)), ['openSession']);
});

test('opens with a token of the backend, and without one', bounded, async (t) => {
  const { gateway, voice } = await opened(t, { token: async () => 'from-backend' });
  assert.deepEqual(gateway.seen, ['POST /session', 'GET /session']);
  assert.deepEqual(voice.info.grants, { tts: true, agent: false });
  await newPage(gateway).open();
});

test('says why no session was opened, and leaves no timer', bounded, async (t) => {
  const gateway = await fakeGateway(t);
  const page = newPage(gateway);
  let ends = 0;
  const refused = page.open({ token: async () => 'forged', onend: () => ends += 1 });
  await assert.rejects(refused, { status: 401, error_code: 'token_malformed', message: 'No session.' });
  gateway.fail['POST /session'] = [503, 'unavailable'];
  await assert.rejects(page.open(), { status: 503 });
  assert.equal(ends, 0);
  assert.equal(page.timers.size, 0);
});

for (const [name, behind] of [['right', 0], ['an hour slow', 3_600_000], ['an hour fast', -3_600_000]]) {
  test(`refreshes ahead of time by a clock that is ${name}`, bounded, async (t) => {
    const gateway = await fakeGateway(t);
    const page = newPage(gateway, behind);
    await page.open();
    await page.pass(39);
    assert.equal(gateway.count('POST /session/refresh'), 0);
    await page.pass(6);
    assert.equal(gateway.count('POST /session/refresh'), 1);
    await page.pass(600);
    const refreshes = gateway.count('POST /session/refresh') - 1;
    assert.ok(refreshes >= 13 && refreshes <= 15, `${refreshes} in ten minutes`);
  });
}

test('a token that cannot be renewed is left alone until it has expired', bounded, async (t) => {
  const ends = [];
  const gateway = await fakeGateway(t);
  gateway.renewable = false;
  const page = newPage(gateway);
  const voice = await page.open({ onend: (problem) => ends.push(problem.error_code) });
  await page.pass(lifetime + 1);
  page.wake('online');
  assert.equal(gateway.count('POST /session/refresh'), 0);
  assert.equal((await voice.fetch('/tts/bytes', { method: 'POST' })).status, 401);
  assert.deepEqual(ends, ['token_expired']);
});

test('without Date a wrong clock causes no more than a refresh each 5 s', bounded, async (t) => {
  const gateway = await fakeGateway(t);
  gateway.date = false;
  const page = newPage(gateway, -3_600_000);
  await page.open();
  await page.pass(60);
  assert.ok(gateway.count('POST /session/refresh') <= 12);
});

test('many callers share one refresh, and fetch waits for it', bounded, async (t) => {
  const { gateway, page, voice } = await opened(t);
  let release;
  gateway.hold = new Promise((resolve) => release = resolve);
  const all = [voice.refresh(), voice.refresh(), voice.refresh()];
  const answer = voice.fetch('/tts/bytes', { method: 'POST', body: 'hello' });
  while (!gateway.count('POST /session/refresh')) await turn();
  assert.equal(gateway.count('POST /tts/bytes'), 0);
  release();
  await Promise.all(all);
  assert.deepEqual(await (await answer).json(), { heard: 'hello' });
  assert.equal(gateway.count('POST /session/refresh'), 1);
  await page.settle();
});

for (const type of ['visibilitychange', 'online']) {
  test(`after a sleep, ${type} refreshes once`, bounded, async (t) => {
    const { gateway, page } = await opened(t);
    page.wake(type);
    page.sleep(50);
    page.wake(type);
    page.wake(type);
    await page.settle();
    assert.equal(gateway.count('POST /session/refresh'), 1);
  });
}

test('a fetch right after a sleep refreshes first', bounded, async (t) => {
  const { gateway, page, voice } = await opened(t);
  page.sleep(50);
  assert.equal((await voice.fetch('/tts/bytes', { method: 'POST' })).status, 200);
  assert.deepEqual(gateway.seen.slice(2), ['POST /session/refresh', 'POST /tts/bytes']);
});

test('401 token_expired: one refresh and one more try, for many at once', bounded, async (t) => {
  const { gateway, voice } = await opened(t);
  gateway.generation += 1; // the page's cookie is of yesterday
  const answers = await Promise.all(Array.from({ length: 5 }, () => voice.fetch('/tts/bytes', { method: 'POST', body: 'again' })));
  for (const answer of answers) assert.deepEqual(await answer.json(), { heard: 'again' });
  assert.equal(gateway.count('POST /session/refresh'), 1);
  assert.equal(gateway.count('POST /tts/bytes'), 10);
});

test('no more than one more try, none for a stream or another refusal', bounded, async (t) => {
  const { gateway, voice } = await opened(t);
  gateway.fail['POST /tts/bytes'] = [401, 'token_expired'];
  const answer = await voice.fetch('/tts/bytes', { method: 'POST' });
  assert.equal((await answer.json()).error_code, 'token_expired');
  assert.equal(gateway.count('POST /tts/bytes'), 2);
  const body = new Blob(['x']).stream();
  assert.equal((await voice.fetch('/tts/bytes', { method: 'POST', body, duplex: 'half' })).status, 401);
  assert.equal(gateway.count('POST /tts/bytes'), 3);
  gateway.fail['POST /tts/bytes'] = [401, 'token_revoked'];
  assert.equal((await voice.fetch('/tts/bytes', { method: 'POST' })).status, 401);
  assert.equal(gateway.count('POST /tts/bytes'), 4);
  assert.equal(gateway.count('POST /session/refresh'), 1);
});

test('the gateway in trouble is asked again, with pauses; 401 ends it once', bounded, async (t) => {
  const ends = [];
  const { gateway, page, voice } = await opened(t, { onend: (problem) => ends.push(problem.error_code) });
  gateway.fail['POST /session/refresh'] = [503, 'unavailable'];
  await page.pass(100);
  const tries = gateway.count('POST /session/refresh');
  assert.ok(tries >= 3 && tries <= 13, `${tries} tries`);
  assert.deepEqual(ends, []);
  gateway.fail['POST /session/refresh'] = [401, 'token_revoked'];
  await page.pass(600);
  assert.deepEqual(ends, ['token_revoked']);
  assert.equal(page.timers.size, 0);
  await assert.rejects(voice.refresh(), { error_code: 'token_revoked' });
  assert.deepEqual(ends, ['token_revoked']);
});

test('a socket goes on after 1012', bounded, async (t) => {
  const { gateway, page, voice } = await opened(t);
  const { socket, told } = await socketOf(voice);
  socket.send('one');
  await once(socket, 'message');
  const closed = once(socket.inner, 'close');
  gateway.peer.close(1012);
  await closed;
  assert.equal(socket.readyState, 0);
  assert.throws(() => socket.send('lost'), /Not open/);
  await page.pass(1);
  assert.equal(socket.readyState, 1);
  socket.send('two');
  await once(socket, 'message');
  assert.deepEqual(told, ['open', 'echo one', 'reconnect', 'echo two']);
  assert.equal(gateway.count('GET /session'), 1);
  socket.close();
  await once(socket, 'close');
  await page.pass(20);
  assert.equal(told.at(-1), 1000);
  assert.equal(gateway.count('WS /tts/websocket'), 2);
});

for (const code of [1000, 1002, 1007, 1009, 4401]) {
  test(`a socket stays closed after ${code}`, bounded, async (t) => {
    const { gateway, page, voice } = await opened(t);
    const { socket, told } = await socketOf(voice);
    gateway.peer.close(code);
    await once(socket, 'close');
    await page.pass(30);
    assert.deepEqual(told, ['open', code]);
    assert.equal(gateway.count('WS /tts/websocket'), 1);
  });
}

test('after 1008 the session tells why', bounded, async (t) => {
  const ends = [];
  const { gateway, page, voice } = await opened(t, { onend: (problem) => ends.push(problem.error_code) });
  const first = await socketOf(voice);
  gateway.peer.close(1008);
  const [still] = await once(first.socket, 'close');
  assert.equal(still.problem, undefined); // only this socket's time was over
  const { socket, told } = await socketOf(voice);
  Object.assign(gateway, { good: false, why: 'token_revoked' });
  gateway.peer.close(1008);
  const [event] = await once(socket, 'close');
  assert.equal(event.problem.error_code, 'token_revoked');
  await page.pass(30);
  assert.deepEqual(told, ['open', 1008]);
  assert.deepEqual(ends, ['token_revoked']);
  assert.equal(gateway.count('WS /tts/websocket'), 2);
});

test('a refused socket backs off and gives up', bounded, async (t) => {
  const { gateway, page, voice } = await opened(t);
  gateway.refuse = true;
  const socket = voice.socket('/tts/websocket');
  const closed = once(socket, 'close');
  await page.pass(0);
  assert.equal(gateway.count('WS /tts/websocket'), 1);
  await page.pass(2);
  const early = gateway.count('WS /tts/websocket');
  assert.ok(early >= 2 && early <= 4, `${early} in two seconds`);
  await page.pass(120);
  assert.equal((await closed)[0].code, 1006);
  assert.equal(gateway.count('WS /tts/websocket'), 9);
});

test('a socket refused for want of a grant does not try again', bounded, async (t) => {
  const { gateway, page, voice } = await opened(t);
  gateway.refuse = true;
  const socket = voice.socket('/v1/agents/websocket/tts');
  const closed = once(socket, 'close');
  await page.pass(0);
  assert.equal((await closed)[0].code, 1006);
  await page.pass(60);
  assert.equal(gateway.count('WS /v1/agents/websocket/tts'), 1);
});

test('connections that end at once do not begin a new row', bounded, async (t) => {
  const { gateway, page, voice } = await opened(t);
  const { socket } = await socketOf(voice);
  const closed = once(socket, 'close');
  socket.addEventListener('reconnect', () => gateway.peer.close(1011));
  let over = false;
  closed.then(() => over = true);
  gateway.peer.close(1011);
  for (let tries = 0; !over && tries < 2000; tries += 1) await page.pass(1);
  assert.equal((await closed)[0].code, 1011);
  assert.equal(gateway.count('WS /tts/websocket'), 9);
});

test('a socket waits for the refresh in flight', bounded, async (t) => {
  const { gateway, page, voice } = await opened(t);
  page.sleep(65);
  await socketOf(voice, '/stt/websocket?model=ink-2');
  assert.deepEqual(gateway.seen.slice(2), ['POST /session/refresh', 'WS /stt/websocket?model=ink-2']);
});

test('a socket closed before it connects never does', bounded, async (t) => {
  const { gateway, page, voice } = await opened(t);
  const socket = voice.socket('/tts/websocket');
  const closed = once(socket, 'close');
  socket.close();
  assert.equal((await closed)[0].code, 1000);
  await page.pass(5);
  assert.equal(gateway.count('WS /tts/websocket'), 0);
});

test('after close() no socket connects, not even again', bounded, async (t) => {
  const { gateway, page, voice } = await opened(t);
  const { socket, told } = await socketOf(voice);
  const gone = once(socket.inner, 'close');
  gateway.peer.close(1012);
  await gone;
  await voice.close();
  await page.pass(1);
  assert.deepEqual(told, ['open', 1008]);
  const [event] = await once(voice.socket('/tts/websocket'), 'close');
  assert.match(event.problem.message, /Signed out/);
  assert.equal(gateway.count('WS /tts/websocket'), 1);
});

test('close() signs out after the refresh in flight and ends the timers', bounded, async (t) => {
  let ends = 0;
  const { gateway, page, voice } = await opened(t, { onend: () => ends += 1 });
  await Promise.all([voice.refresh(), voice.close()]);
  assert.deepEqual(gateway.seen.slice(2), ['POST /session/refresh', 'DELETE /session']);
  assert.equal(page.timers.size, 0);
  await page.pass(100);
  page.wake('online');
  await page.settle();
  assert.equal(gateway.seen.length, 4);
  assert.equal(ends, 0);
});
