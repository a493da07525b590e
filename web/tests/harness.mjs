// What every browser test stands on: real districts behind real servers, Debian's Chromium, and how a page state is held.
import assert from 'node:assert/strict';
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as playwright } from '@playwright/test';

export const root = resolve(import.meta.dirname, '../..');
export const qipan = resolve(root, process.env.QIPAN ?? 'build/release/qipan');
const shots = join(root, 'build/screenshots');
mkdirSync(shots, { recursive: true });
export const folder = mkdtempSync(join(tmpdir(), 'qipan-pages-'));
const axe = readFileSync(join(root, 'web/node_modules/axe-core/axe.min.js'), 'utf8');
export const sizes = { desk: { width: 1600, height: 900 }, wall: { width: 1920, height: 1080 }, phone: { width: 390, height: 844 } };
/** What the suite that runs in this worker has come to. */
let now;
const faults = [];

export const run = (...words) => execFileSync(qipan, words, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', cwd: root });

const traffic = () => join(folder, 'traffic.jsonl');
/** One request of the API and its answer, as tools/traffic_check.py reads them. */
function record(method, url, status, type, request, response) {
  const { pathname } = new URL(url);
  if (!pathname.startsWith('/api/v1/')) return;
  const json = /json/.test(type);
  appendFileSync(traffic(), `${JSON.stringify({ method, path: pathname, status, type, request: json ? (request ?? '') : '', response: json ? response : '' })}\n`);
}
/** What a page asked; one that is left before its answer came tells nothing. */
async function recordPage(response) {
  const type = response.headers()['content-type'] ?? '';
  const request = response.request();
  // A stream of events has no end, and pictures no JSON.
  if (!/json/.test(type)) return;
  const text = await response.text().catch(() => undefined);
  if (text !== undefined) record(request.method(), response.url(), response.status(), type, request.postData(), text);
}
const answers = [];
/** All that pages and machines asked of a suite's district, held against what the API says of itself. Returns what does not fit. */
async function holdTraffic() {
  await Promise.allSettled(answers.splice(0));
  if (!existsSync(traffic())) return '';
  const description = join(folder, 'openapi.json');
  writeFileSync(description, run('openapi'));
  const told = spawnSync('/usr/bin/python3', [join(root, 'tools/traffic_check.py'), description, traffic(), '--brief'], { encoding: 'utf8' });
  console.log(told.stdout.trim());
  return told.status === 0 ? '' : `requests of pages: ${told.stdout}${told.stderr}`;
}

/** A district with its server; stopped and started again it keeps its port. */
export class District {
  constructor(name) {
    this.data = join(folder, name);
    cpSync(process.env.QIPAN_PREPARED, this.data, { recursive: true });
    this.port = '0';
  }
  async start() {
    const verb = this.demonstrates === true ? ['demo', '--days', '0', '--live-seconds', '1', '--reports', '1'] : ['serve', '--no-limits', '--webhook-near', '127.0.0.1', '--second-factor', 'nobody', ...(this.more ?? [])];
    this.server = spawn(qipan, [...verb, '--data', this.data, '--port', this.port, '--web', join(root, 'web/dist'), '--map', join(root, 'examples/maps/jianghai.geojsonl')], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.base = await new Promise((ready, failed) => {
      let told = '';
      this.server.stdout.on('data', (text) => {
        told += text;
        const found = /ready at (http\S+)/.exec(told);
        if (found) ready(found[1]);
      });
      this.server.once('exit', () => failed(new Error(`the server ended: ${told}`)));
    });
    this.port = new URL(this.base).port;
    return this;
  }
  async stop() {
    if (this.server === undefined || this.server.exitCode !== null) return;
    this.server.kill('SIGTERM');
    await new Promise((ended) => this.server.once('exit', ended));
  }
  /** The API as another machine uses it, with a session of its own. */
  async session(login) {
    const answer = await fetch(`${this.base}/api/v1/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password: 'qipan-demo' }) });
    assert.equal(answer.status, 200);
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': (await answer.json()).csrf, Cookie: answer.headers.get('set-cookie').split(';')[0] };
    const call = async (method, path, body) => {
      const got = await fetch(`${this.base}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
      const text = await got.text();
      record(method, `${this.base}${path}`, got.status, got.headers.get('content-type') ?? '', body === undefined ? '' : JSON.stringify(body), text);
      assert.ok(got.ok, `${path}: ${text}`);
      return JSON.parse(text);
    };
    return { get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
  }
}

export async function open(district, size, language) {
  const context = await now.browser.newContext({ viewport: sizes[size], locale: language === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'UTC', geolocation: { longitude: 113.105, latitude: 22.505 }, permissions: ['geolocation'], reducedMotion: 'reduce' });
  await context.addInitScript((chosen) => localStorage.setItem('qipan-language', chosen), language);
  now.contexts.push(context);
  // The runner itself waits for ever: a step that fails must end.
  context.setDefaultTimeout(30_000);
  context.setDefaultNavigationTimeout(30_000);
  context.on('response', (response) => response.url().startsWith(district.base) && answers.push(recordPage(response)));
  // Names come after what they name, as on a slow network: a page that shows or sends a thing before it has its names is found.
  await context.route(/\/api\/v1\/(case-types|case-classes|units|roles)$/, (route) => void setTimeout(() => void route.continue().catch(() => {}), 150));
  const page = await context.newPage();
  page.base = district.base;
  // Told when the test ends: an error thrown here would end the process and leave the servers behind.
  page.on('pageerror', (error) => faults.push(`script error on ${page.url()}: ${error.message}`));
  page.on('request', (request) => request.url().startsWith(district.base) || (district.beside !== undefined && request.url().startsWith(district.beside)) || /^(data|blob):/.test(request.url()) || faults.push(`outside request: ${request.url()}`));
  return page;
}

/** Holds one page state: nothing runs out of it, no control covers another, every key has its text, axe finds nothing. What dmn-js draws is its own; its tables stand beside it as plain ones. */
export async function hold(page, name) {
  await page.waitForTimeout(80);
  const faults = await page.evaluate(() => {
    const faults = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > window.innerWidth) faults.push(`the page is ${wide} px wide in ${window.innerWidth}`);
    const scope = document.querySelector('dialog[open]') ?? document.body;
    const controls = [...scope.querySelectorAll('button, input:not(label.file input), select, textarea, .button, header a')].filter((one) => one.checkVisibility() && one.getClientRects().length > 0 && !one.closest('.maplibregl-map, .dmn-frame') && !one.classList.contains('skip'));
    // What a scrolling pane hides covers nothing.
    const seen = (one) => {
      const { left, top, right, bottom } = one.getBoundingClientRect();
      const box = { left, top, right, bottom };
      for (let above = one.parentElement; above !== null; above = above.parentElement) {
        if (getComputedStyle(above).overflow === 'visible') continue;
        const clip = above.getBoundingClientRect();
        box.left = Math.max(box.left, clip.left);
        box.top = Math.max(box.top, clip.top);
        box.right = Math.min(box.right, clip.right);
        box.bottom = Math.min(box.bottom, clip.bottom);
      }
      return box;
    };
    // What stands while the page is scrolled beneath it covers what can be scrolled out from there.
    const standing = (one) => one.closest('.bar, .side, .bottom, .savebar, .floating, .tourbar, .gridscroll th, .gridscroll td.first') ?? document.body;
    const boxes = controls.map((one) => [one, seen(one)]).filter(([, box]) => box.right > box.left && box.bottom > box.top);
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length; j += 1) {
        const [a, first] = boxes[i];
        const [b, second] = boxes[j];
        if (a.contains(b) || b.contains(a) || standing(a) !== standing(b)) continue;
        const across = Math.min(first.right, second.right) - Math.max(first.left, second.left);
        const down = Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top);
        if (across > 1 && down > 1) faults.push(`${a.outerHTML.slice(0, 80)} overlaps ${b.outerHTML.slice(0, 80)}`);
      }
    }
    for (const key of window.qipanMissingKeys) faults.push(`untranslated key ${key}`);
    // Chinese is printed with full-width punctuation; what dmn-js draws is its own.
    if (document.documentElement.lang === 'zh-CN') {
      const texts = [...document.querySelectorAll('main *, dialog *, header *')].filter((one) => !one.closest('.dmn-frame, code, pre, textarea, script, style') && one.checkVisibility()).flatMap((one) => [...one.childNodes]).filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data);
      for (const text of texts) if (/[\u4e00-\u9fff] ?[,;:!?](?=\s|$|[\u4e00-\u9fff])|[\u4e00-\u9fff]\([^)]*[\u4e00-\u9fff]/.test(text)) faults.push(`half-width punctuation: ${text.slice(0, 80)}`);
    }
    return faults;
  });
  assert.deepEqual(faults, [], name);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run({ exclude: ['.dmn-frame'] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], preload: false }));
  assert.deepEqual(result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`), [], `${name}: axe`);
  if (process.env.SHOTS !== undefined) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: false });
  now.held += 1;
}

/** Holds a state in both languages, as when the reader changes it in another window. */
export async function holdBoth(page, name, size) {
  for (const language of ['zh', 'en']) {
    await page.evaluate((chosen) => {
      localStorage.setItem('qipan-language', chosen);
      window.dispatchEvent(new StorageEvent('storage', { key: 'qipan-language', newValue: chosen }));
    }, language);
    await hold(page, `${name}-${language}-${size}`);
  }
  await page.evaluate(() => {
    localStorage.setItem('qipan-language', 'zh');
    window.dispatchEvent(new StorageEvent('storage', { key: 'qipan-language', newValue: 'zh' }));
  });
}

export async function logIn(page, login, password = 'qipan-demo') {
  await page.goto(`${page.base}/login`);
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}

/** Logged in without the login page, by a request of the page's own context: for what follows on another page. */
export async function enter(page, login) {
  // Who is logged in already is known by it, and would have to name its own CSRF token.
  await page.context().clearCookies();
  const answer = await page.request.post(`${page.base}/api/v1/session`, { data: { login, password: 'qipan-demo' } });
  assert.equal(answer.status(), 200);
}

/** A resident's report from another machine, without the page's cookies. */
export async function report(district, fields, more = {}) {
  const answer = await fetch(`${district.base}/api/v1/reports`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ type: 'grid_event', fields, ...more }) });
  assert.equal(answer.status, 201);
  return (await answer.json()).case;
}

/** Presses what a step of a case is called, wherever it stands: among the first, or behind “more”. */
export async function step(page, button, within = page) {
  const shown = within.getByRole('button', { name: button, exact: true });
  const more = within.locator('button.further');
  await shown.or(more).first().waitFor();
  if ((await shown.count()) > 0) return shown.click();
  await more.click();
  return page.getByRole('menuitem', { name: button, exact: true }).click();
}

/** A transition by its button, as a person does it. */
export async function take(page, id, button, fill = async () => {}) {
  await page.goto(`${page.base}/cases/${id}`);
  await step(page, button);
  await page.waitForSelector('dialog[open]');
  await fill(page);
  await page.locator('dialog button[type=submit]').click();
  await page.waitForSelector('[role=status].good');
}

// A small photo with a text chunk that must not survive: made by the browser, so that it is a real PNG.
export async function photoFile(page, colour = '#a33') {
  const bytes = await page.evaluate((fill) => {
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 48;
    const pen = canvas.getContext('2d');
    pen.fillStyle = fill;
    pen.fillRect(8, 8, 40, 30);
    return canvas.toDataURL('image/png').split(',')[1];
  }, colour);
  const path = join(folder, `photo-${colour.slice(1)}.png`);
  writeFileSync(path, Buffer.from(bytes, 'base64'));
  return path;
}

/** A step of a suite. One that fails is told with the others when the suite ends: the rest still run. */
export async function test(name, body) {
  now.contexts = [];
  try {
    await playwright.step(name, body);
    assert.deepEqual(faults.splice(0), []);
    now.held += 1;
  } catch (error) {
    faults.splice(0);
    console.error(`failed: ${name}\n${error.stack}`);
    now.failures.push(error);
    for (const context of now.contexts) await context.close().catch(() => {});
  }
}

async function play(name, body, browser) {
  const district = await new District(name).start();
  now = { browser, held: 0, failures: [], contexts: [] };
  try {
    await body(district);
    const otherwise = await holdTraffic();
    if (otherwise !== '') now.failures.push(new Error(otherwise));
  } finally {
    await district.stop();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }
}

/** Steps that build on each other, in a district of their own. Where Chromium itself ended, which no page of ours can bring about, they are played once more in another; that is told. */
export function suite(name, body) {
  playwright(name, async ({ browser }) => {
    await play(name, body, browser);
    if (now.failures.length > 0 && !browser.isConnected()) {
      console.log(`browser ${name}: Chromium itself ended; once more from the beginning`);
      const another = await browser.browserType().launch(playwright.info().project.use.launchOptions);
      await play(name, body, another);
      await another.close();
    }
    console.log(`browser ${name}: ${now.held} steps and page states held, ${now.failures.length} failed`);
    if (now.failures.length > 0) throw new AggregateError(now.failures, `${now.failures.length} steps of ${name} failed`);
  });
}
