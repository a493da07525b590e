// Drives the real pages in Debian's Chromium against a real district: every page state in both languages and at both sizes, held for
// overflow, overlapping controls, untranslated keys and axe violations; then the main job from report to closing by hand.
//   node tests/run.mjs QIPAN_BINARY        screenshots go to build/screenshots
import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');
const qipan = resolve(process.argv[2] ?? join(root, 'build/release/qipan'));
const shots = join(root, 'build/screenshots');
mkdirSync(shots, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'qipan-pages-'));
const data = join(folder, 'district');
const axe = readFileSync(join(root, 'web/node_modules/axe-core/axe.min.js'), 'utf8');
const sizes = { desk: { width: 1600, height: 900 }, phone: { width: 390, height: 844 } };
let passed = 0;

const run = (...words) => execFileSync(qipan, words, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
run('init', '--data', data, '--pack', join(root, 'packs/grid-events'), join(root, 'packs/jianghai'), '--demo-password', 'qipan-demo');
const server = spawn(qipan, ['serve', '--data', data, '--port', '0', '--web', join(root, 'web/dist')], { stdio: ['ignore', 'pipe', 'inherit'] });
const base = await new Promise((ready, failed) => {
  let told = '';
  server.stdout.on('data', (text) => {
    told += text;
    const found = /ready at (http\S+)/.exec(told);
    if (found) ready(found[1]);
  });
  server.on('exit', () => failed(new Error('the server ended: ' + told)));
});

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});

async function open(size, language) {
  const context = await browser.newContext({ viewport: sizes[size], locale: language === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'UTC', geolocation: { longitude: 113.105, latitude: 22.505 }, permissions: ['geolocation'], reducedMotion: 'reduce' });
  await context.addInitScript((chosen) => localStorage.setItem('qipan-language', chosen), language);
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(`script error on ${page.url()}: ${error.message}`));
  page.on('request', (request) => assert.ok(request.url().startsWith(base) || /^(data|blob):/.test(request.url()), `outside request: ${request.url()}`));
  return page;
}

