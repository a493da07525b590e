// First contentful paint of pages that anybody opens, cold, as a slow phone has it; the median of five, and how many times an empty page's that is.
import { chromium } from '../web/node_modules/playwright-core/index.mjs';

const base = process.argv[2];
// As Chromium's own tools have "Slow 4G".
const network = { offline: false, latency: 562.5, downloadThroughput: (1.6 * 1024 * 1024 / 8) * 0.9, uploadThroughput: (750 * 1024 / 8) * 0.9 };
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
async function paint(path, ready) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', network);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto(base + path, { waitUntil: 'commit' });
  // What the page is for, by its own clock.
  const whole = ready === undefined ? 0 : await page.waitForFunction((selector) => document.querySelector(selector) !== null && performance.now(), ready, { polling: 'raf' }).then((at) => at.jsonValue());
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  const at = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  await context.close();
  return { at, whole };
}
const median = async (path, ready) => {
  const all = [];
  for (let i = 0; i < 5; i += 1) all.push(await paint(path, ready));
  const middle = (of) => all.map((one) => one[of]).sort((a, b) => a - b)[2];
  return { at: middle('at'), whole: middle('whole') };
};
const floor = (await median('/empty.html')).at;
console.log(`empty page ${Math.round(floor)} ms`);
for (const [path, ready] of [['/report', 'textarea'], ['/welcome', '.doors'], ['/login', '#login']]) {
  const { at, whole } = await median(path, ready);
  console.log(`${path.padEnd(10)} first content ${Math.round(at)} ms, ${(at / floor).toFixed(2)} of the empty page; what it is for ${Math.round(whole)} ms, ${(whole / floor).toFixed(2)}`);
}
await browser.close();
