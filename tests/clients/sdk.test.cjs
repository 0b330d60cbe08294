// The official JavaScript client against the gateway. Nothing but base URL, token and CA differs from talking to the API.
const assert = require('node:assert/strict');
const { before, test } = require('node:test');
const { Cartesia, toFile, AuthenticationError, PermissionDeniedError, NotFoundError } = require('@cartesia/cartesia-js');
const { atUpstream, collect, gateway, mint, pcm, pieces, serverKey, speech, voice } = require('./standing.cjs');

const bounded = { timeout: 20_000 };
let token, client, wav;

before(async () => {
  token = await mint({ tts: true, stt: true });
  client = new Cartesia({ baseURL: gateway, token });
  wav = await speech(client);
}, bounded);

test('tts.generate gives a WAV file', bounded, () => {
  assert.equal(wav.toString('latin1', 0, 4), 'RIFF');
  assert.equal(wav.readUInt32LE(24), 24000);
  assert.ok(wav.length > 24000, `only ${wav.length} bytes`);
});

test('tts.generateSSE yields each event, the last one done', bounded, async () => {
  const events = [];
  const stream = await client.tts.generateSSE({
    model_id: 'sonic-3', transcript: 'One event after the other.', voice, output_format: pcm, add_timestamps: true,
  });
  for await (const event of stream) events.push(event.type);
  assert.ok(events.filter((type) => type === 'chunk').length >= 2, events.join());
  assert.ok(events.includes('timestamps'));
  assert.equal(events.at(-1), 'done');
});

test('tts.websocket: one context, its transcript in two parts', bounded, async () => {
  const socket = await client.tts.websocket();
  const context = socket.context({ model_id: 'sonic-3', voice, output_format: pcm });
  await context.push({ transcript: 'First a part, ' });
  await context.push({ transcript: 'then the rest.' });
  await context.no_more_inputs();
  let bytes = 0;
  let last;
  for await (const event of context.receive({ timeout: 10_000 })) {
    last = event.type;
    if (event.type === 'chunk') bytes += event.audio.length;
  }
  socket.close();
  assert.equal(last, 'done');
  assert.ok(bytes > 16000, `only ${bytes} bytes`);
});

test('stt.transcribe sends a file and gets its transcript', bounded, async () => {
  const heard = await client.stt.transcribe({
    file: await toFile(wav, 'speech.wav'), model: 'ink-whisper', language: 'en', timestamp_granularities: ['word'],
  });
  assert.match(heard.text, /24000 Hz/);
  assert.ok(Math.abs(heard.duration - (wav.length - 44) / 48000) < 0.01);
  assert.ok(heard.words.length > 1);
});

test('stt.manualFinalize: binary audio, finalize, close', bounded, async () => {
  const socket = client.stt.manualFinalize.websocket({ model: 'ink-2', encoding: 'pcm_s16le', sample_rate: 24000, keyterm: ['Ink 2'] });
  const told = collect(socket);
  for (const piece of pieces(wav.subarray(44), 4800)) socket.sendRaw(piece);
  socket.send('finalize');
  socket.send('close');
  const { messages, code } = await told;
  const types = messages.map((message) => message.type);
  assert.ok(messages.some((message) => message.type === 'transcript' && message.is_final && message.text), types.join());
  assert.ok(types.includes('flush_done'));
  assert.equal(types.at(-1), 'done');
  assert.equal(code, 1000);
});

test('stt.autoFinalize: speech begins a turn, silence ends it', bounded, async () => {
  const socket = client.stt.autoFinalize.websocket({ model: 'ink-2', encoding: 'pcm_s16le', sample_rate: 24000 });
  const told = collect(socket);
  for (const piece of pieces(Buffer.concat([wav.subarray(44), Buffer.alloc(48000)]), 4800)) socket.sendRaw(piece);
  socket.send({ type: 'close' });
  const { messages, code } = await told;
  const types = messages.map((message) => message.type);
  assert.equal(types[0], 'connected');
  for (const type of ['turn.start', 'turn.update', 'turn.end']) assert.ok(types.includes(type), `no ${type} in ${types}`);
  assert.equal(code, 1000);
});

test('a cookie alone opens HTTP and WebSocket', bounded, async () => {
  const { cookie, answer } = await signIn();
  assert.equal(answer.status, 204);
  const Origin = gateway; // as the browser adds it for a page of the gateway's own host
  const page = new Cartesia({ baseURL: gateway, defaultHeaders: { Authorization: null, Cookie: cookie, Origin } });
  assert.ok((await speech(page)).length > 24000);
  const socket = await page.tts.websocket({ headers: { Cookie: cookie, Origin } });
  socket.close();
});

test('a token that is none: AuthenticationError with our words', bounded, async () => {
  const stranger = new Cartesia({ baseURL: gateway, token: 'eyJub3QiOiJvdXJzIn0', maxRetries: 0 });
  await assert.rejects(speech(stranger), (error) => {
    assert.ok(error instanceof AuthenticationError, error.constructor.name);
    assert.match(error.message, /^401 The access token /);
    assert.equal(error.error.error_code, 'token_malformed');
    assert.match(error.headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
    return true;
  });
});

test('a token without the grant: PermissionDeniedError, over HTTP and in the handshake', bounded, async () => {
  const speaker = new Cartesia({ baseURL: gateway, token: await mint({ tts: true }) });
  const asked = speaker.stt.transcribe({ file: await toFile(wav, 'speech.wav'), model: 'ink-whisper' });
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof PermissionDeniedError, error.constructor.name);
    assert.match(error.message, /^403 .*grant/);
    assert.equal(error.error.error_code, 'grant_missing');
    return true;
  });
  const listener = new Cartesia({ baseURL: gateway, token: await mint({ stt: true }) });
  const refused = await new Promise((resolve, reject) => {
    const { TTSWS } = require('@cartesia/cartesia-js/resources/tts/ws');
    const socket = new TTSWS(listener);
    socket.on('error', resolve);
    socket.connect().then(() => reject(new Error('the socket was opened')), () => {});
  });
  assert.match(refused.message, /403/);
});

test('what is not in the policy table is not found', bounded, async () => {
  await assert.rejects(client.voices.list(), NotFoundError);
});

test('only a server key mints', bounded, async () => {
  await assert.rejects(client.accessToken.create({ grants: { tts: true } }), AuthenticationError);
});

test('the API sees the gateway\'s credential, never the client\'s', bounded, async () => {
  const seen = JSON.stringify(await atUpstream());
  assert.ok(seen.includes('/tts/bytes') && seen.includes('/stt/turns/websocket'));
  for (const secret of [token, serverKey]) assert.ok(!seen.includes(secret));
  assert.ok(!/"cookie"/i.test(seen));
});

async function signIn() {
  const answer = await fetch(`${gateway}/session`, { method: 'POST', headers: { Authorization: `Bearer ${await mint({ tts: true })}` } });
  return { answer, cookie: answer.headers.get('set-cookie').split(';')[0] };
}