/** Holds one page state. */
async function hold(page, name) {
  await page.waitForTimeout(80);
  const faults = await page.evaluate(() => {
    const faults = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > window.innerWidth) faults.push(`the page is ${wide} px wide in ${window.innerWidth}`);
    const scope = document.querySelector('dialog[open]') ?? document.body;
    const controls = [...scope.querySelectorAll('button, input:not(label.file input), select, textarea, .button, header a')].filter((one) => one.getClientRects().length > 0 && !one.closest('.maplibregl-map'));
    const boxes = controls.map((one) => [one, one.getBoundingClientRect()]).filter(([one]) => !one.classList.contains('skip'));
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length; j += 1) {
        const [a, first] = boxes[i];
        const [b, second] = boxes[j];
        if (a.contains(b) || b.contains(a)) continue;
        const across = Math.min(first.right, second.right) - Math.max(first.left, second.left);
        const down = Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top);
        if (across > 1 && down > 1) faults.push(`${a.outerHTML.slice(0, 80)} overlaps ${b.outerHTML.slice(0, 80)}`);
      }
    }
    for (const key of window.qipanMissingKeys) faults.push(`untranslated key ${key}`);
    return faults;
  });
  assert.deepEqual(faults, [], name);
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`), [], `${name}: axe`);
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: false });
  passed += 1;
}

async function logIn(page, login) {
  await page.goto(`${base}/login`);
  await page.fill('#login', login);
  await page.fill('#password', 'qipan-demo');
  await page.click('button[type=submit]');
  await page.waitForURL('**/cases*');
  await page.waitForSelector('table, .big');
}

/** A resident's report from another machine, without the page's cookies. */
async function report(fields) {
  const answer = await fetch(`${base}/api/v1/reports`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ type: 'grid_event', fields }) });
  assert.equal(answer.status, 201);
}

/** A transition by its button, as a person does it. */
async function take(page, id, button, fill = async () => {}) {
  await page.goto(`${base}/cases/${id}`);
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.waitForSelector('dialog[open]');
  await fill(page);
  await page.locator('dialog button[type=submit]').click();
  await page.waitForSelector('[role=status].good');
}

// A small photo with a text chunk that must not survive: made by the browser, so that it is a real PNG.
async function photoFile(page) {
  const bytes = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 48;
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#a33';
    pen.fillRect(8, 8, 40, 30);
    return canvas.toDataURL('image/png').split(',')[1];
  });
  const path = join(folder, 'photo.png');
  writeFileSync(path, Buffer.from(bytes, 'base64'));
  return path;
}

async function test(name, body) {
  const begin = Date.now();
  await body();
  console.log(`ok ${name} (${Date.now() - begin} ms)`);
  passed += 1;
}

let failed = 0;
try {
  let follow = '';
  await test('a resident reports with a photo and a place, and follows by link', async () => {
    const page = await open('phone', 'zh');
    await page.goto(`${base}/`);
    await page.waitForSelector('h1');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]');
    await page.setInputFiles('input[type=file]', await photoFile(page));
    await page.waitForSelector('figure img');
    await page.getByRole('button', { name: '用我的位置' }).click();
    await page.waitForFunction(() => document.body.innerText.includes('113.10500'));
    await page.fill('#description', '井盖不见了,有危险');
    await page.fill('#telephone', '13800000000');
    await page.reload();
    assert.equal(await page.inputValue('#description'), '井盖不见了,有危险', 'the draft outlives a reload');
    assert.equal(await page.inputValue('#telephone'), '', 'the telephone is not kept on the device');
    await page.fill('#telephone', '13800000000');
    await page.click('button[type=submit]');
    await page.waitForSelector('.good');
    await page.getByRole('link', { name: '查看进展' }).click();
    await page.waitForSelector('dl.facts');
    follow = page.url();
    assert.match(await page.innerText('main'), /已上报/);
    const receipt = await page.request.get(await page.locator('ol.history a').first().evaluate((link) => link.href));
    writeFileSync(join(folder, 'r.tlog-proof'), await receipt.body());
    const verdict = JSON.parse(run('receipt', 'verify', join(folder, 'r.tlog-proof'), '--key', JSON.parse(run('receipt', 'key', '--data', data, '--json')).key, '--json'));
    assert.equal(verdict.valid, true);
    assert.ok(!verdict.body.includes('13800000000'), 'a receipt holds no personal value');
    await page.context().close();
  });

  await test('the case goes through filing, dispatch, handling and closing', async () => {
    const leader = await open('desk', 'zh');
    await logIn(leader, 'leader');
    await take(leader, 1, '立案并派遣', async (page) => {
      await page.selectOption('#d-class', 'B0101');
      await page.selectOption('#field-condition', 'missing');
    });
    assert.match(await leader.innerText('main'), /供水单位/, 'dispatched by the rules');
    assert.match(await leader.innerText('main'), /为什么这样派/);
    const handler = await open('phone', 'zh');
    await logIn(handler, 'd-szgs');
    await take(handler, 1, '接收');
    await take(handler, 1, '处置完成', (page) => page.fill('#field-result', '已补装井盖'));
    await take(leader, 1, '结案');
    const reporter = await open('phone', 'en');
    await reporter.goto(follow);
    await reporter.waitForSelector('dl.facts');
    assert.match(await reporter.innerText('main'), /Closed/);
    for (const page of [leader, handler, reporter]) await page.context().close();
  });

  await test('a refusal is told in the reader’s language, a reveal asks why', async () => {
    const page = await open('desk', 'en');
    await report({ description: 'second', reporter_telephone: '13900000000' });
    await logIn(page, 'leader');
    await page.goto(`${base}/cases/2`);
    await page.getByRole('button', { name: 'File', exact: true }).click();
    await page.locator('dialog button[type=submit]').click();
    await page.waitForSelector('dialog [role=alert]');
    assert.match(await page.innerText('dialog [role=alert]'), /a class, and not found to be untrue/);
    await hold(page, 'refusal-en-desk');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Show' }).first().click();
    await page.fill('[id^=purpose]', 'call back about the place');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.body.innerText.includes('13900000000'));
    await page.waitForFunction(() => document.body.innerText.includes('call back about the place'));
    await page.context().close();
  });

  await test('the list is used by keyboard, its filters stand in the address, and it hears of new cases', async () => {
    const page = await open('desk', 'zh');
    await logIn(page, 'dispatcher');
    await page.selectOption('#f-open', '');
    await page.waitForURL('**open=*');
    await page.reload();
    await page.waitForSelector('tbody tr:nth-child(2)');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/cases\/\d+$/);
    await page.goBack();
    await page.waitForSelector('tbody tr');
    const before = await page.locator('tbody tr').count();
    await report({ description: '新的一件' });
    await page.waitForFunction((count) => document.querySelectorAll('tbody tr').length > count, before);
    await page.context().close();
  });

  await test('a grid worker sees only what lies in the street', async () => {
    const page = await open('phone', 'zh');
    await logIn(page, 'worker-lile');
    const answer = await page.request.get(`${base}/api/v1/cases/1`);
    assert.equal(answer.status(), 404);
    await page.context().close();
  });

  for (const size of Object.keys(sizes)) {
    for (const language of ['zh', 'en']) {
      const tag = `${language}-${size}`;
      await test(`every page holds in ${tag}`, async () => {
        const page = await open(size, language);
        await page.goto(`${base}/login`);
        await page.waitForSelector('#login');
        await hold(page, `login-${tag}`);
        await page.fill('#login', `nobody-${tag}`);
        await page.fill('#password', 'wrong');
        await page.click('button[type=submit]');
        await page.waitForSelector('[role=alert]');
        await hold(page, `login-wrong-${tag}`);
        await page.goto(`${base}/report`);
        await page.waitForSelector('optgroup', { state: 'attached' });
        await hold(page, `report-${tag}`);
        await page.locator('button[aria-expanded]').click();
        await page.waitForSelector('.map[data-ready=true]', { timeout: 60_000 });
        await page.locator('.map').click({ position: { x: 150, y: 170 } });
        await page.waitForFunction(() => /\d+\.\d{5}/.test(document.querySelector('[role=status]').innerText));
        await hold(page, `report-map-${tag}`);
        await page.click('button[type=submit]');
        await page.waitForSelector('[role=alert]');
        await hold(page, `report-incomplete-${tag}`);
        await page.goto(follow);
        await page.waitForSelector('ol.history li');
        await hold(page, `follow-${tag}`);
        await page.goto(`${base}/follow/wrong`);
        await page.waitForSelector('[role=alert]');
        await hold(page, `follow-unknown-${tag}`);
        await page.goto(`${base}/nowhere`);
        await page.waitForSelector('h1');
        await hold(page, `missing-${tag}`);
        await logIn(page, language === 'zh' ? 'leader' : 'intake');
        await page.waitForSelector('tbody tr');
        await hold(page, `cases-${tag}`);
        await page.goto(`${base}/cases?state=suspended`);
        await page.waitForSelector('.big');
        await hold(page, `cases-empty-${tag}`);
        await page.goto(`${base}/cases/1`);
        await page.waitForSelector('ol.history li');
        await hold(page, `case-${tag}`);
        await page.goto(`${base}/cases/2`);
        await page.waitForSelector('ol.history li');
        await page.getByRole('button', { name: language === 'zh' ? '并入已有案件' : 'Merge into another case' }).click();
        await page.waitForSelector('dialog[open]');
        await hold(page, `case-dialog-${tag}`);
        await page.goto(`${base}/cases/999`);
        await page.waitForSelector('[role=alert]');
        await hold(page, `case-unknown-${tag}`);
        await page.context().close();
      });
    }
  }
} catch (error) {
  failed = 1;
  console.error(error);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((ended) => server.once('exit', ended));
  rmSync(folder, { recursive: true, force: true });
}
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed);
