// Keeps a page's session at Voicegate, its token out of scripts. voicegate.d.ts describes it.

const passing = [1001, 1006, 1011, 1012, 1013]; // worth another try
const ignore = () => {};

export async function openSession({ base = location.origin, token, onend = ignore } = {}) {
	let info, over, due, timer, pending;
	const request = (path, init) => fetch(new URL(path, base), { credentials: 'include', ...init });

	async function ask(method, path = '', headers) {
		try {
			const answer = await request('/session' + path, { method, headers: { 'X-Voicegate': '1', ...headers } });
			const body = await answer.json().catch(ignore);
			if (!answer.ok) throw Object.assign(new Error(), body, { status: answer.status });
			if (!body) return;
			info = body;
			const now = Date.parse(answer.headers.get('Date')) || Date.now(); // page clocks err
			plan((info.refresh_after * 1e3 - now) * (1 + Math.random() / 10));
			return info;
		} catch (why) {
			if (why.status !== 401) plan(Math.random() * 2e4);
			else if (!over) {
				over = why;
				if (info) onend(why);
			}
			throw why;
		}
	}

	function plan(delay) {
		if (over || !info?.refresh_after) return;
		delay = Math.min(delay > 5e3 ? delay : 5e3, 2e9); // 2 ** 31 would run at once
		due = Date.now() + delay;
		clearTimeout(timer);
		timer = setTimeout(ready, delay + 50);
	}

	const refresh = () => pending ??= ask('POST', '/refresh').finally(() => pending = null);

	async function ready() {
		if (!over && Date.now() >= due) refresh(); // timers sleep, too
		await pending?.catch(ignore);
	}

	async function send(path, init) {
		await ready();
		const before = info;
		const answer = await request(path, init);
		if (answer.status !== 401 || init?.body instanceof ReadableStream) return answer;
		const why = await answer.clone().json().catch(ignore);
		if (why?.error_code !== 'token_expired') return answer;
		if (info === before) await refresh().catch(ignore);
		return info === before ? answer : request(path, init);
	}

	function socket(path, protocols) {
		const { href, pathname } = new URL(path, base);
		let inner, opened = 0, fails = 0;

		async function connect() {
			await ready();
			if (self.readyState) return; // closed
			if (over) return finish(1008, '');
			let since;
			inner = self.inner = new WebSocket(href.replace('http', 'ws'), protocols);
			inner.onmessage = ({ data }) => emit('message', { data });
			inner.onopen = () => {
				since = Date.now();
				self.readyState = 1;
				emit(opened++ ? 'reconnect' : 'open');
			};
			inner.onclose = async ({ code, reason }) => {
				inner = null;
				self.readyState = self.readyState < 2 && passing.includes(code) ? 0 : 2;
				// Browsers hide why; the session tells.
				if (!since || code === 1008) await ask('GET').catch(ignore);
				if (Date.now() - since > 1e4) fails = 0;
				if (info.grants[/tts|stt|agent/.exec(pathname)] === false) fails = 8;
				if (self.readyState || over || fails > 7) finish(code, reason);
				else setTimeout(connect, Math.min(250 * 2 ** fails++, 8e3) * (1 + Math.random()));
			};
		}

		const emit = (type, more) => self.dispatchEvent(Object.assign(new Event(type), more));

		function finish(code, reason) {
			if (self.readyState > 2) return;
			self.readyState = 3;
			emit('close', { code, reason, problem: over });
		}

		const self = Object.assign(new EventTarget(), {
			readyState: 0,
			send(data) {
				if (self.readyState !== 1) throw new Error('Not open');
				inner.send(data);
			},
			close(code = 1000, reason = '') {
				if (!inner) return finish(code, reason);
				inner.close(code, reason);
				self.readyState = 2;
			},
		});
		connect();
		return self;
	}

	async function close() {
		over ??= new Error('Signed out');
		clearTimeout(timer);
		await pending?.catch(ignore); // or it sets the cookie
		await ask('DELETE');
	}

	await ask('POST', '', token && { Authorization: `Bearer ${await token()}` });
	await ask('GET');
	for (const type of ['visibilitychange', 'online']) addEventListener(type, ready);
	return { get info() { return info; }, fetch: send, socket, refresh, close };
}
