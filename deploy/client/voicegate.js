// Keeps a page's session at Voicegate, whose token no script can read. voicegate.d.ts describes it.

const passing = [1001, 1006, 1011, 1012, 1013]; // closes worth another try
const ignore = () => {};

export async function openSession({ base = location.origin, token, onend = ignore } = {}) {
	let info, over, due, timer, pending;
	const request = (path, init) => fetch(new URL(path, base), { credentials: 'include', ...init });

	async function ask(method, path = '', headers) {
		try {
			const answer = await request('/session' + path, { method, headers: { 'X-Voicegate': '1', ...headers } });
			const body = await answer.json().catch(ignore);
			if (!answer.ok) throw Object.assign(new Error(), body, { status: answer.status });
			if (!body) return plan();
			info = body;
			const now = Date.parse(answer.headers.get('Date')) || Date.now(); // page clocks err
			plan((info.refresh_after * 1e3 - now) * (1 + Math.random() / 10));
			return info;
		} catch (problem) {
			if (problem.status !== 401) plan(Math.random() * 2e4);
			else if (!over) {
				over = problem;
				if (info) onend(problem);
			}
			throw problem;
		}
	}

	function plan(delay) {
		if (over || !info) return;
		delay = Math.min(delay > 5e3 ? delay : 5e3, 2e9); // 2 ** 31 would run at once
		due = Date.now() + delay;
		clearTimeout(timer);
		timer = setTimeout(ready, delay + 50);
	}

	const refresh = () => pending ??= ask('POST', '/refresh').finally(() => pending = null);

	async function ready() {
		if (!over && Date.now() >= due) refresh(); // timers stand still while a machine sleeps
		await pending?.catch(ignore);
	}

	async function send(path, init) {
		await ready();
		const before = info;
		const answer = await request(path, init);
		if (answer.status !== 401 || init?.body instanceof ReadableStream) return answer;
		const problem = await answer.clone().json().catch(ignore);
		if (problem?.error_code !== 'token_expired') return answer;
		if (info === before) await refresh().catch(ignore);
		return info === before ? answer : request(path, init);
	}

	function socket(path, protocols) {
		const url = new URL(path, base).href.replace('http', 'ws');
		let inner, opened = 0, failures = 0;

		async function connect() {
			await ready();
			if (self.readyState) return; // closed
			if (over) return finish(1008, '');
			let since;
			inner = self.inner = new WebSocket(url, protocols);
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
				if (Date.now() - since > 1e4) failures = 0;
				if (self.readyState || over || failures > 7) finish(code, reason);
				else setTimeout(connect, Math.min(250 * 2 ** failures++, 8e3) * (1 + Math.random()));
			};
		}

		const emit = (type, more) => self.dispatchEvent(Object.assign(new Event(type), more));

		function finish(code, reason) {
			if (self.readyState === 3) return;
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
		await pending?.catch(ignore); // its answer would set the cookie again
		await ask('DELETE');
	}

	await ask('POST', '', token && { Authorization: `Bearer ${await token()}` });
	await ask('GET');
	for (const type of ['visibilitychange', 'online']) addEventListener(type, ready);
	return { get info() { return info; }, fetch: send, socket, refresh, close };
}
