// Preloaded into an app of the README, whose text stays as it is: it listens on a free port in place of its own and tells the
// test which; Cartesia is the simulator.
const { Server } = require('node:net');

const { listen } = Server.prototype;
Server.prototype.listen = function listenElsewhere() {
  return listen.call(this, 0, '127.0.0.1', () => process.send(this.address().port));
};

const { fetch } = globalThis;
globalThis.fetch = (url, init) => fetch(url.replace('https://api.cartesia.ai', process.env.SIMULATOR_URL), init);
