// The verdict on a request's token: 'ok', '401' or '403'.
var crypto = require('crypto');
var KEY = '@SECRET@';
var GRANTS = [['/tts/', 'tts'], ['/stt/', 'stt'], ['/agents/', 'agent']];

function verdict(r) {
    var token = r.variables.cookie_cartesia_token;
    if (!token) return '401';
    var first = token.indexOf('.'), last = token.lastIndexOf('.');
    if (first < 1 || last <= first) return '401';
    var mac = crypto.createHmac('sha256', KEY).update(token.substring(0, last)).digest('base64url');
    if (mac !== token.substring(last + 1)) return '401';
    var head, claims;
    try {
        head = JSON.parse(Buffer.from(token.substring(0, first), 'base64url'));
        claims = JSON.parse(Buffer.from(token.substring(first + 1, last), 'base64url'));
    } catch (e) {
        return '401';
    }
    if (head.alg !== 'HS256' || !(claims.exp > Date.now() / 1000)) return '401';
    for (var i = 0; i < GRANTS.length; i++)
        if (r.uri.startsWith(GRANTS[i][0])) return claims.grants && claims.grants[GRANTS[i][1]] === true ? 'ok' : '403';
    return '403';
}

export default { verdict };
