// Debian's Chromium for the tests: it finds their hosts on this machine and nothing anywhere else, and takes one certificate
// under each of their names.
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const { CHROMIUM, STAND } = process.env;
assert.ok(CHROMIUM && STAND, 'start these tests with tests/clients/run');

const tls = { cert: readFileSync(`${STAND}/certs/localhost.pem`), key: readFileSync(`${STAND}/certs/localhost.key`) };

function options(hosts, certificate) {
  const rules = Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`);
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return {
    executablePath: CHROMIUM,
    args: [
      `--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`,
      `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
    ],
  };
}

// `hosts` has a port of 127.0.0.1 for each "name:port"; each shows `certificate`.
export const openBrowser = (hosts, certificate = tls.cert) => chromium.launch(options(hosts, certificate));

// A context whose user lets other sites' cookies pass (SameSite=None), as many do.
export function openLaxContext(hosts) {
  const profile = mkdtempSync(join(STAND, 'profile-'));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify({ profile: { cookie_controls_mode: 0 } }));
  return chromium.launchPersistentContext(profile, options(hosts, tls.cert));
}

// A site of empty pages that has deploy/client/voicegate.js for anyone; resolves to its server.
export async function serveSite() {
  const script = readFileSync(new URL('../../../deploy/client/voicegate.js', import.meta.url));
  const site = createServer(tls, ({ url }, response) => {
    if (url !== '/voicegate.js') return response.setHeader('Content-Type', 'text/html').end('<!doctype html>');
    response.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' }).end(script);
  });
  await once(site.listen(0, '127.0.0.1'), 'listening');
  return site;
}
