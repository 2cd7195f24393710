// A real server with a database of its own, in a folder that goes away with it.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const STARTS_WITHIN = 30_000;

export class Server {
  #folder;
  #process = null;
  #port = 0;
  #errors = '';
  #lines = [];
  #token = null;
  password = randomBytes(12).toString('hex');

  static async prepare() {
    const server = new Server();
    server.#folder = await mkdtemp(join(tmpdir(), 'watchdesk-journey-'));
    return server;
  }

  get url() { return `http://127.0.0.1:${this.#port}`; }
  get pid() { return this.#process?.pid; }
  /** What the server printed since its last start. */
  get printed() { return this.#lines.join('\n'); }
  /** What the demo prints for signing in. */
  get signInLink() { return /http:\S+\/login\/demo\/\S+/.exec(this.printed)?.[0]; }
  get errors() { return this.#errors; }

  async add(people) {
    for (const [name, { displayName, role = 'analyst' }] of Object.entries(people)) {
      await this.#run(['user', 'add', name, '--role', role, '--display-name', displayName, '--password-stdin'], this.password);
    }
  }

  async import(alerts) {
    const report = await this.#run(['import', '-'], JSON.stringify({ value: alerts }));
    if (!report.includes(`${alerts.length} created`)) throw new Error(`import said: ${report}`);
  }

  /** Hands alerts to the running server as a detection would; gives its report. */
  async ingest(alerts) {
    const { answer, report } = await this.#post(alerts);
    if (!answer.ok) throw new Error(`ingest answered ${answer.status}: ${JSON.stringify(report)}`);
    return report;
  }

  /** Hands over alerts of which none can be read; gives the report. */
  async ingestRefused(alerts) {
    const { answer, report } = await this.#post(alerts);
    if (answer.status !== 422) throw new Error(`ingest answered ${answer.status}: ${JSON.stringify(report)}`);
    return report;
  }

  async #post(alerts) {
    this.#token ??= (await this.#run(['token', 'add', 'lab detector', '--scope', 'ingest'])).trim().split('\n').at(-1);
    const answer = await fetch(`${this.url}/api/v1/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ value: alerts }),
    });
    return { answer, report: await answer.json() };
  }

  /** Sends what a product sends, by a token that reads it by a mapping; gives the report. */
  async send(body, mapping) {
    const token = (await this.#run(['token', 'add', `sender by ${mapping}`, '--scope', 'ingest', '--mapping', mapping])).trim().split('\n').at(-1);
    const answer = await fetch(`${this.url}/api/v1/alerts`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });
    return answer.json();
  }

  /** Runs a command on the database of the server; gives what it printed. */
  async command(args) { return this.#run(args); }

  /** Starts; a second start listens on the port of the first. */
  async start({ demo = false } = {}) {
    const child = this.#spawn([demo ? 'demo' : 'serve', '--listen', `127.0.0.1:${this.#port}`]);
    this.#process = child;
    this.#lines = [];
    child.stderr.on('data', (data) => { this.#errors += data; });
    const ready = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no address within ${STARTS_WITHIN} ms: ${this.#errors}`)), STARTS_WITHIN);
      child.once('exit', (code) => { clearTimeout(late); reject(new Error(`the server ended with ${code}: ${this.#errors}`)); });
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#lines.push(line);
        const port = /(?:Watchdesk is at \S+|http:\/\/127\.0\.0\.1):(\d+)/.exec(line)?.[1];
        if (port) { clearTimeout(late); this.#port = Number(port); resolve(); }
      });
    });
    await ready;
  }

  /** Ends it as a power cut would. */
  async kill() { await this.#end('SIGKILL'); }

  async stop() {
    await this.#end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal) {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const stubborn = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(stubborn);
  }

  #spawn(args) {
    const binary = process.env.WATCHDESK_BIN;
    if (!binary) throw new Error('WATCHDESK_BIN names the binary to try');
    const environment = { ...process.env };
    // What a developer has set for their own server is not meant for this one.
    for (const name of Object.keys(environment)) if (name === 'DATABASE_URL' || name.startsWith('WATCHDESK_')) delete environment[name];
    environment.RUST_LOG = 'warn';
    // The demo has a database of its own.
    const database = args[0] === 'demo' ? [] : ['--database-url', `sqlite://${join(this.#folder, 'journey.db')}`];
    return spawn(binary, [...database, ...args], { cwd: this.#folder, env: environment });
  }

  async #run(args, input) {
    const child = this.#spawn(args);
    let out = '';
    child.stdout.on('data', (data) => { out += data; });
    child.stderr.on('data', (data) => { out += data; });
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`watchdesk ${args[0]} ended with ${code}: ${out}`);
    return out;
  }
}
