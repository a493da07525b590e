// How long from an observation over its limit until its case is on an open board page, at a steady load of observations.
//   node bench/board.mjs QIPAN [--rate 10000] [--seconds 120]
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from '../web/node_modules/playwright-core/index.mjs';

const root = resolve(import.meta.dirname, '..');
const qipan = resolve(process.argv[2] ?? join(root, 'build/release/qipan'));
const option = (name, otherwise) => (process.argv.includes(name) ? Number(process.argv[process.argv.indexOf(name) + 1]) : otherwise);
const rate = option('--rate', 10_000);
const seconds = option('--seconds', 120);
const folder = mkdtempSync(join(tmpdir(), 'qipan-bench-'));
const data = join(folder, 'd');
const run = (...words) => execFileSync(qipan, words, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', cwd: root });
run('init', '--data', data, '--pack', 'packs/grid-events', 'packs/jianghai', 'packs/air-quality', '--demo-password', 'qipan-demo');
const { first } = JSON.parse(run('bench', 'streams', '--data', data, '--streams', '1000', '--things', '1000', '--json'));
const server = spawn(qipan, ['serve', '--data', data, '--port', '0', '--web', join(root, 'web/dist')], { stdio: ['ignore', 'pipe', 'inherit'] });
const base = await new Promise((ready) => server.stdout.on('data', (text) => /ready at (http\S+)/.exec(text) && ready(/ready at (http\S+)/.exec(text)[1])));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });
try {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  await page.goto(`${base}/login`);
  await page.fill('#login', 'leader');
  await page.fill('#password', 'qipan-demo');
  await page.click('button[type=submit]');
  await page.waitForSelector('.board[data-newest]');
  await page.waitForTimeout(4000);
  // Every frame looks at which case is the newest that the page shows.
  await page.evaluate(() => {
    window.seen = [];
    let last = Number(document.querySelector('.board').dataset.newest);
    const look = () => {
      const newest = Number(document.querySelector('.board').dataset.newest);
      for (; last < newest; last += 1) window.seen.push([last + 1, Date.now()]);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const feed = execFileSync('python3', [join(root, 'bench/feed.py'), '--port', new URL(base).port, '--first', String(first), '--rate', String(rate), '--seconds', String(seconds)], { encoding: 'utf8' });
  await page.waitForTimeout(2000);
  const seen = new Map(await page.evaluate(() => window.seen));
  // Each case says which stream it is of; the alarm says since when that was over.
  const alarms = await page.evaluate(async () => {
    const all = [];
    for (let after = ''; ; ) {
      const answer = await (await fetch(`/api/v1/alarms?limit=1000${after}`)).json();
      all.push(...answer.items);
      if (answer.next === null) return all;
      after = `&after=${answer.next}`;
    }
  });
  const first_of = new Map();
  for (const alarm of alarms) if (alarm.case !== null && (!first_of.has(alarm.case) || Date.parse(alarm.since) < first_of.get(alarm.case))) first_of.set(alarm.case, Date.parse(alarm.since));
  const waits = [...first_of].filter(([id]) => seen.has(id)).map(([id, since]) => seen.get(id) - since).sort((a, b) => a - b);
  const at = (share) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))];
  console.log(`load: ${feed.trim()}`);
  console.log(`observation over its limit to its case on an open board page: ${waits.length} of ${first_of.size} cases seen, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${waits.at(-1)} ms`);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((ended) => server.once('exit', ended));
  rmSync(folder, { recursive: true, force: true });
}
