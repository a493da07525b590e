// Sensing pages, and tasks on a phone: what is measured, alarms, the course of a stream as chart, table and file; accept, photograph, finish.
import assert from 'node:assert/strict';
import { enter, hold, holdBoth, logIn, open, photoFile, report, suite, test } from './harness.mjs';

const hour = 3_600_000;

suite('sensing', async (district) => {
  const admin = await district.session('admin');
  const streams = (await admin.get('/api/v1/datastreams?limit=100')).items;
  const id = streams.find((one) => one.code === 'aq-jn-no2')['@iot.id'];
  const send = (dataArray) => admin.post('/api/v1/observations', [{ Datastream: { '@iot.id': id }, components: ['phenomenonTime', 'result'], dataArray }]);
  const begin = Date.now() - 30 * hour;
  await send(Array.from({ length: 30 }, (_, i) => [new Date(begin + i * hour).toISOString(), i === 20 ? 240 : 60 + i]));

  await test('an excess is seen, acknowledged, and its course read as chart, table and file', async () => {
    await send([[new Date().toISOString(), 260]]);
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/sensing`);
    await page.waitForSelector('tbody tr');
    assert.match(await page.innerText('main'), /260 µg\/m³ \/ 200/);
    // What is observed is told by its title, in lists and in the index.
    await page.locator('#s-property option', { hasText: '二氧化氮' }).waitFor({ state: 'attached' });
    await page.locator('td[data-label="首要污染物"]', { hasText: '二氧化氮' }).first().waitFor();
    await page.getByRole('button', { name: '确认' }).first().click();
    await page.waitForSelector('.good');
    await page.locator('table').last().getByRole('link', { name: '江南街道 二氧化氮' }).click();
    await page.waitForSelector('.chart[data-drawn]');
    assert.match(await page.locator('.chart').getAttribute('aria-label'), /二氧化氮.*个值/);
    await page.selectOption('#t-range', '7d');
    await page.waitForURL('**range=7d*');
    await page.selectOption('#t-by', 'hour');
    await page.getByRole('button', { name: '看表格' }).click();
    await page.waitForFunction(() => document.querySelectorAll('table tbody tr').length >= 30);
    const file = await page.request.get(`${district.base}${await page.getByRole('link', { name: '导出 CSV' }).getAttribute('href')}`);
    assert.equal(file.status(), 200);
    const lines = (await file.text()).trim().split('\r\n');
    assert.equal(lines.length, 32, 'a heading and 31 values');
    assert.match(lines.at(-1), /,260,good,µg\/m³$/);
    await page.context().close();
  });

  await test('a new value comes to an open page by itself', async () => {
    const page = await open(district, 'desk', 'en');
    await enter(page, 'leader');
    await page.goto(`${district.base}/sensing/${id}`);
    await page.waitForSelector('.chart[data-drawn]');
    await send([[new Date().toISOString(), 77]]);
    await page.waitForFunction(() => document.querySelector('dd .big').innerText.startsWith('77'), undefined, { timeout: 20_000 });
    await page.context().close();
  });

  await test('a task on a phone: accepted, photographed before and after, finished', async () => {
    const leader = await district.session('leader');
    const number = await report(district, { description: '手机上办的一件', condition: 'dirty' }, { x: 1131050000, y: 225050000, class: 'S0102' });
    await leader.post(`/api/v1/cases/${number}/transitions/file_and_dispatch`, {});
    const page = await open(district, 'phone', 'zh');
    await logIn(page, 'd-hw');
    await page.waitForURL('**/field*');
    await page.getByRole('button', { name: new RegExp(`^${number} ·`) }).click();
    await page.waitForSelector('.task .steps');
    await hold(page, 'field-open-zh-phone');
    await page.getByRole('button', { name: '接收' }).click();
    await page.locator('dialog input[type=file]').setInputFiles(await photoFile(page, '#aa3333'));
    await page.waitForSelector('dialog figure img');
    await page.locator('dialog button[type=submit]').click();
    await page.waitForSelector('.good');
    await page.locator('.check input').check();
    await page.waitForURL('**mine=1');
    await page.waitForFunction((wanted) => document.querySelector('.task')?.innerText.startsWith(`${wanted} `), number);
    await page.getByRole('button', { name: '处置完成' }).click();
    await page.fill('#field-result', '已清运');
    await page.locator('dialog input[type=file]').last().setInputFiles(await photoFile(page, '#33aa33'));
    await page.waitForSelector('dialog figure img');
    await page.locator('dialog button[type=submit]').click();
    await page.waitForFunction(() => document.querySelector('.big') !== null, undefined, { timeout: 20_000 });
    const row = await leader.get(`/api/v1/cases/${number}`);
    assert.equal(row.state, 'resolved');
    assert.equal(row.fields.photos_before.length, 1);
    assert.equal(row.fields.photos_after.length, 1);
    assert.notEqual(row.fields.photos_before[0], row.fields.photos_after[0]);
    await page.context().close();
  });

  await test('tasks are still readable when they cannot be asked for', async () => {
    const number = await report(district, { description: '离线也看得见' }, { x: 1131050000, y: 225050000, class: 'S0102' });
    const page = await open(district, 'phone', 'zh');
    await logIn(page, 'worker-jiangnan');
    await page.waitForFunction((wanted) => document.body.innerText.includes(`${wanted} ·`), number);
    await page.route('**/api/v1/cases?**', (route) => route.abort());
    await page.reload();
    await page.waitForSelector('[role=alert]');
    assert.match(await page.innerText('main'), new RegExp(`${number} ·`));
    await page.context().close();
  });

  for (const size of ['desk', 'phone']) {
    await test(`sensing and field pages hold in both languages at a ${size}`, async () => {
      const page = await open(district, size, 'zh');
      await enter(page, 'leader');
      for (const [name, path, wait] of [
        ['sensing', '/sensing', 'tbody tr'],
        ['sensing-all', '/sensing?alarms=all', 'tbody tr'],
        ['sensing-cleared', '/sensing?alarms=cleared', 'h1'],
        ['stream', `/sensing/${id}`, '.chart[data-drawn]'],
        ['stream-own-range', `/sensing/${id}?range=own&from=2026-01-01&to=2026-01-02`, '#t-from'],
        ['stream-table', `/sensing/${id}?view=table&range=30d`, 'tbody tr'],
        ['stream-never', `/sensing/${id === 1 ? 2 : 1}`, 'dl'],
        ['stream-unknown', '/sensing/99999', '[role=alert]'],
      ]) {
        await page.goto(`${district.base}${path}`);
        await page.waitForSelector(wait);
        await page.waitForTimeout(300);
        await holdBoth(page, name, size);
      }
      await page.goto(`${district.base}/me`);
      await page.waitForSelector('#me-email');
      await holdBoth(page, 'me', size);
      const worker = await open(district, size, 'zh');
      await logIn(worker, 'd-yl');
      await worker.waitForSelector('.big');
      await holdBoth(worker, 'field-empty', size);
      await enter(worker, 'worker-jiangnan');
      await worker.goto(`${district.base}/field`);
      await worker.waitForSelector('.task');
      await holdBoth(worker, 'field', size);
      for (const one of [page, worker]) await one.context().close();
    });
  }
});
