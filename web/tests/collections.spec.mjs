// What declarations alone give: menu, lists in every form, entries, forms, imports and boards, of two packs, by keyboard, in both languages and all sizes.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter, folder, hold, holdBoth, open, report, root, run, sizes, suite, test } from './harness.mjs';

sizes.laptop = { width: 1366, height: 768 };

suite('collections', async (district) => {
  await district.stop();
  // Its units and people would be a district of their own.
  const lamps = join(folder, 'lamps');
  cpSync(join(root, 'examples/packs/lamps'), lamps, { recursive: true });
  for (const part of ['data', 'scenarios']) rmSync(join(lamps, part), { recursive: true });
  run('install', '--data', district.data, lamps);
  await district.start();
  const admin = await district.session('admin');
  const posts = [];
  for (const [code, kind, height] of [['L-001', 'led', 8], ['L-002', 'led', 8.5], ['L-003', 'sodium', 10], ['L-004', 'sodium', 12]])
    posts.push((await admin.post('/api/v1/registers/lamp_post/entries', { values: { code, kind, height }, unit: '440704001', x: 1_131_000_000 + height * 10_000, y: 225_100_000 })).id);

  await test('the menu, the lists and the board of a pack that has no line of Vue', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/`);
    await page.waitForURL('**/home');
    await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '路灯' }).click();
    await page.waitForURL('**/pages/lamps');
    await page.getByRole('link', { name: '灯杆总数 4' }).waitFor();
    await page.waitForSelector('.map[data-ready=true]', { timeout: 60_000 });
    await holdBoth(page, 'pack-board', 'desk');
    await page.getByRole('link', { name: /^发光|led|LED/i }).first().click();
    await page.waitForURL(/collections\/lamp_post\?where=/);
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 2);
    await page.getByRole('button', { name: /取消筛选/ }).click();
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 4);
    await holdBoth(page, 'collection-table', 'desk');
    for (const view of ['地图', '看板', '日历', '分组统计']) {
      await page.getByRole('button', { name: view, exact: true }).click();
      if (view === '地图') await page.waitForSelector('.map[data-ready=true]', { timeout: 60_000 });
      await page.waitForTimeout(400);
      await holdBoth(page, `collection-${['地图', '看板', '日历', '分组统计'].indexOf(view)}`, 'desk');
    }
    // A group opens its list.
    await page.getByRole('link', { name: 'sodium' }).click();
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 2);
    await page.context().close();
  });

  await test('a list by keyboard: words, a filter, the order, the width of a column, an entry and back', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/collections/lamp_post`);
    await page.waitForSelector('table.grid tbody tr[data-row]');
    await page.keyboard.press('/');
    await page.keyboard.type('L-003');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=L-003/);
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 1);
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 4);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#filter-column');
    await page.waitForFunction(() => document.activeElement?.id === 'filter-column');
    await hold(page, 'collection-filter-zh-desk');
    await page.selectOption('#filter-column', 'height');
    await page.fill('#filter-from', '9');
    await page.keyboard.press('Enter');
    await page.waitForURL(/f\.height=9/);
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 2);
    await page.getByRole('button', { name: '高度（米）', exact: true }).press('Enter');
    await page.waitForURL(/sort=height/);
    await page.getByRole('button', { name: '高度（米）', exact: true }).press('Enter');
    await page.waitForURL(/sort=-height/);
    await page.waitForFunction(() => document.querySelector('table.grid tbody tr[data-row="0"]')?.innerText.includes('L-004'));
    const before = await page.locator('table.grid th').nth(1).boundingBox();
    await page.getByRole('separator', { name: /列宽：编号/ }).press('ArrowRight');
    assert.ok((await page.locator('table.grid th').nth(1).boundingBox()).width > before.width);
    await page.locator('table.grid tbody a').first().focus();
    await page.keyboard.press('j');
    await page.waitForFunction(() => document.activeElement?.innerText === 'L-003');
    await page.keyboard.press('x');
    await page.getByRole('region', { name: '批量办理' }).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('dialog').getByText('L-003').first().waitFor();
    await page.waitForTimeout(300);
    await hold(page, 'collection-drawer-zh-desk');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.locator('table.grid tbody a', { hasText: 'L-003' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/collections\/lamp_post\/\d+$/);
    await page.getByRole('heading', { name: 'L-003' }).waitFor();
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 2);
    const file = await page.evaluate(() => fetch('/api/v1/collections/lamp_post/items.csv?language=zh&filter=height%20%3E%209').then((answer) => answer.text()));
    assert.match(file, /编号/);
    await page.context().close();
  });

  await test('an entry is added and changed: faults at their fields, a draft that outlives the session, a readable history', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/collections/lamp_post/new`);
    await page.fill('#field-code', 'L');
    await page.fill('#field-height', '9');
    await page.getByRole('button', { name: '保存' }).click();
    await page.waitForSelector('.alert');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'field-code');
    await hold(page, 'entry-fault-zh-desk');
    // Somebody ended the session meanwhile; what was typed is there again.
    await page.fill('#field-code', 'L-005');
    await page.context().clearCookies();
    await page.getByRole('button', { name: '保存' }).click();
    await page.waitForURL(/\/login\?/);
    await page.fill('#login', 'admin');
    await page.fill('#password', 'qipan-demo');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/collections/lamp_post/new');
    await page.waitForFunction(() => document.querySelector('#field-code')?.value === 'L-005');
    await page.getByRole('button', { name: '保存' }).click();
    await page.waitForURL(/collections\/lamp_post\/\d+$/);
    await page.getByRole('heading', { name: 'L-005' }).waitFor();
    await holdBoth(page, 'entry', 'desk');
    await page.getByRole('link', { name: '修改' }).click();
    await page.waitForFunction(() => document.querySelector('#field-height')?.value === '9');
    assert.equal(await page.locator('#field-code').count(), 0, 'what it is called by is not changed');
    assert.equal(await page.locator('#field-last_repaired').count(), 0, 'nor what cases change');
    await page.fill('#field-height', '9.5');
    await page.fill('#e-reason', '复测');
    await holdBoth(page, 'entry-form', 'desk');
    await page.getByRole('button', { name: '保存' }).click();
    await page.waitForURL(/collections\/lamp_post\/\d+$/);
    await page.getByRole('tab', { name: '记录' }).click();
    await page.getByText('复测').waitFor();
    assert.match(await page.innerText('.diff'), /9 → 9\.5/);
    await holdBoth(page, 'entry-history', 'desk');
    for (const tab of ['关联', '历史时点', '存证']) {
      await page.getByRole('tab', { name: new RegExp(tab) }).click();
      await page.waitForTimeout(300);
      await holdBoth(page, `entry-${tab === '关联' ? 'related' : tab === '存证' ? 'receipts' : 'asof'}`, 'desk');
    }
    await page.getByRole('button', { name: '更多' }).click();
    await page.getByRole('menuitem', { name: '注销' }).click();
    await page.fill('#reason', '撤除');
    await hold(page, 'entry-retire-zh-desk');
    await page.getByRole('dialog').getByRole('button', { name: '注销' }).click();
    await page.locator('.chip', { hasText: '已注销' }).waitFor();
    await page.context().close();
  });

  await test('a file is matched, looked at, entered and taken back', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/collections/lamp_post/import`);
    await page.getByText('把文件拖到这里').waitFor();
    await holdBoth(page, 'import', 'desk');
    const path = join(folder, 'posts.csv');
    writeFileSync(path, '编号,高度,备注\nL-101,9,好\nL-102,abc,坏\nL-103,7,好\n');
    await page.setInputFiles('input[type=file]', path);
    await page.getByText('有列未对应').waitFor();
    await page.getByLabel('高度').selectOption('height');
    await holdBoth(page, 'import-match', 'desk');
    await page.getByRole('button', { name: '重新检查' }).click();
    await page.getByRole('heading', { name: /有误的行（1 处）/ }).waitFor();
    assert.equal(await page.getByRole('button', { name: '写入', exact: true }).isDisabled(), true);
    await hold(page, 'import-faults-zh-desk');
    await page.getByRole('button', { name: '只写入无误的行' }).click();
    await page.getByRole('button', { name: '撤回本次导入' }).waitFor();
    assert.equal((await admin.get("/api/v1/collections/lamp_post/totals?filter=code%20LIKE%20'L-10%25'")).count, 2);
    await page.getByRole('button', { name: '撤回本次导入' }).click();
    await page.getByText('已撤回').first().waitFor();
    assert.equal((await admin.get("/api/v1/collections/lamp_post/totals?filter=code%20LIKE%20'L-10%25'%20AND%20NOT%20retired")).count, 0);
    await page.context().close();
  });

  await test('the map has the layers of all packs, their legends, and a box that is drawn', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/map`);
    await page.waitForSelector('.onemap [data-ready=true]', { timeout: 60_000 });
    await page.getByRole('checkbox', { name: '灯杆' }).waitFor();
    await page.getByRole('link', { name: /^\d+ 处$/ }).first().waitFor();
    await page.getByRole('checkbox', { name: '企业' }).check();
    await page.waitForURL(/on=.*enterprises/);
    await page.getByText('个体工商户').first().waitFor();
    await page.waitForTimeout(300);
    await holdBoth(page, 'one-map', 'desk');
    const box = await page.locator('.onemap .map').boundingBox();
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 60, box.y + box.height - 5, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await page.getByRole('button', { name: '取消框选' }).waitFor();
    await page.locator('.onemap details li a', { hasText: '示例灯具有限公司' }).waitFor();
    await hold(page, 'one-map-box-zh-desk');
    await page.locator('.onemap section', { hasText: '企业' }).first().getByRole('link', { name: /处$/ }).click();
    await page.waitForURL(/collections\/enterprise\?where=/);
    await page.waitForSelector('table.grid tbody tr[data-row]');
    await page.context().close();
  });

  await test('who may not write is shown nothing to write with; who may not read is told so', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/collections/enterprise`);
    await page.waitForSelector('table.grid tbody tr[data-row]');
    assert.equal(await page.getByRole('link', { name: '新建' }).count(), 0);
    await page.goto(`${district.base}/collections/person`);
    await page.waitForSelector('.alert');
    await hold(page, 'collection-forbidden-zh-desk');
    await page.goto(`${district.base}/collections/nothing`);
    await page.waitForSelector('.alert');
    await page.goto(`${district.base}/collections/enterprise/999999`);
    await page.getByText('没有这条内容').waitFor();
    await page.context().close();
  });

  await test('a list is kept with its filters and columns, shared, changed and dropped', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/collections/lamp_post?f.kind=sodium&sort=height`);
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 2);
    await page.getByRole('button', { name: '保存为我的列表' }).click();
    await page.fill('#saved-title', '钠灯');
    await page.selectOption('#saved-unit', { index: 1 });
    await holdBoth(page, 'collection-keep', 'desk');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.waitForURL(/saved=\d+/);
    const tab = page.getByRole('button', { name: '钠灯' });
    await tab.waitFor();
    // Who works there finds it too, and changes nothing of it.
    const other = await open(district, 'desk', 'zh');
    await enter(other, 'd-hw');
    const seen = (await (await other.request.get(`${district.base}/api/v1/saved?form=list`)).json()).items;
    assert.deepEqual(seen.map((one) => [one.title, one.mine, one.can_change]), [['钠灯', false, false]]);
    await other.context().close();
    await page.getByRole('button', { name: '全部', exact: true }).click();
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length > 2);
    await tab.click();
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 2);
    await page.getByRole('button', { name: '显示的列', exact: true }).click();
    await page.locator('.filterform .choices input').first().click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '保存修改' }).click();
    await page.getByRole('button', { name: '保存修改' }).waitFor({ state: 'detached' });
    await hold(page, 'collection-kept-zh-desk');
    await page.getByRole('button', { name: '删除此列表' }).click();
    await tab.waitFor({ state: 'detached' });
    await page.context().close();
  });

  await test('a board is arranged for a unit, and stands as its pack has it again', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/pages/lamps`);
    await page.waitForSelector('.widget');
    const titles = () => page.locator('.widget h2').allInnerTexts();
    const before = await titles();
    await page.getByRole('button', { name: '调整布局' }).click();
    await page.getByRole('button', { name: `把${before[0]}后移` }).click();
    await page.getByRole('button', { name: `隐藏${before[2]}` }).click();
    await holdBoth(page, 'pack-arranging', 'desk');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    const wanted = [before[1], before[0], ...before.slice(3)];
    await page.waitForFunction((count) => document.querySelectorAll('.widget h2').length === count && document.querySelector('.slot > .row') === null, wanted.length);
    assert.deepEqual(await titles(), wanted);
    await page.reload();
    await page.waitForFunction((count) => document.querySelectorAll('.widget h2').length === count, wanted.length);
    assert.deepEqual(await titles(), wanted);
    await page.getByRole('button', { name: '调整布局' }).click();
    await page.getByRole('button', { name: '恢复原样' }).click();
    await page.waitForFunction((count) => document.querySelectorAll('.widget h2').length === count && document.querySelector('.slot > .row') === null, before.length);
    assert.deepEqual(await titles(), before);
    await page.context().close();
  });

  await test('the bell tells what waits; a reference says what it names; a value is reported where it is wrong', async () => {
    await report(district, { description: '铃铛里的一件', condition: 'dirty' }, { class: 'S0102', x: 1_131_050_000, y: 225_050_000 });
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/home`);
    await page.waitForFunction(() => Number(document.querySelector('.bell .badge')?.innerText ?? 0) > 0);
    await page.locator('.bell').click();
    await page.locator('.el-drawer').getByText('新到本单位的案件').waitFor();
    await holdBoth(page, 'notices', 'desk');
    await page.locator('.el-drawer').getByRole('link').first().click();
    await page.waitForURL(/cases\/\d+$|sensing/);
    await (await district.session('leader')).post('/api/v1/cases', { type: 'enterprise_request', fields: { enterprise: 'enterprise:1', topic: 'utilities', request: '厂区每周停电两次。' } });
    await page.goto(`${district.base}/collections/enterprise_request?cols=number,enterprise,topic`);
    const link = page.locator('a[data-subject^="enterprise:"]').first();
    await link.focus();
    await page.locator('.hovercard').getByText('示例灯具有限公司').first().waitFor();
    await hold(page, 'hovercard-zh-desk');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.hovercard', { state: 'detached' });
    await page.goto(`${district.base}/collections/enterprise/1`);
    const flag = page.locator('.reporterror').first();
    await flag.focus();
    await flag.click();
    await page.waitForURL(/type=data_error/);
    await page.waitForFunction(() => document.querySelector('#field-about')?.value === 'enterprise:1');
    await holdBoth(page, 'report-error', 'desk');
    await page.fill('#field-description', '走访时看到的不一样');
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await page.waitForURL(/\/cases\/\d+$/);
    await page.context().close();
  });

  await test('a file to edit comes back as a difference; cells are pasted into a list; a field of several is changed', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/collections/lamp_post`);
    await page.waitForSelector('table.grid tbody tr[data-row]');
    await page.getByRole('button', { name: '导出', exact: true }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: '导出以便修改（Excel）' }).click()]);
    assert.match(download.suggestedFilename(), /lamp_post\.xlsx$/);
    await page.goto(`${district.base}/collections/lamp_post/import`);
    await page.setInputFiles('input[type=file]', { name: 'lamp_post.xlsx', mimeType: 'application/octet-stream', buffer: readFileSync(await download.path()) });
    await page.getByText('检查完毕').first().waitFor();
    assert.equal(await page.getByText('与现有内容的差别').count(), 0);
    await page.evaluate(async () => fetch(`/api/v1/imports/${new URLSearchParams(location.search).get('import')}/stop`, { method: 'POST', headers: { 'X-CSRF-Token': (await (await fetch('/api/v1/session')).json()).csrf } }));
    const item = (await (await page.request.get(`${district.base}/api/v1/collections/lamp_post/items?filter=${encodeURIComponent("code = 'L-001'")}&properties=code,changed`)).json()).items[0];
    await page.goto(`${district.base}/collections/lamp_post`);
    await page.waitForSelector('table.grid tbody tr[data-row]');
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, `记录号\t记录版本\t编号\t高度\n${item.id}\t${item.values.changed}\tL-001\t7.25\n\t\tL-900\t6\n`);
    await page.waitForURL(/lamp_post\/import/);
    await page.getByText('与现有内容的差别').waitFor();
    await page.locator('del', { hasText: '8' }).waitFor();
    await holdBoth(page, 'import-difference', 'desk');
    await page.getByRole('button', { name: '写入', exact: true }).click();
    await page.getByRole('link', { name: '返回清单' }).or(page.getByRole('link', { name: '回到清单' })).first().waitFor();
    await page.goto(`${district.base}/collections/lamp_post?sort=code`);
    await page.waitForFunction(() => [...document.querySelectorAll('table.grid td')].some((cell) => cell.innerText === '7.25'));
    await page.getByRole('checkbox', { name: '选择L-002' }).check();
    await page.getByRole('checkbox', { name: '选择L-900' }).check();
    await page.getByRole('button', { name: '修改字段' }).click();
    await page.selectOption('#bulk-field', 'height');
    await page.fill('#field-height', '9.75');
    await page.fill('#bulk-reason', '统一更换');
    await hold(page, 'bulk-change-zh-desk');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('p.good', { hasText: '2 件' }).or(page.locator('p.good', { hasText: '2' })).first().waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('table.grid td')].filter((cell) => cell.innerText === '9.75').length === 2);
    await page.context().close();
  });

  await test('on the map something is found, days are chosen, and it is printed', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/map`);
    await page.waitForSelector('.map[data-ready=true]', { timeout: 60_000 });
    await page.getByRole('combobox', { name: '查找图上的对象' }).fill('L-002');
    await page.getByRole('option').first().waitFor();
    await hold(page, 'onemap-search-zh-desk');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.el-drawer h2');
    await page.getByRole('button', { name: '关闭' }).last().click();
    await page.selectOption('#map-days', '7');
    await page.waitForURL(/days=7/);
    await page.locator('.maptime input[type=range]').fill('80');
    await page.waitForURL(/until=/);
    await page.waitForTimeout(800);
    await holdBoth(page, 'onemap-time', 'desk');
    await page.evaluate(() => (window.print = () => (window.qipanPrinted = true)));
    await page.getByRole('button', { name: '打印' }).click();
    await page.waitForFunction(() => window.qipanPrinted === true && document.querySelector('img.onlyprint')?.src.startsWith('data:image/png'));
    await page.context().close();
  });

  await test('where nothing draws maps there is a plain picture and a list', async () => {
    const page = await open(district, 'desk', 'zh');
    await page.addInitScript(() => {
      const own = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return String(kind).startsWith('webgl') ? null : own.call(this, kind, ...rest);
      };
    });
    await enter(page, 'admin');
    for (const path of ['map', 'collections/lamp_post?view=map']) {
      await page.goto(`${district.base}/${path}`);
      await page.locator('.plainmap circle').first().waitFor();
      await page.locator('.plainmap polygon').first().waitFor();
      await holdBoth(page, `plain-${path.slice(0, 3)}`, 'desk');
    }
    await page.context().close();
  });

  await test('several at once: cases take a step together, entries leave with a reason, and all rows are printed', async () => {
    const ids = [];
    for (let i = 0; i < 3; i += 1) ids.push(await report(district, { description: `清单批量 ${i}`, condition: 'dirty' }, { class: 'S0102', x: 1_131_050_000, y: 225_050_000 }));
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/collections/grid_event?q=${encodeURIComponent('清单批量')}`);
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 3);
    await page.locator('.pickall').check();
    await page.locator('.floating').getByRole('button', { name: '立案并派遣' }).click();
    await page.waitForSelector('dialog[open]');
    await page.locator('dialog .preview', { hasText: '试算 3 件，都可以办理' }).waitFor();
    await hold(page, 'collection-bulk-zh-desk');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('p.good', { hasText: '3 件' }).waitFor();
    const leader = await district.session('leader');
    for (const id of ids) assert.equal((await leader.get(`/api/v1/cases/${id}`)).state, 'dispatched');
    await page.context().close();
    const desk = await open(district, 'desk', 'zh');
    await enter(desk, 'admin');
    await desk.goto(`${district.base}/collections/lamp_post?list=never`);
    await desk.getByRole('checkbox', { name: '选择L-004' }).check();
    const there = await desk.locator('table.grid tbody tr[data-row]').count();
    await desk.locator('.floating').getByRole('button', { name: '注销' }).click();
    await desk.fill('#reason', '撤除');
    await desk.getByRole('dialog').getByRole('button', { name: '注销' }).click();
    await desk.waitForFunction((count) => document.querySelectorAll('table.grid tbody tr[data-row]').length === count - 1, there);
    // More than a screen of units, and every row of them on paper.
    await desk.goto(`${district.base}/collections/unit`);
    await desk.waitForSelector('table.grid tbody tr[data-row]');
    const seen = await desk.locator('table.grid tbody tr[data-row]').count();
    await desk.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await desk.waitForFunction((few) => document.querySelectorAll('table.grid tbody tr[data-row]').length > few, seen);
    assert.ok(await desk.locator('table.grid tbody tr[data-row]').count() >= 100);
    await desk.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await desk.context().close();
  });

  await test('a list that is open survives a restart of the server, and a slow network', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'leader');
    await page.goto(`${district.base}/collections/case?q=${encodeURIComponent('重启清单')}`);
    await page.locator('.big').waitFor();
    await district.stop();
    await page.waitForTimeout(500);
    await district.start();
    await report(district, { description: '重启清单里的一件' });
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 1, undefined, { timeout: 60_000 });
    assert.equal(await page.locator('main > .alert').count(), 0);
    const slow = await page.context().newCDPSession(page);
    await slow.send('Network.emulateNetworkConditions', { offline: false, latency: 560, downloadThroughput: 190_000, uploadThroughput: 90_000 });
    await page.goto(`${district.base}/collections/unit`);
    await page.waitForSelector('.skeleton, table.grid tbody tr[data-row]');
    await hold(page, 'collection-slow-zh-desk');
    await page.waitForSelector('table.grid tbody tr[data-row]', { timeout: 60_000 });
    await page.context().close();
  });

  await test('a case is opened about an entry, which is found by a few letters', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'intake');
    await page.goto(`${district.base}/collections/enterprise/1`);
    await page.getByRole('link', { name: '提出企业诉求' }).click();
    await page.locator('.picker strong', { hasText: '示例灯具有限公司' }).waitFor();
    await page.getByRole('button', { name: '另选' }).click();
    await page.locator('#field-enterprise').pressSequentially('精密');
    await page.getByRole('option', { name: '示例精密五金厂' }).waitFor();
    await hold(page, 'reference-zh-desk');
    await page.keyboard.press('Enter');
    await page.locator('.picker strong', { hasText: '示例精密五金厂' }).waitFor();
    await page.selectOption('#field-topic', 'finance');
    await page.fill('#field-request', '需要一笔周转资金');
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await page.waitForURL(/cases\/\d+$/);
    await page.getByText('需要一笔周转资金').first().waitFor();
    await page.goto(`${district.base}/collections/enterprise/2?tab=related`);
    await page.getByRole('link', { name: '企业诉求' }).last().click();
    await page.waitForFunction(() => document.querySelectorAll('table.grid tbody tr[data-row]').length === 1);
    assert.match(await page.innerText('.chips'), /企业/);
    await page.context().close();
  });

  await test('everything is found by a few letters', async () => {
    const page = await open(district, 'desk', 'zh');
    await enter(page, 'admin');
    await page.goto(`${district.base}/home`);
    await page.waitForSelector('.widget .figure');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('L-002');
    await page.getByRole('option', { name: /L-002/ }).waitFor();
    await hold(page, 'find-zh-desk');
    await page.getByRole('option', { name: /L-002/ }).click();
    await page.waitForURL(/collections\/lamp_post\/\d+$/);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('没有这样的东西');
    await page.getByText('没有找到').waitFor();
    await page.keyboard.press('Escape');
    await page.context().close();
  });

  for (const size of ['laptop', 'phone']) {
    await test(`home, boards, lists, entries and forms hold in both languages at a ${size}`, async () => {
      const page = await open(district, size, 'zh');
      await enter(page, 'admin');
      for (const [path, name, ready] of [['home', 'home', '.widget .figure'], ['pages/enterprises', 'enterprises-board', '.map[data-ready=true]'], ['collections/enterprise', 'enterprise-list', 'tr[data-row]'], ['collections/enterprise/1', 'enterprise', 'dl.pairs'], ['collections/enterprise/1/edit', 'enterprise-form', '#field-name'], ['collections/grid_event', 'grid-events', '.pagehead'], ['collections/lamp_post?view=groups', 'lamp-groups', 'tbody tr'], ['statistics?period=year&by=source', 'statistics', '.tiles .figure'], ['map', 'one-map', '.onemap [data-ready=true]'], ['collections/unit', 'units', 'tr[data-row]']]) {
        await page.goto(`${district.base}/${path}`);
        await page.waitForSelector(ready, { timeout: 60_000 });
        await page.waitForTimeout(300);
        await holdBoth(page, name, size);
      }
      if (size === 'phone') {
        await page.getByRole('button', { name: '菜单' }).click();
        await hold(page, 'menu-zh-phone');
        await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '企业库' }).click();
        await page.waitForURL('**/pages/enterprises');
      }
      await page.context().close();
    });
  }
});
