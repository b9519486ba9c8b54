// An authorisation server that is not ours (npm's oidc-provider) at BambooHR's paths, in front
// of our sandbox: `/authorize.php` and `/token.php` are its own endpoints, `/api/…` passes on what carries a token that it still
// finds good and answers 401 otherwise. Access tokens live three seconds; a refresh token is good once, and shown again it ends the
// sign-in. What happened is counted here and told under `/test/`.
//
// SANDBOX is the sandbox's address, SECRET the application's secret and the sandbox's key. Ends when stdin does.
import http from 'node:http';
import Provider from 'oidc-provider';

const { SANDBOX, SECRET } = process.env;
const CLIENT = 'ml-connector';
const REDIRECT = 'https://meadow.example/back';
const LIVES_S = 3;

const counts = {
  signedIn: 0,
  renewed: 0,
  // Refresh tokens that were shown and not taken.
  notTaken: 0,
  // Of each renewed access token, how old it was, in milliseconds.
  ages: [],
  served: 0,
  refused: 0,
  held: 0,
};
// What becomes of the next renewal: 'before' is never begun, 'after' is done and never answered.
let hold = null;
let newest = { token: null, since: 0 };
// What the answers name as the life of a token, where that is not the truth.
let named = null;

const server = http.createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(base, {
  clients: [{
    client_id: CLIENT,
    client_secret: SECRET,
    redirect_uris: [REDIRECT],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_post',
  }],
  scopes: ['employee', 'offline_access'],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  clockTolerance: 0,
  ttl: { AccessToken: LIVES_S, RefreshToken: 3600, Grant: 3600, Interaction: 60, Session: 60 },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  cookies: { keys: ['of a test'] },
});

provider.on('grant.success', (ctx) => {
  const now = Date.now();
  if (ctx.oidc.params.grant_type === 'refresh_token') {
    counts.renewed += 1;
    counts.ages.push(now - newest.since);
  } else {
    counts.signedIn += 1;
  }
  newest = { token: ctx.body.access_token, since: now };
  if (named) ctx.body.expires_in = named;
});
provider.on('grant.error', (ctx) => {
  if (ctx.oidc.params?.grant_type === 'refresh_token') counts.notTaken += 1;
});
provider.on('server_error', (_, error) => console.error(error));

const isGood = async (token) => Boolean(token && await provider.AccessToken.find(token));

// The person's part: signs in and says yes to whatever is asked.
async function answerQuestion(req, res) {
  const { prompt, params, session } = await provider.interactionDetails(req, res);
  const yes = { login: { accountId: 'connector' } };
  if (prompt.name === 'consent') {
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    delete yes.login;
    yes.consent = { grantId: await grant.save() };
  }
  await provider.interactionFinished(req, res, yes, { mergeWithLastSubmission: true });
}

// The browser's part: follows the server from page to page until it is sent back to the application.
async function browse(query, res) {
  const cookies = new Map();
  // This server gives a refresh token only where it is told to ask for consent.
  let next = new URL(`/auth${query}&prompt=consent`, base);
  for (let page = 0; page < 10; page += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (!location) {
      res.writeHead(answer.status).end(await answer.text());
      return;
    }
    next = new URL(location, next);
    if (next.href.startsWith(REDIRECT)) {
      res.writeHead(302, { location: next.href }).end();
      return;
    }
  }
  res.writeHead(508).end('the pages lead in a circle');
}

function token(req, res) {
  req.url = '/token';
  if (hold === 'before') {
    hold = null;
    counts.held += 1;
    return;
  }
  if (hold === 'after') {
    hold = null;
    res.end = () => { counts.held += 1; };
  }
  provider.callback()(req, res);
}

async function serve(req, res) {
  if (!await isGood(/^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1])) {
    counts.refused += 1;
    res.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
    return;
  }
  counts.served += 1;
  const authorization = `Basic ${Buffer.from(`${SECRET}:x`).toString('base64')}`;
  const headers = { ...req.headers, host: new URL(SANDBOX).host, authorization };
  const passed = http.request(`${SANDBOX}${req.url}`, { method: req.method, headers }, (answer) => {
    res.writeHead(answer.statusCode, answer.headers);
    answer.pipe(res);
  });
  passed.on('error', () => res.destroy());
  req.pipe(passed);
}

async function control(url, res) {
  if (url.pathname === '/test/hold') hold = url.searchParams.get('next');
  if (url.pathname === '/test/name') named = Number(url.searchParams.get('seconds'));
  const told = { ...counts, isGood: await isGood(newest.token) };
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told));
}

server.on('request', (req, res) => {
  const url = new URL(req.url, base);
  const fail = (error) => { console.error(error); res.destroy(); };
  if (url.pathname === '/authorize.php') browse(url.search, res).catch(fail);
  else if (url.pathname === '/token.php') token(req, res);
  else if (url.pathname.startsWith('/interaction/')) answerQuestion(req, res).catch(fail);
  else if (url.pathname.startsWith('/api/')) serve(req, res).catch(fail);
  else if (url.pathname.startsWith('/test/')) control(url, res).catch(fail);
  else provider.callback()(req, res);
});

process.stdin.on('end', () => process.exit(0)).resume();
console.log(`listening ${base}`);
