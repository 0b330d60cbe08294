// Clients that people still have in their apps: version 2 of the official one, and OpenAI's for transcription.
const assert = require('node:assert/strict');
const { before, test } = require('node:test');
const { Cartesia } = require('@cartesia/cartesia-js');
const { CartesiaClient } = require('@cartesia/cartesia-js-2');
const OpenAI = require('openai');
const WebSocket = require('ws');
const { gateway, mint, pieces, speech } = require('./standing.cjs');

const bounded = { timeout: 20_000 };
const voice = { mode: 'id', id: 'e07c00bc-4134-4eae-9ea4-1a55fb45746b' };
let token, old, wav;

before(async () => {
  token = await mint({ tts: true, stt: true });
  old = new CartesiaClient({ apiKey: token, environment: gateway });
  wav = await speech(new Cartesia({ baseURL: gateway, token }));
}, bounded);

test('version 2: tts.bytes, the token in X-API-Key', bounded, async () => {
  const stream = await old.tts.bytes({
    modelId: 'sonic-2', transcript: 'An older client speaks.', voice,
    outputFormat: { container: 'wav', encoding: 'pcm_s16le', sampleRate: 22050 },
  });
  const parts = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  const sound = Buffer.concat(parts);
  assert.equal(sound.readUInt32LE(24), 22050);
  assert.ok(sound.length > 22050);
});

test('version 2: tts.websocket, the token in the query', bounded, async () => {
  const socket = old.tts.websocket({ container: 'raw', encoding: 'pcm_s16le', sampleRate: 16000 });
  await socket.connect({ WebSocket });
  const answer = await socket.send({ modelId: 'sonic-2', voice, transcript: 'On a socket, too.' });
  let chunks = 0;
  await new Promise((resolve, reject) => answer.on('message', (text) => {
    const message = JSON.parse(text);
    if (message.type === 'chunk') chunks += 1;
    if (message.type === 'error') reject(new Error(text));
    if (message.type === 'done') resolve();
  }));
  socket.disconnect();
  assert.ok(chunks >= 2);
});

test('version 2: stt.websocket, ended with done', bounded, async () => {
  const socket = old.stt.websocket({ encoding: 'pcm_s16le', sampleRate: 24000 });
  await socket.connect({ WebSocket });
  const texts = [];
  const done = new Promise((resolve, reject) => socket.onMessage((message) => {
    if (message.type === 'transcript' && message.isFinal) texts.push(message.text);
    if (message.type === 'error') reject(new Error(message.message));
    if (message.type === 'done') resolve();
  }));
  for (const piece of pieces(wav.subarray(44), 4800)) await socket.send(Uint8Array.from(piece).buffer);
  await socket.finalize();
  await socket.done();
  await done;
  socket.disconnect();
  assert.match(texts.join(' '), /24000 Hz/);
});

test('OpenAI\'s client: audio.transcriptions without a Cartesia-Version', bounded, async () => {
  const openai = new OpenAI({ apiKey: token, baseURL: gateway });
  const heard = await openai.audio.transcriptions.create({
    file: await OpenAI.toFile(wav, 'speech.wav'), model: 'ink-whisper', language: 'en', timestamp_granularities: ['word'],
  });
  assert.match(heard.text, /24000 Hz/);
  assert.ok(heard.words.length > 1);
});

test('OpenAI\'s client shows why it was refused', bounded, async () => {
  const openai = new OpenAI({ apiKey: await mint({ tts: true }), baseURL: gateway });
  const asked = openai.audio.transcriptions.create({ file: await OpenAI.toFile(wav, 'speech.wav'), model: 'ink-whisper' });
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof OpenAI.PermissionDeniedError, error.constructor.name);
    assert.match(error.message, /^403 .*grant/);
    return true;
  });
});
