// What the client tests share: where the gateway and the simulator stand, tokens, and a bound on every wait.
const assert = require('node:assert/strict');
const { Cartesia } = require('@cartesia/cartesia-js');

const gateway = process.env.GATEWAY_URL; // https://localhost:PORT
const control = process.env.SIMULATOR_CONTROL; // http://127.0.0.1:PORT
const serverKey = process.env.SERVER_KEY;
assert.ok(gateway && control && serverKey, 'start these tests with tests/clients/run');

const voice = 'e07c00bc-4134-4eae-9ea4-1a55fb45746b';
const pcm = { container: 'raw', encoding: 'pcm_s16le', sample_rate: 16000 };

// What an app's own server does: the official client, its base URL and key being the gateway's.
async function mint(grants, expires_in = 300) {
  const app = new Cartesia({ baseURL: gateway, apiKey: serverKey });
  return (await app.accessToken.create({ grants, expires_in })).token;
}

// Everything that an STT socket of the official client says until it closes.
async function collect(socket) {
  const messages = [];
  for await (const event of socket.stream()) {
    if (event.type === 'error') throw event.error;
    if (event.type === 'message') messages.push(event.message);
    if (event.type === 'close') return { messages, code: event.code };
  }
  throw new Error('the socket ended without a close');
}

async function speech(client, transcript = 'Good morning from the client library.') {
  const response = await client.tts.generate({
    model_id: 'sonic-3', transcript, voice,
    output_format: { container: 'wav', encoding: 'pcm_s16le', sample_rate: 24000 },
  });
  return Buffer.from(await response.arrayBuffer());
}

async function atUpstream() {
  return (await fetch(`${control}/requests`)).json();
}

// Tells the simulator; README.md there has the commands.
async function tellUpstream(method, command, body) {
  const answer = await fetch(control + command, { method, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${command}: ${answer.status} ${await answer.clone().text()}`);
  return answer;
}

function pieces(sound, size) {
  return Array.from({ length: Math.ceil(sound.length / size) }, (_, i) => sound.subarray(i * size, (i + 1) * size));
}

module.exports = { atUpstream, collect, gateway, mint, pcm, pieces, serverKey, speech, tellUpstream, voice };
