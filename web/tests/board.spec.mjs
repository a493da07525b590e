// The board: by keyboard alone, several at once, map and queue and object as one, a restart of the server unattended, and every state held.
import assert from 'node:assert/strict';
import { enter, hold, holdBoth, open, report, suite, test } from './harness.mjs';

const place = { x: 1131050000, y: 225050000 };
const items = (page) => page.locator('.queue li');
const key = (page) => page.locator('.queue li.picked').getAttribute('data-key');

/** Presses a key until something is picked that fits. */
async function step(page, fits) {
  for (let i = 0; i < 40; i += 1) {
    const before = page.url();
    await page.keyboard.press('j');
    await page.waitForFunction((old) => location.href !== old, before).catch(() => undefined);
    const picked = new URL(page.url()).searchParams.get('pick') ?? '';
    if (fits(picked)) return picked;
  }
  return assert.fail('nothing fits');
}

suite('board', async (district) => {
  const admin = await district.session('admin');
  const streams = (await admin.get('/api/v1/datastreams?limit=100')).items;
  const stream = (code) => streams.find((one) => one.code === code)['@iot.id'];
  const observe = (code, result) => admin.post(`/api/v1/datastreams/${stream(code)}/observations`, { result });
  const leader = await district.session('leader');
  const state = async (id) => (await leader.get(`/api/v1/cases/${id}`)).state;

  await test('the board by keyboard only: pick, dispatch, acknowledge, open', async () => {
    const id = await report(district, { description: '键盘派遣这一件', condition: 'dirty' }, { ...place, class: 'S0102' });
    await observe('aq-jn-no2', 230);
    const page = await open(district, 'desk', 'zh');
    await page.goto(`${district.base}/login`);
    await page.keyboard.press('Tab');
    await page.focus('#login');
    await page.keyboard.type('leader');
    await page.keyboard.press('Tab');
    await page.keyboard.type('qipan-demo');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/home');
    await page.waitForSelector('.widget .figure');
    // From the first page by the search: a few letters and Enter.
    await page.keyboard.press('Control+k');
    await page.keyboard.type('指挥');
    await page.getByRole('option', { name: '指挥台' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/board*');
    await items(page).nth(1).waitFor();
    await step(page, (picked) => picked.startsWith('alarm-'));
    await page.waitForSelector('.object .alarmbox');
    await page.keyboard.press('a');
    await page.waitForSelector('.alarmbox.seen');
    await step(page, (picked) => picked === `case-${id}`);
    await page.keyboard.press('d');
    await page.waitForSelector('dialog[open]');
    // Whose it would be is told before it is sent.
    await page.waitForFunction(() => document.querySelector('dialog .preview')?.innerText.includes('环境卫生'));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    for (let i = 0; i < 12 && !(await page.evaluate(() => document.activeElement.type === 'submit')); i += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('.board > .good')?.innerText.includes('立案并派遣'));
    assert.equal(await state(id), 'dispatched');
    await page.waitForFunction((wanted) => document.querySelector(`[data-key="${wanted}"]`)?.innerText.includes('环境卫生'), `case-${id}`);
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('m');
    await page.waitForSelector('.twin table');
    await page.keyboard.press('m');
    await page.waitForSelector('.board-map');
    await page.keyboard.press('Shift+?');
    await page.waitForSelector('dialog[open] kbd');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelector('dialog[open]') === null);
    await page.keyboard.press('/');
    await page.waitForFunction(() => document.activeElement.id === 'b-text');
    await page.keyboard.type('键盘派遣');
    await page.waitForURL('**text=*');
    // Who goes on before the box has told what was written is not taken back, however long the next page takes to come.
    await page.route('**/CasePage-*.js', async (route) => {
      await page.waitForTimeout(600);
      await route.continue();
    });
    await page.keyboard.type('这');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('o');
    await page.waitForURL(`**/cases/${id}`);
    await page.waitForTimeout(400);
    assert.equal(page.url(), `${district.base}/cases/${id}`);
    await page.context().close();
  });

  await test('several at once: chosen, dispatched together, and what fails is told', async () => {
    const ids = [];
    for (let i = 0; i < 5; i += 1) ids.push(await report(district, { description: `批量${i}`, condition: 'dirty' }, { ...place, ...(i < 4 ? { class: 'S0102' } : {}) }));
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/board?view=table&text=${encodeURIComponent('批量')}`);
    await page.waitForFunction(() => document.querySelectorAll('.queue li:not(.alarm)').length === 5);
    for (const id of ids) await page.locator(`[data-key="case-${id}"] input`).check();
    await page.waitForSelector('.bulkbar');
    await page.locator('.bulkbar button', { hasText: '立案并派遣' }).click();
    await page.locator('dialog .preview', { hasText: '其中 1 件会被退回' }).waitFor();
    // What is knowable beforehand is asked for: the one without a class needs one, the others keep theirs.
    await page.locator('dialog button[type=submit]').click();
    assert.equal(await page.locator('#d-class:invalid').count(), 1);
    await page.selectOption('#d-class', 'S0103');
    await page.locator('dialog .preview', { hasText: '试算 5 件，都可以办理' }).waitFor();
    // Somebody else was faster with the first.
    await leader.post(`/api/v1/cases/${ids[0]}/transitions/file_and_dispatch`, {});
    await page.locator('dialog button[type=submit]').click();
    await page.waitForSelector('dialog [role=alert]');
    assert.match(await page.innerText('dialog'), /已办 4 \/ 5/);
    await hold(page, 'board-bulk-failed-zh-desk');
    assert.equal(Number(await page.locator('dialog progress').getAttribute('value')), 4);
    await page.getByRole('button', { name: '取消', exact: true }).click();
    await page.waitForSelector('[role=status].good');
    for (const id of ids) assert.equal(await state(id), 'dispatched');
    for (const [at, id] of ids.entries()) assert.equal((await leader.get(`/api/v1/cases/${id}`)).class, at < 4 ? 'S0102' : 'S0103');
    await page.context().close();
  });

  await test('the worst stand first; acknowledged alarms below; the pane shows photos’ place and history; a comment survives the session', async () => {
    const id = await report(district, { description: '留言不丢', condition: 'dirty' }, { ...place, class: 'S0102' });
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/board?pick=case-${id}`);
    await page.waitForSelector('.object ol.history li');
    const keys = await page.locator('.queue li').evaluateAll((rows) => rows.map((row) => ({ key: row.dataset.key, at: Number(row.getAttribute('aria-posinset')) })));
    assert.ok(keys.length > 0);
    const alarms = (await leader.get('/api/v1/alarms?active=true')).items.filter((alarm) => alarm.acknowledged !== null);
    for (const alarm of alarms) {
      const shown = keys.find((one) => one.key === `alarm-${alarm.id}`);
      const firstCase = Math.min(...keys.filter((one) => one.key.startsWith('case-')).map((one) => one.at));
      assert.ok(shown === undefined || shown.at > firstCase, 'an acknowledged alarm stands below the cases');
    }
    await page.fill('#board-comment', '正在写的留言');
    await page.context().clearCookies();
    await page.getByRole('button', { name: '发送' }).or(page.locator('.object form button[type=submit]')).first().click();
    await page.waitForURL(/\/login\?/);
    await page.fill('#login', 'leader');
    await page.fill('#password', 'qipan-demo');
    await page.click('button[type=submit]');
    await page.waitForSelector('#board-comment');
    await page.waitForFunction(() => document.querySelector('#board-comment').value === '正在写的留言');
    // Over the bound nothing is cut, and nothing is sent.
    await page.fill('#board-comment', '字'.repeat(2001));
    assert.match(await page.innerText('.counter.over'), /2001 \/ 2000/);
    assert.equal(await page.locator('#board-comment:invalid').count(), 1);
    await page.context().close();
  });

  await test('what is picked on the map is picked in the queue, and the other way round', async () => {
    const id = await report(district, { description: '地图上的' }, { x: 1131500000, y: 225400000, class: 'S0102' });
    const page = await open(district, 'desk', 'en');
    await enter(page, 'leader');
    await page.goto(`${district.base}/board?text=${encodeURIComponent('地图上的')}`);
    await page.waitForSelector('.board-map [data-ready=true]', { timeout: 60_000 });
    await page.waitForTimeout(1500);
    // The map shows the whole district, so places are where Mercator has them in its box.
    const outlines = await (await fetch(`${district.base}/api/v1/units.geojson?kind=community`)).json();
    const points = outlines.features.flatMap((feature) => feature.geometry.coordinates.flat());
    const box = await page.locator('.board-map .fill').boundingBox();
    const across = (longitude) => (longitude + 180) / 360;
    const down = (latitude) => (1 - Math.log(Math.tan((Math.PI * (90 + latitude)) / 360)) / Math.PI) / 2;
    const xs = points.map((point) => across(point[0]));
    const ys = points.map((point) => down(point[1]));
    const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = Math.min(box.width / (east - west), box.height / (south - north));
    const at = (longitude, latitude) => ({ x: box.x + box.width / 2 + (across(longitude) - (west + east) / 2) * scale, y: box.y + box.height / 2 + (down(latitude) - (north + south) / 2) * scale });
    const spot = at(113.15, 22.54);
    await page.mouse.click(spot.x, spot.y);
    await page.waitForURL(`**pick=case-${id}*`);
    assert.equal(await key(page), `case-${id}`);
    await page.waitForFunction((number) => document.querySelector('.object h2')?.innerText.includes(String(number)), id);
    const station = streams.find((one) => one.code === 'aq-gx-no2');
    const there = at(station.x, station.y);
    await page.mouse.click(there.x, there.y);
    await page.waitForURL('**pick=thing-aq-gx*');
    await page.waitForFunction(() => document.querySelector('.object h2')?.innerText.includes('High-tech'));
    await page.locator(`[data-key="case-${id}"] .pick`).click();
    await page.waitForURL(`**pick=case-${id}*`);
    await page.context().close();
  });

  await test('filters and picks stand in the address and narrow what is seen', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/board?text=${encodeURIComponent('批量')}&responsible=D-HW&range=24h`);
    await page.waitForFunction(() => document.querySelectorAll('.queue li:not(.alarm)').length === 5);
    assert.equal(await page.locator('.queue li.alarm').count(), 0, 'what only cases have leaves no alarm');
    // Its options come with the names of units.
    await page.waitForFunction(() => document.querySelector('#b-responsible')?.value === 'D-HW');
    await page.selectOption('#b-responsible', 'D-SW');
    await page.waitForFunction(() => document.querySelectorAll('.queue li:not(.alarm)').length === 0);
    await page.getByRole('button', { name: '清除筛选' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.queue li:not(.alarm)').length > 5);
    await page.context().close();
  });

  await test('one stream a browser, whatever many pages it has open', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    const pages = [page];
    for (let i = 0; i < 6; i += 1) pages.push(await page.context().newPage());
    // As tables: seven maps without a graphics card are another test's.
    for (const one of pages) await one.goto(`${district.base}/board?view=table`);
    for (const one of pages) await items(one).first().waitFor();
    // Seven streams would need seven connections, one more than a browser grants a server: nothing would be left to read what changed.
    const before = Number(await page.innerText('.figures .open b'));
    await report(district, { description: '七页都看见' }, place);
    for (const one of pages) await one.waitForFunction((count) => Number(document.querySelector('.figures .open b').innerText) > count, before);
    await page.context().close();
  });

  await test('a restart of the server is survived unattended', async () => {
    const page = await open(district, 'wall', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/board?wall=1`);
    await page.waitForURL('**/wall');
    await page.waitForFunction(() => Number(document.querySelector('.figures .open b')?.innerText ?? 0) > 0);
    await page.waitForFunction(() => !document.querySelector('.live').classList.contains('off'));
    // Beside it a dispatcher's board, who picks a case while nobody answers.
    const desk = await page.context().newPage();
    await desk.setViewportSize({ width: 1600, height: 900 });
    await desk.goto(`${district.base}/board`);
    await desk.locator('.queue li:not(.alarm) .pick').first().waitFor();
    await district.stop();
    await page.waitForSelector('.live.off', { timeout: 30_000 });
    await desk.locator('.queue li:not(.alarm) .pick').first().click();
    await desk.waitForSelector('.object .alert');
    await district.start();
    await page.waitForSelector('.live:not(.off)', { timeout: 30_000 });
    await desk.waitForSelector('.object .alert', { state: 'detached', timeout: 30_000 });
    await desk.waitForSelector('.object h2');
    await desk.close();
    const before = Number(await page.innerText('.figures .open b'));
    await report(district, { description: '重启之后的一件' }, place);
    await page.waitForFunction((count) => Number(document.querySelector('.figures .open b').innerText) === count + 1, before, { timeout: 30_000 });
    assert.equal(await page.locator('.board > .alert').count(), 0);
    await page.context().close();
  });

  await test('a wall says all without controls, takes turns with a pack’s board, and holds in both languages', async () => {
    const page = await open(district, 'wall', 'zh');
    await enter(page, 'wall');
    await page.goto(`${district.base}/`);
    await page.waitForURL('**/wall');
    await page.waitForSelector('.wallmap [data-ready=true]', { timeout: 60_000 });
    assert.equal(await page.locator('button, a.button, select').count(), 0);
    await page.waitForTimeout(500);
    await holdBoth(page, 'wall', 'wall');
    const small = await page.evaluate(() => [...document.querySelectorAll('.wallgrid *, .wallhead *')].filter((one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '') && !one.closest('svg, .board-map') && Number.parseFloat(getComputedStyle(one).fontSize) < 20).map((one) => one.outerHTML.slice(0, 80)));
    assert.deepEqual(small, [], 'read from five metres');
    await page.goto(`${district.base}/wall?boards=grid-events&seconds=10`);
    await page.getByRole('heading', { level: 1, name: /网格事件/ }).waitFor({ timeout: 30_000 });
    await page.keyboard.press('Space');
    await page.waitForSelector('.wallhead .muted');
    await page.waitForTimeout(1000);
    await holdBoth(page, 'wall-board', 'wall');
    await page.context().close();
  });

  for (const size of ['desk', 'phone']) {
    await test(`every state of the board holds in both languages at a ${size}`, async () => {
      const page = await open(district, size, 'zh');
      await enter(page, 'leader');
      await page.goto(`${district.base}/board`);
      await items(page).first().waitFor();
      if (size === 'phone') await page.locator('.panetabs button').nth(1).click();
      await page.waitForSelector('.board-map [data-ready=true]', { timeout: 60_000 });
      await page.waitForTimeout(500);
      await holdBoth(page, 'board-map', size);
      if (size === 'phone') await page.locator('.panetabs button').nth(0).click();
      await holdBoth(page, 'board', size);
      await page.locator('.queue li:not(.alarm) .pick').first().click();
      await page.waitForSelector('.object h2');
      await holdBoth(page, 'board-case', size);
      if (size === 'phone') await page.locator('.panetabs button').nth(0).click();
      await page.locator('.queue li.alarm .pick').first().click();
      await page.waitForSelector('.object .alarmbox');
      await holdBoth(page, 'board-alarm', size);
      await page.goto(`${district.base}/board?view=table`);
      if (size === 'phone') await page.locator('.panetabs button').nth(1).click();
      await page.waitForSelector('.twin table');
      await holdBoth(page, 'board-table', size);
      await page.locator('.filterbox summary').click();
      await holdBoth(page, 'board-filters', size);
      await page.locator('.boardhead button').last().click();
      await page.waitForSelector('dialog[open]');
      await holdBoth(page, 'board-keys', size);
      await page.goto(`${district.base}/board?text=nothing-fits&unit=440704005`);
      await page.waitForSelector('.queue .pad');
      await holdBoth(page, 'board-empty', size);
      await page.context().close();
    });
  }
});
