// A resident's report from its photo to its closing, and every page on that way, in both languages and at both sizes.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter, folder, hold, holdBoth, open, photoFile, report, run, step, suite, take, test } from './harness.mjs';

suite('reports', async (district) => {
  let follow = '';
  await test('a resident reports with a photo and a place, and follows by link', async () => {
    const page = await open(district, 'phone', 'zh');
    await page.goto(`${district.base}/`);
    await page.waitForURL('**/welcome');
    await holdBoth(page, 'welcome', 'phone');
    await page.getByRole('link', { name: '我要上报' }).click();
    await page.waitForSelector('#description');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]');
    await page.setInputFiles('input[type=file]', await photoFile(page));
    await page.waitForSelector('figure img');
    await page.getByRole('button', { name: '用我的位置' }).click();
    await page.waitForFunction(() => document.body.innerText.includes('113.10500'));
    await page.fill('#description', '井盖不见了，有危险');
    await page.fill('#telephone', '13800000000');
    await page.reload();
    assert.equal(await page.inputValue('#description'), '井盖不见了，有危险', 'the draft outlives a reload');
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
    const verdict = JSON.parse(run('receipt', 'verify', join(folder, 'r.tlog-proof'), '--key', JSON.parse(run('receipt', 'key', '--data', district.data, '--json')).key, '--json'));
    assert.equal(verdict.valid, true);
    assert.ok(!verdict.body.includes('13800000000'), 'a receipt holds no personal value');
    await page.context().close();
  });

  await test('the case goes through filing, dispatch, handling and closing', async () => {
    const leader = await open(district, 'desk', 'zh');
    await enter(leader, 'leader');
    await take(leader, 1, '立案并派遣', async (page) => {
      await page.selectOption('#d-class', 'B0101');
      await page.selectOption('#field-condition', 'missing');
    });
    // Dispatched by the rules.
    await leader.waitForFunction(() => document.querySelector('main').innerText.includes('供水单位'));
    await leader.waitForSelector('.decisions .decision');
    const why = await leader.innerText('.decisions');
    assert.match(why, /规则 D001 适用/);
    assert.match(why, /依据：本区自定：供水/);
    assert.match(why, /紧急工作时/);
    await leader.locator('.decisions summary').first().click();
    assert.match(await leader.innerText('.decisions details[open]'), /如果 .*则 计时方式/);
    const handler = await open(district, 'phone', 'zh');
    await enter(handler, 'd-szgs');
    await take(handler, 1, '接收');
    await take(handler, 1, '处置完成', (page) => page.fill('#field-result', '已补装井盖'));
    await take(leader, 1, '结案');
    const reporter = await open(district, 'phone', 'en');
    await reporter.goto(follow);
    await reporter.waitForSelector('dl.facts');
    assert.match(await reporter.innerText('main'), /Closed/);
    for (const page of [leader, handler, reporter]) await page.context().close();
  });

  await test('a refusal is told in the reader’s language, a reveal asks why', async () => {
    const page = await open(district, 'desk', 'en');
    await report(district, { description: 'second', reporter_telephone: '13900000000' });
    await enter(page, 'leader');
    await page.goto(`${district.base}/cases/2`);
    await page.getByRole('button', { name: 'File', exact: true }).click();
    await page.locator('dialog button[type=submit]').click();
    await page.waitForSelector('dialog [role=alert]');
    assert.match(await page.innerText('dialog [role=alert]'), /a class; and where it was verified, found to be true/);
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
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'dispatcher');
    await page.goto(`${district.base}/cases`);
    await page.waitForURL('**/collections/case?list=open');
    await page.getByRole('button', { name: '全部', exact: true }).click();
    await page.reload();
    await page.waitForSelector('table.grid tbody tr:nth-child(2)');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/cases\/\d+$/);
    await page.goBack();
    await page.waitForSelector('table.grid tbody tr[data-row]');
    const total = () => page.locator('.pagehead [role=status]').innerText();
    const before = /\d+/.exec(await total())[0];
    await page.fill('.filterrow input[type=search]', '还没写完');
    await report(district, { description: '新的一件' });
    await page.waitForFunction((count) => Number(/\d+/.exec(document.querySelector('.pagehead [role=status]').innerText)?.[0] ?? 0) > Number(count), before);
    assert.equal(await page.inputValue('.filterrow input[type=search]'), '还没写完', 'what is being typed stays when the list is drawn again');
    await page.context().close();
  });

  await test('staff find a case by what it says, and register one that they were told', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'intake');
    await page.goto(`${page.base}/`);
    await page.waitForURL('**/home');
    await page.goto(`${page.base}/cases`);
    await page.getByRole('link', { name: '新建' }).first().click();
    await page.waitForSelector('#field-description');
    await hold(page, 'intake-zh-desk');
    await page.fill('#field-description', '电话反映路口信号灯不亮');
    await page.fill('#i-place', '东海路与金瓯路口');
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await page.waitForURL(/\/cases\/\d+$/);
    await page.waitForSelector('.history');
    assert.match(await page.innerText('.history'), /上报/);
    assert.doesNotMatch(await page.innerText('.history'), /case\./, 'no key of a fact stands for its name');
    await page.goto(`${page.base}/collections/case`);
    await page.fill('.filterrow input[type=search]', '金瓯路口');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 1);
    const csv = await page.request.get(`${page.base}/api/v1/cases.csv?language=zh`);
    assert.match(await csv.text(), /编号,类型,状态/);
    await page.context().close();
  });

  await test('a grid worker sees only what lies in the street', async () => {
    const page = await open(district, 'phone', 'zh');
    await enter(page, 'worker-lile');
    const answer = await page.request.get(`${district.base}/api/v1/cases/1`);
    assert.equal(answer.status(), 404);
    await page.context().close();
  });

  for (const size of ['desk', 'phone']) {
    await test(`every page holds in both languages at a ${size}`, async () => {
      const page = await open(district, size, 'zh');
      await page.goto(`${district.base}/login`);
      await page.waitForSelector('#login');
      await holdBoth(page, 'login', size);
      await page.fill('#login', `nobody-${size}`);
      await page.fill('#password', 'wrong');
      await page.click('button[type=submit]');
      await page.waitForSelector('[role=alert]');
      await holdBoth(page, 'login-wrong', size);
      await page.goto(`${district.base}/report`);
      await page.waitForSelector('optgroup', { state: 'attached' });
      await holdBoth(page, 'report', size);
      await page.locator('button[aria-expanded]').click();
      await page.waitForSelector('.map[data-ready=true]', { timeout: 60_000 });
      await page.locator('.map').click({ position: { x: 150, y: 170 } });
      await page.waitForFunction(() => /\d+\.\d{5}/.test(document.querySelector('[role=status]').innerText));
      await holdBoth(page, 'report-map', size);
      await page.click('button[type=submit]');
      await page.waitForSelector('[role=alert]');
      await holdBoth(page, 'report-incomplete', size);
      await page.goto(follow);
      await page.waitForSelector('ol.history li');
      await holdBoth(page, 'follow', size);
      await page.goto(`${district.base}/follow/wrong`);
      await page.waitForSelector('[role=alert]');
      await holdBoth(page, 'follow-unknown', size);
      await page.goto(`${district.base}/nowhere`);
      await page.waitForSelector('h1');
      await holdBoth(page, 'missing', size);
      await enter(page, size === 'desk' ? 'leader' : 'intake');
      await page.goto(`${district.base}/cases`);
      await page.waitForSelector('table.grid tbody tr[data-row]');
      await holdBoth(page, 'cases', size);
      await page.goto(`${district.base}/collections/case?f.state=suspended`);
      await page.waitForSelector('.big');
      await holdBoth(page, 'cases-empty', size);
      await page.goto(`${district.base}/cases/1`);
      await page.waitForSelector('ol.history li');
      await holdBoth(page, 'case', size);
      await page.goto(`${district.base}/cases/2`);
      await page.waitForSelector('ol.history li');
      await step(page, '并入已有案件');
      await page.waitForSelector('dialog[open]');
      await holdBoth(page, 'case-dialog', size);
      await page.goto(`${district.base}/cases/999`);
      await page.waitForSelector('[role=alert]');
      await holdBoth(page, 'case-unknown', size);
      await page.context().close();
    });
  }
});
