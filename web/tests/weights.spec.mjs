// What a page weighs before it can be used, as it travels: packed script and style of its first load.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { enter, open, suite, test } from './harness.mjs';

suite('weights', async (district) => {
  async function weightOf(page, path, ready) {
    const bodies = [];
    page.on('response', (response) => /\.(js|mjs|css)$/.test(new URL(response.url()).pathname) && bodies.push(response.body()));
    await page.goto(`${district.base}${path}`);
    await page.waitForSelector(ready);
    // Never idle: who works here hears of what happens.
    for (let known = -1; known !== bodies.length; await page.waitForTimeout(1000)) known = bodies.length;
    return Math.round((await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body, { level: 6 }).length, 0) / 1000);
  }

  await test('a resident’s report is light', async () => {
    const page = await open(district, 'phone', 'zh');
    const weight = await weightOf(page, '/report', 'textarea');
    console.log(`  the report before its map: ${weight} kB`);
    assert.ok(weight <= 120, `${weight} kB`);
    await page.context().close();
  });

  await test('so is the shell of staff pages', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    const weight = await weightOf(page, '/me', 'main form');
    console.log(`  the shell with a small page: ${weight} kB`);
    assert.ok(weight <= 350, `${weight} kB`);
    await page.context().close();
  });
});
