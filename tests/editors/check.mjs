// Drives yaml-language-server over stdio as an editor does: our correct files have no diagnostics, a mistake has one, completion
// proposes our keys, hover shows what they mean.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [server, root] = process.argv.slice(2);
const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = new Map();
const told = new Map();
let asked = 0;

const send = (message) => {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
};
const tell = (method, params) => send({ method, params });
const ask = (method, params) =>
  new Promise((done) => {
    answers.set(++asked, done);
    send({ id: asked, method, params });
  });

let read = Buffer.alloc(0);
child.stdout.on('data', (bytes) => {
  read = Buffer.concat([read, bytes]);
  for (;;) {
    const head = read.indexOf('\r\n\r\n');
    const length = head < 0 ? null : /Content-Length: (\d+)/.exec(read.subarray(0, head).toString());
    if (!length || read.length < head + 4 + Number(length[1])) return;
    const body = read.subarray(head + 4, head + 4 + Number(length[1])).toString();
    read = read.subarray(head + 4 + Number(length[1]));
    take(JSON.parse(body));
  }
});

function take(message) {
  if (message.method === 'textDocument/publishDiagnostics') {
    told.get(message.params.uri)?.(message.params.diagnostics);
  } else if (message.method === 'workspace/configuration') {
    // No settings: the first line of each file says which schema it has.
    send({ id: message.id, result: message.params.items.map(() => ({})) });
  } else if (message.method && message.id !== undefined) {
    send({ id: message.id, result: null });
  } else if (message.id !== undefined) {
    answers.get(message.id)?.(message.result ?? message.error);
  }
}

const fail = (what) => {
  console.error(`failed: ${what}`);
  child.kill();
  process.exit(1);
};
const patience = setTimeout(() => fail('no answer within 60 seconds'), 60_000);

/** Opens a text in the place of a file; gives its diagnostics. */
function open(file, text) {
  const uri = pathToFileURL(file).href;
  return new Promise((done) => {
    told.set(uri, done);
    tell('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  });
}

/** A text with its cursor at `¦`. */
function cursor(text) {
  const before = text.slice(0, text.indexOf('¦')).split('\n');
  return { text: text.replace('¦', ''), position: { line: before.length - 1, character: before.at(-1).length } };
}

await ask('initialize', {
  processId: process.pid,
  rootUri: pathToFileURL(root).href,
  workspaceFolders: [{ uri: pathToFileURL(root).href, name: 'root' }],
  capabilities: { workspace: { configuration: true }, textDocument: { hover: { contentFormat: ['markdown'] } } },
});
tell('initialized', {});
tell('workspace/didChangeConfiguration', { settings: { yaml: { validate: true, hover: true, completion: true } } });

let files = 0;
for (const example of readdirSync(join(root, 'examples'))) {
  for (const folder of ['.', 'pipelines', 'tests', 'environments']) {
    const path = join(root, 'examples', example, folder);
    const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.yaml')) : [];
    for (const name of names) {
      const text = readFileSync(join(path, name), 'utf8');
      if (!text.startsWith('# yaml-language-server: $schema=')) fail(`${example}/${folder}/${name} names no schema`);
      const diagnostics = await open(join(path, name), text);
      if (diagnostics.length) fail(`${example}/${folder}/${name}: ${JSON.stringify(diagnostics)}`);
      files += 1;
    }
  }
}
console.log(`${files} correct files, no diagnostics`);

const pipelines = join(root, 'examples/harbor-supply/pipelines');
const good = readFileSync(join(pipelines, 'payroll-journal.yaml'), 'utf8');
const wrong = await open(join(pipelines, 'wrong.yaml'), good.replace('look_up:', 'lookup:'));
if (!wrong.some((diagnostic) => diagnostic.message.includes('lookup'))) fail(`a mistake is not told: ${JSON.stringify(wrong)}`);
console.log('a mistake is told');

const begun = cursor(`${good.split('\n').slice(0, 3).join('\n')}\nloo¦\n`);
await open(join(pipelines, 'begun.yaml'), begun.text);
const uri = (name) => ({ uri: pathToFileURL(join(pipelines, name)).href });
const proposed = await ask('textDocument/completion', { textDocument: uri('begun.yaml'), position: begun.position });
const labels = (proposed.items ?? proposed).map((item) => item.label);
if (!labels.includes('look_up')) fail(`look_up is not proposed: ${labels}`);
console.log('look_up is proposed');

const at = cursor(good.replace('look_up:', 'look¦_up:'));
await open(join(pipelines, 'hover.yaml'), at.text);
const hover = await ask('textDocument/hover', { textDocument: uri('hover.yaml'), position: at.position });
const shown = JSON.stringify(hover?.contents ?? null);
if (!shown.includes('New names from tables')) fail(`hover shows ${shown}`);
console.log('hover shows what a key means');

clearTimeout(patience);
await ask('shutdown', null);
tell('exit', null);
