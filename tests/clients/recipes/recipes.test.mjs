// Each recipe of the README in a real browser: app, gateway and page are its very text.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import standing from '../standing.cjs';
import { openBrowser } from '../browser/chromium.mjs';
import { startApp, startGateway, unpack } from './recipe.mjs';

const { atUpstream, tellUpstream } = standing;
const bounded = { timeout: 60_000 };

async function openPage(t, heading) {
  const recipe = unpack(heading);
  const appPort = await startApp(t, recipe);
  const hosts = { 'localhost:3000': appPort, 'localhost:8443': await startGateway(t, recipe, appPort) };
  const browser = await openBrowser(hosts, readFileSync(join(recipe.home, 'certs/localhost.pem')));
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto('https://localhost:3000/');
  return page;
}

// Presses the page's button; resolves to the seconds of speech that it then has.
async function saysGoodMorning(page) {
  const ready = page.evaluate(() => new Promise((resolve) => {
    const audio = document.querySelector('audio');
    audio.addEventListener('loadedmetadata', () => resolve(audio.duration));
  }));
  await page.click('button');
  return ready;
}

const told = (page) => page.evaluate(async () => {
  const answer = await fetch('https://localhost:8443/session', { credentials: 'include' });
  return { status: answer.status, ...await answer.json() };
});

const recipes = [
  ['The gateway asks your app', 'ada'],
  ['Your app signs a JWT', 'ada'],
  ['Cartesia\'s own token in the cookie', undefined],
];
for (const [heading, subject] of recipes) {
  test(heading, bounded, async (t) => {
    const page = await openPage(t, heading);

    // Nobody has signed in to the app yet.
    await page.evaluate(async () => (await import('./voice.js')).openVoice().catch(() => {}));
    assert.equal((await told(page)).status, 401);
    assert.deepEqual(await page.context().cookies(), []);

    await tellUpstream('DELETE', '/requests');
    const seconds = await saysGoodMorning(page);
    assert.ok(seconds > 0.3 && seconds < 10, `${seconds} s of speech`);
    const spoken = (await atUpstream()).filter(({ target }) => target === '/tts/bytes');
    assert.equal(spoken.length, 1);
    assert.ok(!spoken[0].headers.some(([name]) => name.toLowerCase() === 'cookie'), 'a cookie went to Cartesia');

    const cookies = await page.context().cookies();
    assert.deepEqual(cookies.map(({ name }) => name).sort(), ['__Host-cartesia_token', 'app']);
    assert.ok(cookies.every(({ httpOnly }) => httpOnly), 'a script can read a cookie');
    const session = await told(page);
    assert.deepEqual(session.grants, { tts: true, stt: true, agent: false });
    if (subject) assert.equal(session.subject, subject);
  });
}
